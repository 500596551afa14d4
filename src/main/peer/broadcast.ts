import { EventEmitter } from 'node:events'
import { StudioError } from '@shared/errors'
import { formatLiveUrl } from '@shared/live/live-url'
import type { RelayPushState } from '@shared/live/foreign-relay'
import type { RelayHandOver } from '@shared/live/relay-hand-over'
import { MAX_RELAYS } from '@shared/live/relay-url'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import type { AccessConfig, AccessUnit, SegmentBorders } from '@shared/media/access-unit'
import { SOURCE } from '@shared/live/rendition'
import {
  MAX_INIT_BYTES,
  MAX_SEGMENT_BYTES,
  sealShowRecord,
  type SegmentRendition,
  type ShowRecord,
} from '@shared/live/segment-record'
import type { ShowManifest } from '@shared/live/show-manifest'
import type { Sign } from '@shared/live/signed-record'
import type { UplinkSample } from '@shared/media/uplink-sample'
import type { Log } from '../platform/log'
import { rawCid, recordCid } from './content-id'
import { allOf } from './holds'
import type { HeldRecord, LiveFrame } from './live-frame'
import type { LiveLink } from './live-link'
import { LiveSwarm, type Dialer, type Refusal } from './live-swarm'
import type { LiveWindow } from './live-window'
import { RelayPush } from './relay-push'
import { swarmLinks } from './mesh/mesh-links'
import { MeshSource } from './mesh/mesh-source'
import { SegmentShare, type MeshLoad } from './mesh/segment-share'
import { StripesFirst } from './mesh/stripes-first'

export interface BroadcastEvents {
  /** The number of viewers changed. */
  viewers: [number]
  /** A peer broke the protocol and was dropped. */
  refused: [Refusal]
  /** How it goes with handing the show to a relay. */
  relay: [RelayPushState]
}

/** What a broadcast needs of its node. */
export interface BroadcastNetwork {
  ownPeerId: string
  dialer: Dialer
  sign: Sign
  /** Peers that listen to the show's topic: viewers, also those that get the show from others. */
  subscribers: (showCid: string) => string[]
  /** Gossips a record to them. Never throws. */
  gossip: (showCid: string, signed: Uint8Array) => void
  /** Says now that it is on, instead of at the next turn. */
  sayLive: () => void
  /** Takes the show off the lists. */
  sayEnded: () => void
  /** The broadcast is stopped: its window and place are free. */
  release: () => void
}

export interface BroadcastOptions {
  /** Viewers served directly; more are sent to the others. */
  maxViewers?: number
  /** Most that the mesh may send, kilobits a second; no limit. */
  uplinkKbps?: number
}

/** Another rendition of a segment, with the init that it needs before it. */
export interface OtherRendition {
  id: string
  init: Uint8Array
  bytes: Uint8Array
}

/** What is known of a segment beside its bytes. */
export interface SegmentFacts {
  durationMs: number
  others?: readonly OtherRendition[]
  /** The access units it is made of, where these were given before. */
  borders?: SegmentBorders | undefined
}

const MAX_VIEWERS = 32
/** How long the last segments may still be fetched after the end. */
const LINGER_MS = 2_000
const LINGER_POLL_MS = 25
/** Records of a show with a mesh that are gossiped too: who is told none by its neighbours comes in by them. */
const GOSSIP_EACH = 8
/** Of the show's rate: once to the mesh, and a little for newcomers, records and control (live.md 12: 1.15 x carries 16 viewers). */
const NEED_SHARE = 1.15
/** Over which time the published rate is taken. */
const RECENT_MS = 3_000

/** A show on the air: signs, keeps and announces each segment. Made by `PeerNode.startBroadcast`. */
export class Broadcast extends EventEmitter<BroadcastEvents> {
  readonly url: string
  readonly manifest: ShowManifest
  readonly showCid: string
  readonly #network: BroadcastNetwork
  readonly #window: LiveWindow
  readonly #swarm: LiveSwarm
  #mesh: MeshSource | null = null
  #share: SegmentShare | null = null
  /** By the address that they post to. */
  readonly #pushes = new Map<string, { push: RelayPush; key: string }>()
  #relays: readonly string[] = []
  readonly #signedManifest: Uint8Array
  readonly #log: Log
  readonly #stripesFirst = new StripesFirst()
  /** Viewers that take part in the mesh. */
  readonly #meshed = new Set<string>()
  #init: { cid: string; size: number } | null = null
  #seq = 0
  #prev: string | null = null
  #lastTime = 0
  #viewers = 0
  /** Published in the last seconds. */
  #recent: { at: number; bytes: number }[] = []
  #stopping: Promise<void> | null = null

