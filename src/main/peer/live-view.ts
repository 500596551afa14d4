import { EventEmitter } from 'node:events'
import type { Stream } from '@libp2p/interface'
import { StudioError } from '@shared/errors'
import type { LiveListing, WatchStats } from '@shared/live/live-listing'
import { formatLiveUrl, type LiveAddress } from '@shared/live/live-url'
import { SOURCE, type QualityChoice } from '@shared/live/rendition'
import type { SegmentRecord, SegmentRendition, ShowRecord } from '@shared/live/segment-record'
import type { ShowManifest } from '@shared/live/show-manifest'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import type { RelayedFrame } from '@shared/live/relayed-show'
import type { WatchFeedMessage } from '@shared/live/watch-feed'
import type { Log } from '../platform/log'
import { LatencyFigures } from './latency-figures'
import type { GossipVerdict } from './gossip-topics'
import { holdsOf } from './holds'
import type { ByeReason, HeldRecord, LiveFrame } from './live-frame'
import type { LiveLink } from './live-link'
import { LiveSwarm, type Dialer, type Refusal, type SwarmMember } from './live-swarm'
import { LiveWindow } from './live-window'
import { RenditionChoice } from './rendition-choice'
import { swarmLinks } from './mesh/mesh-links'
import type { MeshMember } from './mesh/mesh-member'
import { MeshView } from './mesh/mesh-view'
import { RELAY_SENDER, type PeerBytes } from './mesh/piece-plane'
import { StripesFirst } from './mesh/stripes-first'
import type { OwnerUplink } from './owner-uplink'
import { listingOf } from './show-directory'
import { RelayWay } from './relay-way'
import { SegmentDownloads, type Wanted } from './segment-downloads'
import { ShowIntake } from './show-intake'
import { ViewConnections } from './view-connections'
import { ViewTimeline } from './view-timeline'

/** Why a watched live is over. */
export type EndReason = 'finished' | 'lost' | 'closed'

export interface SegmentEvent {
  seq: number
  cid: string
  initCid: string
  /** Id of the rendition that is played. */
  rendition: string
  /** Peer id it came from. */
  from: string
  /**
   * Published to verified here, milliseconds; for a segment published before this viewer joined, from when the show was
   * joined (its startup is in `playing`).
   */
  latencyMs: number
  bytes: number
  durationMs: number
  /** Unix milliseconds of the broadcaster's clock. */
  publishedAt: number
  /** Another init than the segment before. */
  discontinuity: boolean
}

export interface LiveViewEvents {
  playing: [{ startupMs: number }]
  /** Verified access units as they come through the mesh. */
  feed: [WatchFeedMessage]
  /** In order of `seq`, each verified. */
  segment: [SegmentEvent]
  /** Something was not accepted; what it was never reaches the player nor another peer. */
  refused: [Refusal]
  stats: [WatchStats]
  /** A relay brings the show from now on because peers do not, or peers do again. */
  relay: [{ on: boolean }]
  ended: [{ reason: EndReason; message: string }]
}

/** One playable segment, for playlists. */
export interface PlayableSegment {
  seq: number
  durationMs: number
  /** The one of its renditions that is here to be played. */
  rendition: string
  initCid: string
  discontinuity: boolean
  /** Discontinuities up to and with this segment since the view was opened. */
  discontinuitySequence: number
  /** Unix milliseconds of the broadcaster's clock. */
  publishedAt: number
}

/** What a view needs of its node. */
export interface ViewNetwork {
  ownPeerId: string
  dialer: Dialer
  /** Dials the addresses the person gave; resolves with the peer ids reached. Never throws. */
  dialGiven: (signal: AbortSignal) => Promise<string[]>
  /** Dials addresses another peer told, under the rules of the profile; resolves with the peer ids reached. */
  dialTold: (addresses: string[], signal: AbortSignal) => Promise<string[]>
  /** Peers that listen to the show's topic. */
  subscribers: (showCid: string) => string[]
  /** Receives the records gossiped for a show; returns how to stop. */
  joinTopic: (showCid: string, onRecord: (signed: Uint8Array) => GossipVerdict) => () => void
  /** The owner's limit, for what is given besides the mesh. */
  uplink: Pick<OwnerUplink, 'mayServe' | 'wait'>
  /** What the line was seen to carry. */
  carried: {
    /** To peers like this one at least, bits a second, less what other shows take; 0: nothing is known. */
    bps: (peerId: string) => number
    confirmed: (peerId: string, pieces: number, late: number, bytes: number) => void
  }
  /** Relays that the broadcaster named and that this node may ask. */
  relays: (showCid: string) => readonly string[]
  /** The view is closed: its window and place are free. */
  release: () => void
}

