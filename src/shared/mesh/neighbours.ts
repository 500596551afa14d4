interface Figures<P> {
  peer: P
  rttMs: number | null
  failures: number
}

/** As many as a node has parents and a few children whose round trip matters; the oldest is forgotten beyond. */
const MOST = 128

/** Round trips (smoothed as RFC 6298 does) and failures of peers that this node has to do with. */
export class Neighbours<P extends string | number> {
  #figures: Figures<P>[] | null = null

  #of(peer: P): Figures<P> {
    this.#figures ??= []
    let figures = this.#figures.find((known) => known.peer === peer)
    if (!figures) {
      figures = { peer, rttMs: null, failures: 0 }
      this.#figures.push(figures)
      if (this.#figures.length > MOST) this.#figures.shift()
    }
    return figures
  }

  measured(peer: P, ms: number): void {
    const figures = this.#of(peer)
    figures.rttMs = figures.rttMs === null ? ms : figures.rttMs + (ms - figures.rttMs) / 8
  }

  failed(peer: P): void {
    this.#of(peer).failures++
  }

  worked(peer: P): void {
    const figures = this.#figures?.find((known) => known.peer === peer)
    if (figures) figures.failures = 0
  }

  forget(peer: P): void {
    if (this.#figures) this.#figures = this.#figures.filter((known) => known.peer !== peer)
  }

  /** Milliseconds; null before the first measurement. */
  rttMs(peer: P): number | null {
    return this.#figures?.find((known) => known.peer === peer)?.rttMs ?? null
  }

  failures(peer: P): number {
    return this.#figures?.find((known) => known.peer === peer)?.failures ?? 0
  }
}
