/** One bucket a millisecond; what lies further ahead waits in `#later` and is dealt out once a turn. */
const BUCKETS = 1 << 14

interface Bucket<T> {
  who: number[]
  what: T[]
}

/**
 * Events of a discrete simulation in order of their time, to the millisecond; within one millisecond in the order they were
 * put in, so that a run is repeatable. Constant time per event, where a heap would need log n.
 */
export class TimeWheel<T> {
  #now = 0
  #buckets: (Bucket<T> | undefined)[] = new Array<Bucket<T> | undefined>(BUCKETS)
  #later: { at: number; who: number; what: T }[] = []
  #spare: Bucket<T>[] = []
  #size = 0

  get now(): number {
    return this.#now
  }

  get size(): number {
    return this.#size
  }

  /** At `atMs`, or in the next millisecond if that is past. */
  put(atMs: number, who: number, what: T): void {
    this.#size++
    const at = Math.max(this.#now + 1, Math.ceil(atMs))
    if (at - this.#now >= BUCKETS) this.#later.push({ at, who, what })
    else this.#place(at, who, what)
  }

  #place(at: number, who: number, what: T): void {
    const slot = at & (BUCKETS - 1)
    const bucket = (this.#buckets[slot] ??= this.#spare.pop() ?? { who: [], what: [] })
    bucket.who.push(who)
    bucket.what.push(what)
  }

  /** Runs everything up to `untilMs` (included). */
  run(untilMs: number, take: (who: number, what: T, now: number) => void): void {
    while (this.#now < untilMs) {
      this.#now++
      if ((this.#now & (BUCKETS / 2 - 1)) === 0) this.#deal()
      const slot = this.#now & (BUCKETS - 1)
      const bucket = this.#buckets[slot]
      if (!bucket) continue
      this.#buckets[slot] = undefined
      for (let i = 0; i < bucket.who.length; i++) take(bucket.who[i]!, bucket.what[i]!, this.#now)
      this.#size -= bucket.who.length
      bucket.who.length = 0
      bucket.what.length = 0
      if (this.#spare.length < 64) this.#spare.push(bucket)
    }
  }

  #deal(): void {
    const later = this.#later
    this.#later = []
    for (const event of later) {
      if (event.at - this.#now >= BUCKETS) this.#later.push(event)
      else this.#place(Math.max(this.#now + 1, event.at), event.who, event.what)
    }
  }
}