export interface LiveViewOptions {
  /** Start this many segments behind the newest: 1 is nearest to live, 2 (default) starts with more in the buffer. */
  startBehind?: number
  /** Give up opening after this long. */
  openTimeoutMs?: number
  /** Which rendition is fetched and played; the source. */
  quality?: QualityChoice
  /** What this viewer gives others at most, kilobits a second; no limit. */
  uplinkKbps?: number
  /** False: segments only. */
  mesh?: boolean
}

const REPAIR_MS = 3_000
const LOST_AFTER_MS = 10_000
const OPEN_TIMEOUT_MS = 10_000
/** Older than the newest record by this: no longer worth repair, soon nobody holds it. */
const STALE_MS = 20_000
const TICK_MS = 250
/** A rendition that no record has listed for this long is gone. */
const OFFERED_MS = 5_000
/** A rendition that nobody holds for so long will not come from elsewhere in time. */
const NO_HOLDER_MS = 600
const MAX_MEMBERS = 24

/**
 * A live being watched: joins the swarm of its show, verifies manifest, signatures, sequence and hashes, keeps the window
 * for players and other viewers, and repairs what is missing. Made by `PeerNode.watch`.
 */
export class LiveView extends EventEmitter<LiveViewEvents> {
  readonly url: string
  readonly #address: LiveAddress
  readonly #network: ViewNetwork
  readonly #options: Required<LiveViewOptions>
  readonly #log: Log
  readonly #openedAt = Date.now()

  readonly #live: LiveWindow
  readonly #swarm: LiveSwarm
  readonly #downloads: SegmentDownloads
  readonly #intake: ShowIntake
  readonly #connections: ViewConnections
  readonly #timeline = new ViewTimeline(REPAIR_MS)
  readonly #arrivals = new Map<number, { from: string; latencyMs: number; rendition: SegmentRendition }>()
  readonly #played = new Map<
    number,
    Pick<PlayableSegment, 'rendition' | 'initCid' | 'discontinuity' | 'discontinuitySequence'>
  >()
  readonly #choice = new RenditionChoice()
  readonly #stripesFirst = new StripesFirst()
  readonly #waiters = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly #opening: Promise<undefined>
  #opened!: () => void
  #failOpening!: (error: unknown) => void
  readonly #latency = new LatencyFigures()
  readonly #timers: NodeJS.Timeout[]
  readonly #leaveTopic: () => void

  #joinedAt = 0
  #lastNewsAt = Date.now()
  #newestTime = 0
  #startPending = false
  #closing: Promise<void> | null = null
  #lastInit: string | null = null
  #discontinuities = 0
  #earlyRefusals: Refusal[] | null = []
  #ended: { reason: EndReason; message: string } | null = null
  #quality: QualityChoice
  /** Of the newest segment known. */
  #newest: SegmentRecord | null = null
  /** When a record last listed a rendition, milliseconds of performance.now(). */
  readonly #offeredAt = new Map<string, number>()
  #mesh: MeshView | null = null
  readonly #relay: RelayWay | null
  #hasPlayed = false
  #counts = { segments: 0, bytes: 0, bytesFromViewers: 0, refused: 0, missed: 0 }

