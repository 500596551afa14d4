/** Longest unused ones are forgotten beyond so many. */
const MOST_REMEMBERED = 2_000
/** Who behaved for so long after its time begins anew. */
const FORGIVEN_AFTER_MS = 15 * 60_000

/** Names that are kept out: each time twice as long as the time before, up to a limit. Pure: the clock is given, milliseconds. */
export class BarredForAWhile {
  readonly #barred = new Map<string, { times: number; until: number }>()

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
  ) {}

  /** Keeps it out; of no effect while it is. */
  bar(name: string, now: number): void {
    const before = this.#barred.get(name)
    if (before !== undefined && now < before.until) return
    const times = before === undefined || now > before.until + FORGIVEN_AFTER_MS ? 0 : before.times + 1
    this.#barred.delete(name) // the longest unused comes first in a Map
    this.#barred.set(name, { times, until: now + Math.min(this.mostMs, this.firstMs * 2 ** Math.min(times, 20)) })
    if (this.#barred.size > MOST_REMEMBERED) this.#barred.delete(this.#barred.keys().next().value!)
  }

  isBarred(name: string, now: number): boolean {
    const barred = this.#barred.get(name)
    return barred !== undefined && now < barred.until
  }
}
