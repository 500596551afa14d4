/** How long an arrival counts, milliseconds. */
const WINDOW_MS = 10_000
/** More than arrive in that time: 60 pictures and 47 frames of sound a second. */
const CAPACITY = 2048
const MARGIN_MS = 20
export const MIN_DELAY_MS = 40
export const MAX_DELAY_MS = 2000
/** What arrives together at the start is what was there before us, not how the live arrives. */
const OPENING_MS = 60
/** After so long, and so many arrivals, the start no longer counts. */
const OPENING_COUNTS_MS = 1000
const ENOUGH = 30

/**
 * How far behind its fastest arrival a live must be played so that 99 of 100 units are there in time: the 99th
 * percentile of the spread of arrivals over 10 s and a margin (live.md 6). All times in milliseconds; `transit` is
 * arrival minus media time, in whatever clocks: only differences count.
 */
export class JitterBuffer {
  readonly #at = new Float64Array(CAPACITY)
  readonly #transit = new Float64Array(CAPACITY)
  #next = 0
  #count = 0
  #openedAt: number | null = null
  #target = MIN_DELAY_MS
  #base = 0

  /** A unit is there. `now`: when it could have been used. */
  arrive(now: number, mediaMs: number): void {
    this.#openedAt ??= now
    const transit = now - mediaMs
    this.#at[this.#next] = now
    this.#transit[this.#next] = transit
    this.#next = (this.#next + 1) % CAPACITY
    this.#count = Math.min(CAPACITY, this.#count + 1)
    // An earlier one than any moves the base at once, a later one the target: it grows at once.
    if (this.#count === 1 || transit < this.#base) this.#base = transit
  }

  /** Takes stock; call some times a second. */
  update(now: number): void {
    const isOpening = this.#openingOver(now)
    const transits: number[] = []
    for (let i = 0; i < this.#count; i++) {
      const at = this.#at[i]!
      if (now - at <= WINDOW_MS && !(isOpening && at - this.#openedAt! < OPENING_MS)) transits.push(this.#transit[i]!)
    }
    if (transits.length === 0) return
    transits.sort((a, b) => a - b)
    this.#base = transits[0]!
    const late = transits[Math.ceil(transits.length * 0.99) - 1]!
    this.#target = Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, late - this.#base + MARGIN_MS))
  }

  /** Forgets everything. */
  reset(): void {
    this.#next = this.#count = this.#base = 0
    this.#openedAt = null
    this.#target = MIN_DELAY_MS
  }

  /** Transit of the fastest arrival. */
  get base(): number {
    return this.#base
  }

  /** How far behind the fastest arrival to play. */
  get targetMs(): number {
    return this.#target
  }

  /** Enough came since the start to know the live by it. */
  #openingOver(now: number): boolean {
    if (this.#openedAt === null || now - this.#openedAt < OPENING_COUNTS_MS) return false
    let later = 0
    for (let i = 0; i < this.#count; i++) if (this.#at[i]! - this.#openedAt >= OPENING_MS) later++
    return later >= ENOUGH
  }
}

/**
 * Speed of playing, 0.95 to 1.1: as asked for one that is too far behind or ahead. Small differences are taken at 1 %,
 * which nobody hears.
 * @param delayMs how far behind the fastest arrival the live is played
 */
export function playRate(delayMs: number, targetMs: number): number {
  const excess = delayMs - targetMs
  if (Math.abs(excess) <= 8) return 1
  if (excess < 0) return Math.max(0.95, 1 + Math.min(-0.01, excess / 2000))
  return Math.min(1.1, 1 + Math.max(0.01, excess > 100 ? excess / 4000 : 0))
}
