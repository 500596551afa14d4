import { MESH_LIMITS } from './mesh-settings'

/** live.md section 10: back-off with jitter, doubling to 10 minutes. */
const FIRST_BAR_MS = 10_000
const LONGEST_BAR_MS = 600_000

/** Who lied or failed, and until when nothing is taken from it. Forgets the one whose bar ends first when full. */
export class BarredPeers<P extends string | number> {
  #bars: { peer: P; times: number; until: number }[] | null = null

  /** Bars the peer, longer each time; returns until when. `random` uniform in [0, 1). */
  bar(peer: P, now: number, random: number): number {
    this.#bars ??= []
    let bar = this.#bars.find((known) => known.peer === peer)
    if (!bar) {
      if (this.#bars.length >= MESH_LIMITS.barred) {
        const first = this.#bars.reduce((a, b) => (b.until < a.until ? b : a))
        this.#bars.splice(this.#bars.indexOf(first), 1)
      }
      bar = { peer, times: 0, until: 0 }
      this.#bars.push(bar)
    }
    bar.until = now + Math.min(LONGEST_BAR_MS, FIRST_BAR_MS * 2 ** bar.times * (1 + random))
    bar.times++
    return bar.until
  }

  isBarred(peer: P, now: number): boolean {
    return this.#bars?.some((bar) => bar.peer === peer && bar.until > now) ?? false
  }
}
