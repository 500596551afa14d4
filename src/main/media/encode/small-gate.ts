/** What must be free for it, percent of one core: the encoder takes about half of it, the rest is for the others. */
const FREE_PERCENT = 40
/** For so long. */
export const CALM_MS = 30_000
const LONGEST_FACTOR = 16

/**
 * Whether there is time for the small rendition: it starts when enough of a core has been free for a while, and is the
 * first thing to go. Each time that it had to go soon it waits twice as long. Pure: times are arguments, milliseconds.
 */
export class SmallGate {
  private on = false
  private freeSince: number | null = null
  private startedAt = -Infinity
  private waitMs: number
  private why = ''

  constructor(private readonly calmMs = CALM_MS) {
    this.waitMs = calmMs
  }

  get isOpen(): boolean {
    return this.on
  }

  /** Why there is none, for the person; empty while it is open. */
  get words(): string {
    return this.on ? '' : this.why
  }

  /**
   * Called about once a second.
   * @param free percent of one core; null: not known
   * @param slow frames of the source were late, reduced or lost since the last time
   */
  take(now: number, free: number | null, slow: boolean): boolean {
    if (this.on) {
      if (slow) this.close(now, 'the computer was too busy')
      return this.on
    }
    if (slow || free === null || free < FREE_PERCENT) {
      this.freeSince = null
      const room =
        free === null ? 'the load of this computer is not known' : `only ${Math.round(free)} % of a core is free`
      this.why = slow ? 'the computer is too busy' : room
      return false
    }
    this.freeSince ??= now
    const left = this.waitMs - (now - this.freeSince)
    this.why = `starts in ${Math.ceil(left / 1000)} s if the computer stays calm`
    if (left > 0) return false
    this.on = true
    this.startedAt = now
    return true
  }

  /** It is over, though there was time for it. */
  close(now: number, why: string): void {
    if (!this.on) return
    const wasShort = now - this.startedAt < 2 * this.waitMs
    this.waitMs = wasShort ? Math.min(this.calmMs * LONGEST_FACTOR, this.waitMs * 2) : this.calmMs
    this.on = false
    this.freeSince = null
    this.why = why
  }
}
