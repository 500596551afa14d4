import type { SegmentMessage } from '@shared/engines/media-service'
import type { PeerService, PlayerFile } from '@shared/engines/peer-service'
import { StudioError, type ErrorReport } from '@shared/errors'
import type { GiftTerms } from '@shared/gifts/gift-terms'
import type { BroadcastDetails } from '@shared/live/broadcast-details'
import type { PublicNetworkSettings, PublicNetworkState } from '@shared/network/public-network'
import type { LiveListing, WatchStats } from '@shared/live/live-listing'
import type { RelayHandOver } from '@shared/live/relay-hand-over'
import { SOURCE, type QualityChoice } from '@shared/live/rendition'
import type { UplinkSample } from '@shared/media/uplink-sample'
import type { RpcPort } from '@shared/rpc/rpc'
import { BroadcastFeed, type PublishedSegment } from './broadcast-feed'
import { CommunityPort } from './community-port'
import { hlsPlaylist } from './hls-playlist'
import { LedgerPort } from './ledger-port'
import { KeptLives } from './storage/kept-lives'
import { LibraryService } from './storage/library-service'
import type { Refusal } from './live-swarm'
import type { EndReason } from './live-view'
import { networkOptions, NetworkSwitch } from './network-switch'
import { PeerNode, type PeerNodeOptions } from './peer-node'
import type { PublicNetworkOptions } from './public/public-parts'
import { SharedViews, type HeldView } from './shared-views'
import { followUnits } from './unit-feed'
import { WatchOutlet, type WatchPort } from './watch-outlet'

/** `profile` and `listen` are for tests. */
type StartOptions = Pick<PeerNodeOptions, 'dataDir' | 'privateKey' | 'beaconDir' | 'limits'> &
  Partial<Pick<PeerNodeOptions, 'profile' | 'listen'>>
type Emit = <E extends keyof PeerService['events']>(name: E, payload: PeerService['events'][E]) => void

/** How long a blocking playlist reload waits for the asked segment before it answers with what there is. */
const BLOCKING_RELOAD_MS = 3_000

/**
 * What the app asks of its node: one broadcast, one watched live, files for the player. The device key is given by
 * the entry, which alone knows both the wallet and the peer room.
 */
