import { CID } from 'multiformats/cid'
import type { SegmentRecord } from '@shared/live/segment-record'
import type { Log } from '../platform/log'
import type { LiveSwarm, SwarmMember } from './live-swarm'
import type { LiveWindow } from './live-window'
import { SegmentFetcher, type Fetched } from './segment-fetcher'

/** Segments fetched at once: the newest must not wait for one that is being repaired. */
const PARALLEL = 4

/** A verified record whose segment is wanted. */
export interface Wanted {
  record: SegmentRecord
  /** The signed record as it travels. */
  signed: Uint8Array
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

  constructor(
    swarm: LiveSwarm,
    window: LiveWindow,
    log: Log,
    onStored: (wanted: Wanted, from: string, size: number) => void,
  ) {
    this.#swarm = swarm
    this.#window = window
    this.#log = log
    this.#onStored = onStored
    this.#fetcher = new SegmentFetcher(swarm)
  }

  /** Numbers that are wanted and not here, lowest first. */
  wanted(): number[] {
    return [...this.#wanted.keys()].sort((a, b) => a - b)
  }

  /** The record of a number that is wanted and not here. */
  record(seq: number): SegmentRecord | undefined {
    return this.#wanted.get(seq)?.record
  }

  /** Wants one more; nothing is fetched before `startAt`. */
  want(wanted: Wanted): void {
    const { seq } = wanted.record
    if (this.#stop.signal.aborted || (this.#from !== null && seq < this.#from)) return
    this.#wanted.set(seq, wanted)
    this.#fill()
  }

  /** Fetches from this number on; lower ones are given up. */
  startAt(seq: number): void {
    this.#from = seq
    for (const old of this.#wanted.keys()) if (old < seq) this.drop(old)
    this.#fill()
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
    this.#stop.abort()
    this.#wanted.clear()
    for (const fetch of this.#fetches.values()) fetch.abort()
  }

  #fill(): void {
    if (this.#from === null) return
    for (const seq of this.wanted()) {
      if (this.#fetches.size >= PARALLEL) return
      const wanted = this.#wanted.get(seq)
      if (wanted !== undefined && !this.#fetches.has(seq)) void this.#fetch(wanted)
    }
  }

  async #fetch(wanted: Wanted): Promise<void> {
    const { record } = wanted
    const { seq } = record
    const abort = new AbortController()
    const { signal } = abort // not AbortSignal.any with #stop: that leaks on a long-lived signal (node#54614)
    this.#fetches.set(seq, abort)
    const holders = (): SwarmMember[] => this.#swarm.members().filter(({ announced }) => announced.has(seq))
    try {
      const [init, segment] = await Promise.all([
        this.#window.init(record.initCid) ?? this.#fetchInit(record).then(({ bytes }) => bytes),
        this.#fetcher.fetch(CID.parse(record.cid), record.size, seq, holders, signal),
      ])
      if (signal.aborted) return
      this.#wanted.delete(seq)
      this.#window.addInit(record.initCid, init)
      this.#window.add({ ...wanted, bytes: segment.bytes })
      this.#onStored(wanted, segment.from, segment.bytes.length)
    } catch (error) {
      if (!signal.aborted) this.#log('error', 'a segment could not be fetched', { seq, error: String(error) })
    } finally {
      this.#fetches.delete(seq)
      this.#fill()
    }
  }

  /** One fetch for all segments that wait for the same init; it outlives the segment that asked first. */
  #fetchInit({ initCid, initSize, seq }: SegmentRecord): Promise<Fetched> {
    const running = this.#inits.get(initCid)
    if (running !== undefined) return running
    const holders = (): SwarmMember[] => this.#swarm.members().filter(({ announced }) => announced.size > 0)
    const fetching = this.#fetcher.fetch(CID.parse(initCid), initSize, seq, holders, this.#stop.signal)
    this.#inits.set(initCid, fetching)
    const forget = (): void => void this.#inits.delete(initCid)
    fetching.then(forget, forget)
    return fetching
  }
}
