import type { BytePipe, ByteTaker } from './byte-pipe'
import type { CaptureSink } from './capture-source'
import type { I420Frame } from './i420'

/**
 * Cuts a pipe of raw I420 into the frames that a sink lends. While the sink has none the pipe is paused, so the
 * program that writes blocks: that is the whole back-pressure. The size of a lent frame says how much to read. A frame
 * is lent when its first bytes are there, not before; the rest is then read straight into it.
 */
export class RawFrameReader implements ByteTaker {
  /** Whether the pipe waits for a free frame. */
  waiting = false
  private frame: I420Frame | null = null
  private filledTo = 0
  private rest: Uint8Array | null = null
  private closed = false

  constructor(
    private readonly pipe: BytePipe,
    private readonly sink: CaptureSink,
    private readonly onFrame: () => void,
  ) {
    pipe.flow(this)
  }

  /** No frame is handed over after this; what still comes is thrown away, so that the writer can end. */
  close(): void {
    this.closed = true
    this.rest = null
    this.pipe.discard()
  }

  take(bytes: Uint8Array): void {
    let from = 0
    while (from < bytes.length && !this.closed) {
      this.frame ??= this.sink.acquire()
      if (!this.frame) {
        this.wait(bytes.subarray(from))
        return
      }
      const { data } = this.frame
      const count = Math.min(data.length - this.filledTo, bytes.length - from)
      data.set(bytes.subarray(from, from + count), this.filledTo)
      from += count
      this.filled(count)
    }
  }

  room(): Uint8Array | null {
    return this.closed || !this.frame ? null : this.frame.data.subarray(this.filledTo)
  }

  filled(count: number): void {
    const { frame } = this
    if (!frame || this.closed) return
    this.filledTo += count
    if (this.filledTo < frame.data.length) return
    this.frame = null
    this.filledTo = 0
    this.sink.commit(frame, performance.now())
    this.onFrame()
  }

  private wait(rest: Uint8Array): void {
    this.waiting = true
    this.rest = rest
    this.pipe.pause()
    this.sink.onFree(() => {
      this.waiting = false
      const bytes = this.rest
      if (this.closed || !bytes) return
      this.rest = null
      this.take(bytes)
      if (!this.isWaiting) this.pipe.resume()
    })
  }

  /** Read anew: taking the rest may have begun another wait. */
  private get isWaiting(): boolean {
    return this.waiting || this.closed
  }
}
