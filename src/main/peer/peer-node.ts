import '../platform/websocket-floor'
import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { withLibp2pLight, type HeliaWithLibp2p } from '@helia/libp2p'
import type { Connection, Ed25519PrivateKey, Stream } from '@libp2p/interface'
import { FsBlockstore } from 'blockstore-fs'
import { LevelDatastore } from 'datastore-level'
import { createHeliaLight } from 'helia'
import type { CID } from 'multiformats/cid'
import { StudioError } from '@shared/errors'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import { BroadcastDetails } from '@shared/live/broadcast-details'
import type { LiveListing } from '@shared/live/live-listing'
import type { UplinkRoom } from '@shared/network/uplink-room'
import type { StorageLimits } from '@shared/storage/stored-file'
import { parseLiveUrl } from '@shared/live/live-url'
import { SOURCE } from '@shared/live/rendition'
import { sealAlive } from '@shared/live/show-alive'
import { sealManifest, type ShowManifest } from '@shared/live/show-manifest'
import type { Sign } from '@shared/live/signed-record'
import type { MeshPlan } from '@shared/mesh/mesh-plan'
import { lineLog, type Log } from '../platform/log'
import { withBoundedBitswap } from './bounded-bitswap'
import { Broadcast, type BroadcastOptions } from './broadcast'
import { LOG_PROTOCOL } from './community-exchange'
import { recordCid } from './content-id'
import { ed25519Signer } from '../platform/ed25519'
import { GossipTopics, showTopic } from './gossip-topics'
import { LiveBlockstore } from './live-blockstore'
import { LIVE_PROTOCOL, type LiveFrame } from './live-frame'
import { LiveLink } from './live-link'
import { LiveView, type LiveViewOptions } from './live-view'
import { LiveWindow } from './live-window'
import { LocalBeacon } from './local-beacon'
import type { LinkShaper } from './mesh/link-shaper'
import { awaitGreeting, STRIPE_PROTOCOL } from './mesh/stripe-greeting'
import { libp2pSettings, type NodeProfile, type NodeServices } from './node-settings'
import { OwnerUplink } from './owner-uplink'
import { LineMemory } from './line-memory'
import { IdentifyAgain } from './identify-again'
import { DialRule, PeerDialer } from './peer-dialer'
import { PublicNetwork } from './public/public-network'
import { RoomGiftsHub } from './room-gifts-hub'
import type { PublicNetworkOptions } from './public/public-parts'
import { BLOCKS_PROTOCOL } from './storage/block-frame'
import { MAX_BLOCK_BYTES } from './storage/disk-blocks'
import { FileStorage } from './storage/file-storage'
import { mayAskRelay } from './address-scope'
import { ALIVE_EACH_MS, DIRECTORY_TOPIC, encodeListing, ShowDirectory } from './show-directory'

export interface PeerNodeOptions {
  /** The profile folder; blocks are kept in `blocks` below it, what is known of them in `records`. */
  dataDir: string
  privateKey: Ed25519PrivateKey
  profile: NodeProfile
  /** Multiaddrs to listen on instead of the profile's. */
  listen?: string[]
  /** STUN or TURN addresses for WebRTC; none by default, and never the library's public ones. */
  iceServers?: string[]
  log?: (line: string) => void
  /** Folder in which nodes of one machine find each other; null or left out: none. */
  beaconDir?: string | null
  /** Space and uplink for files. */
  limits?: StorageLimits
  /** Tests and benches: the line that all TCP connections of this node go through. */
  line?: LinkShaper
  /** Joins a network of strangers; null or left out: none, and nothing leaves the local network unasked. */
  publicNetwork?: PublicNetworkOptions | null
}

export interface PeerNodeEvents {
  'lives-changed': [LiveListing[]]
  /** The upload is shared otherwise than before. */
  'uplink-room': [UplinkRoom]
}

/** Size and encoding of a show, and its renditions where there may be others than the source. */
export type ShowFormat = Pick<ShowManifest, 'width' | 'height' | 'fps' | 'mimeType'> &
  Partial<Pick<ShowManifest, 'renditions'>>

