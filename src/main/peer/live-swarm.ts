import type { Stream } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import type { Log } from '../platform/log'
import { isKnown, rememberHolds, type Holds } from './holds'
import { LIVE_VERSION, latestFrames, type ByeReason, type LiveFrame, type LiveRole } from './live-frame'
import type { FrameFault, HeldRecord } from './live-frame'
import { MAX_BLOCKS_QUEUED, type LiveLink } from './live-link'
import type { LiveWindow } from './live-window'
import { FetchFault, LinkRequests } from './link-requests'

/** How the node reaches peers; given by PeerNode. */
export interface Dialer {
  /** Opens a live stream to a peer that is connected or whose addresses are known; throws when it can not. */
  openLink: (peerId: string, signal: AbortSignal) => Promise<LiveLink>
  /** Multiaddrs (with peer id) by which others may reach a peer. */
  addressesOf: (peerId: string) => Promise<string[]>
  /** Opens a stripe stream to a peer that is connected or whose addresses are known; throws when it can not. */
  openStripe: (peerId: string, signal: AbortSignal) => Promise<Stream>
  /** Keeps addresses that another peer told, under the rules of the profile, without dialling them. Never throws. */
  learn: (addresses: string[]) => Promise<void>
}

/** What the owner of a swarm (a broadcast or a view) does with what comes in. */
export interface SwarmOwner {
  /** The signed manifest, once it is known. */
  manifest: () => Uint8Array | null
  onManifest: (member: SwarmMember, bytes: Uint8Array) => void
  onRecord: (member: SwarmMember, held: HeldRecord) => void
  /** Addresses of other viewers, told by a peer that may not be a member (it says `full`). */
  onPeers: (peerId: string, addresses: string[]) => void
  onMember: (member: SwarmMember) => void
  /** A stream was opened from here, and not greeted yet; what `sendMesh` is given goes out behind the HELLO. */
  onOpening: (peerId: string) => void
  /** What a member of the mesh says. */
  onMesh: (member: SwarmMember, body: Uint8Array) => void
  /** A stream is closed; `bye` is what the peer said, also when it never became a member. */
  onMemberGone: (peerId: string, bye: ByeReason | null) => void
  /** A peer broke a rule and was dropped. */
  onRefused: (refusal: Refusal) => void
}

export interface Refusal {
  reason: string
  from: string
  seq?: number
}

/** A peer with whom a stream for this show is open and greeted. */
export interface SwarmMember {
  readonly peerId: string
  readonly role: LiveRole
  readonly link: LiveLink
  readonly requests: LinkRequests
  /** What this peer announced, by number: it holds these renditions of their segments. */
  readonly announced: Map<number, Holds>
  /** What this peer was told that this node holds, by number. */
  readonly told: Map<number, Holds>
  /** Since when it gets the records through the mesh (they are not announced), milliseconds of performance.now(); null: it does not. */
  carriedAt: number | null
  /** When it first took part in the mesh, milliseconds of performance.now(); null: not yet. It is expected to get the records there for a while. */
  meshedAt: number | null
  /** Whose addresses it was told. */
  readonly introduced: Set<string>
}

interface Candidate {
  link: LiveLink
  member: SwarmMember | null
  bye: ByeReason | null
  bucket: { tokens: number; at: number }
}

export interface SwarmOptions {
  ownPeerId: string
  showCid: string
  role: LiveRole
  window: LiveWindow
  dialer: Dialer
  log: Log
  /** Streams at once; more are told `full` and to whom else they may turn. */
  maxMembers: number
  /** Whether the show has a mesh. */
  isMeshed: () => boolean
  /** Whether a segment of so many bytes may be sent now; else the asker is told `busy`. Inits always are. */
  mayServe?: (bytes: number) => boolean
  /** How long so many bytes of a segment have to wait for what goes before them, milliseconds; at 0 they go. */
  pace?: (bytes: number) => number
}

