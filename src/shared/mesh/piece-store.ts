import type { ChunkHead } from './piece'

/** How long pieces are kept to repair others and to start newcomers. */
export const KEPT_MS = 3_000
const KEPT_BYTES = 16 * 1024 * 1024

interface Kept {
  head: ChunkHead
  at: number
  bytes: number
  frames: (Uint8Array | undefined)[]
  list: Uint8Array | null
}

/** The verified frames of the last three seconds by chunk and stripe, as they travel; oldest out first. Pure. */
export class PieceStore {
  readonly #chunks = new Map<number, Kept>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** Keeps a frame. `now`: milliseconds of one clock; chunks come about in their order. */
  add(head: ChunkHead, stripe: number, frame: Uint8Array, now: number): void {
    const kept = this.#keptOf(head, now)
    if (kept.frames[stripe] !== undefined) return
    kept.frames[stripe] = frame
    this.#grow(kept, frame.length, now)
  }

  /** Keeps the frame of the hash list that covers a chunk (one frame may cover several). */
  addList(head: ChunkHead, frame: Uint8Array, now: number): void {
    const kept = this.#keptOf(head, now)
    if (kept.list !== null) return
    kept.list = frame
    this.#grow(kept, frame.length, now)
  }

  piece(chunk: number, stripe: number): Uint8Array | undefined {
    return this.#chunks.get(chunk)?.frames[stripe]
  }

  list(chunk: number): Uint8Array | undefined {
    return this.#chunks.get(chunk)?.list ?? undefined
  }

  head(chunk: number): ChunkHead | undefined {
    return this.#chunks.get(chunk)?.head
  }

  /** Number of the newest chunk with `key`; null when none is kept. */
  newestKey(): number | null {
    let newest: number | null = null
    for (const [chunk, { head }] of this.#chunks) if (head.key && (newest === null || chunk > newest)) newest = chunk
    return newest
  }

  /** Highest chunk kept; -1 when empty. */
  newest(): number {
    let newest = -1
    for (const chunk of this.#chunks.keys()) if (chunk > newest) newest = chunk
    return newest
  }

  #keptOf(head: ChunkHead, now: number): Kept {
    let kept = this.#chunks.get(head.chunk)
    if (kept === undefined) {
      const { chunk, timeMs, length, k, n, start, end, key } = head
      kept = {
        head: { chunk, timeMs, length, k, n, start, end, key },
        at: now,
        bytes: 0,
        frames: Array.from({ length: n }),
        list: null,
      }
      this.#chunks.set(chunk, kept)
    }
    return kept
  }

  #grow(kept: Kept, bytes: number, now: number): void {
    kept.bytes += bytes
    this.#bytes += bytes
    for (const [chunk, oldest] of this.#chunks) {
      if (oldest === kept || (now - oldest.at <= KEPT_MS && this.#bytes <= KEPT_BYTES)) break
      this.#chunks.delete(chunk)
      this.#bytes -= oldest.bytes
    }
  }
}
