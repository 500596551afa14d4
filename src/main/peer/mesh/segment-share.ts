import { TokenBucket } from '@shared/mesh/token-bucket'

/** Of the uplink, for segments whatever the mesh takes: a viewer that the mesh cannot reach is not lost. */
const LEAST_SHARE = 0.05
/** The rest is for what all share: control, records, TCP's own. */
const USABLE_SHARE = 0.9
/** Saved up at most, time of the refill. */
const BURST_MS = 1_000
/** Over which time the mesh's rate is taken. */
const RATE_MS = 1_000
/** A line without a known limit that held pieces back is taken for full so long. */
const FULL_MS = 2_000
/** A segment that would take longer than this comes too late: its asker is told so at once. */
const LONGEST_MS = 4_000
/** What goes at once of a segment: a frame. The next one waits for its share of the line. */
const PACED_BURST_BYTES = 16 * 1024

/** What the mesh does to the line now. */
export interface MeshLoad {
  /** Bytes that the mesh sent, and pieces it dropped because links were too slow, since the start. */
  sent: number
  dropped: number
  /** Peers that take part. */
  members: number
}

/**
 * Says which WANTs for segments the broadcaster answers while its show has a mesh: out of what the mesh leaves of the
 * uplink, which must carry the show once, and a twentieth of it in any case. Viewers made the same segments of the units
 * that the mesh brought; a crowd that asks the broadcaster instead starves the mesh, so that more ask (live.md 3.3). Pure
 * but for its arguments; times are milliseconds of one clock.
 */
export class SegmentShare {
  #uplinkBps: number
  readonly #streamBps: number
  readonly #bucket: TokenBucket
  readonly #pacer: TokenBucket
  #before: { at: number; sent: number; dropped: number }
  #meshBps = 0
  #fullUntil = -Infinity

  /** @param uplinkBps what may be sent; Infinity: not known @param streamBps of the show */
  constructor(uplinkBps: number, streamBps: number, now: number) {
    this.#uplinkBps = uplinkBps
    this.#streamBps = streamBps
    this.#bucket = new TokenBucket(1, 1, now)
    this.#pacer = new TokenBucket(1, PACED_BURST_BYTES, now)
    this.#before = { at: now, sent: 0, dropped: 0 }
  }

  /** What may be sent from now on; Infinity: not known. */
  set uplinkBps(value: number) {
    this.#uplinkBps = value
  }

  /** True when a segment of so many bytes may be sent; it is then counted. The last one may overdraw. */
  take(bytes: number, load: MeshLoad, now: number): boolean {
    const bytesPerSecond = this.#bytesPerSecond(load, now)
    if (bytesPerSecond === Infinity) return true
    if (bytes > (bytesPerSecond * LONGEST_MS) / 1000) return false
    const isFree = this.#bucket.waitMs(1, now) === 0
    this.#bucket.perSecond = bytesPerSecond
    this.#bucket.burst = Math.max(1, (bytesPerSecond * BURST_MS) / 1000)
    if (!isFree) return false
    this.#bucket.spend(bytes, now)
    return true
  }

  /**
   * How long the next bytes of a segment have to wait, milliseconds; at 0 they are counted as sent. What was promised at once
   * (`take`) must not go at once: it would hold up the pieces of the mesh behind it.
   */
  pace(bytes: number, load: MeshLoad, now: number): number {
    const bytesPerSecond = this.#bytesPerSecond(load, now)
    if (bytesPerSecond === Infinity) return 0
    this.#pacer.perSecond = bytesPerSecond
    const wait = this.#pacer.waitMs(Math.min(bytes, PACED_BURST_BYTES), now)
    if (wait === 0) this.#pacer.spend(bytes, now)
    return wait
  }

  /** What segments may take of the line; Infinity while nothing is known against it. */
  #bytesPerSecond(load: MeshLoad, now: number): number {
    this.#measure(load, now)
    const isUnknown = this.#uplinkBps === Infinity && (load.members === 0 || now >= this.#fullUntil)
    return isUnknown ? Infinity : this.#idleBps(load) / 8
  }

  #idleBps({ members }: MeshLoad): number {
    const mesh = members === 0 ? 0 : Math.max(this.#meshBps, this.#streamBps)
    const uplink = this.#uplinkBps === Infinity ? mesh : this.#uplinkBps
    return Math.max(LEAST_SHARE * uplink, USABLE_SHARE * uplink - mesh)
  }

  #measure({ sent, dropped }: MeshLoad, now: number): void {
    const { at, sent: sentBefore, dropped: droppedBefore } = this.#before
    if (dropped > droppedBefore) {
      this.#fullUntil = now + FULL_MS
      this.#before.dropped = dropped
    }
    if (now - at < RATE_MS) return
    this.#meshBps = ((sent - sentBefore) * 8_000) / (now - at)
    this.#before = { at: now, sent, dropped }
  }
}