export class PeerEngine {
  #node: PeerNode | null = null
  #library: LibraryService | null = null
  #feed: BroadcastFeed | null = null
  #view: { id: string; url: string; live: HeldView['live']; close: () => Promise<void> } | null = null
  #views = 0
  /** Of the running node: a live may be watched and kept at once. */
  #shared: SharedViews | null = null
  /** Lives of others that are kept and passed on. */
  readonly kept = new KeptLives((shows) => this.#emit('keptChanged', shows))
  #quality: QualityChoice = 'auto'
  #relay: RelayHandOver = { target: null, watch: [] }
  #foreign: RelayHandOver | null = null
  #outlet: WatchOutlet | null = null
  #giftTerms: GiftTerms | null = null
  #takenKbps = 0
  #emit: Emit = () => undefined
  #ledger: LedgerPort | null = null
  #community: CommunityPort | null = null
  #options: StartOptions | null = null
  /** Lives that are being opened. */
  #opening = 0
  readonly #network = new NetworkSwitch({
    figures: () => this.#node?.publicNetwork?.figures ?? null,
    busy: () => this.#feed !== null || this.#opening > 0 || this.#view !== null || (this.#node?.files.isBusy ?? false),
    restart: (options) => this.#restart(options),
    tell: (state) => this.#emit('publicNetworkChanged', state),
  })

  constructor(private readonly log: (line: string) => void) {}

  onEvent(emit: Emit): void {
    this.#emit = emit
  }

  async start(
    options: StartOptions,
    network: PublicNetworkSettings,
  ): Promise<{ peerId: string; multiaddrs: string[] }> {
    this.#options = options
    const node = await this.#startNode(networkOptions(network))
    this.#network.started(network)
    return { peerId: node.peerId, multiaddrs: node.multiaddrs }
  }

  /** The state of the public network; `setPublicNetwork` switches it. */
  get publicNetwork(): PublicNetworkState {
    return this.#network.state
  }

  /** Throws StudioError `bad-multiaddr`. */
  setPublicNetwork(wanted: PublicNetworkSettings): void {
    this.#network.set(wanted)
  }

  /** For a node that is restarted. */
  keepLimits(limits: NonNullable<PeerNodeOptions['limits']>): void {
    if (this.#options) this.#options = { ...this.#options, limits }
  }

  /** Resolves when no restart of the node is under way. */
  settled(): Promise<void> {
    return this.#network.settled()
  }

  async #restart(network: PublicNetworkOptions | null): Promise<void> {
    await this.kept.detach()
    const [library, node] = [this.#library, this.#node]
    this.#library = null
    this.#node = null
    await this.#ledger?.detach()
    await this.#community?.detach()
    await library?.close()
    await node?.stop()
    await this.#startNode(network)
  }

  async #startNode(publicNetwork: PublicNetworkOptions | null): Promise<PeerNode> {
    const options = this.#options!
    const node = await PeerNode.start({ profile: 'lan', ...options, log: this.log, publicNetwork })
    this.#node = node
    this.#library = new LibraryService(node.files, (state) => this.#emit('libraryChanged', state))
    node.uplink.takenKbps = this.#takenKbps
    node.on('uplink-room', (room) => this.#emit('uplinkRoom', room))
    this.#emit('uplinkRoom', node.uplink.room)
    node.on('lives-changed', () => this.#emit('livesChanged', node.lives()))
    this.#emit('livesChanged', node.lives())
    await this.#ledger?.attach(node.helia.libp2p, node.topics)
    await this.#community?.attach(node.helia.libp2p, node.topics)
    this.#shared = new SharedViews(node)
    this.kept.attach(node, this.#shared)
    return node
  }

  /** Files by CID. Throws StudioError `engine-not-ready`. */
  get library(): LibraryService {
    if (!this.#library) throw new StudioError('engine-not-ready', 'The network engine is still starting.')
    return this.#library
  }

  /** What a CID or link leads to; looks for nodes of this machine at once. Throws as `FileReaders.about`. */
  async aboutFile(address: string): Promise<{ cid: string; size: number; contentType: string }> {
    await this.settled()
    this.#running().lookAround()
    return this.library.readers.about(address)
  }

  async listLives(): Promise<LiveListing[]> {
    await this.settled()
    return this.#running().lives()
  }

  /** Resolves when the encoder's first picture is published; segments arrive by `takeSegmentMessage`. */
  async startBroadcast(details: BroadcastDetails): Promise<{ url: string; startedAt: number }> {
    await this.settled()
    await this.#feed?.close()
    const tell = {
      published: ({ seq, cid, bytes, durationMs }: PublishedSegment) =>
        this.#emit('published', { seq, cid, bytes, durationMs }),
      uplink: (sample: UplinkSample) => this.#emit('uplink', sample),
      failed: (error: ErrorReport) => this.#emit('broadcastFailed', error),
    }
    const feed = new BroadcastFeed(this.#running(), details, tell, this.#giftTerms)
    this.#feed = feed
    feed.setRelays(this.#relays)
    const broadcast = await feed.started
    broadcast.on('relay', (state) => this.#emit('relayState', state))
    broadcast.on('viewers', (count) => this.#emit('viewers', count))
    return { url: broadcast.url, startedAt: broadcast.startedAt }
  }

  /** Where else the own show goes, for viewers whom peers do not serve. */
  setRelay(relay: RelayHandOver): void {
    this.#relay = relay
    this.#feed?.setRelays(this.#relays)
  }

  /** A relay run by somebody that gets the own show too; null: none. */
  setForeignRelay(relay: RelayHandOver | null): void {
    this.#foreign = relay
    this.#feed?.setRelays(this.#relays)
  }

  get #relays(): RelayHandOver[] {
    // one that the person chose is told before the addresses of this computer, of which there may be many
    return [...(this.#foreign ? [this.#foreign] : []), this.#relay]
  }

  /** What viewers at the relay of this app take of the line, kilobits a second. */
  setUplinkTaken(kbps: number): void {
    this.#takenKbps = kbps
    if (this.#node) this.#node.uplink.takenKbps = kbps
  }

  /** Where gifts of the next broadcast go. */
  setGiftTerms(terms: GiftTerms | null): void {
    this.#giftTerms = terms
  }

  /** Joins the gifts of a show; lines follow as events. */
  async joinGifts({ show, terms, creator }: PeerService['calls']['joinGifts']['input']): Promise<void> {
    await this.settled()
    this.#running().gifts.join(show, terms, {
      onLine: (bytes) => this.#emit('giftLine', { show, bytes }),
      ...(creator ? { onTab: (bytes: Uint8Array) => this.#emit('tabLine', { bytes }) } : {}),
    })
  }

  /** The gift rooms of the node. Throws StudioError `engine-not-ready`. */
  get gifts(): PeerNode['gifts'] {
    return this.#running().gifts
  }

  takeSegmentMessage(message: SegmentMessage): void {
    this.#feed?.take(message)
  }

  async stopBroadcast(): Promise<void> {
    const feed = this.#feed
    this.#feed = null
    await feed?.close()
  }

  async watch(url: string): Promise<{ viewId: string; show: LiveListing }> {
    await this.settled()
    await this.closeWatch()
    this.#running()
    this.#opening += 1
    const { live, release } = await this.#shared!.hold(url, { quality: this.#quality }).finally(
      () => (this.#opening -= 1),
    )
    const onStats = (stats: WatchStats): void => this.#emit('watchStats', stats)
    const onRefused = ({ reason, from }: Refusal): void => this.#emit('refused', { reason, from })
    const onEnded = ({ message, reason }: { message: string; reason: EndReason }): void => {
      if (this.#view === view) this.#emit('watchEnded', { url, message, lost: reason === 'lost' })
    }
    const close = async (): Promise<void> => {
      live.off('stats', onStats).off('refused', onRefused).off('ended', onEnded)
      live.setQuality(SOURCE) // it may go on for who keeps it
      await release()
    }
    this.#views += 1
    const view = { id: `view-${this.#views}-${Date.now().toString(36)}`, url, live, close }
    this.#view = view
    live.on('stats', onStats).on('refused', onRefused).on('ended', onEnded)
    return { viewId: view.id, show: live.listing }
  }

  /** Of the watched live, and of those that are opened after it. */
  setQuality(quality: QualityChoice): void {
    this.#quality = quality
    this.#view?.live.setQuality(quality)
  }

  /** The line to the ledger engine, in place of an earlier one. */
  async connectLedger(port: RpcPort): Promise<void> {
    await this.#ledger?.detach()
    this.#ledger = new LedgerPort(port)
    await this.settled()
    if (this.#node) await this.#ledger.attach(this.#node.helia.libp2p, this.#node.topics)
  }

  /** The line to the community engine, in place of an earlier one. */
  async connectCommunity(port: RpcPort): Promise<void> {
    await this.#community?.detach()
    this.#community = new CommunityPort(port)
    await this.settled()
    if (this.#node) await this.#community.attach(this.#node.helia.libp2p, this.#node.topics)
  }

  /** Gives the access units of the watched live to the window's player, in place of an earlier port. */
  connectWatch(port: WatchPort): void {
    this.#outlet?.close()
    const view = this.#view
    this.#outlet = view ? new WatchOutlet(port, (post) => followUnits(view.live, post, this.log)) : null
    if (!view) port.close()
  }

  async closeWatch(): Promise<void> {
    this.#outlet?.close()
    this.#outlet = null
    const view = this.#view
    this.#view = null
    await view?.close()
  }

  /** A file of the watched live by its playlist name; null when there is none (any more). */
  async playerFile(request: PeerService['calls']['playerFile']['input']): Promise<PlayerFile | null> {
    const view = this.#view
    if (view?.id !== request.viewId) return null
    if (request.name === 'index.m3u8') {
      if (request.blockUntilSeq !== null) await view.live.waitFor(request.blockUntilSeq, BLOCKING_RELOAD_MS)
      const text = hlsPlaylist(view.live)
      return text === null
        ? null
        : { contentType: 'application/vnd.apple.mpegurl', bytes: new TextEncoder().encode(text) }
    }
    const init = /^init-([a-z0-9]+)\.mp4$/.exec(request.name)?.[1]
    const [, rendition, seq] = /^seg-([a-z][a-z0-9]{0,7})-(\d{1,10})\.m4s$/.exec(request.name) ?? []
    const bytes = init ? view.live.init(init) : seq ? await view.live.segment(Number(seq), rendition) : null
    return bytes ? { contentType: init ? 'video/mp4' : 'video/iso.segment', bytes } : null
  }

  async close(): Promise<void> {
    await this.#network.close()
    await this.kept.close()
    await this.#ledger?.detach()
    await this.#community?.detach()
    await this.closeWatch()
    await this.stopBroadcast()
    await this.#library?.close()
    await this.#node?.stop()
    this.#node = null
  }

  #running(): PeerNode {
    if (!this.#node) throw new StudioError('engine-not-ready', 'The network engine is still starting.')
    return this.#node
  }
}