const HELLO_TIMEOUT_MS = 5_000
const DIAL_TIMEOUT_MS = 8_000
const PEERS_EACH_MS = 5_000
const PEERS_MAX = 8
/** Told to newcomers to a show with a mesh, which says itself whom they need. */
const PEERS_IN_MESH = 3
/** A stream this young and a second one are both sides dialling at once; an older one is a leftover. */
const TWIN_MS = 3_000
/** Control frames of one peer: far above need (about 4 per second and segment), far below harm. */
const FRAMES_PER_SECOND = 200
const FRAMES_BURST = 600
const REMEMBERED = 1024
/** Told beside a mesh, to whom it does not bring them or no longer does: enough to begin with, and little of the line. */
const MISSED_RECORDS = 10
/** How long who joins the mesh is expected to get the records there; only then it is told them. */
const JOINING_MESH_MS = 3_000
/** How long a newcomer to a show with a mesh may take to join that; else it is told the records. */
const ENTERING_MESH_MS = 400

/**
 * The peers of one show and the streams to them: greets, serves WANTs out of the window, announces, refuses. One stream
 * for each peer; when both dial at once the one opened by the lower peer id stays.
 */
export class LiveSwarm {
  readonly #options: SwarmOptions
  readonly #owner: SwarmOwner
  readonly #show: CID
  readonly #members = new Map<string, SwarmMember>()
  readonly #dialling = new Set<string>()
  /** Streams opened from here whose HELLO is not answered yet. */
  readonly #opening = new Map<string, LiveLink>()
  readonly #barred = new Set<string>()
  readonly #stopped = new AbortController()
  readonly #peersTimer: NodeJS.Timeout
  #servedByGone = 0

