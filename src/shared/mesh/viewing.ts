import type { Accept, Assign, Blame, LinkMode, Place, Refuse } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { askingRank, isSource, letGo, remember, send, type MeshState } from './mesh-state'
import { rankSpread } from './rank-spread'
import { reportSoon } from './reporting'
import { admitArriving, shedStripe, tellWaiting } from './serving'
import { hasStripe, withoutStripe, withStripe } from './stripe-set'

/** An `attach` without an answer in this time has failed; by a link that exists, and when one must be set up first. */
const LINKED_MS = 300
const ATTACH_MS = 1_000
/** How long the second parent may take before the registrar is asked as well. */
const STANDBY_MS = 120
/** Who has children and found no parent in this time lets them go: without them any place will do ([Note: Ranks]). */
const ORPHAN_MS = 1_200
const GROW_MS = 1_000
/** live.md section 6 and issue 4: the relay takes over within 1 s. */
const RELAY_AFTER_MS = 700

/** The registrar's proposals. */
export function onAssign<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  { places, room, grow, others }: Assign<P>,
): void {
  if (isSource(state) || (from !== state.registrar && from !== state.source)) return
  if (grow) state.growUntil = now + GROW_MS
  if (places.length === 0) return
  state.unanswered = 0
  state.answerBy = Infinity
  if (room > 0) state.room = room
  if (others.length > 0) state.others = others.filter((peer) => peer !== state.self)
  for (const place of places) takePlace(state, now, place)
}

function takePlace<P extends string | number>(state: MeshState<P>, now: number, place: Place<P>): void {
  const { stripe, parent, standby } = place
  const usable = (peer: P | null): peer is P =>
    peer !== null && peer !== state.self && !state.barred.isBarred(peer, now) && peer !== state.parent[stripe]
  state.inner = place.inner ? withStripe(state.inner, stripe) : withoutStripe(state.inner, stripe)
  if (usable(parent)) {
    const asked = state.asked[stripe] ?? null
    if (asked !== null && asked !== parent) send(state, asked, { type: 'leave', stripe, mode: 'serve' })
    if (asked !== parent) askToServe(state, now, stripe, parent, place)
  }
  if (parent === null && standby === null) dropStandby(state, stripe, true)
  if (usable(standby) && standby !== parent && standby !== state.standby[stripe]) {
    dropStandby(state, stripe, true)
    state.standby[stripe] = standby
    attach(state, stripe, standby, 'standby', null)
    state.out.push({ type: 'dial', peer: standby })
  }
}

function attach<P extends string | number>(
  state: MeshState<P>,
  stripe: number,
  peer: P,
  mode: LinkMode,
  place: Pick<Place<P>, 'displaces' | 'to'> | null,
): void {
  send(state, peer, {
    type: 'attach',
    stripe,
    mode,
    rank: askingRank(state, stripe),
    capacity: hasStripe(state.inner, stripe) ? state.slots.total : 0,
    after: state.newest(stripe),
    displaces: place?.displaces ?? null,
    to: place?.to ?? null,
  })
}

/** `attach` of one that must accept before it is our parent. */
export function askToServe<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  peer: P,
  place: Pick<Place<P>, 'displaces' | 'to'> | null = null,
): void {
  state.asked[stripe] = peer
  state.askedUntil[stripe] = now + (peer === state.standby[stripe] ? LINKED_MS : ATTACH_MS)
  attach(state, stripe, peer, 'serve', place)
}

/** An `attach` was accepted. */
export function onAccept<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  { stripe, mode, rank, depth, below }: Accept,
): void {
  if (mode === 'standby' || isSource(state)) return
  const former = state.parent[stripe] ?? null
  if (state.asked[stripe] !== from) {
    if (former !== from) send(state, from, { type: 'leave', stripe, mode })
    return
  }
  const place = placeBehind(state, stripe, rank, below)
  if (place === null) {
    send(state, from, { type: 'leave', stripe, mode })
    failed(state, now, stripe, from, 'refused')
    return
  }
  if (former !== null && former !== from) {
    send(state, former, { type: 'leave', stripe, mode })
    state.parent[stripe] = null
    letGo(state, former)
  }
  state.rank[stripe] = place
  setParent(state, now, stripe, from, rank, depth)
}

/** Our rank behind a parent's and, with `below` > 0, before who will hang on us; null when there is no room between. */
function placeBehind<P extends string | number>(
  state: MeshState<P>,
  stripe: number,
  parentRank: number,
  below: number,
): number | null {
  const lowest = parentRank + 1 + rankSpread(state.self, stripe, state.room)
  let rank = state.children.isPinned(stripe) ? state.rank[stripe]! : lowest
  if (below > 0 && rank >= below) rank = (parentRank + below) / 2
  return rank <= parentRank || (below > 0 && rank >= below) ? null : rank
}

