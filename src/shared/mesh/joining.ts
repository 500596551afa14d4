import { canForward, isSource, NOTHING_FREE, removeChild } from './admission'
import { LEAF_RANK, type Accept, type LinkMode, type Offer, type Refuse, type Welcome } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { isBound, rankOf, remember, send, soon, type MeshState } from './mesh-state'
import { makeRoom } from './promotion'

/** A walk that found nobody in this time is begun anew, elsewhere; doubled per try up to `MESH_LIMITS.retryMs`. */
const JOIN_RETRY_MS = 700
const STANDBY_RETRY_MS = 1_000
/** An `attach` without an answer in this time has failed. */
const ATTACH_MS = 700
/** Viewers per stripe below which a room is small. */
const SMALL_ROOM = 8
/** Up to so many viewers each forwards all stripes: whoever comes brings a place in every tree, no tree has to wait for its members. */
const FORWARD_ALL_ROOM = 64
/** A parent that is without one itself keeps its children so many tries. */
const ORPHAN_TRIES = 3
const ENTER_RETRY_MS = 1_000
/** Parts of `spare`, where 128 is as many slots as are needed: what even the richest tree is chosen by. */
const LEAST_LACK = 1
/** No tree lacks slots above this; smaller differences are left alone. */
const ENOUGH_SPARE = 136
const LEAST_IMBALANCE = 3
/** live.md section 6 and issue 4: the relay takes over within 1 s. */
const RELAY_AFTER_MS = 700

/** Asks a member where to join; the source only while nobody else is known, and now and then. */
export function enter<P extends string | number>(state: MeshState<P>, now: number): void {
  if (isSource(state)) return
  const members = state.known.filter((peer) => peer !== state.source && !state.barred.isBarred(peer, now))
  const whom = members.length === 0 ? state.source : members[Math.floor(state.random() * members.length)]!
  state.enterAt = soon(state, now, ENTER_RETRY_MS)
  send(state, whom, { type: 'enter' })
}

/** Somebody wants in: names our own neighbourhood, two steps up where we know it, so that joins spread over the middle of the trees. */
export function onEnter<P extends string | number>(state: MeshState<P>, from: P): void {
  const { stripes } = state.settings
  const starts: (P | null)[] = []
  for (let stripe = 0; stripe < stripes; stripe++) starts.push(startOf(state, stripe, from))
  const members: P[] = []
  for (let n = Math.min(MESH_LIMITS.members, state.known.length); n > 0; n--) {
    const peer = state.known[Math.floor(state.random() * state.known.length)]!
    if (peer !== from && !members.includes(peer)) members.push(peer)
  }
  remember(state, from)
  send(state, from, {
    type: 'welcome',
    room: isSource(state) ? Math.max(1, state.room) : state.room,
    starts,
    spare: state.spare,
    members,
  })
}

function startOf<P extends string | number>(state: MeshState<P>, stripe: number, asker: P): P | null {
  if (isSource(state)) {
    // A source with many viewers below it sends newcomers to its children: it cannot answer for everybody.
    const { peers, stripes } = state.children
    const below = peers.filter((peer, i) => stripes[i] === stripe && peer !== asker)
    return below.length === 0 || state.room < 4 * state.settings.stripes
      ? state.self
      : below[Math.floor(state.random() * below.length)]!
  }
  if (canForward(state, stripe) && state.children.used < state.slots.lasting) return state.self
  const grand = state.grand[stripe] ?? null
  const start = grand !== null && grand !== state.source ? grand : (state.parent[stripe] ?? null)
  return start === asker ? null : start
}

export function onWelcome<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  welcome: Welcome<P>,
): void {
  if (isSource(state) || welcome.starts.length !== state.settings.stripes) return
  remember(state, from)
  for (const member of welcome.members) remember(state, member)
  state.room = Math.max(state.room, welcome.room)
  if (welcome.spare.length === state.settings.stripes) state.spare = welcome.spare
  state.enterAt = Infinity
  chooseHomes(state)
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    if (state.parent[stripe] === null && state.asked[stripe] === null) {
      join(state, now, stripe, 'serve', welcome.starts[stripe] ?? state.source)
    } else if (state.standby[stripe] === null && state.parent[stripe] !== null) {
      join(state, now, stripe, 'standby', welcome.starts[stripe] ?? state.source)
    }
  }
}

function homesWanted<P extends string | number>({ room, settings: { stripes } }: MeshState<P>): number {
  if (room === 0) return 1
  return room <= FORWARD_ALL_ROOM ? stripes : Math.max(1, Math.min(stripes, Math.ceil((2 * stripes) / room)))
}

