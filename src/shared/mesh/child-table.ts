/**
 * Who hangs on this node, by stripe. Parallel arrays: a simulator holds millions of entries.
 */
export class ChildTable<P extends string | number> {
  readonly peers: P[] = []
  readonly stripes: number[] = []
  /** Slots that the child forwards this stripe with, as told at attach; 0 for a leaf. */
  readonly capacities: number[] = []
  /** The child's rank, or what it will at least be once somebody hangs on it. */
  readonly ranks: number[] = []
  readonly standbys: P[] = []
  readonly standbyStripes: number[] = []

  find(peer: P, stripe: number): number {
    for (let i = this.peers.indexOf(peer); i >= 0; i = this.peers.indexOf(peer, i + 1)) {
      if (this.stripes[i] === stripe) return i
    }
    return -1
  }

  /** Slots taken. Standbys take none. */
  get used(): number {
    return this.peers.length
  }

  add(peer: P, stripe: number, capacity: number, rank: number): void {
    this.peers.push(peer)
    this.stripes.push(stripe)
    this.capacities.push(capacity)
    this.ranks.push(rank)
  }

  /** True when it was there. */
  remove(peer: P, stripe: number): boolean {
    const at = this.find(peer, stripe)
    if (at < 0) return false
    for (const list of [this.peers, this.stripes, this.capacities, this.ranks] as unknown[][]) {
      const last = list.pop()
      if (at < list.length) list[at] = last
    }
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
    const [peerLast, stripeLast] = [this.standbys.pop()!, this.standbyStripes.pop()!]
    if (at < this.standbys.length) [this.standbys[at], this.standbyStripes[at]] = [peerLast, stripeLast]
    return true
  }

  /** Does anybody rely on this node's rank in the stripe? */
  isPinned(stripe: number): boolean {
    return this.stripes.includes(stripe) || this.standbyStripes.includes(stripe)
  }

  /** Does this peer have anything from us? */
  holds(peer: P): boolean {
    return this.peers.includes(peer) || this.standbys.includes(peer)
  }
}