  constructor(
    manifest: ShowManifest,
    signedManifest: Uint8Array,
    network: BroadcastNetwork,
    window: LiveWindow,
    log: Log,
    options: BroadcastOptions = {},
  ) {
    super()
    this.manifest = manifest
    this.#signedManifest = signedManifest
    this.#log = log
    this.showCid = recordCid(signedManifest).toString()
    this.url = formatLiveUrl({ peerId: manifest.peerId, showCid: this.showCid })
    this.#network = network
    this.#window = window
    this.#swarm = new LiveSwarm(
      {
        ownPeerId: network.ownPeerId,
        showCid: this.showCid,
        role: 'broadcaster',
        window,
        dialer: network.dialer,
        log,
        maxMembers: options.maxViewers ?? MAX_VIEWERS,
        isMeshed: () => this.#mesh !== null,
        mayServe: (bytes) => this.#mayServe(bytes),
        pace: (bytes) => this.#paceOf(bytes),
      },
      {
        manifest: () => signedManifest,
        onManifest: () => undefined,
        onRecord: () => undefined, // only this node makes records of its show
        onPeers: () => undefined,
        onOpening: (peerId) => this.#mesh?.member.linkOpening(peerId),
        onMember: ({ peerId }) => {
          this.#mesh?.member.linkUp(peerId)
          this.countViewers()
        },
        onMesh: ({ peerId }, body) => {
          this.#meshed.add(peerId)
          this.#mesh?.member.onControl(peerId, body)
        },
        onMemberGone: (peerId) => {
          this.#meshed.delete(peerId)
          this.#mesh?.member.linkDown(peerId)
          this.countViewers()
        },
        onRefused: (refusal) => this.emit('refused', refusal),
      },
    )
    const publicKey = publicKeyOfPeerId(manifest.peerId)
    if (manifest.mesh === undefined || publicKey === null) return
    const { kbps } = manifest.mesh
    this.#share = new SegmentShare((options.uplinkKbps ?? Infinity) * 1000, kbps * 1000, performance.now())
    this.#mesh = new MeshSource({
      ...{ ownPeerId: network.ownPeerId, showCid: this.showCid, publicKey, sign: network.sign, plan: manifest.mesh },
      ...{ fps: manifest.fps, startedAt: manifest.startedAt, uplinkKbps: options.uplinkKbps ?? Infinity },
      links: swarmLinks(() => this.#swarm, network.dialer),
      onCarried: (peerId, on) => this.#swarm.setCarried(peerId, on),
      onChunk: (chunk) => {
        for (const { push } of this.#pushes.values()) push.chunk(chunk)
      },
    })
  }

  /** What decoders must be told; before the first unit that names it. */
  config(config: AccessConfig): void {
    this.#mesh?.config(config)
  }

  /** An access unit, as soon as the encoder has let go of it: it goes through the mesh at once. */
  unit(unit: AccessUnit): void {
    this.#mesh?.unit(unit)
  }

  /**
   * Hands the show to these relays too, in place of those before, and tells viewers where; one that has it already goes on.
   * A show without a mesh goes to none.
   */
  setRelays(relays: readonly RelayHandOver[]): void {
    if (this.#mesh === null || this.#stopping !== null) return
    const wanted = relays.flatMap(({ target, watch }) => (target === null ? [] : [{ target, watch }]))
    for (const [url, { push, key }] of this.#pushes) {
      if (wanted.some(({ target }) => target.url === url && target.key === key)) continue
      push.close()
      this.#pushes.delete(url)
    }
    for (const { target } of wanted) {
      if (this.#pushes.has(target.url)) continue
      const push = new RelayPush(target, this.#signedManifest, this.#log, (state) => this.emit('relay', state))
      this.#pushes.set(target.url, { push, key: target.key })
    }
    this.#relays = [...new Set(wanted.flatMap(({ watch }) => watch))].slice(0, MAX_RELAYS)
    this.#network.sayLive()
  }

  /** What it takes of the line in any case, bits a second; 0 for one without a mesh, which no limit reaches. */
  get needBps(): number {
    return (this.manifest.mesh?.kbps ?? 0) * 1000 * NEED_SHARE
  }

  /** What its mesh has promised to send, bits a second. */
  get promisedBps(): number {
    return this.#mesh?.member.promisedBps ?? 0
  }

  /** Most that may be sent from now on, bits a second; Infinity: no limit. */
  setUplink(bps: number): void {
    if (this.#share !== null) this.#share.uplinkBps = bps
    this.#mesh?.setUplink(bps)
  }

  /** Where viewers whom peers do not serve find the show. */
  get relays(): readonly string[] {
    return this.#relays
  }

  /** The mesh's own figures; null for a show without one. */
  get meshFigures(): { bytesSent: number; piecesDropped: number; children: number; slots: number } | null {
    if (this.#mesh === null) return null
    const { plane, place } = this.#mesh.member
    return { bytesSent: plane.bytesSent, piecesDropped: plane.piecesDropped, ...place }
  }

  /** Unix milliseconds. */
  get startedAt(): number {
    return this.manifest.startedAt
  }

  /** Peers that watch: those served from here and those that are heard of on the show's topic. */
  get viewers(): number {
    return this.#viewers
  }

  /** Bytes of media sent to peers so far. */
  get bytesServed(): number {
    return this.#swarm.bytesServed + (this.#mesh?.member.plane.bytesSent ?? 0)
  }

  /**
   * The bytes (`ftyp` + `moov`) that all segments published from now on need before them. Another init than before is a
   * discontinuity for players. Throws StudioError `segment-size`.
   */
  setInit(bytes: Uint8Array): void {
    this.#init = this.#keepInit(bytes)
  }

  /**
   * Signs a segment with all its renditions, keeps it and announces it to all viewers; they fetch it from here and from
   * each other. Throws StudioError `segment-size` or `live-ended`, TypeError without `setInit` before.
   */
  publish(
    bytes: Uint8Array,
    { durationMs, others = [], borders }: SegmentFacts,
  ): Promise<{ seq: number; cid: string; bytes: number }> {
    return Promise.resolve().then(() => {
      if (this.#stopping !== null) throw new StudioError('live-ended', 'This live is over; start a new one.')
      if (this.#init === null) throw new TypeError('publish before setInit')
      requireSize(bytes, MAX_SEGMENT_BYTES)
      for (const other of others) requireSize(other.bytes, MAX_SEGMENT_BYTES)
      const own = bytes.slice() // the caller may use its buffer again, the window keeps these for 30 s
      const cid = rawCid(own).toString()
      const { cid: initCid, size: initSize } = this.#init
      const held = new Map([[SOURCE, own]])
      const renditions: SegmentRendition[] = [{ id: SOURCE, initCid, initSize, cid, size: own.length }]
      for (const other of others) {
        const init = this.#keepInit(other.init)
        const copy = other.bytes.slice()
        held.set(other.id, copy)
        renditions.push({
          ...{ id: other.id, initCid: init.cid, initSize: init.size },
          ...{ cid: rawCid(copy).toString(), size: copy.length },
        })
      }
      const record = { ...this.#nextFields(), durationMs, renditions }
      const signed = this.#seal(record)
      this.#window.add({ record, signed, held })
      this.#recent.push({ at: performance.now(), bytes: own.length })
      if (borders !== undefined) this.#mesh?.segment(borders, signed)
      const cids = renditions.map((rendition) => rendition.cid)
      this.#announce(record.seq, { record: signed, holds: allOf(record) }, cids)
      return { seq: record.seq, cid, bytes: own.length }
    })
  }

  /** Ends the show: a final record, time for viewers to fetch the last segments, then goodbye. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#finish()
    return this.#stopping
  }

  /** A stream that a viewer opened. */
  accept(link: LiveLink, hello: LiveFrame & { type: 'hello' }): void {
    this.#swarm.accept(link, hello)
  }

  /**
   * What the links to the viewers carry; null while nobody gets the show from here. Half of the viewers must wait: a
   * single slow one among many is the end of its own line, not of ours.
   * @param now milliseconds of performance.now()
   */
  uplink(now: number): UplinkSample | null {
    this.#recent = this.#recent.filter(({ at }) => now - at < RECENT_MS)
    const publishedKbps = (this.#recent.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / RECENT_MS
    const links = this.#swarm.members().flatMap(({ link }) => link.uplinkFigures(now, publishedKbps) ?? [])
    links.sort((a, b) => b.queuedMs - a.queuedMs)
    const middle = links[Math.floor(links.length / 2)]
    return middle ? { atMs: now, ...middle, links: links.length } : null
  }

  /** Counts the viewers anew; called when somebody joins or leaves. */
  countViewers(): void {
    const direct = this.#swarm.members().map(({ peerId }) => peerId)
    const count = new Set([...direct, ...this.#network.subscribers(this.showCid)]).size
    if (count === this.#viewers) return
    this.#viewers = count
    this.emit('viewers', count)
  }

  /** What the mesh leaves of the line is for segments; all of it without a mesh. */
  #mayServe(bytes: number): boolean {
    const load = this.#load()
    return load === null || this.#share === null || this.#share.take(bytes, load, performance.now())
  }

  #paceOf(bytes: number): number {
    const load = this.#load()
    if (load === null || this.#share === null || this.#mesh === null) return 0
    const now = performance.now()
    const wait = this.#stripesFirst.wait(this.#mesh.member.plane.links.waiting, now)
    return wait > 0 ? wait : this.#share.pace(bytes, load, now)
  }

  #load(): MeshLoad | null {
    if (this.#mesh === null) return null
    const { bytesSent, piecesDropped } = this.#mesh.member.plane
    return { sent: bytesSent, dropped: piecesDropped, members: this.#meshed.size }
  }

  async #finish(): Promise<void> {
    const final = { ...this.#nextFields(), final: true as const }
    const signed = this.#seal(final)
    this.#window.setFinal(final, signed)
    this.#announce(final.seq, { record: signed, holds: 0 })
    this.#network.sayEnded()
    const pushed = Promise.all([...this.#pushes.values()].map(({ push }) => push.end(signed)))
    // viewers say goodbye when they have all; those that do not are slow or gone
    const end = Date.now() + LINGER_MS
    while (this.#swarm.members().length > 0 && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, LINGER_POLL_MS))
    }
    await pushed
    this.#mesh?.stop()
    await this.#swarm.stop('ended')
    this.#window.clear()
    this.#network.release()
  }

  /** Time never runs backwards in a show, whatever the clock does. */
  #nextFields(): Pick<ShowRecord, 'v' | 'show' | 'seq' | 't' | 'prev'> {
    this.#lastTime = Math.max(this.#lastTime, Date.now())
    return { v: 2, show: this.showCid, seq: this.#seq, t: this.#lastTime, prev: this.#prev }
  }

  #seal(record: ShowRecord): Uint8Array {
    const signed = sealShowRecord(record, this.#network.sign)
    this.#prev = recordCid(signed).toString()
    this.#seq++
    return signed
  }

  #announce(seq: number, held: HeldRecord, cids: readonly string[] = []): void {
    this.#swarm.announce(seq, held, cids)
    if (held.holds === 0 || seq % GOSSIP_EACH === 0 || this.#mesh === null) {
      this.#network.gossip(this.showCid, held.record)
    }
  }

  #keepInit(bytes: Uint8Array): { cid: string; size: number } {
    requireSize(bytes, MAX_INIT_BYTES)
    const cid = rawCid(bytes).toString()
    if (this.#window.init(cid) === undefined) this.#window.addInit(cid, bytes.slice())
    return { cid, size: bytes.length }
  }
}

function requireSize(bytes: Uint8Array, limit: number): void {
  if (bytes.length >= 1 && bytes.length <= limit) return
  throw new StudioError(
    'segment-size',
    `The encoder made a part of ${bytes.length} bytes; at most ${limit} can be sent. Lower the bitrate or shorten the parts.`,
  )
}
