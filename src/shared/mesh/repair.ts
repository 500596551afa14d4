import { askToServe, replaceParent } from './joining'
import type { Pull } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { send, type MeshState } from './mesh-state'

/** A parent that is still late so long after the range was asked elsewhere is replaced. */
const REPLACE_AFTER_MS = 40
/** Children wait so long for a parent that repairs: detection, a round trip, resending. */
const WAITING_MS = 400
/** Lost numbers up to here are taken for loss on the line, not for a dead parent. */
const SMALL_GAP = 2

/** Pieces are late: asks the second parent for the range, then makes it the sender. Another neighbour when it does not answer. */
export function onLate<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  from: number,
  until: number,
): void {
  if (state.waitingUntil[stripe]! > now || until < from) return
  const first = state.lateAt[stripe] === 0
  if (first) {
    state.lateAt[stripe] = now
    if (state.homes.includes(stripe)) tellWaiting(state, stripe)
  }
  const standby = state.standby[stripe] ?? null
  const parent = state.parent[stripe] ?? null
  const last = Math.min(until, from + MESH_LIMITS.range - 1)
  const whom = first && standby !== null ? standby : someNeighbour(state, stripe)
  if (whom !== null) send(state, whom, { type: 'pull', stripe, from, until: last })
  const small = until - from < SMALL_GAP
  if (state.asked[stripe] !== null || parent === null) return
  if (now - state.lateAt[stripe]! < REPLACE_AFTER_MS || (small && now - state.lateAt[stripe]! < 4 * REPLACE_AFTER_MS))
    return
  state.neighbours.failed(parent)
  if (standby !== null) askToServe(state, now, stripe, standby)
  else if (state.parentAt[stripe] === Infinity) replaceParent(state, now, stripe, parent)
}

export function onFlowing<P extends string | number>(state: MeshState<P>, stripe: number): void {
  state.lateAt[stripe] = 0
  state.waitingUntil[stripe] = 0
}

function tellWaiting<P extends string | number>(state: MeshState<P>, stripe: number): void {
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
  if (state.parent[stripe] !== from || state.waitingUntil[stripe]! > now) return
  // One grace per outage: a parent cannot keep its children waiting for ever.
  if (state.waitingUntil[stripe]! > now - 2_000) return
  state.waitingUntil[stripe] = now + Math.min(forMs, WAITING_MS)
  if (state.homes.includes(stripe)) tellWaiting(state, stripe)
}

/** A parent in another stripe has this one too. */
function someNeighbour<P extends string | number>(state: MeshState<P>, stripe: number): P | null {
  const { stripes } = state.settings
  const first = Math.floor(state.random() * stripes)
  for (let n = 0; n < stripes; n++) {
    const other = (first + n) % stripes
    const peer = state.turn++ % 2 === 0 ? (state.parent[other] ?? null) : (state.standby[other] ?? null)
    if (other !== stripe && peer !== null && peer !== state.parent[stripe] && peer !== state.source) return peer
  }
  return state.standby[stripe] ?? null
}

/** Repairs are answered out of what is kept free for them, never out of what children live from (peer.md section 13: else collapse). */
export function onPull<P extends string | number>(
  state: MeshState<P>,
  now: number,
  from: P,
  { stripe, from: first, until }: Pull,
): void {
  const count = until - first + 1
  if (count < 1 || count > MESH_LIMITS.range || state.barred.isBarred(from, now)) return
  const piecesPerSecond = 1_000 / state.settings.pieceMs
  const free = Math.max(0, state.slots.total - state.children.used) + 0.25
  const burst = Math.max(8, free * piecesPerSecond)
  state.repairTokens = Math.min(burst, state.repairTokens + ((now - state.repairAt) / 1_000) * free * piecesPerSecond)
  state.repairAt = now
  if (state.repairTokens < count || state.slots.total === 0) {
    send(state, from, { type: 'deny', stripe })
    return
  }
  state.repairTokens -= count
  state.out.push({ type: 'serve', to: from, stripe, from: first, until })
}
