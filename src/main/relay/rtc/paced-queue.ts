/** What leaves at once: routers at home drop what comes in larger bursts. */
const BURST = 16
const STEP_MS = 5
/** Of what waits, a quarter leaves with each step: a key picture is out within about 40 ms. */
const SHARE = 0.25
const LEAST_STEP = 8

/** Spreads a burst of datagrams over some milliseconds, in their order. Nothing is dropped and no delay grows. */
export class PacedQueue<T> {
  bytes = 0
  private waiting: { item: T; bytes: number }[] = []
  private timer: NodeJS.Timeout | null = null
  private allowance = BURST

  constructor(private readonly send: (item: T) => void) {}

  push(item: T, bytes: number): void {
    if (this.waiting.length === 0 && this.allowance > 0) {
      this.allowance--
      this.send(item)
    } else {
      this.waiting.push({ item, bytes })
      this.bytes += bytes
    }
    this.timer ??= setTimeout(this.step, STEP_MS)
  }

  clear(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.waiting = []
    this.bytes = 0
  }

  private readonly step = (): void => {
    const count = Math.max(LEAST_STEP, Math.ceil(this.waiting.length * SHARE))
    for (const { item, bytes } of this.waiting.splice(0, count)) {
      this.bytes -= bytes
      this.send(item)
    }
    this.allowance = this.waiting.length === 0 ? BURST : 0
    this.timer = this.waiting.length === 0 ? null : setTimeout(this.step, STEP_MS)
  }
}
