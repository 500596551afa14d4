/**
 * When the packets of one track were sent, by the sender's own clock (sender's reports, RFC 3550, 6.4.1), so that two tracks
 * can be put in step. Milliseconds since 1900; differences alone mean something.
 */
export class TrackClock {
  private report: { ms: number; timestamp: number } | null = null

  /** @param rate RTP ticks a second */
  constructor(private readonly rate: number) {}

  get isKnown(): boolean {
    return this.report !== null
  }

  set(ntpSeconds: number, timestamp: number): void {
    this.report = { ms: ntpSeconds * 1000, timestamp }
  }

  /** Null before the first report. */
  timeOf(timestamp: number): number | null {
    if (!this.report) return null
    return this.report.ms + (((timestamp - this.report.timestamp) | 0) * 1000) / this.rate
  }
}
