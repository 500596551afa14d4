import { LEAF_RANK, type Attach, type Join } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { rankOf, remember, send, type MeshState } from './mesh-state'
import { mix, type Candidate } from './source-choice'
import { takeReservation } from './promotion'

/** A slot is kept so long for who was sent an offer: two round trips across the world and a dial. */
export const OFFER_MS = 3_000
/** Half more second children than slots: far fewer than one in ten needs its second parent at once. */
const STANDBYS_PER_SLOT = 1.5
/** A join waits here for more slots at most so long; its owner tries elsewhere meanwhile. */
const WAITING_MS = 1_500
const MOST_WAITING = 64
/** While a crowd comes, room appears with every one of them. */
const NO_ROOM_RETRY_MS = 150
/** Longer than a report needs to come back. */
const TAKEN_MS = 500
/** A change of place interrupts all below: only for one that is so many times as strong, as proven slots go up and down. */
const WORTH_DISPLACING = 3
/** `freeDepth` of who has nothing free. */
export const NOTHING_FREE = 255

export const isSource = <P extends string | number>(state: MeshState<P>): boolean => state.self === state.source

/** Has this node the stripe, and does it forward it? */
export function canForward<P extends string | number>(state: MeshState<P>, stripe: number): boolean {
  return state.homes.includes(stripe) && (isSource(state) || state.parent[stripe] !== null)
}

function takenIn<P extends string | number>({ children }: MeshState<P>, stripe: number): number {
  let taken = 0
  for (const taker of children.stripes) if (taker === stripe) taken++
  for (const kept of children.reservations)
    if (kept.stripe === stripe && !kept.standby && kept.displaces === null) taken++
  return taken
}

/** Free slots for lasting children in the stripe. Who forwards several stripes shares its slots evenly between them. */
export function freeSlots<P extends string | number>(state: MeshState<P>, stripe: number): number {
  const free = state.slots.lasting - state.children.used
  const { homes } = state
  if (free <= 0 || !homes.includes(stripe)) return 0
  if (homes.length === 1) return free
  const share = Math.floor(state.slots.lasting / homes.length)
  let rest = state.slots.lasting % homes.length
  for (const home of homes) rest -= Math.max(0, takenIn(state, home) - share)
  return Math.max(0, Math.min(free, share - takenIn(state, stripe)) + Math.max(0, Math.min(1, rest)))
}

/** The weakest child of a stripe that a member with `capacity` slots may displace, or -1: at least three times as strong. */
export function weakestBelow<P extends string | number>(
  { children }: MeshState<P>,
  stripe: number,
  capacity: number,
): number {
  let weakest = -1
  for (let i = 0; i < children.peers.length; i++) {
    if (children.stripes[i] !== stripe) continue
    if (weakest < 0 || children.capacities[i]! < children.capacities[weakest]!) weakest = i
  }
  if (weakest < 0) return -1
  const least = children.capacities[weakest]!
  return capacity >= least + 1 && capacity >= WORTH_DISPLACING * least ? weakest : -1
}

/** The child of the source that this node is below, or is. */
export function ownBranch<P extends string | number>(state: MeshState<P>, stripe: number): P | null {
  if (isSource(state)) return null
  return state.parent[stripe] === state.source ? state.self : state.branch[stripe]!
}

/** Hops from the source. */
export function ownDepth<P extends string | number>(state: MeshState<P>, stripe: number): number {
  return isSource(state) ? 0 : Math.min(MESH_LIMITS.stripes * 7, state.depth[stripe]! + 1)
}

/** Keeps a slot for `peer` and tells it so. `displaces`: the child that gives its slot. */
export function offer<P extends string | number>(
  state: MeshState<P>,
  now: number,
  {
    peer,
    stripe,
    standby,
    ticket,
    displaces,
  }: {
    peer: P
    stripe: number
    standby: boolean
    ticket: number
    displaces: number
  },
): void {
  const { children } = state
  const displaced = displaces < 0 ? null : children.peers[displaces]!
  children.redeem(peer, stripe, standby)
  children.reservations.push({ peer, stripe, standby, until: now + OFFER_MS, displaces: displaced })
  send(state, peer, {
    type: 'offer',
    stripe,
    mode: standby ? 'standby' : 'serve',
    rank: rankOf(state, stripe),
    depth: ownDepth(state, stripe),
    branch: ownBranch(state, stripe),
    grand: state.parent[stripe]!,
    ticket,
    below: displaces < 0 ? 0 : children.ranks[displaces]!,
  })
}

