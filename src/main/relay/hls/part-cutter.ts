import type { LivePacket } from '../live-packet'

/** What a part aims at, milliseconds: over HTTP/1.1 shorter ones cost more in requests than they gain. */
const PART_MS = 100
/** Pictures from which the usual length of one is taken. */
const MEASURED = 8

/**
 * Decides where parts end. A part is a whole number of pictures as near below 100 ms as they allow, and is closed as
 * soon as its last picture is there, not only with the first one of the next.
 */
export class PartCutter {
  /** Usual time from picture to picture, or from frame to frame of sound, milliseconds. */
  frameMs = 1000 / 30
  private lastMs: number | null = null
  private readonly gaps: number[] = []

  constructor(private readonly track: LivePacket['track']) {}

  /** EXT-X-PART-INF's PART-TARGET, milliseconds: no part is longer, unless pictures are late. */
  get targetMs(): number {
    return Math.max(1, Math.floor(PART_MS / this.frameMs + 0.05)) * this.frameMs + 2
  }

  /** To be told every packet. */
  measure({ track, timeMs }: LivePacket): void {
    if (track !== this.track) return
    if (this.lastMs !== null && timeMs > this.lastMs && this.gaps.length < MEASURED) {
      this.gaps.push(timeMs - this.lastMs)
      const sorted = this.gaps.toSorted((a, b) => a - b)
      this.frameMs = sorted[sorted.length >> 1]!
    }
    this.lastMs = timeMs
  }

  /** Whether a part that began at `startMs` has no room for a packet at `timeMs`. */
  isOver(startMs: number, timeMs: number): boolean {
    return timeMs - startMs + this.frameMs > this.targetMs + this.frameMs / 2
  }
}
