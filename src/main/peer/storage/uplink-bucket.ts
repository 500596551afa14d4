/** What may go out at once after a pause: a tenth of a second of the rate, at least one frame. */
const BURST_MS = 100
const LEAST_BURST_BYTES = 64 * 1024
const MOST_DEBT_MS = 1_000

/** Token bucket over all that is served: who gets no token waits in line. Times are milliseconds of one clock. */
export class UplinkBucket {
  #bytesPerMs = Infinity
  #tokens = 0
  #at = 0
  readonly #line: (() => void)[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Kilobits a second; 0: no limit. */
  set kbps(value: number) {
    this.#bytesPerMs = value === 0 ? Infinity : value / 8
    this.#tokens = 0
    this.#at = this.now()
    this.#wake()
  }

  /** True when `bytes` may go now. Goes into debt by at most one frame, so that no frame is ever too large. */
  take(bytes: number): boolean {
    if (this.#bytesPerMs === Infinity) return true
    this.#refill()
    if (this.#tokens <= 0) return false
    this.#tokens -= bytes
    return true
  }

  /** `bytes` went without asking; others wait for them, a second at most. */
  spend(bytes: number): void {
    if (this.#bytesPerMs === Infinity || bytes <= 0) return
    this.#refill()
    this.#tokens = Math.max(-this.#bytesPerMs * MOST_DEBT_MS, this.#tokens - bytes)
  }

  /** How long `bytes` have to wait, milliseconds; at 0 they are taken. */
  waitMs(bytes: number): number {
    return this.take(bytes) ? 0 : Math.max(1, Math.min(MOST_DEBT_MS, (1 - this.#tokens) / this.#bytesPerMs))
  }

  /** Calls once when there may be tokens again; who came first is called first. */
  wait(wake: () => void): void {
    this.#line.push(wake)
    this.#arm()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#line.length = 0
  }

  #refill(): void {
    const now = this.now()
    const most = Math.max(LEAST_BURST_BYTES, this.#bytesPerMs * BURST_MS)
    this.#tokens = Math.min(most, this.#tokens + (now - this.#at) * this.#bytesPerMs)
    this.#at = now
  }

  #arm(): void {
    if (this.#timer !== null) return
    const ms = Math.max(1, Math.min(1000, (1 - this.#tokens) / this.#bytesPerMs))
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#wake()
    }, ms)
  }

  #wake(): void {
    // each gets one turn: who is still without waits behind the others
    for (const wake of this.#line.splice(0)) wake()
  }
}
