import type { StudioError } from '@shared/errors'
import type { AudioLevel } from './audio-level'
import type { CaptureSink, CaptureSource } from './capture-source'
import type { FramePipeline } from './frame-pipeline'
import type { I420Frame } from './i420'
import { PcmTimeline } from './pcm-timeline'

/** A loss longer than this is not filled with pictures: the sound jumps along instead. */
const MAX_REPEATS = 60
/** A frame that is not free for so long is waited for in vain; less is only a busy computer, whose sound is on its way. */
const STALL_MS = 60

export interface SessionEvents {
  onSound: () => void
  /** No frame has been free for the source for a while. */
  onStalled: () => void
  /** Called once, unless the session was closed before. */
  onEnded: (error: StudioError | undefined) => void
  /** As `CaptureSink.away` and `back`. */
  onAway: (why: StudioError) => void
  onBack: () => void
}

/** One opened source: numbers its slots, keeps its sound, and gives its frames to the pipeline until it is closed. */
export class SourceSession implements CaptureSink {
  readonly timeline = new PcmTimeline()
  /** Slots of the source so far, lost ones included. */
  slots = 0
  lost = 0
  private repeats = 0
  private closed = false
  private stall: NodeJS.Timeout | undefined
  private readonly lent = new Set<I420Frame>()

  constructor(
    readonly source: CaptureSource,
    /** The pictures need no face work. */
    readonly plain: boolean,
    private readonly pipeline: FramePipeline,
    private readonly level: AudioLevel,
    private readonly events: SessionEvents,
    private readonly log: (line: string) => void,
  ) {}

  start(): void {
    this.source.start(this)
  }

  acquire(): I420Frame | null {
    if (this.closed) return null
    const frame = this.pipeline.ring.acquire()
    if (!frame) {
      this.stall ??= setTimeout(() => this.events.onStalled(), STALL_MS)
      return null
    }
    clearTimeout(this.stall)
    this.stall = undefined
    this.lent.add(frame)
    return frame
  }

  onFree(callback: () => void): void {
    this.pipeline.ring.onFree(callback)
  }

  commit(frame: I420Frame, capturedAtMs: number, dressedFaces?: number): void {
    if (this.closed || !this.lent.delete(frame)) return
    const slot = this.slots++
    const repeats = this.repeats
    this.repeats = 0
    // A source in a worker has another zero of time; its clock is not worth more than ours.
    const now = performance.now()
    const credible = capturedAtMs <= now && capturedAtMs > now - 5000
    const item = { frame, slot, repeats, capturedAtMs: credible ? capturedAtMs : now, plain: this.plain }
    this.pipeline.push(dressedFaces === undefined ? item : { ...item, dressedFaces })
  }

  dropped(count: number): void {
    if (this.closed) return
    this.slots += count
    this.lost += count
    this.repeats = Math.min(MAX_REPEATS, this.repeats + count)
  }

  audio(pcm: Uint8Array): void {
    if (this.closed) return
    this.level.add(pcm)
    this.timeline.push(pcm)
    this.events.onSound()
  }

  ended(error?: StudioError): void {
    if (this.closed) return
    this.events.onEnded(error)
  }

  away(why: StudioError): void {
    if (!this.closed) this.events.onAway(why)
  }

  back(): void {
    if (!this.closed) this.events.onBack()
  }

  /** Ends the source; frames that it had borrowed go back to the ring. */
  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.stall)
    try {
      await this.source.close()
    } catch (error) {
      this.log(`media: closing the source failed: ${String(error)}`)
    }
    for (const frame of this.lent) this.pipeline.ring.release(frame)
    this.lent.clear()
  }
}
