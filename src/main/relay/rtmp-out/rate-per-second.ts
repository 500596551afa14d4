const WINDOW_MS = 3_000

/** Makes a rate out of a counter that only grows. */
export class RatePerSecond {
  private samples: { at: number; bytes: number }[] = []

  /** @param bytes the counter now; @param now milliseconds. Returns kbit/s of about the last three seconds */
  kbps(bytes: number, now: number): number {
    const last = this.samples.at(-1)
    if (!last || now - last.at >= 100) this.samples.push({ at: now, bytes })
    while (this.samples.length > 2 && now - this.samples[1]!.at >= WINDOW_MS) this.samples.shift()
    const first = this.samples[0]!
    return now - first.at < 100 ? 0 : Math.round(((bytes - first.bytes) * 8) / (now - first.at))
  }
}
