const KEPT = 100

/** Nearest-rank percentiles of the last 100 latencies, milliseconds. */
export class LatencyFigures {
  readonly #values: number[] = []

  add(valueMs: number): void {
    this.#values.push(valueMs)
    if (this.#values.length > KEPT) this.#values.shift()
  }

  /** `share` 0.95 for the 95th percentile; 0 while there is no value. */
  percentile(share: number): number {
    const sorted = [...this.#values].sort((a, b) => a - b)
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  }
}