/** Forwards no longer in a stripe: its children look for others. */
function leaveHome<P extends string | number>(state: MeshState<P>, stripe: number): void {
  const { children } = state
  for (let i = children.standbys.length - 1; i >= 0; i--) {
    if (children.standbyStripes[i] !== stripe) continue
    const standby = children.standbys[i]!
    send(state, standby, { type: 'drop', stripe, mode: 'standby' })
    children.removeStandby(standby, stripe)
  }
  children.reservations = children.reservations.filter((kept) => kept.stripe !== stripe)
  shedChildren(state, stripe, children.peers.length)
  const home = state.homes.indexOf(stripe)
  const rank = state.ranks[home]!
  state.homes.splice(home, 1)
  state.ranks.splice(home, 1)
  const parent = state.parent[stripe] ?? null
  if (parent === null) return
  const nothing = { capacity: 0, used: 0, freeDepth: NOTHING_FREE, free: 0, freeAll: 0, slotsAll: 0 }
  send(state, parent, { type: 'status', stripe, rank, ...nothing, size: 1, best: null, bestCapacity: 0 })
}

/** The room has grown: one home less each time, the one that serves the fewest. */
export function leaveSpareHome<P extends string | number>(state: MeshState<P>): void {
  if (isSource(state) || state.homes.length <= homesWanted(state)) return
  let least = state.homes[0]!
  let fewest = Infinity
  // In a small room it does no harm to forward more, but children that lose their parent notice.
  const small = state.room < SMALL_ROOM * state.settings.stripes
  for (const home of state.homes) {
    const served = state.children.stripes.reduce((sum, stripe) => sum + (stripe === home ? 1 : 0), 0)
    if (served < fewest) [least, fewest] = [home, served]
  }
  if (fewest > 0 && small) return
  leaveHome(state, least)
}

/**
 * Interior-disjoint trees: one home stripe, where room is scarcest. In a room with fewer peers than stripes each forwards
 * several, so that no stripe hangs on the source alone.
 */
export function chooseHomes<P extends string | number>(state: MeshState<P>): void {
  const { stripes } = state.settings
  // A room of unknown size is taken for a large one: another home is soon found, one with children is not soon left.
  const wanted = Math.min(homesWanted(state), isSource(state) ? stripes : Math.max(1, state.slots.lasting))
  if (state.homes.length >= wanted || state.slots.total === 0) return
  // Drawn by what each tree lacks: those who come before the next news must not all choose the same.
  const mean = state.spare.reduce((sum, spare) => sum + spare, 0) / Math.max(1, state.spare.length)
  while (state.homes.length < wanted) {
    const lacks = (stripe: number): number =>
      state.homes.includes(stripe) ? 0 : Math.max(0, mean - (state.spare[stripe] ?? mean)) + LEAST_LACK
    let sum = 0
    for (let stripe = 0; stripe < stripes; stripe++) sum += lacks(stripe)
    let left = state.random() * sum
    let chosen = 0
    for (let stripe = 0; stripe < stripes; stripe++) {
      if (lacks(stripe) === 0) continue
      chosen = stripe
      left -= lacks(stripe)
      if (left < 0) break
    }
    state.homes.push(chosen)
    state.ranks.push(state.parent[chosen] === null ? LEAF_RANK : state.parentRank[chosen]! + 1)
  }
}

/**
 * Trees with plenty give members to trees that lack slots: each member of a rich one goes with the probability that brings
 * it half the way to the mean, so that all together do neither too little nor too much without asking each other.
 */
export function changeHome<P extends string | number>(state: MeshState<P>, now: number): void {
  const [home] = state.homes
  if (isSource(state) || home === undefined || state.homes.length > 1 || state.spare.length === 0) return
  const own = state.spare[home] ?? 0
  let [least, sum] = [Infinity, 0]
  for (const spare of state.spare) {
    least = Math.min(least, spare)
    sum += spare
  }
  const mean = sum / state.spare.length
  if (least >= ENOUGH_SPARE || own - mean < LEAST_IMBALANCE || state.random() > (0.5 * (own - mean)) / own) return
  leaveHome(state, home)
  state.waiting.length = 0
  chooseHomes(state)
  const [next] = state.homes
  if (next !== undefined && state.parent[next] === null) state.parentAt[next] = Math.min(state.parentAt[next]!, now)
}

