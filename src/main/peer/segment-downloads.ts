import { CID } from 'multiformats/cid'
import { SOURCE } from '@shared/live/rendition'
import type { SegmentRecord, SegmentRendition } from '@shared/live/segment-record'
import type { Log } from '../platform/log'
import { rawCid } from './content-id'
import { allOf, holdsOf, type Holds } from './holds'
import type { LiveSwarm, SwarmMember } from './live-swarm'
import type { LiveWindow } from './live-window'
import { SegmentFetcher, type Fetched } from './segment-fetcher'
import { leastWait } from './source-choice'

/** Segments fetched at once: the newest must not wait for one that is being repaired. */
const PARALLEL = 4
/** How long viewers are asked for a segment of a show with a mesh before the broadcaster is. */
const BROADCASTER_AFTER_MS = 1_500

/** A verified record whose segment is wanted. */
export interface Wanted {
  record: SegmentRecord
  /** The signed record as it travels. */
  signed: Uint8Array
  /** The one of its renditions that is fetched. */
  rendition: SegmentRendition
  /** When it was first wanted, milliseconds of performance.now(). */
  since: number
}

/** Fetches what a view wants, lowest number first, and puts it (with its init) into the window once its hash holds. */
export class SegmentDownloads {
  readonly #swarm: LiveSwarm
  readonly #window: LiveWindow
  readonly #log: Log
  readonly #onStored: (wanted: Wanted, from: string, size: number) => void
  readonly #fetcher: SegmentFetcher
  readonly #wanted = new Map<number, Wanted>()
  readonly #fetches = new Map<number, AbortController>()
  readonly #inits = new Map<string, Promise<Fetched>>()
  readonly #stop = new AbortController()
  #from: number | null = null
  #timer: NodeJS.Timeout | undefined

  /**
   * @param patienceMs how long a segment may still be made here out of what the mesh brings, before it is fetched
   * @param meshed whether the show has a mesh: then viewers are asked before the broadcaster
   */
  constructor(
    swarm: LiveSwarm,
    window: LiveWindow,
    log: Log,
    onStored: (wanted: Wanted, from: string, size: number) => void,
    private readonly patienceMs: () => number = () => 0,
    private readonly meshed: () => boolean = () => false,
  ) {
    this.#swarm = swarm
    this.#window = window
    this.#log = log
    this.#onStored = onStored
    this.#fetcher = new SegmentFetcher(swarm, leastWait, () => this.meshed())
  }

