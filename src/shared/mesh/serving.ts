import { LEAF_RANK, type Attach } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { isSource, letGo, remember, send, type MeshState } from './mesh-state'

/** Half more second children than slots: far fewer than one in ten needs its second parent at once. */
const STANDBYS_PER_SLOT = 1.5
/** A displaced child is served so long until it has attached elsewhere. */
const LEAVING_MS = 2_000
const MOST_ARRIVING = 64
/** Less than the patience of who asks. */
const ARRIVING_MS = 350
const RETRY_MS = 1_000
/** Children wait so long for a parent that repairs: detection, a round trip, resending. */
const WAITING_MS = 400

const refuse = <P extends string | number>(state: MeshState<P>, to: P, { stripe, mode }: Attach<P>): void =>
  send(state, to, { type: 'refuse', stripe, mode, retryMs: RETRY_MS })

/** Somebody wants to hang on us. */
export function onAttach<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  attach: Attach<P>,
): void {
  const { stripe } = attach
  const { children } = state
  if (!isSource(state) && state.parent[stripe] === null) {
    // Registrars name us as soon as they have named our own parent: whoever is faster than that waits for it.
    waitOrRefuse(state, now, from, attach)
    return
  }
  if (state.rank[stripe]! >= attach.rank || from === state.parent[stripe] || state.slots.total === 0) {
    refuse(state, from, attach)
    return
  }
  remember(state, from)
  if (attach.mode === 'standby') {
    const most = Math.min(MESH_LIMITS.standbys, 2 + STANDBYS_PER_SLOT * state.slots.total)
    if (children.standbys.length < most) children.addStandby(from, stripe)
    else refuse(state, from, attach)
    return
  }
  if (!sentOn(state, now, from, attach)) addChild(state, now, from, attach)
}

/** Somebody stronger was quicker: who was to be displaced goes below it at once. */
function sentOn<P extends string | number>(state: MeshState<P>, now: number, from: P, { stripe }: Attach<P>): boolean {
  if (state.forestalled.length === 0) return false
  state.forestalled = state.forestalled.filter(({ until }) => until > now)
  const at = state.forestalled.findIndex((gone) => gone.peer === from && gone.stripe === stripe)
  if (at < 0) return false
  const to = state.forestalled.splice(at, 1)[0]!.to
  if (to === null) send(state, from, { type: 'refuse', stripe, mode: 'serve', retryMs: RETRY_MS })
  else send(state, from, { type: 'move', stripe, to, served: false })
  return true
}

function addChild<P extends string | number>(state: MeshState<P>, now: number, from: P, attach: Attach<P>): void {
  const { stripe, displaces, to, after } = attach
  const { children, slots } = state
  const again = children.find(from, stripe)
  const displaced = displaces === null || displaces === from ? -1 : children.find(displaces, stripe)
  if (again < 0 && displaced < 0 && children.used >= slots.total) {
    // The registrar thinks that there is room: somebody is on its way out. Who takes us as its second parent was not sent by it.
    if (children.findStandby(from, stripe) >= 0) refuse(state, from, attach)
    else waitOrRefuse(state, now, from, attach)
    return
  }
  if (displaces !== null && displaced < 0 && state.forestalled.length < MOST_ARRIVING) {
    state.forestalled.push({ peer: displaces, stripe, to, until: now + LEAVING_MS })
  }
  const rank = state.rank[stripe]!
  // Whom it displaces will hang on it, so its rank must be between.
  const below = displaced >= 0 && to === from ? children.ranks[displaced]! : 0
  let childRank = attach.rank === LEAF_RANK ? rank + 1 : attach.rank
  if (below > 0 && childRank >= below) childRank = (rank + below) / 2
  if (again >= 0) children.remove(from, stripe)
  if (displaced >= 0) makeRoom(state, now, displaces!, stripe, to)
  children.removeStandby(from, stripe)
  children.add(from, stripe, attach.capacity, childRank)
  send(state, from, {
    type: 'accept',
    stripe,
    mode: 'serve',
    rank,
    depth: isSource(state) ? 0 : Math.min(255, state.depth[stripe]! + 1),
    below,
  })
  state.out.push({ type: 'forward', stripe, child: from, on: true, after, capacity: attach.capacity })
}

function waitOrRefuse<P extends string | number>(state: MeshState<P>, now: number, from: P, attach: Attach<P>): void {
  if (attach.mode === 'serve' && state.arriving.length < MOST_ARRIVING) {
    state.arriving.push({ from, attach, until: now + ARRIVING_MS })
  } else refuse(state, from, attach)
}

