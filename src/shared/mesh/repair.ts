import type { Pull } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { send, type MeshState } from './mesh-state'
import { tellWaiting } from './serving'
import { lostParent } from './viewing'

/** A parent that is still late so long after the range was asked elsewhere is replaced. */
const REPLACE_AFTER_MS = 40
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
    tellWaiting(state, stripe)
  }
  const standby = state.standby[stripe] ?? null
  const parent = state.parent[stripe] ?? null
  const whom = first && standby !== null ? standby : someNeighbour(state, stripe)
  if (whom !== null) pull(state, whom, stripe, from, until)
  const small = until - from < SMALL_GAP
  if (state.asked[stripe] !== null || parent === null) return
  if (now - state.lateAt[stripe]! < REPLACE_AFTER_MS || (small && now - state.lateAt[stripe]! < 4 * REPLACE_AFTER_MS))
    return
  send(state, parent, { type: 'leave', stripe, mode: 'serve' })
  lostParent(state, now, stripe, 'silent')
}

function pull<P extends string | number>(
  state: MeshState<P>,
  whom: P,
  stripe: number,
  from: number,
  until: number,
): void {
  send(state, whom, { type: 'pull', stripe, from, until: Math.min(until, from + MESH_LIMITS.range - 1) })
  state.pulled = { whom, stripe, from, until }
}

/** No repair to be had there: another neighbour is asked, once. */
export function onDeny<P extends string | number>(state: MeshState<P>, from: P, stripe: number): void {
  const { pulled } = state
  if (pulled?.whom !== from || pulled.stripe !== stripe) return
  state.pulled = null
  const whom = someNeighbour(state, stripe)
  if (whom === null || whom === from || state.lateAt[stripe] === 0) return
  pull(state, whom, stripe, pulled.from, pulled.until)
  state.pulled = null
}

export function onFlowing<P extends string | number>(state: MeshState<P>, stripe: number): void {
  state.lateAt[stripe] = 0
  state.waitingUntil[stripe] = 0
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
