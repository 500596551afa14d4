/** Minutes that a live may still run, paid for before it starts (S6). */
export interface PacketState {
  /** Milliseconds of signed segments that the packets still cover; never negative. */
  leftMs: number
  phase: 'running' | 'five-minutes' | 'one-minute' | 'grace' | 'over'
  /** Of the grace time, while in it. */
  graceLeftMs: number
}

export const WARN_FIRST_MS = 5 * 60_000
export const WARN_LAST_MS = 60_000
/** How long the show goes on when the minutes are used up. */
export const GRACE_MS = 2 * 60_000

/**
 * Counts a live's minutes down. Only signed segments count: what was not sent is not charged, and a clock that is set
 * changes nothing.
 */
export class PacketCountdown {
  #paidMs: number
  #usedMs = 0

  /** `paidMs`: what the packets cover from here on. */
  constructor(paidMs: number) {
    this.#paidMs = paidMs
  }

  /** More was bought while live. */
  add(ms: number): void {
    this.#paidMs += ms
  }

  /** A segment was signed and published. */
  published(durationMs: number): void {
    this.#usedMs += Math.max(0, durationMs)
  }

  /** Milliseconds of signed segments so far. */
  get usedMs(): number {
    return this.#usedMs
  }

  get state(): PacketState {
    const left = this.#paidMs - this.#usedMs
    if (left > 0) {
      const phase = left > WARN_FIRST_MS ? 'running' : left > WARN_LAST_MS ? 'five-minutes' : 'one-minute'
      return { leftMs: left, phase, graceLeftMs: GRACE_MS }
    }
    const graceLeftMs = Math.max(0, GRACE_MS + left)
    return { leftMs: 0, phase: graceLeftMs > 0 ? 'grace' : 'over', graceLeftMs }
  }
}
