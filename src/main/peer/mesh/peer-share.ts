/** Chunks remembered: more than are kept for repair. */
const REMEMBERED = 256

/** What peers brought of each chunk, whatever else came from a relay. */
export class PeerShare {
  /** Stripes of a chunk as a bit mask. */
  readonly #stripes = new Map<number, number>()

  /** @param k stripes that make the chunk whole. `whole`: this piece was the last that was missing */
  add(chunk: number, stripe: number, k: number): 'new' | 'known' | 'whole' {
    const mask = this.#stripes.get(chunk) ?? 0
    if ((mask & (1 << stripe)) !== 0) return 'known'
    const grown = mask | (1 << stripe)
    this.#stripes.set(chunk, grown)
    for (const oldest of this.#stripes.keys()) {
      if (this.#stripes.size <= REMEMBERED) break
      this.#stripes.delete(oldest)
    }
    return ones(grown) === k ? 'whole' : 'new'
  }
}

function ones(mask: number): number {
  let count = 0
  for (let rest = mask >>> 0; rest !== 0; rest &= rest - 1) count++
  return count
}
