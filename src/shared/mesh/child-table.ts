import type { Status } from './mesh-message'

/** A slot kept for somebody who was sent an `offer`. */
export interface Reservation<P> {
  peer: P
  stripe: number
  standby: boolean
  until: number
  /** The child that makes room once the peer is here (a promotion), else null. */
  displaces: P | null
}

/** What a child told of its subtree, and how many joins were sent down there since (they may fill what it told as free). */
export interface ChildReport<P> extends Status<P> {
  taken: number
  takenAt: number
}

/**
 * Who hangs on this node, by stripe. Parallel arrays: a simulator holds millions of entries. A child that has children of
 * its own reports; of leaves nothing is kept but their key and proven slots.
 */
export class ChildTable<P extends string | number> {
  readonly peers: P[] = []
  readonly stripes: number[] = []
  /** Proven slots as told at attach or by reports. */
  readonly capacities: number[] = []
  readonly ranks: number[] = []
  readonly reports: (ChildReport<P> | null)[] = []
  readonly standbys: P[] = []
  readonly standbyStripes: number[] = []
  reservations: Reservation<P>[] = []

  find(peer: P, stripe: number): number {
    for (let i = this.peers.indexOf(peer); i >= 0; i = this.peers.indexOf(peer, i + 1)) {
      if (this.stripes[i] === stripe) return i
    }
    return -1
  }

  /** Slots taken or kept. Standbys take none, nor who will take the slot of the one it displaces. */
  get used(): number {
    let kept = 0
    for (const { standby, displaces } of this.reservations) if (!standby && displaces === null) kept++
    return this.peers.length + kept
  }

  add(peer: P, stripe: number, capacity: number, rank: number): void {
    this.peers.push(peer)
    this.stripes.push(stripe)
    this.capacities.push(capacity)
    this.ranks.push(rank)
    this.reports.push(null)
  }

  /** True when it was there. */
  remove(peer: P, stripe: number): boolean {
    const at = this.find(peer, stripe)
    if (at < 0) return false
    const last = this.peers.length - 1
    this.peers[at] = this.peers[last]!
    this.stripes[at] = this.stripes[last]!
    this.capacities[at] = this.capacities[last]!
    this.ranks[at] = this.ranks[last]!
    this.reports[at] = this.reports[last]!
    this.peers.length = this.stripes.length = this.capacities.length = this.ranks.length = this.reports.length = last
    return true
  }

  findStandby(peer: P, stripe: number): number {
    for (let i = this.standbys.indexOf(peer); i >= 0; i = this.standbys.indexOf(peer, i + 1)) {
      if (this.standbyStripes[i] === stripe) return i
    }
    return -1
  }

  addStandby(peer: P, stripe: number): void {
    if (this.findStandby(peer, stripe) >= 0) return
    this.standbys.push(peer)
    this.standbyStripes.push(stripe)
  }

  removeStandby(peer: P, stripe: number): boolean {
    const at = this.findStandby(peer, stripe)
    if (at < 0) return false
    this.standbys[at] = this.standbys.at(-1)!
    this.standbyStripes[at] = this.standbyStripes.at(-1)!
    this.standbys.pop()
    this.standbyStripes.pop()
    return true
  }

  /** Takes the reservation out, or null. */
  redeem(peer: P, stripe: number, standby: boolean): Reservation<P> | null {
    const at = this.reservations.findIndex((r) => r.peer === peer && r.stripe === stripe && r.standby === standby)
    return at < 0 ? null : this.reservations.splice(at, 1)[0]!
  }

  /** Does anybody rely on this node's rank in the stripe? */
  isPinned(stripe: number): boolean {
    return (
      this.stripes.includes(stripe) ||
      this.standbyStripes.includes(stripe) ||
      this.reservations.some((reservation) => reservation.stripe === stripe)
    )
  }

  /** Does this peer have anything from us? */
  holds(peer: P): boolean {
    return this.peers.includes(peer) || this.standbys.includes(peer)
  }
}
