/** One bucket a millisecond; what lies further ahead waits in `#later` and is dealt out once a turn. */
const BUCKETS = 1 << 14

/** Parallel arrays: a simulation has millions of events under way, which must not cost an object each. */
interface Bucket<T> {
  who: number[]
  from: number[]
  what: T[]
}

/**
 * Events of a discrete simulation in order of their time, to the millisecond; within one millisecond in the order they were
 * put in, so that a run is repeatable. Constant time per event, where a heap would need log n.
 */
export class TimeWheel<T> {
  #now = 0
  #buckets: (Bucket<T> | undefined)[] = new Array<Bucket<T> | undefined>(BUCKETS)
  #later: { at: number; who: number; from: number; what: T }[] = []
  #spare: Bucket<T>[] = []
  #size = 0

  get now(): number {
    return this.#now
  }

  get size(): number {
    return this.#size
  }

  /** At `atMs`, or in the next millisecond if that is past. @param from who it comes from, for what comes from somebody */
  put(atMs: number, who: number, what: T, from = who): void {
    this.#size++
    const at = Math.max(this.#now + 1, Math.ceil(atMs))
    if (at - this.#now >= BUCKETS) this.#later.push({ at, who, from, what })
    else this.#place(at, who, from, what)
  }

  #place(at: number, who: number, from: number, what: T): void {
    const slot = at & (BUCKETS - 1)
    const bucket = (this.#buckets[slot] ??= this.#spare.pop() ?? { who: [], from: [], what: [] })
    bucket.who.push(who)
    bucket.from.push(from)
    bucket.what.push(what)
  }

  /** Runs everything up to `untilMs` (included). */
  run(untilMs: number, take: (who: number, what: T, from: number) => void): void {
    while (this.#now < untilMs) {
      this.#now++
      if ((this.#now & (BUCKETS / 2 - 1)) === 0) this.#deal()
      const slot = this.#now & (BUCKETS - 1)
      const bucket = this.#buckets[slot]
      if (!bucket) continue
      this.#buckets[slot] = undefined
      const { who, from, what } = bucket
      for (let i = 0; i < who.length; i++) take(who[i]!, what[i]!, from[i]!)
      this.#size -= who.length
      who.length = from.length = what.length = 0
      if (this.#spare.length < 64) this.#spare.push(bucket)
    }
  }

  #deal(): void {
    const later = this.#later
    this.#later = []
    for (const event of later) {
      if (event.at - this.#now >= BUCKETS) this.#later.push(event)
      else this.#place(Math.max(this.#now + 1, event.at), event.who, event.from, event.what)
    }
  }
}
