/** What a view does next with a number of the sequence. */
export type TimelineStep = { kind: 'play'; seq: number } | { kind: 'skip'; seq: number }

/**
 * The order in which a viewer plays: by number, a missing one waited for while repair may still bring it, then skipped.
 * Pure: the clock is an argument.
 */
export class ViewTimeline {
  readonly #repairMs: number
  readonly #arrived = new Map<number, number>()
  #next: number | null = null

  /** `repairMs`: how long a hole may hold back what came after it. */
  constructor(repairMs: number) {
    this.#repairMs = repairMs
  }

  /** The number to be played next; null before `startAt`. */
  get next(): number | null {
    return this.#next
  }

  startAt(seq: number): void {
    this.#next = seq
    for (const old of this.#arrived.keys()) if (old < seq) this.#arrived.delete(old)
  }

  /** A verified segment is here. */
  arrive(seq: number, now: number): void {
    if (this.#next !== null && seq >= this.#next) this.#arrived.set(seq, now)
  }

  /** Gives up the next number whatever is here, e.g. because it left everybody's window. */
  skip(): TimelineStep | null {
    if (this.#next === null) return null
    const seq = this.#next
    this.#next = seq + 1
    this.#arrived.delete(seq)
    return { kind: 'skip', seq }
  }

  /** What may be played or must be skipped now, in order. */
  advance(now: number): TimelineStep[] {
    const steps: TimelineStep[] = []
    while (this.#next !== null) {
      const seq = this.#next
      if (this.#arrived.delete(seq)) steps.push({ kind: 'play', seq })
      else if (this.#firstWaiting(now) >= this.#repairMs) steps.push({ kind: 'skip', seq })
      else break
      this.#next = seq + 1
    }
    return steps
  }

  /** How long the longest held-back segment has waited; -1 when none waits. */
  #firstWaiting(now: number): number {
    return this.#arrived.size === 0 ? -1 : now - Math.min(...this.#arrived.values())
  }
}
