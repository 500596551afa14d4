import type { WatchFeedMessage } from '@shared/live/watch-feed'
import { SegmentMaker } from '@shared/media/segment-maker'
import type { MeshItem } from '@shared/mesh/mesh-item'
import { settingsOf, type MeshPlan } from '@shared/mesh/mesh-plan'
import { LatencyFigures } from '../latency-figures'
import { MeshMember, type MeshLinks } from './mesh-member'
import { UnitOrder } from './unit-order'

export interface MeshViewOptions {
  ownPeerId: string
  showCid: string
  source: string
  publicKey: Uint8Array
  plan: MeshPlan
  fps: number
  /** What this viewer gives others at most, kilobits a second. */
  uplinkKbps: number
  links: MeshLinks
  /** A child says how many pieces came in time, their bytes together, and how many late. */
  onConfirmed: (peerId: string, pieces: number, late: number, bytes: number) => void
  /** Peers alone have brought all of a chunk. @param timeMs of the chunk */
  onPeersBrought: (timeMs: number) => void
  /** Something was lost for good. */
  onHole: () => void
  /** What came from a relay is not of this show. */
  onRelayFault: (fault: string) => void
  onFeed: (message: WatchFeedMessage) => void
  /** A signed record that came in the mesh (not checked here), and the segment made of the units before it; null when units of it are missing. */
  /** The mesh brings this member the records, or no longer does. */
  onCarried: (peerId: string, on: boolean) => void
  onSegment: (record: Uint8Array, made: { init: Uint8Array; segment: Uint8Array } | null) => void
}

/** Nothing new for so long: the mesh does not carry the show now. */
const SILENT_MS = 1_200
/** No record for so long: they are not brought, as segments are a second at most. */
const NO_RECORD_MS = 2_500
/** How long a newcomer waits for the mesh before it fetches segments: a crowd that asks the broadcaster at once starves it. */
const JOIN_MS = 2_500
/** A segment is made when the mesh says what it consists of: a batch or two after its record came by itself, and as late as units are. */
const MAKING_MS = 600
const MOST_MAKING_MS = 3_000

/** A viewer's place in the mesh of a show: verified access units in their order, and the segments made of them. */
export class MeshView {
  readonly member: MeshMember
  readonly #options: MeshViewOptions
  readonly #order: UnitOrder
  readonly #maker = new SegmentMaker()
  readonly #delays = new LatencyFigures()
  readonly #startedAt = performance.now()
  #lastAt: number | null = null
  #lastRecordAt: number | null = null
  #recent: WatchFeedMessage[] = []

  constructor(options: MeshViewOptions) {
    this.#options = options
    const { ownPeerId, showCid, source, publicKey, plan, fps, uplinkKbps, links, onCarried } = options
    this.#order = new UnitOrder((message) => this.#give(message))
    this.member = new MeshMember({
      ...{ ownPeerId, showCid, source, publicKey, settings: settingsOf(plan, fps), links, onCarried },
      uplinkBps: uplinkKbps * 1000,
      onItems: (items) => {
        for (const item of items) this.#takeItem(item)
      },
      onGap: () => {
        this.#order.gap()
        options.onHole()
      },
      onPeersBrought: options.onPeersBrought,
      onRelayFault: options.onRelayFault,
      onConfirmed: options.onConfirmed,
    })
  }

  /** True while the mesh brings the show. */
  get carries(): boolean {
    return this.#lastAt !== null && performance.now() - this.#lastAt < SILENT_MS
  }

  /** How long a segment is left to be made here before it is fetched, milliseconds. */
  get patienceMs(): number {
    if (this.carries) return Math.min(MOST_MAKING_MS, MAKING_MS + this.delay(0.95))
    return this.#lastAt === null ? Math.max(0, this.#startedAt + JOIN_MS - performance.now()) : 0
  }

  /** Configuration and units from the newest key picture on, for a player that comes later. */
  get recent(): readonly WatchFeedMessage[] {
    return this.#recent
  }

  delay(share: number): number {
    return this.#delays.percentile(share)
  }

  /** Tells the others when the mesh begins or ceases to bring the records; a few times a second. */
  tellCarried(): void {
    this.member.setCarried(this.carries && performance.now() - (this.#lastRecordAt ?? -Infinity) < NO_RECORD_MS)
  }

  stop(): void {
    this.member.stop()
  }

  #takeItem(item: MeshItem): void {
    this.#lastAt = performance.now()
    if (item.t === 'segment') {
      this.#lastRecordAt = this.#lastAt
      this.#options.onSegment(item.record, this.#maker.make(item.borders))
      return
    }
    if (item.t === 'config') this.#maker.config(item.config)
    else this.#maker.unit(item.unit)
    this.#order.take(item)
  }

  #give(message: WatchFeedMessage): void {
    if (message.t === 'config') this.#recent = [message]
    else if (message.t === 'unit') {
      const { unit } = message
      if (unit.track === 'picture') {
        this.#delays.add(Math.max(0, Date.now() - unit.capturedAt))
        if (unit.key) this.#recent = this.#recent.filter(({ t }) => t === 'config')
      }
      this.#recent.push(message)
    } else this.#recent = this.#recent.filter(({ t }) => t === 'config')
    this.#options.onFeed(message)
  }
}
