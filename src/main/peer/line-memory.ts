import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { Key, type Datastore } from 'interface-datastore'
import { isLocalAddress } from './address-scope'
import { CarriedUplink, type SeenUplink } from './carried-uplink'

const RECORD = new Key('/we/line')
const MOST_BPS = 1e12
/** Asked for each piece that is given away; connections come and go more seldom. */
const NEARNESS_MS = 500
const MOST_KNOWN = 1_000

/**
 * What this node's line was seen to carry, to computers in its own networks and to others apart: a fast network at home
 * says nothing of the way to the internet. Kept for the next start.
 */
export class LineMemory {
  readonly #near: CarriedUplink
  readonly #far: CarriedUplink
  readonly #known = new Map<string, { to: CarriedUplink; at: number }>()

  private constructor(
    private readonly records: Datastore,
    seen: { near: SeenUplink | null; far: SeenUplink | null },
  ) {
    this.#near = new CarriedUplink(seen.near)
    this.#far = new CarriedUplink(seen.far)
  }

  /** What cannot be read is as if nothing was seen. */
  static async open(records: Datastore): Promise<LineMemory> {
    try {
      const text = new TextDecoder().decode(await records.get(RECORD))
      const { near, far } = JSON.parse(text) as Record<string, unknown>
      return new LineMemory(records, { near: readSeen(near), far: readSeen(far) })
    } catch {
      return new LineMemory(records, { near: null, far: null })
    }
  }

  /** To peers as near as this one, at least, bits a second; 0: nothing is known. */
  bps(libp2p: Libp2p, peerId: string): number {
    return this.#to(libp2p, peerId).bps(Date.now())
  }

  confirmed(libp2p: Libp2p, peerId: string, pieces: number, late: number, bytes: number): void {
    this.#to(libp2p, peerId).confirmed(pieces, late, bytes, Date.now())
  }

  handed(libp2p: Libp2p, peerId: string, bytes: number): void {
    this.#to(libp2p, peerId).handed(peerId, bytes, Date.now())
  }

  /** Before the records are closed. Never throws: without it the next start begins from nothing. */
  async save(): Promise<void> {
    const text = JSON.stringify({ near: this.#near.seen, far: this.#far.seen })
    await Promise.resolve(this.records.put(RECORD, new TextEncoder().encode(text))).catch(() => undefined)
  }

  #to(libp2p: Libp2p, peerId: string): CarriedUplink {
    const now = Date.now()
    const known = this.#known.get(peerId)
    if (known !== undefined && Math.abs(now - known.at) < NEARNESS_MS) return known.to
    const links: Connection[] = libp2p.getConnections(peerIdFromString(peerId))
    const to = links.some(({ remoteAddr }) => isLocalAddress(remoteAddr)) ? this.#near : this.#far
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(peerId, { to, at: now })
    return to
  }
}

function readSeen(value: unknown): SeenUplink | null {
  if (typeof value !== 'object' || value === null || !('bps' in value) || !('at' in value)) return null
  const { bps, at } = value
  const isSane = typeof bps === 'number' && typeof at === 'number' && bps > 0 && bps < MOST_BPS && Number.isFinite(at)
  return isSane ? { bps, at } : null
}