export interface WatchOptions extends LiveViewOptions {
  /** Multiaddrs to try first. */
  peers?: string[]
  /** Relays that have it, besides those that its broadcaster names. */
  relays?: string[]
  /** Gives up opening, or leaves the live. */
  signal?: AbortSignal
}

type Node = HeliaWithLibp2p<NodeServices>

/** Of a source whose bitrate is not told. */
const UNSAID_KBPS = 3500
const HELLO_TIMEOUT_MS = 5_000
/** One for each show. */
const STREAMS_PER_PEER = 32
const STOP_TIMEOUT_MS = 5_000
const EXPIRE_EACH_MS = 500
/** Newcomers are told what is on at most so often. */
const NEWCOMERS_EACH_MS = 1_500

/** The node of one profile: Helia over libp2p, the list of lives, broadcasts and watched lives. */
export class PeerNode extends EventEmitter<PeerNodeEvents> {
  readonly peerId: string
  readonly #node: Node
  readonly #disk: FsBlockstore
  readonly #records: LevelDatastore
  /** Files by CID: published, fetched, kept. */
  readonly files: FileStorage
  /** Gifts in the rooms of shows. */
  readonly gifts: RoomGiftsHub
  readonly #blockstore: LiveBlockstore
  readonly #rule: DialRule
  readonly #log: Log
  readonly #sign: Sign
  readonly #topics: GossipTopics
  readonly #dialer: PeerDialer
  readonly #directory: ShowDirectory
  readonly #broadcasts = new Map<string, Broadcast>()
  readonly #views = new Map<string, LiveView>()
  readonly #signedManifests = new Map<string, Uint8Array>()
  readonly #stopped = new AbortController()
  readonly #timers: NodeJS.Timeout[] = []
  readonly #identifying: IdentifyAgain
  #beacon: LocalBeacon | null = null
  #lastAlive = 0
  #aliveSoon: NodeJS.Timeout | undefined
  #stopping: Promise<void> | null = null

  /** Starts a node. Throws StudioError `network-start` when an address can not be listened on. */
  static async start(options: PeerNodeOptions): Promise<PeerNode> {
    const {
      dataDir,
      privateKey,
      profile,
      listen,
      iceServers = [],
      beaconDir = null,
      publicNetwork = null,
      line,
    } = options
    const log = lineLog(options.log ?? (() => undefined), process.env['WE_DEBUG'] !== undefined)
    const rule = new DialRule(publicNetwork !== null)
    const disk = new FsBlockstore(join(dataDir, 'blocks'))
    await disk.open()
    const records = await openRecords(join(dataDir, 'records'))
    const blockstore = new LiveBlockstore(disk)
    // composed, never createHelia(): its defaults talk to public servers (peer.md 3)
    const base = createHeliaLight({ blockstore, datastore: records })
    let peer: PeerNode | null = null
    let open: PublicNetwork | null = null
    const lineMemory = await LineMemory.open(records)
    const uplink = new OwnerUplink((room) => peer?.emit('uplink-room', room))
    const settings = libp2pSettings({
      ...{ privateKey, profile, listen, iceServers, publicNetwork, line },
      denies: (to) => rule.denies(to),
      isHurried: () => peer?.isHurried ?? false,
      found: ({ id, multiaddrs }) => {
        if (peer === null) return
        void peer.#dialer.introduce(id.toString(), multiaddrs.map(String), peer.#stopped.signal)
      },
    })
    const node = withBoundedBitswap(withLibp2pLight(base, settings))
    try {
      await node.start()
      // bitswap would search the DHT for every block; whoever has a file is found by its root, and then connected
      if (publicNetwork !== null) node.routing.findProviders = nobody
      const files = await FileStorage.start({
        blocksDir: join(dataDir, 'blocks'),
        datastore: records,
        libp2p: node.libp2p,
        liveBlock: (cid) => blockstore.liveBlock(cid),
        foreign: (cid, signal) => foreignBlock(node, cid, signal),
        find: publicNetwork === null ? null : async (cid, signal) => open?.find(cid, signal),
        ...(options.limits ? { limits: options.limits } : {}),
        uplink,
        served: (peerId, bytes) => lineMemory.handed(node.libp2p, peerId, bytes),
      })
      if (publicNetwork !== null) open = new PublicNetwork(node.libp2p, publicNetwork, files, log)
      const sign = ed25519Signer(privateKey.raw)
      peer = new PeerNode(node, disk, records, files, blockstore, uplink, lineMemory, rule, log, sign, open)
      await peer.#open(beaconDir)
      return peer
    } catch (error) {
      await node.stop().catch(() => undefined)
      await disk.close()
      await records.close()
      throw new StudioError(
        'network-start',
        `The network of this profile could not be started: ${error instanceof Error ? error.message : String(error)}. ` +
          'Check that the address to listen on is free and is of this machine.',
        { cause: error },
      )
    }
  }

