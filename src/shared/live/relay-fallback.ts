/** Peers brought nothing for so long: the relay. With what it takes to answer, pictures go on within a second. */
const SILENCE_MS = 700
/** The mesh says that nobody serves a stripe: no need to wait as long. */
const UNSERVED_MS = 300
/** Peers are this much later than they were at their best, for as long as SILENCE_MS: too slow. */
const SLOW_MS = 1_200
/** Lost chunks: so many holes in that time are too many. */
const HOLES = 3
const HOLES_WITHIN_MS = 5_000
/** Back to peers when they have brought all of it for so long; longer after each relapse. */
const BACK_MS = 4_000
const MOST_BACK_MS = 60_000
/** Falling back so soon after going back was a relapse; after so long without one all is forgiven. */
const RELAPSE_MS = 20_000
const FORGIVEN_MS = 120_000
/** The best delay is that of the last one or two of these. */
const BEST_WINDOW_MS = 15_000

/**
 * Decides whether a viewer takes the relay besides its peers. Pure: times are given, milliseconds of one clock. The
 * mesh goes on trying meanwhile, and what it brings is its probe.
 */
export class RelayFallback {
  #on = false
  #backMs = BACK_MS
  #leftAt = -Infinity
  #newest = -1
  #lastAt: number
  #wellSince: number | null = null
  #slowSince: number | null = null
  #holes: number[] = []
  #best = { since: -Infinity, now: Infinity, before: Infinity }

  /** @param openedAt when the viewer began to wait */
  constructor(openedAt: number) {
    this.#lastAt = openedAt
  }

  /** Whether the relay is wanted. */
  get on(): boolean {
    return this.#on
  }

  /** Peers alone brought all of a chunk. @param timeMs of the chunk, on the clock of the show */
  brought(timeMs: number, now: number): void {
    const delay = now - timeMs
    if (now - this.#best.since > BEST_WINDOW_MS) this.#best = { since: now, now: Infinity, before: this.#best.now }
    this.#best.now = Math.min(this.#best.now, delay)
    const isSlow = delay - Math.min(this.#best.now, this.#best.before) > SLOW_MS
    this.#slowSince = isSlow ? (this.#slowSince ?? now) : null
    // repairs of what is long over are no sign of life of the stream
    if (timeMs < this.#newest) return
    this.#newest = timeMs
    this.#lastAt = now
  }

  /** Something was lost for good. */
  hole(now: number): void {
    this.#holes.push(now)
    if (this.#holes.length > HOLES) this.#holes.shift()
  }

  /** Looks again, some ten times a second. @param unserved the mesh has nobody for some stripe */
  look(now: number, unserved: boolean): boolean {
    const isWell = this.#isWell(now, unserved)
    this.#wellSince = isWell ? (this.#wellSince ?? now) : null
    if (!this.#on && !isWell) {
      if (now - this.#leftAt < RELAPSE_MS) this.#backMs = Math.min(MOST_BACK_MS, this.#backMs * 2)
      else if (now - this.#leftAt > FORGIVEN_MS) this.#backMs = BACK_MS
      this.#on = true
    } else if (this.#on && this.#wellSince !== null && now - this.#wellSince >= this.#backMs) {
      this.#on = false
      this.#leftAt = now
      this.#holes = []
    }
    return this.#on
  }

  #isWell(now: number, unserved: boolean): boolean {
    const silence = now - this.#lastAt
    if (silence > SILENCE_MS || (unserved && silence > UNSERVED_MS)) return false
    if (this.#newest < 0) return !this.#on
    if (this.#slowSince !== null && (this.#on || now - this.#slowSince > SILENCE_MS)) return false
    const [oldest] = this.#holes
    return this.#on || this.#holes.length < HOLES || oldest === undefined || now - oldest > HOLES_WITHIN_MS
  }
}