/** A walking join is here: offers, or sends it on. */
export function onJoin<P extends string | number>(state: MeshState<P>, now: number, from: P, join: Join<P>): void {
  const { stripe, who } = join
  if (who === state.self || state.barred.isBarred(who, now)) return
  remember(state, who)
  const fits = canForward(state, stripe) && rankOf(state, stripe) < join.rank && state.children.find(who, stripe) < 0
  const standby = join.mode === 'standby'
  if (fits) {
    if (standby) {
      const wrong = join.avoid !== null && ownBranch(state, stripe) === join.avoid
      const room =
        state.children.standbys.length < Math.min(MESH_LIMITS.standbys, 2 + STANDBYS_PER_SLOT * state.slots.total)
      if (room && !wrong && state.slots.total > 0) {
        offer(state, now, { peer: who, stripe, standby, ticket: join.ticket, displaces: -1 })
        return
      }
    } else if (freeSlots(state, stripe) > 0) {
      offer(state, now, { peer: who, stripe, standby, ticket: join.ticket, displaces: -1 })
      return
    } else {
      const weaker = weakestBelow(state, stripe, join.capacity)
      if (weaker >= 0 && !state.children.reservations.some((r) => r.displaces === state.children.peers[weaker])) {
        offer(state, now, { peer: who, stripe, standby, ticket: join.ticket, displaces: weaker })
        return
      }
    }
  }
  const below = join.steps > 0 ? freeBelow(state, now, from, join) : null
  if (below === null && fits && !standby && park(state, now, join)) return
  const next = below ?? (join.steps > 0 ? elsewhere(state, from, join) : null)
  if (next !== null) send(state, next, { ...join, steps: join.steps - 1 })
  else if (from === who) {
    send(state, who, { type: 'refuse', stripe, mode: join.mode, retryMs: NO_ROOM_RETRY_MS, ticket: join.ticket })
  }
}

/** Keeps a join until children confirm that this node is good for more: what it proves next is given away at once. */
function park<P extends string | number>(state: MeshState<P>, now: number, join: Join<P>): boolean {
  const { waiting, slots } = state
  if (!slots.mayGrow || isSource(state)) return false
  for (let i = waiting.length - 1; i >= 0; i--) {
    if (waiting[i]!.until <= now || waiting[i]!.join.who === join.who) waiting.splice(i, 1)
  }
  if (waiting.length >= Math.min(MOST_WAITING, slots.total)) return false
  waiting.push({ join, until: now + WAITING_MS })
  return true
}

/** Offers what is free now to those who wait for it. */
export function admitWaiting<P extends string | number>(state: MeshState<P>, now: number): void {
  const { waiting } = state
  while (waiting.length > 0) {
    const { join, until } = waiting[0]!
    const { stripe, who } = join
    const fits = canForward(state, stripe) && rankOf(state, stripe) < join.rank && state.children.find(who, stripe) < 0
    if (until > now && fits) {
      if (freeSlots(state, stripe) === 0) return
      offer(state, now, { peer: who, stripe, standby: false, ticket: join.ticket, displaces: -1 })
    }
    waiting.shift()
  }
}

/** The child whose subtree has room nearest to here, or null. */
function freeBelow<P extends string | number>(state: MeshState<P>, now: number, from: P, join: Join<P>): P | null {
  const { children } = state
  const { stripe } = join
  const standby = join.mode === 'standby'
  const sender = children.find(from, stripe)
  if (sender >= 0 && !standby) takeSome(state, now, sender, Infinity)
  let nearest = NOTHING_FREE
  const found: number[] = []
  for (let i = 0; i < children.peers.length; i++) {
    if (children.stripes[i] !== stripe || i === sender) continue
    const peer = children.peers[i]!
    if (peer === join.who || (standby && peer === join.avoid) || children.ranks[i]! >= join.rank) continue
    const depth = standby ? (children.capacities[i]! > 0 ? 0 : NOTHING_FREE) : childFreeDepth(state, i)
    if (depth >= NOTHING_FREE || depth > nearest || (!standby && childFree(state, now, i) <= 0)) continue
    if (depth < nearest) found.length = 0
    nearest = depth
    found.push(i)
  }
  if (found.length === 0) return null
  const candidates = found.map((i): Candidate => {
    const room = standby ? children.capacities[i]! : Math.max(1, childFree(state, now, i))
    return {
      key: keyOf(children.peers[i]!),
      rttMs: state.neighbours.rttMs(children.peers[i]!),
      load: children.reports[i]?.used ?? 0,
      room,
      failures: 0,
    }
  })
  const key = keyOf(join.who)
  const at = found[state.choose(candidates, { turn: state.turn++, key, random: state.random })]!
  if (!standby) takeSome(state, now, at, 1)
  return children.peers[at]!
}

