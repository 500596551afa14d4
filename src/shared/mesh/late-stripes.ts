/** What one row holds: the stripe, and the three times below. */
const EACH = 4
const SINCE = 1
const REPAIRED = 2
const WAITING = 3

/**
 * Which stripes of a member are late, were late a moment ago, or wait for a parent that repairs. Only those few are kept:
 * a simulator holds millions of members, most of which lack nothing. Times are milliseconds of one clock.
 */
export class LateStripes {
  /** Rows of `EACH`; null while there is none. */
  #rows: number[] | null = null

  /** @param forgetMs rows that nothing happened to for so long are as if they had never been */
  constructor(private readonly forgetMs: number) {}

  /** Since when pieces are late, 0: they are not. */
  since(stripe: number): number {
    return this.#get(stripe, SINCE, 0)
  }

  /** When pieces that were late had come; -Infinity: never, or long ago. */
  repairedAt(stripe: number): number {
    return this.#get(stripe, REPAIRED, -Infinity)
  }

  /** The parent repairs until then; 0: it does not. */
  waitingUntil(stripe: number): number {
    return this.#get(stripe, WAITING, 0)
  }

  /** How many stripes are late. */
  get count(): number {
    const rows = this.#rows
    let late = 0
    if (rows !== null) for (let at = SINCE; at < rows.length; at += EACH) if (rows[at]! > 0) late++
    return late
  }

  begin(now: number, stripe: number): void {
    this.#set(now, stripe, SINCE, now)
  }

  wait(now: number, stripe: number, until: number): void {
    this.#set(now, stripe, WAITING, until)
  }

  /** Pieces flow again. */
  end(now: number, stripe: number): void {
    if (this.since(stripe) > 0) this.#set(now, stripe, REPAIRED, now)
    this.clear(stripe)
  }

  /** Another parent: what was late of the former one says nothing of it. */
  clear(stripe: number): void {
    const at = this.#find(stripe)
    if (at >= 0) this.#rows![at + SINCE] = this.#rows![at + WAITING] = 0
  }

  #find(stripe: number): number {
    const rows = this.#rows
    if (rows !== null) for (let at = 0; at < rows.length; at += EACH) if (rows[at] === stripe) return at
    return -1
  }

  #get(stripe: number, what: number, none: number): number {
    const at = this.#find(stripe)
    return at < 0 ? none : this.#rows![at + what]!
  }

  #set(now: number, stripe: number, what: number, value: number): void {
    let at = this.#find(stripe)
    if (at < 0) {
      const rows = this.#forget(now)
      at = rows.length
      rows.push(stripe, 0, -Infinity, 0)
      this.#rows = rows
    }
    this.#rows![at + what] = value
  }

  #forget(now: number): number[] {
    const rows = this.#rows
    if (rows === null) return []
    const long = now - this.forgetMs
    let kept = 0
    for (let at = 0; at < rows.length; at += EACH) {
      if (rows[at + SINCE] === 0 && rows[at + REPAIRED]! <= long && rows[at + WAITING]! <= long) continue
      if (kept < at) for (let n = 0; n < EACH; n++) rows[kept + n] = rows[at + n]!
      kept += EACH
    }
    while (rows.length > kept) rows.pop()
    return rows
  }
}
