import { FrameRing } from './frame-ring'
import type { I420Frame } from './i420'
import { effortFor } from './overload'
import type { PersonWork } from './person/person-work'
import type { StudioFormat } from './studio-format'

/** Colours a whole frame in place; `FrameLook` is one. */
export interface FrameColourer {
  apply(frame: I420Frame): void
}

/** Draws over finished frames in place, as long as there is something to draw; `AlertStage` is one. */
export interface FrameOverlay {
  /** @param ms for how long the frame is seen, milliseconds */
  draw(frame: I420Frame, ms: number): void
}

/** A captured frame on its way. */
export interface PipelineFrame {
  frame: I420Frame
  /** Number of the slot since its source began. */
  slot: number
  /** Slots lost just before this one; this frame stands for them too. */
  repeats: number
  capturedAtMs: number
  /** The picture is finished already (a slate): no face work. */
  plain: boolean
  /** The people in it have been worked on already: how many faces were found. */
  dressedFaces?: number
}

export interface PipelineCounters {
  framesIn: number
  framesOut: number
  late: number
  reduced: number
  /** Frames whose face work broke and that passed as they are. */
  failed: number
  faces: number
  /** Milliseconds of the frames since they were last taken. */
  processMs: number[]
}

export interface PipelineOutput {
  /** The frame as it was captured. It must be used before this returns. */
  before(item: PipelineFrame): void
  /** The finished frame. Hold it in the ring to use it longer. */
  after(item: PipelineFrame, faces: number): void
}

/**
 * Takes frames through face mesh and beauty, strictly in order, each exactly once. Under load it does less per frame
 * (`effortFor`) instead of dropping any; whatever fails, the picture goes on.
 */
export class FramePipeline {
  readonly ring: FrameRing
  look: FrameColourer | null = null
  overlay: FrameOverlay | null = null
  readonly counters: PipelineCounters = {
    framesIn: 0,
    framesOut: 0,
    late: 0,
    reduced: 0,
    failed: 0,
    faces: 0,
    processMs: [],
  }
  private readonly queue: (PipelineFrame & { since: number })[] = []
  private working: Promise<void> | null = null
  /** Frames that have come out or were given up. */
  private done = 0
  private readonly waiting: (() => void)[] = []
  private readonly frameMs: number

  constructor(
    format: StudioFormat,
    private readonly person: PersonWork,
    private readonly output: PipelineOutput,
    private readonly log: (line: string) => void,
  ) {
    this.ring = new FrameRing(format.width, format.height)
    this.frameMs = 1000 / format.fps
  }

  /** Takes a frame of the ring over, with the one hold that its source had. */
  push(item: PipelineFrame): void {
    this.counters.framesIn++
    this.queue.push({ ...item, since: performance.now() })
    this.working ??= this.work().finally(() => (this.working = null))
  }

  /** Resolves when everything that was pushed before has come out; what a busy source pushes meanwhile may still wait. */
  async drained(): Promise<void> {
    const last = this.counters.framesIn
    while (this.working && this.done < last) {
      await Promise.race([this.working, new Promise<void>((resolve) => this.waiting.push(resolve))])
    }
  }

  /** The next frames belong to another source. */
  newSource(): void {
    this.person.reset()
  }

  private async work(): Promise<void> {
    for (let item = this.queue.shift(); item; item = this.queue.shift()) {
      const begun = performance.now()
      if (begun - item.since > this.frameMs) this.counters.late++
      try {
        this.output.before(item)
        const faces = item.plain ? 0 : (item.dressedFaces ?? (await this.change(item)))
        if (!item.plain) this.finish(item)
        this.counters.faces = faces
        this.counters.framesOut++
        this.counters.processMs.push(performance.now() - begun)
        this.output.after(item, faces)
      } catch (error) {
        this.log(`media: a frame could not be passed on: ${String(error)}`)
      } finally {
        this.ring.release(item.frame)
        this.done++
        for (const resolve of this.waiting.splice(0)) resolve()
      }
    }
  }

  /** Also under load: a picture whose colours come and go is worse than a late one. */
  private finish({ frame, repeats }: PipelineFrame): void {
    try {
      this.look?.apply(frame)
      this.overlay?.draw(frame, (1 + repeats) * this.frameMs)
    } catch (error) {
      if (this.counters.failed++ === 0) this.log(`media: the look failed, the picture goes on: ${String(error)}`)
    }
  }

  /** Returns how many faces were changed. */
  private async change({ frame, slot }: PipelineFrame): Promise<number> {
    if (!this.person.wanted) return 0
    const effort = effortFor(this.queue.length)
    if (!effort.track) this.counters.reduced++
    try {
      return (await this.person.apply(frame, effort, slot * this.frameMs)).length
    } catch (error) {
      if (this.counters.failed++ === 0) this.log(`media: face work failed, the plain picture goes on: ${String(error)}`)
      return 0
    }
  }
}