/** Nothing is free below: those who have slots may prove more; else up. */
function elsewhere<P extends string | number>(state: MeshState<P>, from: P, join: Join<P>): P | null {
  const { children } = state
  const { stripe, who } = join
  const inner: P[] = []
  for (let i = 0; i < children.peers.length && join.mode === 'serve'; i++) {
    const peer = children.peers[i]!
    const mayServe = children.stripes[i] === stripe && children.capacities[i]! > 0 && children.ranks[i]! < join.rank
    if (mayServe && peer !== from && peer !== who) inner.push(peer)
  }
  if (inner.length > 0) return inner[Math.floor(state.random() * inner.length)]!
  const up = state.parent[stripe] ?? null
  if (up !== null && up !== who) return up
  // We hang nowhere in this tree ourselves: upwards in another one, the source is above all of them.
  const other = state.parent[Math.floor(state.random() * state.settings.stripes)] ?? null
  return other === who ? null : other
}

/** Hops from a child to its nearest free slot. Who has not reported yet is a leaf with all its slots free. */
export function childFreeDepth<P extends string | number>({ children }: MeshState<P>, at: number): number {
  const report = children.reports[at]
  if (report) return report.freeDepth
  return children.capacities[at]! > 0 ? 0 : NOTHING_FREE
}

/** Reports are old by the time they are used: what is sent down counts as taken until the next one, or for a moment. */
function takeSome<P extends string | number>(state: MeshState<P>, now: number, at: number, count: number): void {
  const report = (state.children.reports[at] ??= unreported(state, at))
  if (now - report.takenAt > TAKEN_MS) {
    report.taken = 0
    report.takenAt = now
  }
  report.taken += count
}

/** Free slots of a child's subtree at its nearest free distance, less those given away by us meanwhile. */
function childFree<P extends string | number>({ children }: MeshState<P>, now: number, at: number): number {
  const report = children.reports[at]
  if (!report) return children.capacities[at]!
  return report.freeAll - (now - report.takenAt > TAKEN_MS ? 0 : report.taken)
}

function unreported<P extends string | number>({ children }: MeshState<P>, at: number) {
  const capacity = children.capacities[at]!
  return {
    type: 'status' as const,
    stripe: children.stripes[at]!,
    rank: children.ranks[at]!,
    capacity,
    used: 0,
    freeDepth: capacity > 0 ? 0 : NOTHING_FREE,
    free: capacity,
    freeAll: capacity,
    slotsAll: capacity,
    size: 1,
    best: null,
    bestCapacity: 0,
    taken: 0,
    takenAt: 0,
  }
}

/** A number for any peer key: FNV-1a, 32 bits. */
function keyOf(peer: string | number): number {
  if (typeof peer === 'number') return peer
  let hash = 0x811c9dc5
  for (let i = 0; i < peer.length; i++) hash = Math.imul(hash ^ peer.charCodeAt(i), 0x01000193)
  return mix(hash)
}

/** A child begins, with or without an offer. */
export function onAttach<P extends string | number>(state: MeshState<P>, now: number, from: P, attach: Attach): void {
  const { stripe, mode, after } = attach
  const { children } = state
  const standby = mode === 'standby'
  const kept = children.redeem(from, stripe, standby)
  const known = standby ? children.findStandby(from, stripe) >= 0 : children.find(from, stripe) >= 0
  const fits = canForward(state, stripe) && rankOf(state, stripe) < attach.rank && !state.barred.isBarred(from, now)
  const room = standby
    ? children.standbys.length < Math.min(MESH_LIMITS.standbys, 2 + STANDBYS_PER_SLOT * state.slots.total)
    : children.used < state.slots.total
  // Slots may have become fewer since the offer.
  const promised = kept !== null && (standby || (kept.displaces !== null && children.find(kept.displaces, stripe) >= 0))
  if (!fits || !(promised || known || room)) {
    send(state, from, { type: 'refuse', stripe, mode, retryMs: 1_000, ticket: 0 })
    return
  }
  if (!kept) {
    send(state, from, {
      type: 'accept',
      stripe,
      mode,
      rank: rankOf(state, stripe),
      depth: ownDepth(state, stripe),
      branch: ownBranch(state, stripe),
      grand: state.parent[stripe]!,
    })
  }
  if (standby) {
    children.addStandby(from, stripe)
    return
  }
  if (kept) takeReservation(state, kept)
  if (known) children.remove(from, stripe)
  children.removeStandby(from, stripe)
  // Who was free to take any rank takes the next behind ours (`takePlace`).
  const rank = attach.rank === LEAF_RANK && attach.capacity > 0 ? rankOf(state, stripe) + 1 : attach.rank
  children.add(from, stripe, Math.max(0, attach.capacity), rank)
  state.out.push({ type: 'forward', stripe, child: from, on: true, after })
}

/** A child or second child goes, or is gone. True when a slot became free. */
export function removeChild<P extends string | number>(state: MeshState<P>, peer: P, stripe: number): boolean {
  if (!state.children.remove(peer, stripe)) return false
  state.out.push({ type: 'forward', stripe, child: peer, on: false, after: -1 })
  return true
}
