/** A budget that refills with time. Pure: the clock is given, milliseconds. */
export class TokenBucket {
  #tokens: number
  #at: number

  /** @param perSecond refill @param burst most that is saved up; also what there is at first */
  constructor(
    public perSecond: number,
    public burst: number,
    now: number,
  ) {
    this.#tokens = burst
    this.#at = now
  }

  /** Takes so many if they are there. */
  take(count: number, now: number): boolean {
    this.#refill(now)
    if (this.#tokens < count) return false
    this.#tokens -= count
    return true
  }

  /** Takes so many, into debt if need be. */
  spend(count: number, now: number): void {
    this.#refill(now)
    this.#tokens -= count
  }

  /** Milliseconds until `count` tokens are there; 0 when they are. */
  waitMs(count: number, now: number): number {
    this.#refill(now)
    return Math.max(0, ((count - this.#tokens) / this.perSecond) * 1000)
  }

  #refill(now: number): void {
    if (now <= this.#at) return
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) * this.perSecond) / 1000)
    this.#at = now
  }
}
