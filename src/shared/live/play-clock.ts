/** Beyond this the sound is brought to the clock, instead of the clock to the sound, milliseconds. */
const FAR_MS = 60
/** Part of the difference to the sound that is taken over at each of its reports (about 23 a second). */
const FOLLOW = 0.1

/**
 * Which moment of the live is shown and heard now: runs by the wall clock and follows the sound, whose card has a clock
 * of its own. Where no sound is heard it goes on without. Milliseconds throughout; `now` of `performance.now()`.
 */
export class PlayClock {
  #at = 0
  #media = 0
  #rate = 1
  #held = true

  get held(): boolean {
    return this.#held
  }

  get rate(): number {
    return this.#rate
  }

  position(now: number): number {
    return this.#held ? this.#media : this.#media + (now - this.#at) * this.#rate
  }

  /** Goes on from this moment of the live. */
  start(now: number, mediaMs: number): void {
    this.#at = now
    this.#media = mediaMs
    this.#held = false
  }

  /** Stands still, at the latest at `atMost`. */
  hold(now: number, atMost = Infinity): void {
    this.#media = Math.min(this.position(now), atMost)
    this.#at = now
    this.#held = true
  }

  setRate(now: number, rate: number): void {
    this.#media = this.position(now)
    this.#at = now
    this.#rate = rate
  }

  /**
   * The sound was at this moment at that time. False: it is so far away that the sound must be brought to the clock.
   */
  follow(at: number, soundMs: number): boolean {
    if (this.#held) return true
    const error = soundMs - this.position(at)
    if (Math.abs(error) > FAR_MS) return false
    this.#media += error * FOLLOW
    return true
  }
}
