import type { CID } from 'multiformats/cid'
import type { FinalRecord, SegmentRecord } from '@shared/live/segment-record'

/** How much of a show is kept for newcomers, repair and players. */
export const WINDOW_MS = 30_000
/** 30 s at 12 Mbit/s; a faster show keeps fewer seconds. */
const WINDOW_BYTES = 48 * 1024 * 1024

export interface WindowSegment {
  record: SegmentRecord
  /** The signed record as it travels. */
  signed: Uint8Array
  bytes: Uint8Array
}

/**
 * [Note: Live window]
 * The last 30 s of one show, in memory: verified segments, their inits and signed records. The live never touches the
 * disk: a write and a delete per segment would cost more than they give, memory is bounded by the limits above, and a
 * process that is killed leaves nothing behind. Helia reads these blocks too (live-blockstore.ts), so they can be had by CID;
 * a show that is to stay is put into Helia's own store by who records it.
 */
export class LiveWindow {
  readonly #segments = new Map<number, WindowSegment>()
  readonly #inits = new Map<string, Uint8Array>()
  readonly #bySegmentCid = new Map<string, WindowSegment>()
  #bytes = 0
  #durationMs = 0
  #final: { record: FinalRecord; signed: Uint8Array } | null = null

  /** Adds verified bytes and drops what is too old; a segment below the oldest one kept may drop out at once. */
  add(segment: WindowSegment): void {
    const { record } = segment
    if (this.#segments.has(record.seq)) return
    this.#segments.set(record.seq, segment)
    this.#bySegmentCid.set(record.cid, segment)
    this.#bytes += record.size
    this.#durationMs += record.durationMs
    this.#trim()
  }

  addInit(cid: string, bytes: Uint8Array): void {
    this.#inits.set(cid, bytes)
  }

  setFinal(record: FinalRecord, signed: Uint8Array): void {
    this.#final ??= { record, signed }
  }

  segment(seq: number): WindowSegment | undefined {
    return this.#segments.get(seq)
  }

  init(cid: string): Uint8Array | undefined {
    return this.#inits.get(cid)
  }

  /** Bytes of a segment or an init by its CID. */
  block(cid: CID | string): Uint8Array | undefined {
    const text = cid.toString()
    return this.#bySegmentCid.get(text)?.bytes ?? this.#inits.get(text)
  }

  /** Oldest first. */
  segments(): WindowSegment[] {
    return [...this.#segments.values()].sort((a, b) => a.record.seq - b.record.seq)
  }

  /** The signed records for a newcomer, oldest first, the final one last. */
  signedRecords(): { seq: number; signed: Uint8Array }[] {
    const records = this.segments().map(({ record, signed }) => ({ seq: record.seq, signed }))
    return this.#final === null ? records : [...records, { seq: this.#final.record.seq, signed: this.#final.signed }]
  }

  get bytes(): number {
    return this.#bytes
  }

  clear(): void {
    this.#segments.clear()
    this.#bySegmentCid.clear()
    this.#inits.clear()
    this.#bytes = 0
    this.#durationMs = 0
  }

  #trim(): void {
    let dropped = false
    for (const oldest of this.segments()) {
      const enough = this.#durationMs - oldest.record.durationMs >= WINDOW_MS
      if (this.#segments.size === 1 || !(enough || this.#bytes > WINDOW_BYTES)) break
      this.#segments.delete(oldest.record.seq)
      this.#bytes -= oldest.record.size
      this.#durationMs -= oldest.record.durationMs
      dropped = true
    }
    if (!dropped) return
    // two segments may have the same bytes, so the index is made anew instead of deleted from
    this.#bySegmentCid.clear()
    for (const segment of this.#segments.values()) this.#bySegmentCid.set(segment.record.cid, segment)
    const used = new Set([...this.#segments.values()].map(({ record }) => record.initCid))
    for (const cid of this.#inits.keys()) if (!used.has(cid)) this.#inits.delete(cid)
  }
}