  /** Numbers that are wanted and not here, lowest first. */
  wanted(): number[] {
    return [...this.#wanted.keys()].sort((a, b) => a - b)
  }

  /** The record of a number that is wanted and not here. */
  record(seq: number): SegmentRecord | undefined {
    return this.#wanted.get(seq)?.record
  }

  /** Wants one more, in the rendition of this name if it has it; nothing is fetched before `startAt`. */
  want(record: SegmentRecord, signed: Uint8Array, id: string): void {
    const { seq } = record
    if (this.#stop.signal.aborted || (this.#from !== null && seq < this.#from)) return
    this.#wanted.set(seq, { record, signed, rendition: renditionOf(record, id), since: performance.now() })
    this.#fill()
  }

  /** What is not here yet is fetched in this rendition instead: the line does not carry the other. */
  changeTo(id: string): void {
    for (const [seq, wanted] of this.#wanted) {
      const rendition = renditionOf(wanted.record, id)
      if (rendition.id === wanted.rendition.id) continue
      this.#wanted.set(seq, { ...wanted, rendition })
      this.#fetches.get(seq)?.abort() // and is begun anew by `#fill`
    }
  }

  /**
   * What nobody here holds in the rendition that is wanted, though somebody does in another, is fetched in that one:
   * all peers around may have chosen otherwise.
   * @param graceMs how long it must have been wanted
   */
  takeWhatThereIs(graceMs: number): void {
    const now = performance.now()
    for (const [seq, wanted] of this.#wanted) {
      const { record, rendition, since } = wanted
      if (seq < (this.#from ?? Infinity) || now - since < graceMs) continue
      const holds = this.#swarm.members().reduce((all, member) => all | this.#held(member, wanted), 0)
      const other = record.renditions.find(({ id }) => (holds & holdsOf(record, id)) > 0)
      if (other === undefined || (holds & holdsOf(record, rendition.id)) > 0) continue
      this.#wanted.set(seq, { ...wanted, rendition: other })
      this.#fetches.get(seq)?.abort() // and is begun anew by `#fill`
    }
  }

  /** How long the longest has been wanted, milliseconds; 0: nothing is. */
  get longestMs(): number {
    const since = [...this.#wanted.values()].filter(({ record }) => record.seq >= (this.#from ?? 0))
    return since.length === 0 ? 0 : performance.now() - Math.min(...since.map((one) => one.since))
  }

  /** The number of the wanted segment with this signed record; null when it is not wanted. */
  seqOf(sealed: Uint8Array): number | null {
    for (const [seq, { signed }] of this.#wanted) if (Buffer.compare(signed, sealed) === 0) return seq
    return null
  }

  /** Fetches from this number on; lower ones are given up. */
  startAt(seq: number): void {
    this.#from = seq
    for (const old of this.#wanted.keys()) if (old < seq) this.drop(old)
    this.#fill()
  }

  /**
   * The source rendition of the segment with this signed record, as it was made here, and its init. True when it is what the record says: it
   * is kept, and need not be fetched.
   */
  provide(sealed: Uint8Array, init: Uint8Array, bytes: Uint8Array, from: string): boolean {
    const wanted = [...this.#wanted.values()].find(({ signed }) => Buffer.compare(signed, sealed) === 0)
    if (wanted?.rendition.id !== SOURCE) return false
    const { record, signed, rendition } = wanted
    const isInit = this.#window.init(rendition.initCid) !== undefined || rawCid(init).toString() === rendition.initCid
    if (bytes.length !== rendition.size || !isInit || rawCid(bytes).toString() !== rendition.cid) return false
    this.drop(record.seq)
    if (this.#window.init(rendition.initCid) === undefined) this.#window.addInit(rendition.initCid, init)
    this.#window.add({ record, signed, held: new Map([[rendition.id, bytes]]) })
    this.#onStored(wanted, from, 0)
    return true
  }

  /** Gives a number up. */
  drop(seq: number): void {
    this.#wanted.delete(seq)
    this.#fetches.get(seq)?.abort()
  }

  /** Somebody announced something, or left: fetches without a source look again at once. */
  wake(): void {
    this.#fetcher.wake()
  }

  /** Gives everything up, for good. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
    this.#wanted.clear()
    for (const fetch of this.#fetches.values()) fetch.abort()
  }

  #fill(): void {
    if (this.#from === null) return
    clearTimeout(this.#timer)
    const patienceMs = this.patienceMs()
    for (const seq of this.wanted()) {
      if (this.#fetches.size >= PARALLEL) return
      const wanted = this.#wanted.get(seq)
      if (wanted === undefined || this.#fetches.has(seq)) continue
      const wait = wanted.rendition.id === SOURCE ? wanted.since + patienceMs - performance.now() : 0
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#fill(), wait)
        return
      }
      void this.#fetch(wanted)
    }
  }

  async #fetch(wanted: Wanted): Promise<void> {
    const { record, signed, rendition } = wanted
    const { seq } = record
    const bit = holdsOf(record, rendition.id)
    const abort = new AbortController()
    const { signal } = abort // not AbortSignal.any with #stop: that leaks on a long-lived signal (node#54614)
    this.#fetches.set(seq, abort)
    const holders = (): SwarmMember[] =>
      this.#swarm.members().filter((member) => (this.#held(member, wanted) & bit) > 0)
    try {
      const [init, segment] = await Promise.all([
        this.#window.init(rendition.initCid) ?? this.#fetchInit(rendition, seq).then(({ bytes }) => bytes),
        this.#fetcher.fetch(CID.parse(rendition.cid), rendition.size, seq, holders, signal),
      ])
      if (signal.aborted) return
      this.#wanted.delete(seq)
      this.#window.addInit(rendition.initCid, init)
      this.#window.add({ record, signed, held: new Map([[rendition.id, segment.bytes]]) })
      this.#onStored(wanted, segment.from, segment.bytes.length)
    } catch (error) {
      if (!signal.aborted) this.#log('error', 'a segment could not be fetched', { seq, error: String(error) })
    } finally {
      this.#fetches.delete(seq)
      this.#fill()
    }
  }

  /**
   * What a peer holds of a segment. In a mesh nobody announces it: viewers that are carried make it of the same units, the
   * broadcaster has what it signed, but is asked last, as its line carries the mesh.
   */
  #held({ announced, role, carriedAt }: SwarmMember, { record, since }: Wanted): Holds {
    if (role === 'broadcaster' && this.meshed()) {
      return performance.now() - since < BROADCASTER_AFTER_MS ? 0 : allOf(record)
    }
    const told = announced.get(record.seq) ?? 0
    return carriedAt !== null && carriedAt < since ? told | holdsOf(record, SOURCE) : told
  }

  /** One fetch for all segments that wait for the same init; it outlives the segment that asked first. */
  #fetchInit({ initCid, initSize }: SegmentRendition, seq: number): Promise<Fetched> {
    const running = this.#inits.get(initCid)
    if (running !== undefined) return running
    const holders = (): SwarmMember[] =>
      this.#swarm
        .members()
        .filter(({ announced, role }) => announced.size > 0 || (role === 'broadcaster' && this.meshed()))
    const fetching = this.#fetcher.fetch(CID.parse(initCid), initSize, seq, holders, this.#stop.signal)
    this.#inits.set(initCid, fetching)
    const forget = (): void => void this.#inits.delete(initCid)
    fetching.then(forget, forget)
    return fetching
  }
}

/** The rendition of this name, else the source. */
function renditionOf({ renditions }: SegmentRecord, id: string): SegmentRendition {
  return renditions.find((rendition) => rendition.id === id) ?? renditions.find((one) => one.id === SOURCE)!
}
