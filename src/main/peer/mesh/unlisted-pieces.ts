/** A piece that waits for its hash list. */
export interface UnlistedPiece {
  peerId: string
  frame: Uint8Array
}

/** In all: about 100 ms of a fast stream in many stripes. One peer may hold a quarter of it. */
const MOST_BYTES = 1024 * 1024

/** Pieces that came before their hash list. Bounded in all and for each peer, since nothing of them is verified yet. */
export class UnlistedPieces {
  readonly #chunks = new Map<number, UnlistedPiece[]>()
  readonly #held = new Map<string, number>()
  #bytes = 0

  /** False when the sender has too much waiting already. Older chunks make room. */
  add(chunk: number, piece: UnlistedPiece): boolean {
    const { peerId, frame } = piece
    const held = this.#held.get(peerId) ?? 0
    if (held + frame.length > MOST_BYTES / 4) return false
    while (this.#bytes + frame.length > MOST_BYTES) {
      const oldest = this.#chunks.keys().next()
      if (oldest.done) return false
      this.take(oldest.value)
    }
    const waiting = this.#chunks.get(chunk)
    if (waiting === undefined) this.#chunks.set(chunk, [piece])
    else waiting.push(piece)
    this.#held.set(peerId, held + frame.length)
    this.#bytes += frame.length
    return true
  }

  /** Takes out what waits for this chunk. */
  take(chunk: number): UnlistedPiece[] {
    const pieces = this.#chunks.get(chunk) ?? []
    this.#chunks.delete(chunk)
    for (const { peerId, frame } of pieces) {
      this.#bytes -= frame.length
      const left = (this.#held.get(peerId) ?? 0) - frame.length
      if (left > 0) this.#held.set(peerId, left)
      else this.#held.delete(peerId)
    }
    return pieces
  }
}
