import type { CID } from 'multiformats/cid'
import type { FinalRecord, SegmentRecord } from '@shared/live/segment-record'
import { holdsOf, type Holds } from './holds'

/** How much of a show is kept for newcomers, repair and players. */
export const WINDOW_MS = 30_000
/** 30 s at 12 Mbit/s; a faster show keeps fewer seconds. */
const WINDOW_BYTES = 48 * 1024 * 1024

export interface WindowSegment {
  record: SegmentRecord
  /** The signed record as it travels. */
  signed: Uint8Array
  /** Verified bytes by the id of their rendition; at least one. */
  held: ReadonlyMap<string, Uint8Array>
}

type Kept = WindowSegment & { held: Map<string, Uint8Array> }

/**
 * [Note: Live window]
 * The last 30 s of one show, in memory: verified segments, their inits and signed records. The live never touches the
 * disk: a write and a delete per segment would cost more than they give, memory is bounded by the limits above, and a
 * process that is killed leaves nothing behind. Helia reads these blocks too (live-blockstore.ts), so they can be had by CID;
 * a show that is to stay is put into Helia's own store by who records it.
 */
export class LiveWindow {
  readonly #segments = new Map<number, Kept>()
  readonly #inits = new Map<string, Uint8Array>()
  readonly #bySegmentCid = new Map<string, Uint8Array>()
  #bytes = 0
  #durationMs = 0
  #final: { record: FinalRecord; signed: Uint8Array } | null = null

  /**
   * Adds verified bytes, also to a segment that is here in other renditions, and drops what is too old; a segment below
   * the oldest one kept may drop out at once.
   */
  add({ record, signed, held }: WindowSegment): void {
    let kept = this.#segments.get(record.seq)
    if (kept === undefined) {
      kept = { record, signed, held: new Map() }
      this.#segments.set(record.seq, kept)
      this.#durationMs += record.durationMs
    }
    for (const [id, bytes] of held) {
      if (kept.held.has(id)) continue
      kept.held.set(id, bytes)
      this.#bytes += bytes.length
      this.#index(kept, id, bytes)
    }
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
    return this.#bySegmentCid.get(text) ?? this.#inits.get(text)
  }

  /** Oldest first. */
  segments(): WindowSegment[] {
    return [...this.#segments.values()].sort((a, b) => a.record.seq - b.record.seq)
  }

  /** What is here of a number. */
  holds(seq: number): Holds {
    const kept = this.#segments.get(seq)
    let holds = 0
    if (kept) for (const id of kept.held.keys()) holds |= holdsOf(kept.record, id)
    return holds
  }

  /** The signed records for a newcomer, oldest first, the final one last. */
  heldRecords(): { seq: number; record: Uint8Array; holds: Holds }[] {
    const records = this.segments().map(({ record: { seq }, signed }) => ({
      ...{ seq, record: signed },
      holds: this.holds(seq),
    }))
    const final = this.#final
    return final === null ? records : [...records, { seq: final.record.seq, record: final.signed, holds: 0 }]
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
      for (const { length } of oldest.held.values()) this.#bytes -= length
      this.#durationMs -= oldest.record.durationMs
      dropped = true
    }
    if (!dropped) return
    // two segments may have the same bytes, so the index is made anew instead of deleted from
    this.#bySegmentCid.clear()
    const used = new Set<string>()
    for (const kept of this.#segments.values()) {
      for (const [id, bytes] of kept.held) this.#index(kept, id, bytes)
      for (const { initCid } of kept.record.renditions) used.add(initCid)
    }
    for (const cid of this.#inits.keys()) if (!used.has(cid)) this.#inits.delete(cid)
  }

  #index({ record }: Kept, id: string, bytes: Uint8Array): void {
    const rendition = record.renditions.find((one) => one.id === id)
    if (rendition) this.#bySegmentCid.set(rendition.cid, bytes)
  }
}
