import type { StudioError } from '@shared/errors'
import type { CaptureSink, CaptureSource } from '../capture-source'
import type { I420Frame } from '../i420'

/** A sink that counts and keeps a few facts of what a source delivers. */
export class CollectingSink implements CaptureSink {
  frames = 0
  soundBytes = 0
  peak = 0
  lost = 0
  last: I420Frame | null = null
  error: StudioError | undefined
  readonly done: Promise<void>
  /** Called for every frame before it counts; tests throttle here. */
  onFrame: (frame: I420Frame) => void = () => undefined
  private finish!: () => void
  private waiting: (() => void)[] = []
  private refuse = false

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.done = new Promise((resolve) => (this.finish = resolve))
  }

  /** Starts the source and resolves when it has ended. */
  async drain(source: CaptureSource): Promise<this> {
    source.start(this)
    await this.done
    await source.close()
    return this
  }

  /** From now on there is no free frame, or there is again. */
  stall(refuse: boolean): void {
    this.refuse = refuse
    if (refuse) return
    const waiting = this.waiting
    this.waiting = []
    for (const callback of waiting) callback()
  }

  acquire(): I420Frame | null {
    const { width, height } = this
    return this.refuse ? null : { width, height, data: new Uint8Array((width * height * 3) / 2) }
  }

  onFree(callback: () => void): void {
    if (this.refuse) this.waiting.push(callback)
    else callback()
  }

  commit(frame: I420Frame): void {
    this.onFrame(frame)
    this.frames++
    this.last = frame
  }

  dropped(count: number): void {
    this.lost += count
  }

  audio(pcm: Uint8Array): void {
    this.soundBytes += pcm.length
    for (const byte of pcm) this.peak = Math.max(this.peak, byte)
  }

  ended(error?: StudioError): void {
    this.error = error
    this.finish()
  }

  /** Seconds of sound so far. */
  get soundSeconds(): number {
    return this.soundBytes / (48_000 * 4)
  }
}
