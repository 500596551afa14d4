import type { Readable } from 'node:stream'
import type { CaptureSink } from './capture-source'
import type { I420Frame } from './i420'

/**
 * Cuts a pipe of raw I420 into the frames that a sink lends. While the sink has none the pipe is paused, so the
 * program that writes blocks: that is the whole back-pressure. The size of a lent frame says how much to read.
 */
export class RawFrameReader {
  /** Whether the pipe waits for a free frame. */
  waiting = false
  private frame: I420Frame | null = null
  private filled = 0
  private rest: Buffer | null = null
  private closed = false

  constructor(
    private readonly pipe: Readable,
    private readonly sink: CaptureSink,
    private readonly onFrame: () => void,
  ) {
    pipe.on('data', (chunk: Buffer) => {
      if (!this.closed) this.take(chunk)
    })
  }

  /** No frame is handed over after this; what still comes is thrown away, so that the writer can end. */
  close(): void {
    this.closed = true
    this.rest = null
    this.pipe.resume()
  }

  /** Returns false when it had to wait with the rest. */
  private take(chunk: Buffer): boolean {
    let from = 0
    while (from < chunk.length) {
      this.frame ??= this.sink.acquire()
      if (!this.frame) {
        this.wait(chunk.subarray(from))
        return false
      }
      const { data } = this.frame
      const count = Math.min(data.length - this.filled, chunk.length - from)
      data.set(chunk.subarray(from, from + count), this.filled)
      this.filled += count
      from += count
      if (this.filled === data.length) this.commit(this.frame)
    }
    return true
  }

  private commit(frame: I420Frame): void {
    this.frame = null
    this.filled = 0
    this.sink.commit(frame, performance.now())
    this.onFrame()
  }

  private wait(rest: Buffer): void {
    this.waiting = true
    this.rest = rest
    this.pipe.pause()
    this.sink.onFree(() => {
      this.waiting = false
      const chunk = this.rest
      if (this.closed || !chunk) return
      this.rest = null
      if (this.take(chunk)) this.pipe.resume()
    })
  }
}
