import { freeSlots, isSource, offer, removeChild, weakestBelow, canForward } from './admission'
import type { Reservation } from './child-table'
import { send, type MeshState } from './mesh-state'

/** Promotions of one node under way at once: each costs three changes of parent. */
const MOST_AT_ONCE = 4
const PROMOTION_MS = 3_000
/** Below this a member is as good as a leaf: not worth a change of place. */
const LEAST_CAPACITY = 2

/**
 * Brings the strongest grandchild up: into a free slot, or in the place of a weaker child, which then hangs below it.
 * With every node doing so, strong uplinks rise to the source step by step and non-uploaders sink to the leaves.
 */
export function promote<P extends string | number>(state: MeshState<P>, now: number): void {
  const { children, promotions } = state
  for (let i = promotions.length - 1; i >= 0; i--) if (promotions[i]!.until <= now) promotions.splice(i, 1)
  for (const stripe of state.homes) {
    while (promotions.length < MOST_AT_ONCE && canForward(state, stripe)) {
      let strongest = -1
      for (let i = 0; i < children.peers.length; i++) {
        const report = children.reports[i]
        if (children.stripes[i] !== stripe || !report || report.best === null) continue
        if (strongest < 0 || report.bestCapacity > children.reports[strongest]!.bestCapacity) strongest = i
      }
      if (strongest < 0) break
      const { best, bestCapacity } = children.reports[strongest]!
      const free = freeSlots(state, stripe) > 0
      const weaker = free ? -1 : weakestBelow(state, stripe, bestCapacity)
      if (best === null || bestCapacity < LEAST_CAPACITY || (!free && weaker < 0)) break
      children.reports[strongest]!.best = null
      if (best === state.self || children.find(best, stripe) >= 0) continue
      if (weaker >= 0 && children.reservations.some((r) => r.displaces === children.peers[weaker])) break
      promotions.push({ child: best, until: now + PROMOTION_MS })
      offer(state, now, { peer: best, stripe, standby: false, ticket: 0, displaces: weaker })
    }
  }
}

/** Who was offered a place took it: the displaced child goes below it. */
export function takeReservation<P extends string | number>(state: MeshState<P>, kept: Reservation<P>): void {
  const { displaces, stripe, peer } = kept
  const at = state.promotions.findIndex(({ child }) => child === peer)
  if (at >= 0) state.promotions.splice(at, 1)
  if (displaces === null || state.children.find(displaces, stripe) < 0) return
  // Make before break where a repair slot is free; else the slot changes hands at once and the gap is repaired.
  const served = state.children.used < state.slots.total
  if (!served) removeChild(state, displaces, stripe)
  send(state, displaces, { type: 'move', stripe, to: peer, served })
}

/** A promoted node that is full hands its weakest child to the place it left. */
export function makeRoom<P extends string | number>(state: MeshState<P>, stripe: number, formerParent: P): void {
  const { children, slots } = state
  if (isSource(state) || children.used < slots.lasting) return
  let weakest = -1
  for (let i = 0; i < children.peers.length; i++) {
    if (children.stripes[i] !== stripe || children.peers[i] === formerParent) continue
    if (weakest < 0 || children.capacities[i]! < children.capacities[weakest]!) weakest = i
  }
  if (weakest >= 0) send(state, children.peers[weakest]!, { type: 'move', stripe, to: formerParent, served: true })
}
