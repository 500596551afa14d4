import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import { TokenBucket } from '@shared/mesh/token-bucket'

/** Handshakes of one address under way: one that opens and says nothing must not take the places of all. */
const MOST_PENDING_OF_HOST = 48
/** Of the 300 that libp2p accepts: what one address (a household, a campus, a flooder) may have. */
const MOST_OF_HOST = 150
/** Two that dial each other at once have two; a third is one that was not found dead yet. */
const MOST_OF_PEER = 3
/** A peer that comes and goes: so often at once, then once in so many seconds. */
const BURST = 8
const AGAIN_PER_SECOND = 0.2
const MOST_REMEMBERED = 1_000

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
  readonly #comings = new Map<string, TokenBucket>()
  readonly #settled = new WeakMap<MultiaddrConnection, () => void>()
  /** Connections refused since the start. */
  refused = 0

  constructor(private readonly now: () => number = () => performance.now()) {}

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

  #count(isRefused: boolean): boolean {
    if (isRefused) this.refused += 1
    return isRefused
  }

  #isTooMany(connection: MultiaddrConnection): boolean {
    const host = hostOf(connection)
    if (host === null) return false
    const isFull = count(this.#pending, host) >= MOST_PENDING_OF_HOST || count(this.#open, host) >= MOST_OF_HOST
    if (isFull) return true
    add(this.#pending, host, 1)
    add(this.#open, host, 1)
    let isPending = true
    const settled = (): void => {
      if (isPending) add(this.#pending, host, -1)
      isPending = false
    }
    this.#settled.set(connection, settled)
    connection.addEventListener('close', () => {
      settled()
      add(this.#open, host, -1)
    })
    return false
  }

  #comesTooOften(peer: PeerId, connection: MultiaddrConnection): boolean {
    const id = peer.toString()
    const comings = this.#comings.get(id) ?? new TokenBucket(AGAIN_PER_SECOND, BURST, this.now())
    this.#comings.delete(id) // the longest unused comes first in a Map
    this.#comings.set(id, comings)
    if (this.#comings.size > MOST_REMEMBERED) this.#comings.delete(this.#comings.keys().next().value!)
    if (count(this.#peers, id) >= MOST_OF_PEER || !comings.take(1, this.now())) return true
    add(this.#peers, id, 1)
    connection.addEventListener('close', () => add(this.#peers, id, -1))
    return false
  }
}

/** The IP address that it comes from; null over a relay, where the address says nothing of who it is. */
function hostOf({ remoteAddr }: MultiaddrConnection): string | null {
  const [first, ...rest] = remoteAddr.getComponents()
  if (first?.value === undefined || !first.name.startsWith('ip')) return null
  return rest.some(({ name }) => name === 'p2p-circuit') ? null : first.value
}

const count = (map: ReadonlyMap<string, number>, key: string): number => map.get(key) ?? 0

function add(map: Map<string, number>, key: string, by: number): void {
  const value = count(map, key) + by
  if (value > 0) map.set(key, value)
  else map.delete(key)
}