  private constructor(
    node: Node,
    disk: FsBlockstore,
    records: LevelDatastore,
    files: FileStorage,
    blockstore: LiveBlockstore,
    /** The owner's limit of what is given to others. */
    readonly uplink: OwnerUplink,
    private readonly line: LineMemory,
    rule: DialRule,
    log: Log,
    sign: Sign,
    /** The network of strangers; null: this node has joined none. */
    readonly publicNetwork: PublicNetwork | null,
  ) {
    super()
    const { libp2p } = node
    this.peerId = libp2p.peerId.toString()
    this.#node = node
    this.#disk = disk
    this.#records = records
    this.files = files
    this.#blockstore = blockstore
    this.#rule = rule
    this.#log = log
    this.#sign = sign
    this.#topics = new GossipTopics(libp2p.services.pubsub, (topics, began) => this.#onSubscribers(topics, began))
    this.#identifying = new IdentifyAgain(libp2p, LOG_PROTOCOL, (peer) => this.#topics.reaches(peer))
    this.#dialer = new PeerDialer(libp2p, rule, log)
    this.gifts = new RoomGiftsHub(libp2p, this.#topics)
    this.#directory = new ShowDirectory(this.peerId)
  }

  /** Where this node can be reached, with its peer id. */
  get multiaddrs(): string[] {
    return this.#node.libp2p.getMultiaddrs().map(String)
  }

  /** Helia, for all that is not live: files by CID, pins, CAR. The live windows can be read through it too. */
  get helia(): Node {
    return this.#node
  }

  /** Topics of this node, for what has one of its own. */
  get topics(): GossipTopics {
    return this.#topics
  }

  /** Peer ids connected now. */
  get connectedPeers(): string[] {
    return this.#node.libp2p.getPeers().map(String)
  }

  /** A live was opened and waits for its first picture. */
  get isHurried(): boolean {
    return [...this.#views.values()].some(({ hasPlayed }) => !hasPlayed)
  }

  /** What is on, newest first; the own shows too. */
  lives(): LiveListing[] {
    return this.#directory.lives()
  }

  /**
   * Starts a show. `mesh`: how its access units travel; left out: in segments only. `gifts`: where they go; left out: none. Throws ZodError for details or a format outside their shape.
   */
  startBroadcast(
    details: BroadcastDetails,
    format: ShowFormat,
    { mesh, gifts, ...options }: BroadcastOptions & { mesh?: MeshPlan; gifts?: GiftTerms } = {},
  ): Promise<Broadcast> {
    return Promise.resolve().then(() => {
      this.#requireRunning()
      const { width, height, fps, mimeType } = format
      const codecs = /codecs="(.*)"$/.exec(mimeType)?.[1] ?? 'avc1.64001f,mp4a.40.2'
      const { renditions = [{ id: SOURCE, width, height, kbps: UNSAID_KBPS, codecs }] } = format
      const manifest: ShowManifest = {
        v: 2,
        peerId: this.peerId,
        ...BroadcastDetails.parse(details),
        startedAt: Date.now(),
        ...{ width, height, fps, mimeType, renditions },
        ...(mesh === undefined ? {} : { mesh }),
        ...(gifts === undefined ? {} : { gifts }),
        nonce: new Uint8Array(randomBytes(16)),
      }
      const signedManifest = sealManifest(manifest, this.#sign)
      const showCid = recordCid(signedManifest).toString()
      const window = new LiveWindow()
      const leaveTopic = this.#topics.join(showTopic(showCid), () => 'ignore')
      const network = {
        ownPeerId: this.peerId,
        dialer: this.#dialer,
        sign: this.#sign,
        subscribers: (cid: string) => this.#watching(cid),
        gossip: (cid: string, signed: Uint8Array) => this.#topics.publish(showTopic(cid), signed),
        sayLive: () => this.#sayAlive(showCid, 'live'),
        sayEnded: () => this.#sayAlive(showCid, 'ended'),
        release: () => {
          this.#broadcasts.delete(showCid)
          this.#signedManifests.delete(showCid)
          this.#blockstore.removeWindow(window)
          leaveTopic()
          leaveUplink()
        },
      }
      const broadcast = new Broadcast(manifest, signedManifest, network, window, this.#log, options)
      this.#blockstore.addWindow(window)
      this.#broadcasts.set(showCid, broadcast)
      const leaveUplink = this.uplink.add({
        needBps: broadcast.needBps,
        sentBytes: () => broadcast.bytesServed,
        promisedBps: () => broadcast.promisedBps,
        allow: (bps) => broadcast.setUplink(bps),
      })
      this.#signedManifests.set(showCid, signedManifest)
      this.#sayAlive(showCid, 'live')
      return broadcast
    })
  }

  /**
   * Opens a live; resolves when its manifest is verified, segments follow as events. Throws StudioError:
   * `bad-live-url`, `bad-multiaddr`, `own-live`, `already-watching`, `live-unreachable`, `live-over`; or the signal's reason.
   */
  async watch(url: string, { peers = [], relays = [], signal, ...options }: WatchOptions = {}): Promise<LiveView> {
    this.#requireRunning()
    const { peerId, showCid } = parseLiveUrl(url) // who shared it is no matter of the network
    const address = { peerId, showCid }
    const given = this.#rule.wish(peers)
    if (address.peerId === this.peerId) {
      throw new StudioError('own-live', 'This is your own live. Watch it from another profile or another machine.')
    }
    if (this.#views.has(showCid)) {
      throw new StudioError('already-watching', 'This live is already open. Close it before you open it again.')
    }
    signal?.throwIfAborted()
    const window = new LiveWindow()
    let named: readonly string[] = []
    const network = {
      ownPeerId: this.peerId,
      dialer: this.#dialer,
      dialGiven: (stop: AbortSignal) => this.#dialer.dialAll(given, stop),
      dialTold: (told: string[], stop: AbortSignal) => this.#dialer.dialTold(told, stop),
      subscribers: (cid: string) => this.#watching(cid),
      joinTopic: (cid: string, judge: Parameters<GossipTopics['join']>[1]) => this.#topics.join(showTopic(cid), judge),
      relays: (cid: string) => {
        // who is cut off from all peers hears of the show no more, and needs what it heard last
        named = this.#directory.relaysOf(cid) ?? named
        return [...relays, ...named.filter((relay) => mayAskRelay(relay, this.publicNetwork !== null))]
      },
      uplink: this.uplink,
      carried: {
        bps: (peerId: string) => {
          const others = [...this.#views.values()].reduce((sum, { promisedBps }) => sum + promisedBps, 0)
          return Math.max(0, this.line.bps(this.#node.libp2p, peerId) - others)
        },
        confirmed: (...receipt: [string, number, number, number]) => this.line.confirmed(this.#node.libp2p, ...receipt),
      },
      release: () => {
        this.#views.delete(showCid)
        this.#blockstore.removeWindow(window)
        leaveUplink()
      },
    }
    const view = new LiveView(address, network, window, this.#log, options)
    const leaveUplink = this.uplink.add({
      needBps: 0,
      sentBytes: () => view.piecesServed,
      promisedBps: () => view.promisedBps,
      allow: (bps) => view.setUplink(bps),
    })
    this.#views.set(showCid, view)
    this.#blockstore.addWindow(window)
    void this.#beacon?.scan()
    await view.open(signal)
    return view
  }

  /** Connects to addresses a person gave; resolves with the peer ids reached. Throws StudioError `bad-multiaddr`. */
  connect(addresses: string[], signal: AbortSignal = this.#stopped.signal): Promise<string[]> {
    return Promise.resolve().then(() => this.#dialer.dialAll(this.#rule.wish(addresses), signal))
  }

  /** Looks for nodes of this machine now instead of at the next turn. */
  lookAround(): void {
    void this.#beacon?.scan()
  }

  /** Ends shows and views in order, then the node. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#close()
    return this.#stopping
  }

  async #open(beaconDir: string | null): Promise<void> {
    const { libp2p } = this.#node
    await libp2p.handle(LIVE_PROTOCOL, (stream, connection) => this.#onStream(stream, connection), {
      maxInboundStreams: STREAMS_PER_PEER,
      maxOutboundStreams: STREAMS_PER_PEER,
    })
    await libp2p.handle(STRIPE_PROTOCOL, (stream, connection) => this.#onStripe(stream, connection), {
      maxInboundStreams: 64,
      maxOutboundStreams: 64,
    })
    await this.gifts.start()
    libp2p.addEventListener('peer:disconnect', () => this.#countViewers())
    this.#topics.join(DIRECTORY_TOPIC, (data) => {
      const { verdict, changed } = this.#directory.take(data, Date.now())
      if (changed) this.emit('lives-changed', this.lives())
      return verdict
    })
    this.#timers.push(
      setInterval(() => {
        for (const showCid of this.#broadcasts.keys()) this.#sayAlive(showCid, 'live')
      }, ALIVE_EACH_MS),
      setInterval(() => {
        if (this.#directory.expire(Date.now())) this.emit('lives-changed', this.lives())
      }, EXPIRE_EACH_MS),
    )
    if (beaconDir !== null) await this.#openBeacon(beaconDir)
    this.publicNetwork?.start()
  }

  async #openBeacon(dir: string): Promise<void> {
    const addresses = this.multiaddrs.filter((text) => text.startsWith('/ip4/127.')).slice(0, 8)
    if (addresses.length === 0) return
    const found = (peerId: string, told: string[]): void =>
      void this.#dialer.introduce(peerId, told, this.#stopped.signal)
    this.#beacon = new LocalBeacon(dir, { peerId: this.peerId, addresses }, found, this.#log)
    await this.#beacon.start()
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#views.values()].map((view) => view.close()))
    await Promise.all([...this.#broadcasts.values()].map((broadcast) => broadcast.stop()))
    this.gifts.stop()
    this.#identifying.stop()
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.#aliveSoon)
    this.#stopped.abort()
    await this.#beacon?.stop()
    await this.publicNetwork?.stop()
    await this.files.stop()
    this.uplink.stop()
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_TIMEOUT_MS)))
    await Promise.race([this.#node.stop(), limit])
    clearTimeout(timer)
    await this.line.save()
    await this.#disk.close()
    await this.#records.close()
    this.removeAllListeners()
  }

  /** A stream somebody opened: its first frame says for which show. */
  #onStream(stream: Stream, connection: Connection): void {
    const link = new LiveLink(stream, connection.remotePeer.toString())
    const impatience = setTimeout(() => link.abort('no HELLO in time'), HELLO_TIMEOUT_MS)
    let greeted = false
    link.handle({
      onClose: () => clearTimeout(impatience),
      onFrame: (frame: LiveFrame) => {
        if (greeted) return
        greeted = true
        clearTimeout(impatience)
        if (frame.type !== 'hello') {
          link.abort('HELLO comes first')
          return
        }
        const showCid = frame.show.toString()
        const swarm = this.#broadcasts.get(showCid) ?? this.#views.get(showCid)
        if (swarm === undefined) link.bye('unknown-show')
        else swarm.accept(link, frame)
      },
    })
  }

  /** A stripe stream somebody opened: its greeting says of which show. */
  #onStripe(stream: Stream, connection: Connection): void {
    awaitGreeting(stream, ({ showCid, stripe }, rest) => {
      const view = this.#views.get(showCid)
      if (view === undefined) stream.abort(new Error('nobody watches this show here'))
      else view.acceptStripe(stream, connection.remotePeer.toString(), stripe, rest)
    })
  }

  #onSubscribers(topics: string[], began: boolean): void {
    // who came to watch has what would be said, and a crowd of them comes over a line that has no room for it
    const isNews = [...this.#broadcasts.keys()].some((showCid) => !topics.includes(showTopic(showCid)))
    if (began && isNews && topics.includes(DIRECTORY_TOPIC)) this.#sayAliveSoon()
    this.#countViewers()
    for (const view of this.#views.values()) view.noticePeers()
  }

  /** A newcomer sees at once what is on, instead of at the next sign of life; a crowd is told together, as it goes to all. */
  #sayAliveSoon(): void {
    if (this.#broadcasts.size === 0 || this.#aliveSoon !== undefined) return
    const wait = Math.max(0, this.#lastAlive + NEWCOMERS_EACH_MS - Date.now())
    this.#aliveSoon = setTimeout(() => {
      this.#aliveSoon = undefined
      for (const showCid of this.#broadcasts.keys()) this.#sayAlive(showCid, 'live')
    }, wait)
  }

  /** Peers that listen to a show's topic. Gossipsub still lists who is gone when libp2p tells that it is. */
  #watching(showCid: string): string[] {
    const connected = new Set(this.connectedPeers)
    return this.#topics.subscribers(showTopic(showCid)).filter((peer) => connected.has(peer))
  }

  #countViewers(): void {
    for (const broadcast of this.#broadcasts.values()) broadcast.countViewers()
  }

  /** Says that an own show is on (or over), to all and to the own list. */
  #sayAlive(showCid: string, state: 'live' | 'ended'): void {
    const signedManifest = this.#signedManifests.get(showCid)
    if (signedManifest === undefined) return
    if (state === 'ended') this.#signedManifests.delete(showCid)
    this.#lastAlive = Math.max(this.#lastAlive + 1, Date.now())
    const relays = this.#broadcasts.get(showCid)?.relays ?? []
    const where = relays.length > 0 && state === 'live' ? { relays: [...relays] } : {}
    const message = encodeListing(
      signedManifest,
      sealAlive({ v: 1, show: showCid, t: this.#lastAlive, state, ...where }, this.#sign),
    )
    this.#topics.publish(DIRECTORY_TOPIC, message)
    if (this.#directory.take(message, Date.now()).changed) this.emit('lives-changed', this.lives())
  }

  #requireRunning(): void {
    if (this.#stopping !== null) throw new StudioError('node-stopped', 'The network of this profile is stopped.')
  }
}

/** LevelDB: one process a folder, which the lock of the profile sees to; closed before the process ends. */
async function openRecords(folder: string): Promise<LevelDatastore> {
  const records = new LevelDatastore(folder)
  try {
    await records.open()
    return records
  } catch (error) {
    throw new StudioError(
      'records-damaged',
      `What is stored in ${folder} cannot be opened: another program uses it, or it is damaged. ` +
        'Close other copies; if that does not help, move the folder away and start again.',
      { cause: error },
    )
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the shape of a router that knows nobody
async function* nobody(): AsyncGenerator<never> {
  yield* []
}

/** By bitswap, where a connected node does not speak our own protocol; null when there is none. */
async function foreignBlock(node: Node, cid: CID, signal: AbortSignal): Promise<Uint8Array | null> {
  const known = await Promise.all(
    node.libp2p.getPeers().map((id) => node.libp2p.peerStore.get(id).catch(() => ({ protocols: [] as string[] }))),
  )
  if (known.every(({ protocols }) => protocols.length === 0 || protocols.includes(BLOCKS_PROTOCOL))) return null
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of node.blockstore.get(cid, { signal })) {
    size += part.length
    if (size > MAX_BLOCK_BYTES) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}