/** Sends a join on its walk and sets when to try again. */
export function join<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  mode: LinkMode,
  start: P,
): void {
  const tries = state.tries[stripe]!
  const wait = Math.min(
    MESH_LIMITS.retryMs,
    (mode === 'serve' ? JOIN_RETRY_MS : STANDBY_RETRY_MS) * 1.3 ** Math.min(5, tries),
  )
  if (mode === 'serve') state.parentAt[stripe] = soon(state, now, wait)
  else state.standbyAt[stripe] = soon(state, now, wait)
  const isHome = state.homes.includes(stripe)
  send(state, start, {
    type: 'join',
    stripe,
    who: state.self,
    mode,
    capacity: isHome && mode === 'serve' ? state.slots.total : 0,
    rank: askingRank(state, stripe),
    avoid: mode === 'standby' ? (state.parent[stripe] === state.source ? state.self : state.branch[stripe]!) : null,
    steps: MESH_LIMITS.steps,
    ticket: tries,
  })
}

export function onOffer<P extends string | number>(state: MeshState<P>, now: number, from: P, offer: Offer<P>): void {
  const { stripe, mode } = offer
  if (isSource(state) || state.barred.isBarred(from, now)) return
  if (mode === 'standby') {
    if (state.standby[stripe] !== null || from === state.parent[stripe]) {
      refuseOffer(state, from, offer)
      return
    }
    if (offer.rank >= askingRank(state, stripe)) {
      refuseOffer(state, from, offer)
      return
    }
    attach(state, from, stripe, mode)
    setStandby(state, stripe, from, offer.branch)
    return
  }
  const former = state.parent[stripe] ?? null
  const promoted =
    former !== null && offer.ticket === 0 && from === state.grand[stripe] && offer.depth < state.depth[stripe]!
  if (former === from) {
    // A second offer to a join that was tried again: taken, so that its slot does not wait.
    attach(state, from, stripe, mode)
    return
  }
  if ((former !== null && !promoted && state.lateAt[stripe] === 0) || !mayHangBelow(state, stripe, offer.rank)) {
    refuseOffer(state, from, offer)
    return
  }
  // Whom we displace will hang on us: without a place for it, it would lose its stripe.
  const full = former !== null && offer.below > 0 && state.children.used >= state.slots.total
  if (full || !takePlace(state, stripe, offer.rank, offer.below)) {
    refuseOffer(state, from, offer)
    return
  }
  if (former !== null) send(state, former, { type: 'leave', stripe, mode })
  const asked = state.asked[stripe] ?? null
  if (asked !== null && asked !== from) send(state, asked, { type: 'leave', stripe, mode })
  attach(state, from, stripe, mode)
  setParent(state, now, stripe, from, offer)
  if (former !== null && offer.below > 0) makeRoom(state, stripe, former)
}

function refuseOffer<P extends string | number>(state: MeshState<P>, from: P, { stripe, mode }: Offer<P>): void {
  send(state, from, { type: 'leave', stripe, mode })
}

/** An `attach` was accepted. */
export function onAccept<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  accept: Accept<P>,
): void {
  const { stripe, mode } = accept
  if (mode === 'standby') {
    if (state.standby[stripe] === from) state.standbyBranch[stripe] = accept.branch
    return
  }
  const former = state.parent[stripe] ?? null
  if (former === from) {
    state.asked[stripe] = null
    return
  }
  const fits = state.asked[stripe] === from && mayHangBelow(state, stripe, accept.rank)
  if (!fits || !takePlace(state, stripe, accept.rank, 0)) {
    send(state, from, { type: 'leave', stripe, mode })
    return
  }
  if (former !== null) send(state, former, { type: 'leave', stripe, mode })
  setParent(state, now, stripe, from, accept)
}

export function onRefuse<P extends string | number>(state: MeshState<P>, now: number, from: P, refuse: Refuse): void {
  const { stripe, mode } = refuse
  const at = soon(state, now, Math.min(refuse.retryMs, MESH_LIMITS.retryMs))
  if (mode === 'standby') {
    if (state.standby[stripe] === from) state.standby[stripe] = null
    if (state.standby[stripe] === null) state.standbyAt[stripe] = at
    return
  }
  if (state.asked[stripe] === from) {
    state.asked[stripe] = null
    if (state.standby[stripe] === from) dropStandby(state, now, stripe, false)
    if (state.parent[stripe] === null) state.parentAt[stripe] = now
  } else if (state.parent[stripe] === from) lostParent(state, now, stripe)
  else if (state.parent[stripe] === null && state.asked[stripe] === null)
    state.parentAt[stripe] = Math.min(at, state.parentAt[stripe]!)
}

