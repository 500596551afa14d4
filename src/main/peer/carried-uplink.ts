/** Pieces that children have confirmed are counted over so long, milliseconds. */
const CONFIRMED_MS = 2_000
/** Bytes of files over so long: much longer than what the system takes in advance. */
const HANDED_MS = 8_000
/** What the system may have taken in for one peer and not sent yet (Linux: tcp_wmem ends at 4 MiB). */
const TAKEN_IN_BYTES = 4 * 1024 * 1024
/** More late pieces than this: the line did not carry it. As `UplinkSlots` judges. */
const LATE_SHARE = 0.05
/** What was seen counts for so long; a line may become another one. */
const KEPT_MS = 24 * 3_600_000

/** What was seen, for the next start of the app. */
export interface SeenUplink {
  bps: number
  /** Unix milliseconds. */
  at: number
}

/**
 * The most that this node's line was seen to carry, a lower bound: pieces count when who got them says that they came in
 * time, bytes of files less what may still lie in the system. Nobody is asked to be believed about itself. Times are Unix
 * milliseconds.
 */
export class CarriedUplink {
  #best: SeenUplink | null
  #confirmed = { since: 0, bytes: 0, inTime: 0, late: 0 }
  #handed = { since: 0, bytes: 0, peers: new Set<string>() }

  constructor(seen: SeenUplink | null = null) {
    this.#best = seen
  }

  get seen(): SeenUplink | null {
    return this.#best
  }

  /** Bits a second; 0 while nothing was seen. */
  bps(now: number): number {
    return this.#best !== null && Math.abs(now - this.#best.at) < KEPT_MS ? this.#best.bps : 0
  }

  /** A child says that of what was sent to it so many pieces, of these bytes together, came in time, and so many late. */
  confirmed(pieces: number, late: number, bytes: number, now: number): void {
    const window = this.#confirmed
    if (now - window.since > 2 * CONFIRMED_MS) this.#confirmed = { since: now, bytes: 0, inTime: 0, late: 0 }
    else if (now - window.since >= CONFIRMED_MS) {
      const isCarried = window.late <= LATE_SHARE * (window.inTime + window.late)
      if (isCarried) this.#saw((window.bytes * 8_000) / (now - window.since), now)
      this.#confirmed = { since: now, bytes: 0, inTime: 0, late: 0 }
    }
    this.#confirmed.bytes += bytes
    this.#confirmed.inTime += pieces
    this.#confirmed.late += late
  }

  /** Bytes of files were handed to the link of a peer. */
  handed(peerId: string, bytes: number, now: number): void {
    const window = this.#handed
    if (now - window.since > 2 * HANDED_MS) this.#handed = { since: now, bytes: 0, peers: new Set() }
    else if (now - window.since >= HANDED_MS) {
      const sent = window.bytes - window.peers.size * TAKEN_IN_BYTES
      this.#saw((sent * 8_000) / (now - window.since), now)
      this.#handed = { since: now, bytes: 0, peers: new Set() }
    }
    this.#handed.bytes += bytes
    this.#handed.peers.add(peerId)
  }

  #saw(bps: number, now: number): void {
    if (bps > this.bps(now)) this.#best = { bps: Math.round(bps), at: now }
  }
}
