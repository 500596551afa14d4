import {
  delegatedRoutingV1HttpApiClient,
  type DelegatedRoutingV1HttpApiClient,
} from '@helia/delegated-routing-v1-http-api-client'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromCID } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import type { Log } from '../../platform/log'
import { isLocalAddress } from '../address-scope'
import type { FileStorage } from '../storage/file-storage'
import { Announcer } from './announcer'
import { entryPoints, routerUrls, type PublicNetworkOptions, type PublicServices } from './public-parts'

/** Strangers may name thousands of providers. */
const MOST_PROVIDERS = 20
const MOST_ADDRESSES = 16
/** Of one router, the useless ones too. */
const MOST_RECORDS = 100
const DIAL_MS = 8_000
const SEARCH_MS = 60_000
const ROUTER_TIMEOUT_MS = 10_000
/** Entry points are tried again while nobody is known: the line may have come later than the node. */
const ENTER_EACH_MS = 15_000
const FIRST_LOOK_MS = 3_000

/** Takes a provider; false: enough. */
type Found = (id: PeerId, addresses: Multiaddr[]) => boolean

/** This node among strangers: announces what it has, finds who has what. Only there when the person switched it on. */
export class PublicNetwork {
  readonly #announcer: Announcer
  readonly #stop = new AbortController()
  readonly #isPublic: boolean
  readonly #entries: Multiaddr[]
  readonly #routers: DelegatedRoutingV1HttpApiClient[]
  #timers: NodeJS.Timeout[] = []

  constructor(
    private readonly libp2p: Libp2p<PublicServices>,
    options: PublicNetworkOptions,
    files: FileStorage,
    private readonly log: Log,
  ) {
    this.#isPublic = options.bootstrap === null
    const own = libp2p.peerId.toString()
    this.#entries = entryPoints(options)
      .filter((address) => !address.endsWith(`/p2p/${own}`))
      .map((address) => multiaddr(address))
    this.#routers = routerUrls(options).map((url) =>
      delegatedRoutingV1HttpApiClient({
        url,
        timeout: ROUTER_TIMEOUT_MS,
        cacheTTL: 0,
        filterProtocols: ['unknown', 'transport-bitswap'],
      })({ logger: libp2p.logger }),
    )
    this.#announcer = new Announcer({
      wanted: () =>
        files
          .list()
          .filter(({ pinned, complete }) => pinned && complete)
          .map(({ cid }) => CID.parse(cid)),
      provide: (cid, signal) => this.#provide(cid, signal),
      withdraw: async (cid) => {
        await this.libp2p.services.dht?.cancelReprovide(cid)
      },
      log,
    })
    files.onChange(() => this.#announcer.changed())
  }

  start(): void {
    this.#announcer.start()
    this.#timers = [setTimeout(() => this.#enter(), FIRST_LOOK_MS), setInterval(() => this.#enter(), ENTER_EACH_MS)]
  }

  /** Nodes known, and files announced of those that are to be. */
  get figures(): { nodes: number; announced: number; toAnnounce: number } {
    return { nodes: this.#nodes, ...this.#announcer.figures }
  }

  /** Resolves with the number of nodes that know that this file is here, or rejects with the signal's reason. */
  announced(cid: CID, signal: AbortSignal): Promise<number> {
    return this.#announcer.announced(cid, signal)
  }

  /** Looks for those who have a file and connects to them; resolves with how many are connected. Never throws. */
  async find(cid: CID, signal: AbortSignal): Promise<number> {
    const limit = AbortSignal.any([signal, this.#stop.signal, AbortSignal.timeout(SEARCH_MS)])
    const dials = new Map<string, Promise<boolean>>()
    const found = (id: PeerId, addresses: Multiaddr[]): boolean => {
      const key = id.toString()
      if (!dials.has(key) && !id.equals(this.libp2p.peerId)) dials.set(key, this.#dial(id, addresses, limit))
      return dials.size < MOST_PROVIDERS
    }
    const searches = [this.#askDht(cid, found, limit), ...this.#routers.map((one) => askRouter(one, cid, found, limit))]
    for (const result of await Promise.allSettled(searches)) {
      if (result.status === 'fulfilled') continue
      this.log('debug', 'searching failed', { cid: cid.toString(), error: String(result.reason) })
    }
    return (await Promise.all(dials.values())).filter(Boolean).length
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#stop.abort(new Error('the node stops'))
    await Promise.all(this.#routers.map((one) => one.stop()))
    await this.#announcer.stop()
  }

  async #askDht(cid: CID, found: Found, signal: AbortSignal): Promise<void> {
    for await (const { id, multiaddrs } of this.libp2p.contentRouting.findProviders(cid, { signal })) {
      if (!found(id, multiaddrs)) return
    }
  }

  get #nodes(): number {
    return this.libp2p.services.dht?.routingTable.size ?? 0
  }

  #enter(): void {
    if (this.#nodes > 0) return
    for (const address of this.#entries) {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DIAL_MS)])
      this.libp2p
        .dial(address, { signal })
        .catch((error: unknown) =>
          this.log('debug', 'entry point not reached', { address: address.toString(), error: String(error) }),
        )
    }
  }

  /** Only who answered counts: with an empty table the DHT reports success to nobody. */
  async #provide(cid: CID, signal: AbortSignal): Promise<number> {
    const { dht } = this.libp2p.services
    if (dht === undefined || this.#nodes === 0) return 0
    const told = new Set<string>()
    for await (const event of dht.provide(cid, { signal })) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') told.add(event.from.toString())
    }
    return told.size
  }

  async #dial(id: PeerId, told: Multiaddr[], signal: AbortSignal): Promise<boolean> {
    if (this.libp2p.getConnections(id).length > 0) return true
    // in the public network nobody may send this node to machines of its own local network
    const addresses = told
      .slice(0, MOST_ADDRESSES)
      .filter((address) => !this.#isPublic || !isLocalAddress(address))
      .map((address) => (address.toString().includes('/p2p/') ? address : address.encapsulate(`/p2p/${id.toString()}`)))
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)])
      await this.libp2p.dial(addresses.length > 0 ? addresses : id, { signal: limit })
      return true
    } catch (error) {
      this.log('debug', 'provider not reached', { peerId: id.toString(), error: String(error) })
      return false
    }
  }
}

/** Asked by our own loop, not as a libp2p router: there one record that is no peer ends the whole search, the DHT's too. */
async function askRouter(
  router: DelegatedRoutingV1HttpApiClient,
  cid: CID,
  found: Found,
  signal: AbortSignal,
): Promise<void> {
  let records = 0
  for await (const { ID, Addrs } of router.getProviders(cid, { signal })) {
    records += 1
    if (records > MOST_RECORDS) return
    let id: PeerId
    try {
      id = peerIdFromCID(ID)
    } catch {
      continue
    }
    if (!found(id, Addrs)) return
  }
}