/** Make before break where a slot is free; else the slot changes hands at once and the gap is repaired. */
function makeRoom<P extends string | number>(
  state: MeshState<P>,
  now: number,
  displaced: P,
  stripe: number,
  to: P | null,
): void {
  const served = to !== null && state.children.used < state.slots.total
  if (!served) removeChild(state, displaced, stripe)
  else state.leaving.push({ peer: displaced, stripe, until: now + LEAVING_MS })
  if (to === null) send(state, displaced, { type: 'drop', stripe, mode: 'serve' })
  else send(state, displaced, { type: 'move', stripe, to, served })
}

/** Displaced children that did not go are let go, and who waits too long is refused. */
export function serveOnTime<P extends string | number>(state: MeshState<P>, now: number): void {
  const left = state.leaving.length === 0 ? state.leaving : state.leaving.filter(({ until }) => until <= now)
  if (left.length > 0) {
    state.leaving = state.leaving.filter(({ until }) => until > now)
    for (const { peer, stripe } of left) {
      if (removeChild(state, peer, stripe)) send(state, peer, { type: 'drop', stripe, mode: 'serve' })
    }
  }
  if (state.arriving.length === 0) return
  const late = state.arriving.filter(({ until }) => until <= now)
  if (late.length === 0) return
  state.arriving = state.arriving.filter(({ until }) => until > now)
  for (const { from, attach } of late) refuse(state, from, attach)
}

/** We have a parent now, or a slot: who waits for it is answered. */
export function admitArriving<P extends string | number>(state: MeshState<P>, now: number): void {
  if (state.arriving.length === 0 || state.children.used >= state.slots.total) return
  const due = state.arriving.filter(({ attach: { stripe } }) => isSource(state) || state.parent[stripe] !== null)
  if (due.length === 0) return
  state.arriving = state.arriving.filter((waiting) => !due.includes(waiting))
  for (const { from, attach } of due) onAttach(state, now, from, attach)
}

/** A child goes, or is gone. True when a slot became free. */
export function removeChild<P extends string | number>(state: MeshState<P>, peer: P, stripe: number): boolean {
  if (!state.children.remove(peer, stripe)) return false
  if (state.leaving.length > 0) {
    state.leaving = state.leaving.filter((gone) => gone.peer !== peer || gone.stripe !== stripe)
  }
  state.out.push({ type: 'forward', stripe, child: peer, on: false, after: -1, capacity: 0 })
  return true
}

/** A child told that it goes. */
export function childGone<P extends string | number>(
  state: MeshState<P>,
  peer: P,
  stripe: number,
  standby: boolean,
): void {
  if (standby) state.children.removeStandby(peer, stripe)
  else removeChild(state, peer, stripe)
  if (state.arriving.length > 0) {
    state.arriving = state.arriving.filter(({ from, attach }) => from !== peer || attach.stripe !== stripe)
  }
  letGo(state, peer)
}

/** Slots have become fewer: the weakest children look for others. */
export function shedChildren<P extends string | number>(state: MeshState<P>): void {
  const { children, slots } = state
  while (children.used > slots.total) {
    let weakest = 0
    for (let i = 1; i < children.peers.length; i++) {
      if (children.capacities[i]! <= children.capacities[weakest]!) weakest = i
    }
    const [peer, stripe] = [children.peers[weakest]!, children.stripes[weakest]!]
    removeChild(state, peer, stripe)
    send(state, peer, { type: 'drop', stripe, mode: 'serve' })
  }
}

/** Forwards a stripe no longer. */
export function shedStripe<P extends string | number>(state: MeshState<P>, stripe: number): void {
  const { children } = state
  for (let i = children.standbys.length - 1; i >= 0; i--) {
    if (children.standbyStripes[i] !== stripe) continue
    send(state, children.standbys[i]!, { type: 'drop', stripe, mode: 'standby' })
    children.removeStandby(children.standbys[i]!, stripe)
  }
  for (let i = children.peers.length - 1; i >= 0; i--) {
    if (children.stripes[i] !== stripe) continue
    const peer = children.peers[i]!
    send(state, peer, { type: 'drop', stripe, mode: 'serve' })
    removeChild(state, peer, stripe)
  }
}

/** We miss a stripe and are repairing: who hangs on us need not. */
export function tellWaiting<P extends string | number>(state: MeshState<P>, stripe: number): void {
  const { peers, stripes } = state.children
  for (let i = 0; i < peers.length; i++) {
    if (stripes[i] === stripe) send(state, peers[i]!, { type: 'waiting', stripe, forMs: WAITING_MS })
  }
}

export function onWaiting<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  stripe: number,
  forMs: number,
): void {
  if (state.parent[stripe] !== from || state.late.waitingUntil(stripe) > now) return
  // One grace per outage: a parent cannot keep its children waiting for ever.
  if (state.late.waitingUntil(stripe) > now - 2_000) return
  state.late.wait(now, stripe, now + Math.min(forMs, WAITING_MS))
  tellWaiting(state, stripe)
}
