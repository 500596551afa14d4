import type { ChunkHead } from './piece'

const WINDOW_MS = 3_000

/** What one stripe of the show carries, measured on the chunks of the last three seconds. Pure. */
export class StripeRate {
  readonly #batches: { timeMs: number; bytes: number }[] = []
  #bytes = 0
  #newest = -1

  /** Takes a chunk the first time it is seen; the order does not matter much. */
  add({ chunk, timeMs, length, k, start }: ChunkHead): void {
    if (chunk <= this.#newest) return
    this.#newest = chunk
    const bytes = Math.ceil(length / k)
    const last = this.#batches.at(-1)
    if (start || last === undefined) this.#batches.push({ timeMs, bytes })
    else last.bytes += bytes
    this.#bytes += bytes
    for (let oldest = this.#batches[0]!; timeMs - oldest.timeMs > WINDOW_MS; oldest = this.#batches[0]!) {
      this.#bytes -= oldest.bytes
      this.#batches.shift()
    }
  }

  /** 0 while nothing was seen. */
  get bytesPerSecond(): number {
    const [first, last] = [this.#batches[0], this.#batches.at(-1)]
    if (first === undefined || last === undefined) return 0
    return (this.#bytes * 1000) / Math.max(500, last.timeMs - first.timeMs)
  }

  /** Bytes of the largest batch (a key picture) in this stripe. */
  get largest(): number {
    let largest = 0
    for (const { bytes } of this.#batches) if (bytes > largest) largest = bytes
    return largest
  }
}