/** Asks a peer that is known to take us, without a walk. */
export function attach<P extends string | number>(state: MeshState<P>, peer: P, stripe: number, mode: LinkMode): void {
  send(state, peer, {
    type: 'attach',
    stripe,
    mode,
    rank: state.parent[stripe] === peer || mode === 'standby' ? rankOf(state, stripe) : askingRank(state, stripe),
    capacity: mode === 'serve' && state.homes.includes(stripe) ? state.slots.total : 0,
    after: state.newest(stripe),
  })
}

/** `attach` of one that must accept before it is our parent. */
export function askToServe<P extends string | number>(state: MeshState<P>, now: number, stripe: number, peer: P): void {
  state.asked[stripe] = peer
  state.parentAt[stripe] = now + ATTACH_MS
  attach(state, peer, stripe, 'serve')
}

/** Where nobody hangs on us the rank is free: any place will do, also below who came later. */
function askingRank<P extends string | number>(state: MeshState<P>, stripe: number): number {
  return state.children.isPinned(stripe) ? rankOf(state, stripe) : LEAF_RANK
}

/** [Note: Ranks] With somebody hanging on us only a smaller rank will do. */
function mayHangBelow<P extends string | number>(state: MeshState<P>, stripe: number, rank: number): boolean {
  return !state.homes.includes(stripe) || !state.children.isPinned(stripe) || rank < rankOf(state, stripe)
}

/** Sets our rank below the parent's and, with `below` > 0, above who will hang on us. False when there is no room between. */
function takePlace<P extends string | number>(
  state: MeshState<P>,
  stripe: number,
  parentRank: number,
  below: number,
): boolean {
  const home = state.homes.indexOf(stripe)
  if (home < 0) return true
  const pinned = state.children.isPinned(stripe)
  let rank = pinned ? state.ranks[home]! : parentRank + 1
  if (below > 0 && rank >= below) rank = (parentRank + below) / 2
  if (rank <= parentRank || (below > 0 && rank >= below)) return false
  state.ranks[home] = rank
  return true
}

function setParent<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  parent: P,
  place: { rank: number; depth: number; branch: P | null; grand: P | null },
): void {
  const wasWithout = state.parent[stripe] === null
  state.parent[stripe] = parent
  state.asked[stripe] = null
  state.parentRank[stripe] = place.rank
  state.depth[stripe] = place.depth
  state.branch[stripe] = place.branch
  state.grand[stripe] = place.grand
  state.parentAt[stripe] = Infinity
  state.lostAt[stripe] = Infinity
  state.tries[stripe] = 0
  state.lateAt[stripe] = 0
  state.neighbours.worked(parent)
  if (state.standby[stripe] === parent) {
    state.standby[stripe] = null
    state.standbyBranch[stripe] = null
  }
  state.out.push({ type: 'parent', stripe, parent })
  if (state.standby[stripe] === null) state.standbyAt[stripe] = soon(state, now, 100)
  else if (state.standbyBranch[stripe] === ownBranchOf(state, stripe)) dropStandby(state, now, stripe, true)
  if (wasWithout && state.relayed.includes(stripe)) relay(state, now)
  state.placeAt = Math.min(state.placeAt, now + 50)
}

function ownBranchOf<P extends string | number>(state: MeshState<P>, stripe: number): P | null {
  return state.parent[stripe] === state.source ? state.self : state.branch[stripe]!
}

function setStandby<P extends string | number>(state: MeshState<P>, stripe: number, peer: P, branch: P | null): void {
  state.standby[stripe] = peer
  state.standbyBranch[stripe] = branch
  state.standbyAt[stripe] = Infinity
  state.out.push({ type: 'dial', peer })
}

export function dropStandby<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  tell: boolean,
): void {
  const standby = state.standby[stripe] ?? null
  if (standby === null) return
  if (tell) send(state, standby, { type: 'leave', stripe, mode: 'standby' })
  state.standby[stripe] = null
  state.standbyBranch[stripe] = null
  state.standbyAt[stripe] = soon(state, now, 200)
  letGo(state, standby)
}

/** The parent of a stripe is gone: the second one takes over, else a walk begins at the grandparent. */
export function lostParent<P extends string | number>(state: MeshState<P>, now: number, stripe: number): void {
  const former = state.parent[stripe] ?? null
  state.parent[stripe] = null
  state.out.push({ type: 'parent', stripe, parent: null })
  state.lostAt[stripe] = now
  if (former !== null) letGo(state, former)
  replaceParent(state, now, stripe, former)
}

