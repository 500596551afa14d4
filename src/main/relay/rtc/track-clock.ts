/** A report that puts the clock right is followed at this rate, so that times never fall or jump. */
const SLEW = 0.1
/** A clock that is further off is another clock, milliseconds. */
const MAX_SLEW_MS = 1_000

/**
 * When the packets of one track were sent, by the sender's own clock (sender's reports, RFC 3550, 6.4.1), so that two tracks
 * can be put in step. Differences alone mean something.
 */
export class TrackClock {
  private report: { ms: number; timestamp: number; rest: number } | null = null

  /** @param rate RTP ticks a second */
  constructor(private readonly rate: number) {}

  get isKnown(): boolean {
    return this.report !== null
  }

  set(ms: number, timestamp: number): void {
    const rest = (this.timeOf(timestamp) ?? ms) - ms
    this.report = { ms, timestamp, rest: Math.abs(rest) > MAX_SLEW_MS ? 0 : rest }
  }

  /** Milliseconds; null before the first report. */
  timeOf(timestamp: number): number | null {
    if (!this.report) return null
    const { ms, rest } = this.report
    const since = (((timestamp - this.report.timestamp) | 0) * 1000) / this.rate
    const left = Math.max(0, Math.abs(rest) - Math.max(0, since) * SLEW)
    return ms + since + Math.sign(rest) * left
  }
}
