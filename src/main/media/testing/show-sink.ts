import type { StudioError } from '@shared/errors'
import type { CaptureSink } from '../capture-source'
import type { I420Frame } from '../i420'

/** A sink that keeps of each frame what a probe reads, and all sound. */
export class ShowSink<T> implements CaptureSink {
  readonly seen: T[] = []
  readonly timesMs: number[] = []
  lost = 0
  over = false
  error: StudioError | undefined
  private readonly chunks: Buffer[] = []
  private readonly free: I420Frame[] = []

  constructor(
    private readonly size: { width: number; height: number },
    private readonly probe: (frame: I420Frame, dressedFaces: number | undefined) => T,
  ) {}

  acquire(): I420Frame {
    const { width, height } = this.size
    return this.free.pop() ?? { width, height, data: new Uint8Array((width * height * 3) / 2) }
  }

  onFree(callback: () => void): void {
    callback()
  }

  commit(frame: I420Frame, _capturedAtMs: number, dressedFaces?: number): void {
    this.seen.push(this.probe(frame, dressedFaces))
    this.timesMs.push(performance.now())
    this.free.push(frame)
  }

  dropped(count: number): void {
    this.lost += count
  }

  audio(pcm: Uint8Array): void {
    this.chunks.push(Buffer.from(pcm))
  }

  ended(error?: StudioError): void {
    this.over = true
    this.error = error
  }

  /** Slots so far, lost ones included. */
  get slots(): number {
    return this.seen.length + this.lost
  }

  get samples(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0) / 4
  }

  /** The left channel, 1 is full scale. */
  sound(): Float32Array {
    const all = Buffer.concat(this.chunks)
    return Float32Array.from({ length: all.length / 4 }, (_, i) => all.readInt16LE(4 * i) / 32768)
  }
}
