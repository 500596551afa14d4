import type { Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { StudioError } from '@shared/errors'
import { publicKeyOfPeerId } from '@shared/live/peer-id-key'
import type { Log } from '../platform/log'
import { isLocalAddress, isLoopbackAddress } from './address-scope'
import { LIVE_PROTOCOL } from './live-frame'
import { LiveLink } from './live-link'
import { STRIPE_PROTOCOL } from './mesh/stripe-greeting'
import type { Dialer } from './live-swarm'

const MAX_TOLD_ADDRESSES = 8
const TOLD_DIAL_MS = 5_000

/**
 * Addresses a person gave are allowed wherever they lead; all others only inside the local network, unless the person joined a public one.
 */
export class DialRule {
  readonly #wished = new Set<string>()

  constructor(private readonly open = false) {}

  /** Parses addresses a person gave and allows them. Throws StudioError `bad-multiaddr`. */
  wish(addresses: string[]): Multiaddr[] {
    return addresses.map((text) => {
      let address: Multiaddr
      try {
        address = multiaddr(text)
      } catch {
        throw new StudioError(
          'bad-multiaddr',
          `"${text}" is no peer address. It looks like /ip4/192.168.1.20/tcp/4001/p2p/12D3Koo...; copy it from the broadcaster.`,
        )
      }
      this.#wished.add(withoutPeerId(address))
      return address
    })
  }

  /** True when the node must not dial this. */
  denies(address: Multiaddr): boolean {
    return !this.open && this.deniesTold(address)
  }

  /** True when the node must not dial this because a peer of a live told it; a public network does not widen this. */
  deniesTold(address: Multiaddr): boolean {
    return !isLocalAddress(address) && !this.#wished.has(withoutPeerId(address))
  }
}

/** How this node reaches peers. */
export class PeerDialer implements Dialer {
  readonly #libp2p: Libp2p
  readonly #rule: DialRule
  readonly #log: Log

  constructor(libp2p: Libp2p, rule: DialRule, log: Log) {
    this.#libp2p = libp2p
    this.#rule = rule
    this.#log = log
  }

  async openLink(peerId: string, signal: AbortSignal): Promise<LiveLink> {
    const stream = await this.#libp2p.dialProtocol(peerIdFromString(peerId), LIVE_PROTOCOL, {
      signal,
      maxOutboundStreams: 256,
    })
    return new LiveLink(stream, peerId)
  }

  openStripe(peerId: string, signal: AbortSignal): Promise<Stream> {
    return this.#libp2p.dialProtocol(peerIdFromString(peerId), STRIPE_PROTOCOL, { signal, maxOutboundStreams: 64 })
  }

  async learn(addresses: string[]): Promise<void> {
    for (const [peerId, multiaddrs] of this.#told(addresses)) {
      await this.#libp2p.peerStore.merge(peerIdFromString(peerId), { multiaddrs }).catch(() => undefined)
    }
  }

  /** At most one address of the network and one of this machine, each with the peer id. */
  async addressesOf(peerId: string): Promise<string[]> {
    try {
      const peer = await this.#libp2p.peerStore.get(peerIdFromString(peerId))
      const all = peer.addresses.map(({ multiaddr }) => multiaddr).filter(isLocalAddress)
      const chosen = [all.find((address) => !isLoopbackAddress(address)), all.find(isLoopbackAddress)]
      return chosen.flatMap((address) => (address === undefined ? [] : [`${withoutPeerId(address)}/p2p/${peerId}`]))
    } catch {
      return []
    }
  }

  /** Dials addresses that `DialRule.wish` parsed; resolves with the peer ids reached. Never throws. */
  async dialAll(addresses: Multiaddr[], signal: AbortSignal): Promise<string[]> {
    const reached = await Promise.all(addresses.map((address) => this.#dial([address], signal)))
    return [...new Set(reached.flat())]
  }

  /**
   * Dials what another peer told: a few local addresses that name their peer, so that nobody can use this node to knock
   * at strangers' doors. Resolves with the peer ids reached. Never throws.
   */
  async dialTold(addresses: string[], signal: AbortSignal): Promise<string[]> {
    const byPeer = this.#told(addresses)
    return (await Promise.all([...byPeer.values()].map((list) => this.#dial(list, signal, TOLD_DIAL_MS)))).flat()
  }

  /** What is allowed of addresses that a peer told, by peer id. */
  #told(addresses: string[]): Map<string, Multiaddr[]> {
    const byPeer = new Map<string, Multiaddr[]>()
    for (const text of addresses.slice(0, MAX_TOLD_ADDRESSES)) {
      const peerId = /\/p2p\/(12D3KooW\w{44})$/.exec(text)?.[1]
      const address = parse(text)
      if (peerId === undefined || publicKeyOfPeerId(peerId) === null || address === null) continue
      if (peerId === this.#libp2p.peerId.toString() || this.#rule.deniesTold(address)) continue
      byPeer.set(peerId, [...(byPeer.get(peerId) ?? []), address])
    }
    return byPeer
  }

  /** Remembers where a peer is and connects, e.g. after discovery. Never throws. */
  async introduce(peerId: string, addresses: string[], signal: AbortSignal): Promise<void> {
    if (peerId === this.#libp2p.peerId.toString()) return
    const id = peerIdFromString(peerId)
    if (this.#libp2p.getConnections(id).length > 0) return
    const list = addresses.flatMap((text) => parse(`${text.replace(/\/p2p\/[^/]+$/, '')}/p2p/${peerId}`) ?? [])
    await this.#dial(list, signal, TOLD_DIAL_MS)
  }

  /** Each dial has a signal of its own: libp2p leaves listeners on it while it waits, as `AbortSignal.any` does for good (node#54614). */
  async #dial(addresses: Multiaddr[], signal: AbortSignal, timeoutMs = Infinity): Promise<string[]> {
    if (addresses.length === 0 || signal.aborted) return []
    const own = new AbortController()
    const abort = (): void => own.abort(signal.reason)
    const timer = timeoutMs === Infinity ? undefined : setTimeout(abort, timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    try {
      const connection = await this.#libp2p.dial(addresses, { signal: own.signal })
      return [connection.remotePeer.toString()]
    } catch (error) {
      this.#log('debug', 'dial failed', { addresses: addresses.map(String), error: String(error) })
      return []
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }
}

function withoutPeerId(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, '')
}

function parse(text: string): Multiaddr | null {
  try {
    return multiaddr(text)
  } catch {
    return null
  }
}