function setParent<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  parent: P,
  rank: number,
  depth: number,
): void {
  state.parent[stripe] = parent
  state.asked[stripe] = null
  state.askedUntil[stripe] = Infinity
  state.moving = withoutStripe(state.moving, stripe)
  state.depth[stripe] = depth
  state.lostAt[stripe] = Infinity
  state.late.clear(stripe)
  state.seeking = withoutStripe(state.seeking, stripe)
  state.neighbours.worked(parent)
  remember(state, parent)
  if (state.standby[stripe] === parent) {
    // It took over: the registrar is told, and names another second one.
    state.standby[stripe] = null
    state.moved.push({ stripe, parent })
    reportSoon(state, now, 0)
  }
  state.out.push({ type: 'parent', stripe, parent })
  admitArriving(state, now)
  relay(state, now)
}

export function onRefuse<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  { stripe, mode, retryMs }: Refuse,
): void {
  if (isSource(state)) return
  if (mode === 'standby') {
    if (state.standby[stripe] === from) state.standby[stripe] = null
  } else if (state.asked[stripe] === from) failed(state, now, stripe, from, 'refused')
  else if (state.registrar === from && state.parent[stripe] === null) {
    // On its list: it will tell; asked again in case that is lost.
    state.unanswered = 0
    state.answerBy = Infinity
    reportSoon(state, now, Math.min(MESH_LIMITS.retryMs, retryMs) * (1 + state.random() / 2))
  }
}

/** Whom we asked does not take us. */
function failed<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  peer: P,
  why: Blame,
): void {
  state.asked[stripe] = null
  state.askedUntil[stripe] = Infinity
  blame(state, stripe, peer, why)
  const parent = state.parent[stripe] ?? null
  // The registrar believes that we went.
  if (parent !== null && !hasStripe(state.moving, stripe)) state.moved.push({ stripe, parent })
  if (state.standby[stripe] === peer) dropStandby(state, stripe, why !== 'refused')
  letGo(state, peer)
  reportSoon(state, now, 0)
}

export function blame<P extends string | number>(state: MeshState<P>, stripe: number, peer: P, why: Blame): void {
  if (state.blame.some((known) => known.peer === peer && known.stripe === stripe)) return
  state.blame.push({ stripe, peer, why })
  if (state.blame.length > MESH_LIMITS.blames) state.blame.shift()
  if (why !== 'refused') state.neighbours.failed(peer)
}

export function dropStandby<P extends string | number>(state: MeshState<P>, stripe: number, tell: boolean): void {
  const standby = state.standby[stripe] ?? null
  if (standby === null) return
  if (tell) send(state, standby, { type: 'leave', stripe, mode: 'standby' })
  state.standby[stripe] = null
  letGo(state, standby)
}

/** The parent of a stripe is gone: the second one takes over, and the registrar is asked. */
export function lostParent<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  why: Blame | null,
): void {
  const former = state.parent[stripe] ?? null
  if (former === null) return
  state.parent[stripe] = null
  state.lostAt[stripe] = now
  state.out.push({ type: 'parent', stripe, parent: null })
  if (why !== null) blame(state, stripe, former, why)
  letGo(state, former)
  tellWaiting(state, stripe)
  replaceParent(state, now, stripe)
}

/** Looks for somebody else to send the stripe; a parent that still does is kept meanwhile. */
export function replaceParent<P extends string | number>(state: MeshState<P>, now: number, stripe: number): void {
  const standby = state.standby[stripe] ?? null
  if (state.asked[stripe] !== null) return
  if (standby !== null) askToServe(state, now, stripe, standby)
  reportSoon(state, now, standby === null ? 0 : STANDBY_MS)
}

/** Tells which stripes the relay must carry, when that changed. */
function relay<P extends string | number>(state: MeshState<P>, now: number): void {
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
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    const asked = state.asked[stripe] ?? null
    if (asked !== null && state.askedUntil[stripe]! <= now) {
      send(state, asked, { type: 'leave', stripe, mode: 'serve' })
      failed(state, now, stripe, asked, 'absent')
    }
    if (state.parent[stripe] !== null || now - state.lostAt[stripe]! < ORPHAN_MS) continue
    if (state.children.isPinned(stripe)) {
      shedStripe(state, stripe)
      reportSoon(state, now, 0)
    }
  }
  relay(state, now)
}

/** When `onTime` has something to do. */
export function nextTime<P extends string | number>(state: MeshState<P>): number {
  let next = Infinity
  if (isSource(state)) return next
  for (let stripe = 0; stripe < state.settings.stripes; stripe++) {
    if (state.askedUntil[stripe]! < next) next = state.askedUntil[stripe]!
    const lost = state.lostAt[stripe]!
    if (lost === Infinity || state.parent[stripe] !== null) continue
    if (!state.relayed.includes(stripe)) next = Math.min(next, lost + RELAY_AFTER_MS)
    if (state.children.isPinned(stripe)) next = Math.min(next, lost + ORPHAN_MS)
  }
  return next
}
