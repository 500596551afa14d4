import type { BarredPeers } from './barred-peers'
import type { ChildTable } from './child-table'
import type { MeshAction } from './mesh-action'
import { LEAF_RANK, type Join, type MeshMessage } from './mesh-message'
import { MESH_LIMITS, type MeshSettings } from './mesh-settings'
import type { Neighbours } from './neighbours'
import type { SourceChoice } from './source-choice'
import type { UplinkSlots } from './uplink-slots'

/** What a node is made from. */
export interface MeshNodeOptions<P extends string | number> {
  self: P
  /** The broadcaster. */
  source: P
  settings: MeshSettings
  /** Uniform in [0, 1), seeded by the caller. */
  random: () => number
  /** The owner's limit, bits a second; Infinity for none, 0: forwards nothing. For the broadcaster its measured uplink. */
  uplinkBps: number
  /** Newest piece of a stripe that is here, -1 for none. */
  newest: (stripe: number) => number
  /** How one of several is chosen; `two-choices` by default. */
  choose?: SourceChoice
}

/** What a node knows. Arrays are by stripe. The parts (`joining`, `admission` ...) work on it; only `MeshNode` is seen from outside. */
export interface MeshState<P extends string | number> {
  readonly self: P
  readonly source: P
  readonly settings: MeshSettings
  readonly random: () => number
  readonly newest: (stripe: number) => number
  readonly choose: SourceChoice
  readonly children: ChildTable<P>
  readonly slots: UplinkSlots
  readonly neighbours: Neighbours<P>
  readonly barred: BarredPeers<P>
  /** Members that may be asked, newest last, at most `MESH_LIMITS.known`. */
  known: P[]
  started: boolean
  /** Stripes this node forwards in: one, several in small rooms; none before the first `welcome`. The source: all. */
  homes: number[]
  /** Its rank in each of `homes` ([Note: Ranks]). */
  ranks: number[]
  /** Viewers as told from above, 0 unknown. */
  room: number
  /** Slots of each tree against the members that need one, as told from above (`Welcome.spare`). */
  spare: number[]
  readonly parent: (P | null)[]
  readonly standby: (P | null)[]
  /** The parent's rank when it took us; it can only have fallen since. */
  readonly parentRank: number[]
  /** Hops from the source to the parent. */
  readonly depth: number[]
  readonly branch: (P | null)[]
  readonly standbyBranch: (P | null)[]
  readonly grand: (P | null)[]
  /** Whom we sent `attach` and wait for. */
  readonly asked: (P | null)[]
  /** When to try next for a parent, and for a second one; Infinity: no need. */
  readonly parentAt: number[]
  readonly standbyAt: number[]
  readonly tries: number[]
  /** Since when the stripe has no parent; Infinity while it has. */
  readonly lostAt: number[]
  /** Since when pieces are late, 0: they are not. */
  readonly lateAt: number[]
  /** The parent repairs until then. */
  readonly waitingUntil: number[]
  /** Stripes that were given to the relay last. */
  relayed: number[]
  turn: number
  enterAt: number
  reportAt: number
  placeAt: number
  newsAt: number
  newsAgainAt: number
  /** What was reported last, to report changes only. */
  reported: string | number
  placed: string | number
  /** Joins that found no room and are kept for the moment at which this node has proven more. */
  readonly waiting: { join: Join<P>; until: number }[]
  readonly promotions: { child: P; until: number }[]
  tidyAt: number
  /** Pieces that may still be sent for repairs, and when that was counted. */
  repairTokens: number
  repairAt: number
  /** Where actions go during `handle`. */
  out: MeshAction<P>[]
}

export function send<P extends string | number>(state: MeshState<P>, to: P, message: MeshMessage<P>): void {
  state.out.push({ type: 'send', to, message })
}

/**
 * [Note: Ranks] Trees stay free of cycles without anybody seeing them whole: each node that forwards a stripe has a rank in
 * it, a child's rank is above its parent's, and a rank never rises while somebody hangs on it (child, standby or offer).
 * A parent's rank can therefore only have fallen since the child compared, so the order holds whatever is lost or late; a
 * cycle would need a rank below itself. The same idea as the feasibility condition of loop-free routing (DUAL, RFC 7868).
 * Ranks are real numbers, so there is always one between two others: a strong member can be put between a node and a weak child.
 */
export function rankOf<P extends string | number>(state: MeshState<P>, stripe: number): number {
  const home = state.homes.indexOf(stripe)
  return home < 0 ? LEAF_RANK : state.ranks[home]!
}

export function remember<P extends string | number>(state: MeshState<P>, peer: P | null): void {
  if (peer === null || peer === state.self || state.known.includes(peer)) return
  state.known.push(peer)
  if (state.known.length > MESH_LIMITS.known) state.known.splice(Math.floor(state.random() * MESH_LIMITS.known), 1)
}

/** Does anything bind this node to the peer? */
export function isBound<P extends string | number>(state: MeshState<P>, peer: P): boolean {
  return (
    state.children.holds(peer) ||
    state.parent.includes(peer) ||
    state.standby.includes(peer) ||
    state.asked.includes(peer)
  )
}

/** A moment between `ms` and twice that: many must not come at once. */
export function soon<P extends string | number>(state: MeshState<P>, now: number, ms: number): number {
  return now + ms * (1 + state.random())
}