/** Looks for somebody else to send the stripe; a parent that still does is kept meanwhile. */
export function replaceParent<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  former: P | null,
): void {
  const standby = state.standby[stripe] ?? null
  if (standby !== null && standby !== former) {
    askToServe(state, now, stripe, standby)
    return
  }
  const grand = state.grand[stripe] ?? null
  const start = grand !== null && grand !== former && state.tries[stripe] === 0 ? grand : someMember(state, now, stripe)
  state.tries[stripe]!++
  if (state.tries[stripe]! > ORPHAN_TRIES && state.parent[stripe] === null && state.homes.includes(stripe)) {
    // Nothing flows through us: our children are better off elsewhere, and without them any place will do ([Note: Ranks]).
    leaveHome(state, stripe)
    state.homes.push(stripe)
    state.ranks.push(LEAF_RANK)
  }
  join(state, now, stripe, 'serve', start)
}

/** Whoever may know the way: a parent in another stripe, a known member, now and then the source. */
export function someMember<P extends string | number>(state: MeshState<P>, now: number, stripe: number): P {
  const members: P[] = []
  for (let other = 0; other < state.settings.stripes; other++) {
    const peer = state.parent[other] ?? null
    if (other !== stripe && peer !== null && peer !== state.source && peer !== state.parent[stripe]) members.push(peer)
  }
  const from = members.length > 0 ? members : state.known.filter((peer) => !state.barred.isBarred(peer, now))
  if (from.length === 0 || (state.tries[stripe]! > 3 && state.random() < 0.1)) return state.source
  return from[Math.floor(state.random() * from.length)]!
}

/** Closes the link to a peer that nothing binds us to any more. */
export function letGo<P extends string | number>(state: MeshState<P>, peer: P): void {
  if (!isBound(state, peer)) state.out.push({ type: 'hangUp', peer })
}

/** Tells which stripes the relay must carry, when that changed. */
export function relay<P extends string | number>(state: MeshState<P>, now: number): void {
  if (isSource(state)) return
  const stripes: number[] = []
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    if (state.parent[stripe] === null && now - state.lostAt[stripe]! >= RELAY_AFTER_MS) stripes.push(stripe)
  }
  if (stripes.length === state.relayed.length && stripes.every((stripe, i) => stripe === state.relayed[i])) return
  state.relayed = stripes
  state.out.push({ type: 'relay', stripes })
}

/** What is due for the stripes. */
export function onTime<P extends string | number>(state: MeshState<P>, now: number): void {
  if (isSource(state)) return
  if (state.enterAt <= now) enter(state, now)
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    if (state.parentAt[stripe]! <= now) {
      const asked = state.asked[stripe] ?? null
      if (asked !== null) {
        state.asked[stripe] = null
        state.neighbours.failed(asked)
        if (asked === state.standby[stripe]) dropStandby(state, now, stripe, true)
      }
      state.parentAt[stripe] = Infinity
      if (state.parent[stripe] === null || asked !== null) replaceParent(state, now, stripe, asked)
    }
    if (state.standbyAt[stripe]! <= now) {
      state.standbyAt[stripe] = Infinity
      if (state.parent[stripe] !== null && state.standby[stripe] === null) {
        join(state, now, stripe, 'standby', someMember(state, now, stripe))
      }
    }
  }
  relay(state, now)
}

/** When `onTime` has something to do. */
export function nextTime<P extends string | number>(state: MeshState<P>): number {
  let next = state.enterAt
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    next = Math.min(next, state.parentAt[stripe]!, state.standbyAt[stripe]!)
    const lost = state.lostAt[stripe]!
    if (lost !== Infinity && !state.relayed.includes(stripe)) next = Math.min(next, lost + RELAY_AFTER_MS)
  }
  return next
}

/** Sends all children of a stripe away, for instance because we cannot serve them any more. */
export function shedChildren<P extends string | number>(state: MeshState<P>, stripe: number, count: number): void {
  const { children } = state
  for (let n = 0; n < count; n++) {
    let weakest = -1
    for (let i = 0; i < children.peers.length; i++) {
      if (children.stripes[i] === stripe && (weakest < 0 || children.capacities[i]! <= children.capacities[weakest]!))
        weakest = i
    }
    if (weakest < 0) return
    const peer = children.peers[weakest]!
    removeChild(state, peer, stripe)
    send(state, peer, { type: 'drop', stripe, mode: 'serve' })
  }
}