  constructor(options: SwarmOptions, owner: SwarmOwner) {
    this.#options = options
    this.#owner = owner
    this.#show = CID.parse(options.showCid)
    this.#peersTimer = setInterval(() => {
      for (const member of this.members()) {
        if (member.role === 'viewer' && !this.#isCarried(member)) void this.#sendPeers(member.link, member.introduced)
      }
    }, PEERS_EACH_MS)
  }

  members(): SwarmMember[] {
    return [...this.#members.values()]
  }

  member(peerId: string): SwarmMember | undefined {
    return this.#members.get(peerId)
  }

  /** The stream that MESH frames to this peer take; null: there is none. */
  meshLink(peerId: string): LiveLink | null {
    const link = this.#members.get(peerId)?.link ?? this.#opening.get(peerId)
    return link === undefined || link.closed ? null : link
  }

  /** Sends the body of a MESH frame; false without a stream to this peer. */
  sendMesh(peerId: string, body: Uint8Array): boolean {
    const link = this.meshLink(peerId)
    link?.send({ type: 'mesh', body })
    return link !== null
  }

  /** Tells a member where others are. */
  async tellAddresses(to: string, about: string[]): Promise<void> {
    const member = this.#members.get(to)
    if (member !== undefined) await this.#tellOf(member.link, member.introduced, about)
  }

  isBarred(peerId: string): boolean {
    return this.#barred.has(peerId)
  }

  /** Bytes of blocks sent to all peers so far. */
  get bytesServed(): number {
    return this.members().reduce((sum, { link }) => sum + link.bytesServed, this.#servedByGone)
  }

  /** Opens a stream to a peer unless there is one, it is being opened, or the peer was refused. Never throws. */
  async connect(peerId: string): Promise<void> {
    if (peerId === this.#options.ownPeerId || this.#members.has(peerId) || this.#dialling.has(peerId)) return
    if (this.#barred.has(peerId) || this.#members.size >= this.#options.maxMembers) return
    this.#dialling.add(peerId)
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)])
      const link = await this.#options.dialer.openLink(peerId, signal)
      if (this.#stopped.signal.aborted || this.#members.has(peerId)) link.bye('duplicate')
      else this.#attach(link, null)
    } catch (error) {
      this.#options.log('debug', 'no live stream to a peer', { peer: peerId, error: String(error) })
    } finally {
      this.#dialling.delete(peerId)
    }
  }

  /** Takes a stream that a peer opened and whose HELLO for this show was read. */
  accept(link: LiveLink, hello: LiveFrame & { type: 'hello' }): void {
    if (this.#stopped.signal.aborted) {
      link.bye('ended')
      return
    }
    if (this.#barred.has(link.peerId)) {
      link.bye('refused')
      return
    }
    this.#attach(link, hello)
  }

  /**
   * Announces what this node holds of a segment (or the final record) to all who do not hold it themselves.
   * `cids`: of its renditions, where the links' uplink is to be measured.
   */
  announce(seq: number, { record, holds }: HeldRecord, cids: readonly string[] = []): void {
    for (const member of this.#members.values()) {
      const { announced, told, link, role } = member
      if (holds > 0 && this.#isCarried(member)) continue
      if (role === 'broadcaster' || isKnown(announced, seq, holds) || isKnown(told, seq, holds)) continue
      rememberHolds(told, seq, holds)
      if (cids.length > 0) link.announced(cids)
      link.send({ type: 'announce', record, holds })
    }
  }

  /** The mesh brings this member the records, or no longer does: then it is told those it may have missed. */
  setCarried(peerId: string, on: boolean): void {
    const member = this.#members.get(peerId)
    if (member === undefined || (member.carriedAt !== null) === on) return
    member.carriedAt = on ? performance.now() : null
    if (on) {
      member.link.forgetAnnounced()
      return
    }
    this.#tellRecords(member, MISSED_RECORDS)
  }

  /** It gets the records through the mesh, or soon will. */
  #isCarried({ carriedAt, meshedAt }: SwarmMember): boolean {
    return carriedAt !== null || (meshedAt !== null && performance.now() - meshedAt < JOINING_MESH_MS)
  }

  /** Newest first, those it was not told before. */
  #tellRecords({ told, link }: SwarmMember, most: number): void {
    const held = this.#options.window.heldRecords().slice(-most)
    const untold = held.filter(({ seq, holds }) => !isKnown(told, seq, holds)).reverse()
    for (const { seq, holds } of untold) rememberHolds(told, seq, holds)
    for (const frame of latestFrames(untold)) link.send(frame)
  }

  /** Passes the manifest on to viewers that came before it was known here. */
  shareManifest(): void {
    for (const { role, link } of this.#members.values()) if (role === 'viewer') this.#greet(link)
  }

  /** Drops a peer for good and reports why, once: more of the same may have been on its way. */
  refuse(peerId: string, reason: string, seq?: number): void {
    if (this.#barred.has(peerId)) return
    this.report(peerId, reason, seq)
    remember(this.#barred, peerId)
    this.#members.get(peerId)?.link.bye('refused')
  }

  /** Reports something that was refused without dropping who sent it. */
  report(peerId: string, reason: string, seq?: number): void {
    const refusal: Refusal = { reason, from: peerId, ...(seq === undefined ? {} : { seq }) }
    this.#options.log('warn', 'refused', { show: this.#options.showCid, ...refusal })
    this.#owner.onRefused(refusal)
  }

  /** Says goodbye to all; frames already queued are given `flushMs`. */
  async stop(reason: ByeReason, flushMs = 500): Promise<void> {
    clearInterval(this.#peersTimer)
    this.#stopped.abort()
    await Promise.all(
      this.members().map(async ({ link }) => {
        await link.flush(flushMs)
        link.bye(reason)
      }),
    )
  }

  #attach(link: LiveLink, hello: (LiveFrame & { type: 'hello' }) | null): void {
    const candidate: Candidate = { link, member: null, bye: null, bucket: { tokens: FRAMES_BURST, at: Date.now() } }
    const impatience = setTimeout(() => {
      if (candidate.member === null) link.abort('no HELLO in time')
    }, HELLO_TIMEOUT_MS)
    const { role, pace } = this.#options
    if (pace !== undefined) link.pace = pace
    if (hello === null) {
      link.send({ type: 'hello', version: LIVE_VERSION, role, show: this.#show })
      this.#opening.set(link.peerId, link)
      this.#owner.onOpening(link.peerId)
    } else this.#onHello(candidate, hello)
    link.handle({
      onFrame: (frame) => this.#onFrame(candidate, frame),
      onClose: (fault) => {
        clearTimeout(impatience)
        this.#opened(link)
        this.#onClose(candidate, fault)
      },
    })
  }

  #opened(link: LiveLink): void {
    if (this.#opening.get(link.peerId) === link) this.#opening.delete(link.peerId)
  }

  #onHello(candidate: Candidate, hello: LiveFrame & { type: 'hello' }): void {
    const { link } = candidate
    this.#opened(link)
    if (hello.version !== LIVE_VERSION) {
      link.bye('other-version')
      return
    }
    if (hello.show.toString() !== this.#options.showCid) {
      link.bye('unknown-show')
      return
    }
    const twin = this.#members.get(link.peerId)
    if (twin !== undefined) {
      const ownId = this.#options.ownPeerId
      const young = Date.now() - twin.link.openedAt < TWIN_MS
      const opener = (one: LiveLink): string => (one.outbound ? ownId : one.peerId)
      if (young && opener(twin.link) < opener(link)) {
        link.bye('duplicate')
        return
      }
      this.#members.delete(link.peerId)
      this.#servedByGone += twin.link.bytesServed
      twin.requests.close()
      twin.link.bye('duplicate')
    } else if (this.#members.size >= this.#options.maxMembers) {
      void this.#sendPeers(link, new Set()).then(() => link.bye('full'))
      return
    }
    const { showCid, role } = this.#options
    if (!link.outbound) link.send({ type: 'hello', version: LIVE_VERSION, role, show: this.#show })
    const member: SwarmMember = {
      peerId: link.peerId,
      role: hello.role,
      link,
      requests: new LinkRequests(link),
      announced: new Map(),
      told: new Map(),
      carriedAt: null,
      meshedAt: null,
      introduced: new Set(),
    }
    candidate.member = member
    this.#members.set(link.peerId, member)
    this.#options.log('debug', 'live stream open', { show: showCid, peer: link.peerId, outbound: link.outbound })
    if (hello.role === 'viewer') {
      this.#greet(link)
      void this.#sendPeers(link, member.introduced)
    }
    this.#owner.onMember(member)
  }

  /** Manifest and window, for a viewer; the broadcaster needs neither. */
  #greet(link: LiveLink): void {
    const manifest = this.#owner.manifest()
    const member = this.#members.get(link.peerId)
    if (manifest === null || member === undefined) return
    link.send({ type: 'manifest', bytes: manifest })
    if (!this.#options.isMeshed()) {
      this.#tellRecords(member, Infinity)
      return
    }
    for (const waitMs of [ENTERING_MESH_MS, JOINING_MESH_MS + ENTERING_MESH_MS]) {
      setTimeout(() => {
        if (this.#members.get(link.peerId) === member && !this.#isCarried(member)) {
          this.#tellRecords(member, MISSED_RECORDS)
        }
      }, waitMs).unref()
    }
  }

  /** Tells who came last, of those it was not told before. */
  async #sendPeers(link: LiveLink, introduced: Set<string>): Promise<void> {
    const others = this.members().filter(({ peerId, role }) => role === 'viewer' && peerId !== link.peerId)
    const most = this.#options.isMeshed() ? PEERS_IN_MESH : PEERS_MAX
    await this.#tellOf(
      link,
      introduced,
      others.slice(-most).map(({ peerId }) => peerId),
    )
  }

  async #tellOf(link: LiveLink, introduced: Set<string>, about: readonly string[]): Promise<void> {
    const addresses: string[] = []
    for (const peerId of about.slice(0, PEERS_MAX)) {
      if (introduced.has(peerId)) continue
      const told = (await this.#options.dialer.addressesOf(peerId)).slice(0, 2)
      if (told.length > 0) remember(introduced, peerId)
      addresses.push(...told)
    }
    if (addresses.length > 0) link.send({ type: 'peers', addresses })
  }

  #onFrame(candidate: Candidate, frame: LiveFrame): void {
    const { link, member } = candidate
    if (frame.type === 'bye') {
      candidate.bye = frame.reason
      link.close()
      return
    }
    if (frame.type === 'peers') {
      if (this.#withinBudget(candidate)) this.#owner.onPeers(link.peerId, frame.addresses)
      return
    }
    if (frame.type === 'hello') {
      if (member === null) this.#onHello(candidate, frame)
      else this.refuse(link.peerId, 'malformed')
      return
    }
    if (member === null || this.#members.get(link.peerId) !== member) return
    if (frame.type === 'block') {
      this.#onBlock(member, frame)
      return
    }
    if (!this.#withinBudget(candidate)) {
      this.refuse(link.peerId, 'flood')
      return
    }
    switch (frame.type) {
      case 'want': {
        this.#onWant(link, frame)
        return
      }
      case 'cancel': {
        link.cancelBlock(frame.id)
        return
      }
      case 'no': {
        member.requests.onNo(frame)
        return
      }
      case 'manifest': {
        this.#owner.onManifest(member, frame.bytes)
        return
      }
      case 'mesh': {
        member.meshedAt ??= performance.now()
        this.#owner.onMesh(member, frame.body)
        return
      }
      case 'announce': {
        this.#owner.onRecord(member, frame)
        return
      }
      case 'latest':
        for (const held of frame.records) this.#owner.onRecord(member, held)
    }
  }

  #onWant(link: LiveLink, { id, cid }: LiveFrame & { type: 'want' }): void {
    link.wanted(cid.toString())
    const bytes = this.#options.window.block(cid)
    const { window, mayServe } = this.#options
    if (bytes === undefined) link.send({ type: 'no', id, reason: 'not-here' })
    else if (link.blocksQueued >= MAX_BLOCKS_QUEUED) link.send({ type: 'no', id, reason: 'busy' })
    else if (window.init(cid.toString()) === undefined && mayServe?.(bytes.length) === false) {
      link.send({ type: 'no', id, reason: 'busy' })
    } else if (!link.sendBlock(id, bytes)) link.send({ type: 'no', id, reason: 'busy' })
  }

  #onBlock(member: SwarmMember, frame: LiveFrame & { type: 'block' }): void {
    try {
      member.requests.onBlock(frame)
    } catch (error) {
      if (error instanceof FetchFault) this.refuse(member.peerId, 'not-asked')
      else throw error
    }
  }

  #withinBudget({ bucket }: Candidate): boolean {
    const now = Date.now()
    bucket.tokens = Math.min(FRAMES_BURST, bucket.tokens + ((now - bucket.at) * FRAMES_PER_SECOND) / 1000)
    bucket.at = now
    bucket.tokens--
    return bucket.tokens >= 0
  }

  #onClose({ link, member, bye }: Candidate, fault: FrameFault | null): void {
    if (fault !== null) this.refuse(link.peerId, 'malformed')
    member?.requests.close()
    if (member === null || this.#members.get(link.peerId) !== member) {
      if (bye !== null) this.#options.log('debug', 'a peer said no', { peer: link.peerId, bye })
      if (member === null && bye !== null) this.#owner.onMemberGone(link.peerId, bye)
      return
    }
    this.#members.delete(link.peerId)
    this.#servedByGone += link.bytesServed
    this.#owner.onMemberGone(link.peerId, bye)
  }
}

/** Adds to a set that keeps the latest ones only. */
function remember<T>(values: Set<T>, value: T): void {
  values.add(value)
  if (values.size <= REMEMBERED) return
  const oldest = values.values().next()
  if (!oldest.done) values.delete(oldest.value)
}
