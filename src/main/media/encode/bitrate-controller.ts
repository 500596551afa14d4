import type { UplinkSample } from '@shared/media/uplink-sample'

export interface BitrateLimits {
  /** Kilobits a second of the picture. */
  floorKbps: number
  maxKbps: number
}

/** What waits longer is late: a segment is half a second, and a line that just suffices needs as long for it. */
const LATE_MS = 900
/** Between two steps down: the last one must have reached the line first. */
const BETWEEN_CUTS_MS = 2_000
/** Late for so long though the line seems to carry enough: then it does not. */
const LATE_TOO_LONG_MS = 4_000
/** Of what the line carries: the rest is for what has piled up. */
const CUT_TO = 0.6
const BLIND_CUT_TO = 0.75
const CALM_MS = 15_000
const BETWEEN_RAISES_MS = 10_000
const RAISE_BY = 1.1
/** Of the rate that failed last, while that is remembered. */
const BELOW_FAILURE = 0.9
const MEMORY_MS = 60_000
const LONGEST_MEMORY_MS = 480_000
/** AAC at 128 kbit/s and what goes around it, kilobits a second. */
const BESIDE_PICTURE_KBPS = 140

/**
 * Which bitrate the line carries. It steps down as soon as what is published waits too long, at once to below what the
 * line was seen to carry; it goes up by a tenth every ten seconds after fifteen calm ones, and stays a tenth below the
 * rate that failed last for a minute, after another failure there for two, four, eight. Pure: times come with the
 * samples.
 */
export class BitrateController {
  /** Kilobits a second of the picture. */
  targetKbps: number
  private lateSince: number | null = null
  private cutAt = -Infinity
  private calmSince: number | null = null
  private raisedAt = -Infinity
  private failure: { carries: number; at: number; memoryMs: number } | null = null

  constructor(private limits: BitrateLimits) {
    this.targetKbps = limits.maxKbps
  }

  /** Another quality was chosen. A limit of the line that is known stays. */
  setMax(maxKbps: number): void {
    const wasFull = this.targetKbps >= this.limits.maxKbps
    this.limits = { ...this.limits, maxKbps }
    this.targetKbps = wasFull ? maxKbps : Math.min(this.targetKbps, maxKbps)
  }

  /** Takes the next sample; returns the target. */
  take(sample: UplinkSample): number {
    const { atMs: now, queuedMs } = sample
    if (queuedMs >= LATE_MS) {
      this.lateSince ??= now
      this.calmSince = null
      this.late(sample, this.lateSince)
    } else {
      this.lateSince = null
      this.calmSince ??= now
      if (now - this.calmSince >= CALM_MS && now - this.raisedAt >= BETWEEN_RAISES_MS) this.raise(now)
    }
    return this.targetKbps
  }

  private late({ atMs: now, carriedKbps }: UplinkSample, since: number): void {
    if (now - this.cutAt < BETWEEN_CUTS_MS || this.targetKbps <= this.limits.floorKbps) return
    const carries = carriedKbps === null ? Infinity : Math.max(0, carriedKbps - BESIDE_PICTURE_KBPS)
    // What piled up goes away by itself when less comes than the line carries.
    const drains = this.targetKbps <= 0.9 * carries
    if (drains && now - Math.max(since, this.cutAt) < LATE_TOO_LONG_MS) return
    const cut = drains ? BLIND_CUT_TO * this.targetKbps : CUT_TO * carries
    this.remember(now, drains ? this.targetKbps : carries)
    this.targetKbps = Math.round(Math.max(this.limits.floorKbps, Math.min(cut, this.targetKbps)))
    this.cutAt = now
  }

  /** Failures in one row are one: the lowest says what the line carries. */
  private remember(now: number, carries: number): void {
    const { failure } = this
    const isNew = !failure || now - failure.at > 15_000
    const again = failure !== null && isNew && Math.abs(carries - failure.carries) < 0.25 * failure.carries
    const memoryMs = again ? Math.min(LONGEST_MEMORY_MS, failure.memoryMs * 2) : (failure?.memoryMs ?? MEMORY_MS)
    this.failure = {
      carries: isNew ? carries : Math.min(carries, failure.carries),
      at: now,
      memoryMs: isNew && !again ? MEMORY_MS : memoryMs,
    }
  }

  private raise(now: number): void {
    const { failure, limits } = this
    const remembered = failure !== null && now - failure.at < failure.memoryMs
    // A line that carried nothing at all was away: what it carries when it is back is not known.
    const ceiling =
      remembered && failure.carries > limits.floorKbps
        ? Math.min(limits.maxKbps, failure.carries * BELOW_FAILURE)
        : limits.maxKbps
    const raised = Math.round(Math.min(this.targetKbps * RAISE_BY, ceiling))
    if (raised <= this.targetKbps) return
    this.targetKbps = raised
    this.raisedAt = now
  }
}
