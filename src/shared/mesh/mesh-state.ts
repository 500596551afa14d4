import type { BarredPeers } from './barred-peers'
import type { ChildTable } from './child-table'
import type { MeshAction } from './mesh-action'
import type { Desk } from './desk'
import { LEAF_RANK, type Attach, type Blame, type MeshMessage } from './mesh-message'
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

/** What a node knows. Arrays are by stripe. The parts (`viewing`, `serving` ...) work on it; only `MeshNode` is seen from outside. */
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
  /** The picture of its district, of a registrar; null for everybody else. */
  desk: Desk<P> | null
  /** Members that may be asked, newest last, at most `MESH_LIMITS.known`. */
  known: P[]
  started: boolean
  /** Who places us; null: not known yet. */
  registrar: P | null
  /** Other registrars, as told. */
  others: P[]
  /** Viewers as told, 0 unknown. */
  room: number
  /** Our rank in each stripe ([Note: Ranks]); one behind the parent's while nobody hangs on us. */
  readonly rank: number[]
  /** We are meant to forward the stripe. */
  readonly inner: boolean[]
  readonly parent: (P | null)[]
  readonly standby: (P | null)[]
  /** The parent's rank when it took us; it can only have fallen since. */
  readonly parentRank: number[]
  /** Hops from the source to the parent. */
  readonly depth: number[]
  /** Stripes whose parent serves us only until we have found another. */
  moving: number[]
  /** Whom we sent `attach` and wait for, and until when. */
  readonly asked: (P | null)[]
  readonly askedUntil: number[]
  /** Since when the stripe has no parent; Infinity while it has. */
  readonly lostAt: number[]
  /** Since when pieces are late, 0: they are not. */
  readonly lateAt: number[]
  /** When pieces that were late had come; -Infinity: never. */
  readonly repairedAt: number[]
  /** Another parent is sought, as nothing comes from this one, which is kept meanwhile. */
  readonly seeking: boolean[]
  /** The parent repairs until then. */
  readonly waitingUntil: number[]
  /** Stripes that were given to the relay last. */
  relayed: number[]
  turn: number
  /** When the next report is due, and until when the last one may go unanswered. */
  reportAt: number
  answerBy: number
  /** Reports without an answer. */
  unanswered: number
  reportedSlots: number
  moved: { stripe: number; parent: P }[]
  blame: { stripe: number; peer: P; why: Blame }[]
  /** Who wants to hang on us and waits for our own parent's answer, or for a child that is just leaving; at most 64. */
  arriving: { from: P; attach: Attach<P>; until: number }[]
  /** Displaced before they had come: to be sent on when they do. */
  forestalled: { peer: P; stripe: number; to: P | null; until: number }[]
  /** The last `pull`, until it is denied. */
  pulled: { whom: P; stripe: number; from: number; until: number } | null
  /** Displaced children that are still served. */
  leaving: { peer: P; stripe: number; until: number }[]
  /** Pieces that may still be sent for repairs, and when that was counted. */
  repairTokens: number
  repairAt: number
  /** Where actions go during `handle`. */
  out: MeshAction<P>[]
}

export const isSource = <P extends string | number>(state: MeshState<P>): boolean => state.self === state.source

export function send<P extends string | number>(state: MeshState<P>, to: P, message: MeshMessage<P>): void {
  state.out.push({ type: 'send', to, message })
}

/**
 * [Note: Ranks] Trees stay free of cycles without anybody seeing them whole: each node has a rank in each stripe, a child's
 * rank is above its parent's, and a rank never rises while somebody hangs on it (child or second child).
 * A parent's rank can therefore only have fallen since the child compared, so the order holds whatever is lost or late; a
 * cycle would need a rank below itself. The same idea as the feasibility condition of loop-free routing (DUAL, RFC 7868).
 * Ranks are real numbers, so there is always one between two others: a strong member can be put between a node and a weak child.
 */
export function askingRank<P extends string | number>(state: MeshState<P>, stripe: number): number {
  return state.children.isPinned(stripe) ? state.rank[stripe]! : LEAF_RANK
}

export function remember<P extends string | number>(state: MeshState<P>, peer: P | null): void {
  if (peer === null || peer === state.self || state.known.includes(peer)) return
  state.known.push(peer)
  if (state.known.length > MESH_LIMITS.known) state.known.splice(Math.floor(state.random() * MESH_LIMITS.known), 1)
}

/** Closes the link to a peer that nothing binds us to any more. */
export function letGo<P extends string | number>(state: MeshState<P>, peer: P): void {
  const bound =
    state.children.holds(peer) ||
    state.parent.includes(peer) ||
    state.standby.includes(peer) ||
    state.asked.includes(peer) ||
    state.registrar === peer
  if (!bound) state.out.push({ type: 'hangUp', peer })
}