  constructor(address: LiveAddress, network: ViewNetwork, window: LiveWindow, log: Log, options: LiveViewOptions = {}) {
    super()
    this.url = formatLiveUrl(address)
    this.#address = address
    this.#opening = new Promise((resolve, reject) => {
      this.#opened = () => resolve(undefined)
      this.#failOpening = reject
    })
    this.#opening.catch(() => undefined) // it may fail before anybody waits
    this.#network = network
    this.#options = {
      startBehind: 2,
      openTimeoutMs: OPEN_TIMEOUT_MS,
      quality: SOURCE,
      uplinkKbps: Infinity,
      mesh: true,
      ...options,
    }
    this.#quality = this.#options.quality
    this.#log = log
    this.#live = window
    this.#swarm = new LiveSwarm(
      {
        ownPeerId: network.ownPeerId,
        showCid: address.showCid,
        role: 'viewer',
        window,
        dialer: network.dialer,
        log,
        maxMembers: MAX_MEMBERS,
        isMeshed: () => this.#mesh !== null,
        mayServe: (bytes) => network.uplink.mayServe(bytes),
        pace: (bytes) => {
          const waiting = this.#mesh?.member.plane.links.waiting ?? 0
          return this.#stripesFirst.wait(waiting, performance.now()) || network.uplink.wait(bytes)
        },
      },
      {
        manifest: () => this.#intake.manifest?.signed ?? null,
        onManifest: (member, signed) => this.#onManifest(member, signed),
        onRecord: (member, held) => void this.#takeRecord(member, held),
        onPeers: (_, addresses) => {
          void network.dialer.learn(addresses).then(() => this.#mesh?.member.retry())
          void this.#connections.meet(addresses)
        },
        onMember: ({ peerId }) => this.#mesh?.member.linkUp(peerId),
        onOpening: (peerId) => this.#mesh?.member.linkOpening(peerId),
        onMesh: ({ peerId }, body) => this.#mesh?.member.onControl(peerId, body),
        onMemberGone: (peerId, bye) => this.#onMemberGone(peerId, bye),
        onRefused: (refusal) => this.#onRefused(refusal),
      },
    )
    this.#intake = new ShowIntake(address, this.#swarm)
    const patienceMs = (): number => this.#mesh?.patienceMs ?? 0
    this.#downloads = new SegmentDownloads(
      ...([
        this.#swarm,
        window,
        log,
        (...stored: [Wanted, string, number]) => this.#onStored(...stored),
        patienceMs,
        (): boolean => this.#mesh !== null,
      ] as const),
    )
    this.#leaveTopic = network.joinTopic(address.showCid, (record) => this.#takeRecord(null, { record, holds: 0 }))
    this.#timers = [setInterval(() => this.#tick(), TICK_MS), setInterval(() => this.emit('stats', this.stats()), 1000)]
    this.#relay = this.#options.mesh
      ? new RelayWay({
          relays: () => network.relays(address.showCid),
          unserved: () => (this.#mesh?.member.unserved ?? 0) > 0,
          next: () => this.#mesh?.member.plane.next ?? null,
          onFrame: (frame) => this.#onRelayed(frame),
          onSwitch: (on) => this.emit('relay', { on }),
          log,
        })
      : null
    const { dialGiven, dialTold, subscribers } = network
    const watching = (): string[] => subscribers(address.showCid)
    const mesh = (): 'carries' | 'joins' | null => {
      if (this.#mesh === null) return null
      if (this.#mesh.carries) return 'carries'
      return this.#mesh.patienceMs > 0 ? 'joins' : null
    }
    const sources = { broadcaster: address.peerId, dialGiven, dialTold, watching, mesh }
    this.#connections = new ViewConnections(this.#swarm, sources, this.#stop.signal)
  }

  /**
   * Resolves when the manifest is here and verified. Throws StudioError `live-unreachable` or `live-over`, or the
   * signal's reason. Refusals before that are emitted after it.
   */
  async open(signal?: AbortSignal): Promise<void> {
    const onAbort = (): void => {
      this.#failOpening(signal?.reason)
      void this.close()
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    const impatience = setTimeout(() => {
      this.#failOpening(
        new StudioError(
          'live-unreachable',
          'This live could not be reached. Check that the broadcaster is live and on the same network, or give its address with --peer.',
        ),
      )
    }, this.#options.openTimeoutMs)
    try {
      await this.#opening
    } catch (error) {
      await this.close()
      throw error
    } finally {
      clearTimeout(impatience)
    }
    setImmediate(() => {
      const early = this.#earlyRefusals ?? []
      this.#earlyRefusals = null
      for (const refusal of early) this.emit('refused', refusal)
    })
  }

  /** The verified manifest. Throws before `open` resolved. */
  get manifest(): ShowManifest {
    const { manifest } = this.#intake
    if (manifest === null) throw new TypeError('the live is not open yet')
    return manifest.manifest
  }

  /** The show as a line of the list of lives. Throws before `open` resolved. */
  get listing(): LiveListing {
    return listingOf(this.#address.showCid, this.manifest, false)
  }

  get showCid(): string {
    return this.#address.showCid
  }

  /** Something of it was there to be played. */
  get hasPlayed(): boolean {
    return this.#hasPlayed
  }

  /** How it ended; null while it goes on. */
  get ended(): { reason: EndReason; message: string } | null {
    return this.#ended
  }

  /** Bytes before the segments of one encoding: of the given init, else of the newest segment. Null when not here. */
  init(cid?: string): Uint8Array | null {
    const wanted = cid ?? this.window().at(-1)?.initCid
    return wanted === undefined ? null : (this.#live.init(wanted) ?? null)
  }

  /** What can be played now, oldest first; a number left out was missed. */
  window(): PlayableSegment[] {
    return this.#live.segments().flatMap(({ record: { seq, durationMs, t } }) => {
      const played = this.#played.get(seq)
      return played === undefined ? [] : [{ seq, durationMs, ...played, publishedAt: t }]
    })
  }

  /** What is fetched from now on. What is here already is played as it is, so nothing is missing in between. */
  setQuality(quality: QualityChoice): void {
    this.#quality = quality
  }

  /** Id of the rendition that is fetched when a segment has it. */
  get rendition(): string {
    return this.#quality === 'auto' ? this.#choice.id : this.#quality
  }

  /**
   * Verified bytes of a segment in this rendition, or in that which is played; waits for one that is next. Null when it
   * is not here (any more).
   */
  async segment(seq: number, rendition?: string): Promise<Uint8Array | null> {
    if (this.#live.segment(seq) === undefined && seq === this.#timeline.next) await this.waitFor(seq, REPAIR_MS)
    const id = rendition ?? this.#played.get(seq)?.rendition
    return (id === undefined ? undefined : this.#live.segment(seq)?.held.get(id)) ?? null
  }

  /** True when the sequence has passed `seq` (it can be played or was missed), false at the timeout or the end. */
  async waitFor(seq: number, timeoutMs: number): Promise<boolean> {
    const end = Date.now() + timeoutMs
    const passed = (): boolean => this.#timeline.next !== null && this.#timeline.next > seq
    while (!passed() && this.#ended === null && Date.now() < end) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          this.#waiters.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, end - Date.now())
        this.#waiters.add(wake)
      })
    }
    return passed()
  }

  stats(): WatchStats {
    const meshed = { bytes: 0, bytesFromViewers: 0, bytesDuplicate: 0 }
    for (const [peerId, { first, duplicate }] of this.#mesh?.member.plane.received ?? []) {
      meshed.bytes += first + duplicate
      meshed.bytesDuplicate += duplicate
      if (peerId !== this.#address.peerId && peerId !== RELAY_SENDER) meshed.bytesFromViewers += first
    }
    const relayed = this.#mesh?.member.plane.received.get(RELAY_SENDER)
    return {
      ...this.#counts,
      bytes: this.#counts.bytes + meshed.bytes,
      bytesFromViewers: this.#counts.bytesFromViewers + meshed.bytesFromViewers,
      bytesDuplicate: meshed.bytesDuplicate,
      bytesFromRelay: relayed?.first ?? 0,
      relay: this.#relay?.on ?? false,
      unitDelayP50Ms: Math.round(this.#mesh?.delay(0.5) ?? 0),
      unitDelayP95Ms: Math.round(this.#mesh?.delay(0.95) ?? 0),
      mesh: this.isMeshed,
      bytesServed: this.#swarm.bytesServed + (this.#mesh?.member.plane.bytesSent ?? 0),
      peers: this.#swarm.members().length,
      latencyP50Ms: this.#latency.percentile(0.5),
      latencyP95Ms: this.#latency.percentile(0.95),
      rendition: this.#played.get((this.#timeline.next ?? 0) - 1)?.rendition ?? this.rendition,
      renditions: this.#offered(),
    }
  }

  /** What the show can be had in now, in the words of the manifest. A segment may do without one that is late. */
  #offered(): WatchStats['renditions'] {
    const { manifest } = this.#intake
    const now = performance.now()
    const isOffered = (id: string): boolean => now - (this.#offeredAt.get(id) ?? -Infinity) < OFFERED_MS
    return (manifest?.manifest.renditions ?? [])
      .filter(({ id }) => (this.#offeredAt.size === 0 ? id === SOURCE : isOffered(id)))
      .map(({ id, width, height }) => ({ id, width, height }))
  }

  /** A stream that another viewer opened for this show. */
  accept(link: LiveLink, hello: LiveFrame & { type: 'hello' }): void {
    this.#swarm.accept(link, hello)
  }

  /** Somebody joined or left the show's topic: look whom to connect to. */
  noticePeers(): void {
    this.#connections.connect()
  }

  /** Stops watching and serving; emits `ended` unless the show ended before. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#leave()
    return this.#closing
  }

  async #leave(): Promise<void> {
    this.#end('closed', 'You left this live.')
    await this.#swarm.stop('closing')
    this.#network.release()
    this.removeAllListeners()
  }

  #onManifest(member: SwarmMember, signed: Uint8Array): void {
    if (this.#intake.takeManifest(member, signed)) this.#began()
  }

  #began(): void {
    this.#joinedAt = this.#lastNewsAt = Date.now()
    this.#swarm.shareManifest()
    this.#joinMesh()
    this.#opened()
  }

  /** From a relay, which nobody vouches for: everything is verified as if a peer had sent it. */
  #onRelayed(frame: RelayedFrame): void {
    if (this.#ended !== null) return
    if (frame.type === 'manifest') {
      if (!this.#intake.isManifest(frame.signed)) this.#relay?.fault('wrong-show')
      else if (this.#intake.takeManifest(null, frame.signed)) this.#began()
    } else if (frame.type === 'record') this.#takeRecord(null, { record: frame.signed, holds: 0 })
    else if (frame.type === 'piece') this.#mesh?.member.plane.takeRelayed(frame.frame)
  }

  /** Takes part in the mesh of the show, if it has one. */
  #joinMesh(): void {
    const { mesh: plan, fps } = this.manifest
    const { peerId: source, showCid } = this.#address
    const publicKey = publicKeyOfPeerId(source)
    if (plan === undefined || publicKey === null || !this.#options.mesh) return
    const links = swarmLinks(() => this.#swarm, this.#network.dialer)
    const mesh = new MeshView({
      ...{ ownPeerId: this.#network.ownPeerId, showCid, source, publicKey, plan, fps, links },
      uplinkKbps: this.#options.uplinkKbps,
      onConfirmed: (...receipt) => this.#network.carried.confirmed(...receipt),
      onPeersBrought: (timeMs) => this.#relay?.brought(timeMs),
      onHole: () => this.#relay?.hole(),
      onRelayFault: (fault) => {
        this.#onRefused({ reason: fault, from: RELAY_SENDER })
        this.#relay?.fault(fault)
      },
      onFeed: (message) => this.#onFeed(message),
      onCarried: (peerId, on) => this.#swarm.setCarried(peerId, on),
      onSegment: (record, made) => this.#onMeshSegment(record, made),
    })
    this.#mesh = mesh
    const members = this.#swarm.members().map(({ peerId }) => peerId)
    for (const peerId of members) mesh.member.linkUp(peerId)
    mesh.member.start(members)
    const seenBps = this.#network.carried.bps(source)
    if (seenBps > 0) mesh.member.setProved(seenBps)
  }

  #onFeed(message: WatchFeedMessage): void {
    this.#lastNewsAt = Date.now()
    if (!this.#hasPlayed && message.t === 'unit' && message.unit.track === 'picture') this.#playing()
    this.emit('feed', message)
  }

  #playing(): void {
    this.#hasPlayed = true
    this.emit('playing', { startupMs: Date.now() - this.#openedAt })
  }

  #onMeshSegment(signed: Uint8Array, made: { init: Uint8Array; segment: Uint8Array } | null): void {
    if (this.#ended !== null) return
    this.#takeRecord(null, { record: signed, holds: 0 })
    if (made !== null) this.#beginWith(signed)
    if (made !== null) this.#downloads.provide(signed, made.init, made.segment, this.#address.peerId)
  }

  /** A newcomer begins with the first segment that the mesh brought whole: those before it are not fetched. */
  #beginWith(signed: Uint8Array): void {
    if (this.#counts.segments > 0 || (this.#quality !== 'auto' && this.#quality !== SOURCE)) return
    const seq = this.#downloads.seqOf(signed)
    if (seq === null || seq <= (this.#timeline.next ?? -1)) return
    this.#timeline.startAt(seq)
    this.#downloads.startAt(seq)
  }

  /** Verified access units from the newest key picture on; empty while the mesh does not carry the show. */
  recentUnits(): readonly WatchFeedMessage[] {
    return this.#mesh?.carries === true ? this.#mesh.recent : []
  }

  /** True while access units come by the mesh (`feed`); else players take the segments. */
  get isMeshed(): boolean {
    return this.#mesh?.carries === true
  }

  /** A stripe stream that a member of the mesh opened. */
  acceptStripe(stream: Stream, peerId: string, stripe: number, rest: Uint8Array): void {
    if (this.#mesh === null || this.#swarm.isBarred(peerId)) stream.abort(new Error('not taken'))
    else this.#mesh.member.plane.links.accept(stream, peerId, stripe, rest)
  }

  /** This node's place in the mesh; null without one. For tests and benches. */
  get meshMember(): MeshMember | null {
    return this.#mesh?.member ?? null
  }

  /** What this viewer gives others through the mesh at most, bits a second. */
  setUplink(bps: number): void {
    this.#options.uplinkKbps = bps / 1000
    this.#mesh?.member.setUplink(bps)
  }

  /** What its mesh has promised to send, bits a second. */
  get promisedBps(): number {
    return this.#mesh?.member.promisedBps ?? 0
  }

  /** Bytes of pieces passed on. */
  get piecesServed(): number {
    return this.#mesh?.member.plane.bytesSent ?? 0
  }

  /** Where this viewer is in the mesh, and what came from whom; null without one. */
  get meshFigures(): {
    received: ReadonlyMap<string, PeerBytes>
    bytesSent: number
    parents: (string | null)[]
    children: number
    slots: number
  } | null {
    if (this.#mesh === null) return null
    const { plane, place } = this.#mesh.member
    return { received: plane.received, bytesSent: plane.bytesSent, ...place }
  }

  #takeRecord(member: SwarmMember | null, { record: signed, holds }: HeldRecord): GossipVerdict {
    if (this.#ended !== null) return 'ignore'
    const { verdict, record } = this.#intake.takeRecord(member, signed, holds)
    if (record !== null) this.#onNewRecord(record, signed)
    this.#downloads.wake() // also a known record may have a new holder now
    return verdict
  }

  #onNewRecord(record: ShowRecord, signed: Uint8Array): void {
    this.#lastNewsAt = Date.now()
    if (record.final) {
      this.#live.setFinal(record, signed)
      this.#swarm.announce(record.seq, { record: signed, holds: 0 })
      this.#advance()
      return
    }
    this.#newestTime = Math.max(this.#newestTime, record.t)
    if (this.#newest === null || record.seq > this.#newest.seq) this.#newest = record
    for (const { id } of record.renditions) this.#offeredAt.set(id, performance.now())
    this.#downloads.want(record, signed, this.rendition)
    const { next } = this.#timeline
    if (next === null) this.#chooseStartSoon()
    // what was taken for the newest was not: a peer that lags behind was heard first
    else if (this.#counts.segments === 0 && record.seq >= next + this.#options.startBehind + 2) this.#chooseStart()
  }

  /** After all frames that came together: the newest record and those just before it. */
  #chooseStartSoon(): void {
    if (this.#startPending) return
    this.#startPending = true
    setImmediate(() => {
      if (this.#timeline.next === null && this.#ended === null) this.#chooseStart()
    })
  }

  #chooseStart(): void {
    const known = this.#downloads.wanted()
    const newest = known.at(-1)
    if (newest === undefined) return
    const start = known.find((seq) => seq > newest - this.#options.startBehind) ?? newest
    this.#timeline.startAt(start)
    this.#downloads.startAt(start)
  }

  /** Verified and in the window: passed on, played in its turn. */
  #onStored({ record, signed, rendition, since }: Wanted, from: string, size: number): void {
    const now = Date.now()
    const { seq, t, durationMs, renditions } = record
    this.#swarm.announce(seq, { record: signed, holds: holdsOf(record, rendition.id) })
    const latencyMs = Math.max(0, now - Math.max(t, this.#joinedAt))
    this.#latency.add(latencyMs)
    this.#counts.segments++
    this.#counts.bytes += size
    if (from !== this.#address.peerId) this.#counts.bytesFromViewers += size
    this.#arrivals.set(seq, { from, latencyMs, rendition })
    this.#timeline.arrive(seq, now)
    const clock = performance.now()
    this.#choice.took({ tookMs: clock - since, durationMs, bytes: size, sourceBytes: renditions[0]!.size }, clock)
    this.#advance()
  }

  #advance(): void {
    if (this.#ended !== null) return
    for (const step of this.#timeline.advance(Date.now())) {
      if (step.kind === 'play') this.#play(step.seq)
      else this.#miss(step.seq)
    }
    for (const wake of [...this.#waiters]) wake()
    const { finalSeq } = this.#intake
    const { next } = this.#timeline
    if (finalSeq !== null && (next === null ? !this.#startPending : next >= finalSeq)) {
      this.#end('finished', 'The broadcaster ended the show.')
    }
  }

  #play(seq: number): void {
    const segment = this.#live.segment(seq)
    const arrival = this.#arrivals.get(seq)
    this.#arrivals.delete(seq)
    if (segment === undefined || arrival === undefined) {
      this.#miss(seq)
      return
    }
    const { record } = segment
    const { rendition, ...came } = arrival
    const { id, initCid, cid, size } = rendition
    const discontinuity = this.#lastInit !== null && this.#lastInit !== initCid
    this.#lastInit = initCid
    if (!this.#hasPlayed) this.#playing()
    if (discontinuity) this.#discontinuities++
    this.#played.set(seq, { rendition: id, initCid, discontinuity, discontinuitySequence: this.#discontinuities })
    for (const old of this.#played.keys())
      if (old < seq && this.#live.segment(old) === undefined) this.#played.delete(old)
    this.emit('segment', {
      seq,
      cid,
      initCid,
      rendition: id,
      ...came,
      bytes: size,
      durationMs: record.durationMs,
      publishedAt: record.t,
      discontinuity,
    })
  }

  #miss(seq: number): void {
    this.#counts.missed++
    this.#downloads.drop(seq)
    this.#arrivals.delete(seq)
    this.#log('warn', 'segment missed', { show: this.#address.showCid, seq })
  }

  #tick(): void {
    if (this.#ended !== null) return
    this.#mesh?.tellCarried()
    for (let next = this.#timeline.next; next !== null; next = this.#timeline.next) {
      const waiting = this.#downloads.record(next)
      if (waiting === undefined || this.#newestTime - waiting.t <= STALE_MS) break
      this.#timeline.skip()
      this.#miss(next)
    }
    this.#advance()
    this.#rescue()
    this.#downloads.takeWhatThereIs(NO_HOLDER_MS)
    if (this.#intake.manifest !== null && Date.now() - this.#lastNewsAt > LOST_AFTER_MS) {
      this.#end('lost', 'The broadcaster is gone: nothing new came for 10 seconds.')
    }
  }

  /** Under "auto" the small rendition takes over for segments that the line does not bring in time. */
  #rescue(): void {
    const { durationMs } = this.#newest ?? {}
    if (this.#quality !== 'auto' || durationMs === undefined) return
    const before = this.#choice.id
    this.#choice.waits(this.#downloads.longestMs, durationMs, performance.now())
    if (this.#choice.id !== before) this.#downloads.changeTo(this.#choice.id)
  }

  #onMemberGone(peerId: string, bye: ByeReason | null): void {
    this.#mesh?.member.linkDown(peerId)
    this.#connections.noteGone(peerId, bye)
    if (bye === 'other-version' && peerId === this.#address.peerId && this.#intake.manifest === null) {
      this.#failOpening(
        new StudioError(
          'other-version',
          'This live comes from another version of WE Studio. Both of you need the same one: update it, then open the live again.',
        ),
      )
    }
    if (bye === 'unknown-show' && peerId === this.#address.peerId && this.#intake.manifest === null) {
      this.#failOpening(
        new StudioError('live-over', 'This live is over. Ask the broadcaster for the address of the new one.'),
      )
    }
    this.#downloads.wake()
  }

  #onRefused(refusal: Refusal): void {
    this.#counts.refused++
    if (this.#earlyRefusals === null) this.emit('refused', refusal)
    else if (this.#earlyRefusals.length < 100) this.#earlyRefusals.push(refusal)
  }

  #end(reason: EndReason, message: string): void {
    if (this.#ended !== null) return
    this.#ended = { reason, message }
    this.#stop.abort()
    this.#downloads.stop()
    this.#relay?.stop()
    this.#mesh?.stop()
    for (const timer of this.#timers) clearInterval(timer)
    this.#leaveTopic()
    this.#swarm.member(this.#address.peerId)?.link.bye('ended')
    if (reason === 'lost') void this.#swarm.stop('closing')
    for (const wake of [...this.#waiters]) wake()
    if (this.#intake.manifest !== null) this.emit('stats', this.stats())
    this.emit('ended', this.#ended)
  }
}
