import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import { TokenBucket } from '@shared/mesh/token-bucket'
import { TokenBuckets } from '@shared/mesh/token-buckets'
import { BarredForAWhile } from './barred-for-a-while'
import { PeerFault } from './peer-fault'

/** Handshakes of one address under way: one that opens and says nothing must not take the places of all. */
const MOST_PENDING_OF_HOST = 48
/** Of the 300 that libp2p accepts: what one address (a household, a campus, a flooder) may have. */
const MOST_OF_HOST = 150
/** What one address may open at once, and then a second: a room of neighbours that joins, not a flood. */
const KNOCKS_OF_HOST = 150
const KNOCKS_PER_SECOND = 15
/**
 * What all addresses may open together, at once and then a second: a handshake takes some milliseconds of the processor. Beyond it
 * come only those who did not come lately: so often in a row, and then once in 10 s.
 */
const KNOCKS_OF_ALL = 300
const KNOCKS_OF_ALL_PER_SECOND = 30
const CALM_KNOCKS = 4
const CALM_KNOCKS_PER_SECOND = 0.1
/** Two that dial each other at once have two; a third is one that was not found dead yet. */
const MOST_OF_PEER = 3
/** A peer that comes and goes: so often at once, then once in so many seconds. */
const BURST = 8
const AGAIN_PER_SECOND = 0.2
const MOST_REMEMBERED = 1_000
/** A peer that broke a rule stays away for so long, each time twice as long. */
const PEER_BARRED_MS = 15_000
const PEER_BARRED_MOST_MS = 10 * 60_000
/**
 * Many peers may live behind one address, so the address is not kept out for one of them: for so many broken rules at once, and
 * then one in 10 s. A handshake that came to nothing is a small one; one of a peer that is kept out a larger one.
 */
const FAULTS_OF_HOST = 12
const FAULTS_PER_SECOND = 0.1
const FAILED_HANDSHAKE = 0.05
const BARRED_HANDSHAKE = 0.5
const HOST_BARRED_MS = 10_000
const HOST_BARRED_MOST_MS = 2 * 60_000

/** The part of a `ConnectionGater` that judges what others open; true: refused. */
export interface InboundGate {
  denyInboundConnection: (connection: MultiaddrConnection) => boolean
  denyInboundEncryptedConnection: (peer: PeerId, connection: MultiaddrConnection) => boolean
  denyInboundUpgradedConnection: (peer: PeerId, connection: MultiaddrConnection) => boolean
}

/** Counts what others open here, by address and by peer, and refuses what is too much. Own dials are not counted. */
export class ConnectionLimits {
  readonly #pending = new Map<string, number>()
  readonly #open = new Map<string, number>()
  readonly #peers = new Map<string, number>()
  readonly #comings = new TokenBuckets(AGAIN_PER_SECOND, BURST, MOST_REMEMBERED)
  readonly #knocks = new TokenBuckets(KNOCKS_PER_SECOND, KNOCKS_OF_HOST, MOST_REMEMBERED)
  readonly #calm = new TokenBuckets(CALM_KNOCKS_PER_SECOND, CALM_KNOCKS, MOST_REMEMBERED)
  readonly #allKnocks: TokenBucket
  readonly #faults = new TokenBuckets(FAULTS_PER_SECOND, FAULTS_OF_HOST, MOST_REMEMBERED)
  readonly #barredPeers = new BarredForAWhile(PEER_BARRED_MS, PEER_BARRED_MOST_MS)
  readonly #barredHosts = new BarredForAWhile(HOST_BARRED_MS, HOST_BARRED_MOST_MS)
  readonly #settled = new WeakMap<MultiaddrConnection, () => void>()
  /** Connections refused since the start. */
  refused = 0

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#allKnocks = new TokenBucket(KNOCKS_OF_ALL_PER_SECOND, KNOCKS_OF_ALL, now())
  }

  get gater(): InboundGate {
    return {
      denyInboundConnection: (connection) => this.#count(this.#isTooMany(connection)),
      denyInboundEncryptedConnection: (peer, connection) => this.#count(this.#comesTooOften(peer, connection)),
      denyInboundUpgradedConnection: (_, connection) => {
        this.#settled.get(connection)?.()
        return false
      },
    }
  }

  /**
   * Whether a socket that an IP address has just opened is looked at at all: asked before anything is made for it, so that who is
   * refused costs no more than its acceptance by the system.
   */
  lets(ip: string): boolean {
    const host = hostKey(ip)
    const now = this.now()
    const isLet =
      !this.#barredHosts.isBarred(host, now) &&
      !this.#isFull(host) &&
      this.#knocks.of(host, now).take(1, now) &&
      this.#hasTurn(host, now)
    return !this.#count(!isLet)
  }

  #count(isRefused: boolean): boolean {
    if (isRefused) this.refused += 1
    return isRefused
  }

  #isFull(host: string): boolean {
    return count(this.#pending, host) >= MOST_PENDING_OF_HOST || count(this.#open, host) >= MOST_OF_HOST
  }

  #hasTurn(host: string, now: number): boolean {
    const isCalm = this.#calm.of(host, now).take(1, now)
    return this.#allKnocks.take(1, now) || isCalm
  }

  #isTooMany(connection: MultiaddrConnection): boolean {
    const host = hostOf(connection)
    if (host === null) return false
    if (this.#isFull(host) || this.#barredHosts.isBarred(host, this.now())) return true
    add(this.#pending, host, 1)
    add(this.#open, host, 1)
    let isPending = true
    const settled = (): void => {
      if (isPending) add(this.#pending, host, -1)
      isPending = false
    }
    this.#settled.set(connection, settled)
    connection.addEventListener('close', ({ error }) => {
      if (isPending) this.#fault(host, FAILED_HANDSHAKE)
      else if (error instanceof PeerFault) this.#fault(host, 1)
      settled()
      add(this.#open, host, -1)
    })
    return false
  }

  #fault(host: string, weight: number): void {
    const now = this.now()
    if (!this.#faults.of(host, now).take(weight, now)) this.#barredHosts.bar(host, now)
  }

  #comesTooOften(peer: PeerId, connection: MultiaddrConnection): boolean {
    const id = peer.toString()
    const now = this.now()
    if (this.#barredPeers.isBarred(id, now)) {
      const host = hostOf(connection)
      if (host !== null) this.#fault(host, BARRED_HANDSHAKE)
      return true
    }
    if (count(this.#peers, id) >= MOST_OF_PEER) return true
    if (!this.#comings.of(id, now).take(1, now)) return true
    add(this.#peers, id, 1)
    connection.addEventListener('close', ({ error }) => {
      add(this.#peers, id, -1)
      if (error instanceof PeerFault) this.#barredPeers.bar(id, this.now())
    })
    return false
  }
}

/** The IP address that it comes from; null over a relay, where the address says nothing of who it is. */
function hostOf({ remoteAddr }: MultiaddrConnection): string | null {
  const [first, ...rest] = remoteAddr.getComponents()
  if (first?.value === undefined || !first.name.startsWith('ip')) return null
  return rest.some(({ name }) => name === 'p2p-circuit') ? null : hostKey(first.value)
}

/** One customer of a provider: an address of IPv4, the first 64 bits of one of IPv6. */
function hostKey(ip: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (v4 !== undefined) return v4
  const [head = '', tail] = ip.toLowerCase().replace(/%.*$/, '').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')
}

const count = (map: ReadonlyMap<string, number>, key: string): number => map.get(key) ?? 0

function add(map: Map<string, number>, key: string, by: number): void {
  const value = count(map, key) + by
  if (value > 0) map.set(key, value)
  else map.delete(key)
}
