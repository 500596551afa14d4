import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { PCM_PAIR, PcmTimeline } from '../pcm-timeline'
import { EncoderRun } from './encoder-run'
import { FailureBudget } from './failure-budget'
import { AAC_FRAME } from '@shared/media/fmp4-writer'

export interface SoundLineEvents {
  onConfig(asc: Uint8Array): void
  /** AAC frames in order, from number 0 on; frame n lasts from sample 1024 n to 1024 (n + 1). */
  onFrame(frame: Uint8Array): void
  onReplaced(why: string): void
  /** The encoder breaks again and again. Called once; nothing comes after it. */
  onFailure(why: string): void
}

const ARGS = [
  ...['-v', 'error', '-nostdin', '-thread_queue_size', '64', '-probesize', '32', '-analyzeduration', '0'],
  ...['-f', 's16le', '-ar', String(AUDIO_RATE), '-ac', String(AUDIO_CHANNELS), '-i', 'pipe:0'],
  ...['-c:a', 'aac', '-b:a', '128k', '-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'],
]
/** Real sound that a new encoder is given before the frame that it shall go on with, frames. */
const RUN_UP = 2
/** Sound given and not encoded: an encoder holds back three frames; with so much it hangs. Samples. */
const MAX_HELD = AUDIO_RATE
const WATCH_MS = 250
const HANG_MS = 2000
const FLUSH_MS = 10_000

/**
 * Sound through an AAC encoder of its own, which runs from the start to the end however often the pictures change
 * theirs. [Note: AAC priming] A frame is heard only together with the one before it, so an encoder's first frame is
 * no sound yet but 1024 samples of nothing. At the start the first 1024 samples are left out in its favour: it lies
 * exactly where they were, and sound and picture both begin at 0. When the program breaks, the next one is given the
 * sound again from two frames before the gap, and its first three frames are left out: what follows fits to the last
 * frame of its predecessor sample by sample.
 */
export class SoundLine {
  /** Frames that came out. */
  private frames = 0
  private readonly history = new PcmTimeline()
  private run!: EncoderRun
  /** Frames of this run that are no sound, or that came from its predecessor. */
  private skip = 0
  private readonly budget = new FailureBudget()
  private readonly watch: NodeJS.Timeout
  private idleMs = 0
  private state: 'running' | 'finishing' | 'over' = 'running'
  private finished: (() => void) | null = null

  constructor(
    private readonly ffmpegPath: string,
    private readonly events: SoundLineEvents,
  ) {
    this.start()
    this.watch = setInterval(() => this.look(), WATCH_MS)
  }

  /** Id of the program; tests. */
  get pid(): number | undefined {
    return this.run.pid
  }

  /** Samples given so far. */
  get samples(): number {
    return this.history.end
  }

  /** The next sound, whole sample pairs; it is copied. */
  write(pcm: Uint8Array): void {
    if (this.state !== 'running') return
    const from = this.history.end
    this.history.push(pcm)
    this.feed(Math.max(from, AAC_FRAME))
  }

  /** Ends the input; resolves when the last frame has been given. */
  async finish(): Promise<void> {
    if (this.state !== 'running') return
    this.state = 'finishing'
    const timer = setTimeout(() => this.broke('it does not end'), FLUSH_MS)
    await new Promise<void>((resolve) => {
      this.finished = resolve
      this.run.end()
    })
    clearTimeout(timer)
    this.state = 'over'
    clearInterval(this.watch)
  }

  /** Nothing more comes. */
  get isOver(): boolean {
    return this.state === 'over'
  }

  async kill(): Promise<void> {
    this.state = 'over'
    clearInterval(this.watch)
    await this.run.abandon()
    this.finished?.()
  }

  private start(): void {
    const from = Math.max(1, this.frames - RUN_UP)
    // Frame i of a run lasts from (i - 1) frames behind its first sample.
    this.skip = this.frames - from + 1
    const run = new EncoderRun(this.ffmpegPath, ARGS, {
      onConfig: (asc) => this.events.onConfig(asc),
      onPacket: (frame) => this.packet(frame),
      onOver: (why) => {
        if (run === this.run) this.ended(why)
      },
    })
    this.run = run
    this.feed(from * AAC_FRAME)
  }

  private feed(from: number): void {
    if (from < this.history.end) this.run.write(this.history.read(from, this.history.end), () => undefined)
  }

  private packet(frame: Uint8Array): void {
    this.idleMs = 0
    if (this.skip > 0) {
      this.skip--
      return
    }
    this.frames++
    this.events.onFrame(frame)
  }

  private ended(why: string | null): void {
    if (why !== null) this.broke(why)
    else if (this.state === 'finishing') this.finished?.()
  }

  private look(): void {
    const held = this.history.end - this.frames * AAC_FRAME
    this.idleMs = held > MAX_HELD ? this.idleMs + WATCH_MS : 0
    if (this.idleMs >= HANG_MS || this.run.unsent > 2 * AUDIO_RATE * PCM_PAIR) this.broke('it hung')
  }

  private broke(why: string): void {
    if (this.state === 'over') return
    void this.run.abandon()
    this.idleMs = 0
    if (!this.budget.spend(performance.now())) {
      void this.kill()
      this.events.onFailure(why)
      return
    }
    this.start()
    if (this.state === 'finishing') this.run.end()
    else this.events.onReplaced(why)
  }
}
