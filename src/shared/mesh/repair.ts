import type { Pull } from './mesh-message'
import { MESH_LIMITS } from './mesh-settings'
import { send, type MeshState } from './mesh-state'
import { LARGE_ROOM } from './rank-spread'
import { reportSoon } from './reporting'
import { tellWaiting } from './serving'
import { hasStripe, withoutStripe, withStripe } from './stripe-set'
import { askToServe, blame, lostParent } from './viewing'

/** The second parent has what the parent did not send, and that again within so long: it is the better one. */
const AGAIN_MS = 1_000
/** Nothing came from anybody for so long: another parent is sought, and this one kept meanwhile, as all may be waiting for the source. */
const SEEK_AFTER_MS = 250
/** The source itself is where all comes from: nobody else has more, unless its link is dead. */
const SOURCE_SILENT_MS = 5_000
/** Lost numbers up to here are taken for loss on the line, not for a parent that is too weak. */
const SMALL_GAP = 2

/**
 * Pieces are late: asks the second parent for the range, again and again; makes it the sender when it had them twice. Whoever
 * is busy for a moment is not left for it: a change of place interrupts all below.
 */
export function onLate<P extends string | number>(
  state: MeshState<P>,
  now: number,
  stripe: number,
  from: number,
  until: number,
): void {
  if (state.late.waitingUntil(stripe) > now || until < from) return
  const first = state.late.since(stripe) === 0
  if (first) {
    state.late.begin(now, stripe)
    tellWaiting(state, stripe)
  }
  const standby = state.standby[stripe] ?? null
  const parent = state.parent[stripe] ?? null
  const whom = first && standby !== null ? standby : someNeighbour(state, stripe)
  if (whom !== null) pull(state, whom, stripe, from, until)
  if (state.asked[stripe] !== null || parent === null) return
  const lateMs = now - state.late.since(stripe)
  if (parent === state.source) {
    if (lateMs < SOURCE_SILENT_MS) return
    send(state, parent, { type: 'leave', stripe, mode: 'serve' })
    lostParent(state, now, stripe, 'silent')
    return
  }
  const isSilent = from > state.newest(stripe)
  const isWeak = isSilent || until - from >= SMALL_GAP
  const isGone = isSilent && !first && state.room >= LARGE_ROOM && othersFlow(state)
  if (standby !== null && isWeak && (isGone || now - state.late.repairedAt(stripe) < AGAIN_MS)) {
    blame(state, stripe, parent, 'silent')
    askToServe(state, now, stripe, standby)
  } else if (lateMs >= SEEK_AFTER_MS && !hasStripe(state.seeking, stripe)) {
    state.seeking = withStripe(state.seeking, stripe)
    blame(state, stripe, parent, 'silent')
    reportSoon(state, now, 0)
  }
}

/** Silence in a few stripes means that their parents are gone; in most, that the source or our own line waits. */
function othersFlow<P extends string | number>({ late, settings }: MeshState<P>): boolean {
  return 2 * late.count < settings.stripes
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
  if (whom === null || whom === from || state.late.since(stripe) === 0) return
  pull(state, whom, stripe, pulled.from, pulled.until)
  state.pulled = null
}

export function onFlowing<P extends string | number>(state: MeshState<P>, now: number, stripe: number): void {
  state.late.end(now, stripe)
  const parent = state.parent[stripe] ?? null
  if (!hasStripe(state.seeking, stripe)) return
  state.seeking = withoutStripe(state.seeking, stripe)
  if (parent === null || state.asked[stripe] !== null) return
  // The registrar believes that we go.
  state.moved.push({ stripe, parent })
  reportSoon(state, now, 0)
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
