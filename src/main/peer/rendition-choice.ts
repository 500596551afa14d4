import { SMALL, SOURCE } from '@shared/live/rendition'

/** A segment that takes this share of its own length to come uses the line up: the next disturbance is seen. */
const FULL = 0.9
/** With this share left over for the larger one it is tried again. */
const ROOMY = 0.6
/** Wanted for so many segment lengths, and still not here: the line does not carry it. */
const OVERDUE = 3
/** Shortest time of that kind: below it the buffer of the player bears it, milliseconds. */
const SHORTEST_OVERDUE_MS = 1_000
/** The first try to come back is after so long; each that fails doubles it, up to the last. Milliseconds. */
const CALM_MS = 10_000
const LONGEST_CALM_MS = 160_000
const SMOOTHING = 0.25

/** A segment that is here. Times in milliseconds. */
export interface FetchedSegment {
  /** From the moment that it was wanted. */
  tookMs: number
  durationMs: number
  bytes: number
  /** What it would have been in the source. */
  sourceBytes: number
}

/**
 * Which rendition a viewer's line carries, for the quality "auto": the small one as soon as segments come slower than they
 * are played, the source again when there is room for it. The player cannot judge that: what it loads lies in the memory
 * of this machine already. Pure: times are arguments, milliseconds of one clock.
 */
export class RenditionChoice {
  #id: string = SOURCE
  /** Smoothed share of a segment's length that its fetch takes; null: nothing is known. */
  #share: number | null = null
  #since = 0
  #calmMs = CALM_MS

  get id(): string {
    return this.#id
  }

  /** A segment came in time or late. */
  took({ tookMs, durationMs, bytes, sourceBytes }: FetchedSegment, now: number): void {
    const share = tookMs / durationMs
    this.#share = this.#share === null ? share : this.#share + SMOOTHING * (share - this.#share)
    if (this.#id === SOURCE) {
      if (this.#share > FULL) this.#toSmall(now)
    } else if (now - this.#since >= this.#calmMs && this.#share * (sourceBytes / bytes) < ROOMY) {
      this.#change(SOURCE, now)
    }
  }

  /** The oldest that is wanted has been so for `longestMs`. */
  waits(longestMs: number, durationMs: number, now: number): void {
    if (this.#id === SOURCE && longestMs > Math.max(SHORTEST_OVERDUE_MS, OVERDUE * durationMs)) this.#toSmall(now)
  }

  #toSmall(now: number): void {
    // It was tried too early: wait longer the next time.
    const wasShort = this.#since > 0 && now - this.#since < 2 * this.#calmMs
    this.#calmMs = wasShort ? Math.min(LONGEST_CALM_MS, this.#calmMs * 2) : CALM_MS
    this.#change(SMALL, now)
  }

  #change(id: string, now: number): void {
    this.#id = id
    this.#since = now
    this.#share = null
  }
}
