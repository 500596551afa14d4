import { BarredPeers } from './barred-peers'
import { ChildTable } from './child-table'
import type { MeshAction } from './mesh-action'
import type { Desk } from './desk'
import { LateStripes } from './late-stripes'
import { LEAF_RANK, type Attach, type Blame, type MeshMessage } from './mesh-message'
import { MESH_LIMITS, type MeshSettings } from './mesh-settings'
import { Neighbours } from './neighbours'
import { SOURCE_CHOICES, type SourceChoice } from './source-choice'
import { ALL_STRIPES, NO_STRIPES, type StripeSet } from './stripe-set'
import { UplinkSlots } from './uplink-slots'

/** No rule looks further back than this at what was late (`repair`: 1 s, `serving`: 2 s). */
const LATE_REMEMBERED_MS = 2_000

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

/**
 * What a node knows. Arrays are by stripe. The parts (`viewing`, `serving` ...) work on it; only `MeshNode` is seen from outside.
 * A class, so that all nodes of a simulation share one shape: with a shape each, a million of them cost twice the memory and time.
 */
export class MeshState<P extends string | number> {
  readonly self: P
  readonly source: P
  readonly settings: MeshSettings
  readonly random: () => number
  readonly newest: (stripe: number) => number
  readonly choose: SourceChoice
  readonly children = new ChildTable<P>()
  readonly slots: UplinkSlots
  readonly neighbours = new Neighbours<P>()
  readonly barred = new BarredPeers<P>()
  /** The picture of its district, of a registrar; null for everybody else. */
  desk: Desk<P> | null = null
  /** Members that may be asked, newest last, at most `MESH_LIMITS.known`. */
  known: P[] = []
  started = false
  /** Who places us; null: not known yet. */
  registrar: P | null = null
  /** Other registrars, as told. */
  others: P[] = []
  /** Viewers as told, 0 unknown. */
  room = 0
  /** Our rank in each stripe ([Note: Ranks]); one behind the parent's while nobody hangs on us. */
  readonly rank: number[]
  /** Stripes that we are meant to forward. */
  inner: StripeSet
  readonly parent: (P | null)[]
  readonly standby: (P | null)[]
  /** Hops from the source to the parent. */
  readonly depth: number[]
  /** Stripes whose parent serves us only until we have found another. */
  moving: StripeSet = NO_STRIPES
  /** Whom we sent `attach` and wait for, and until when. */
  readonly asked: (P | null)[]
  readonly askedUntil: number[]
  /** Since when the stripe has no parent; Infinity while it has. */
  readonly lostAt: number[]
  /** What is late, was a moment ago, or waits for the parent's repair. */
  readonly late = new LateStripes(LATE_REMEMBERED_MS)
  /** Stripes for which another parent is sought, as nothing comes from this one, which is kept meanwhile. */
  seeking: StripeSet = NO_STRIPES
  /** Stripes that were given to the relay last. */
  relayed: number[] = []
  turn = 0
  /** When the next report is due, and until when the last one may go unanswered. */
  reportAt = Infinity
  answerBy = Infinity
  /** Reports without an answer. */
  unanswered = 0
  reportedSlots = -1
  /** Somebody waits for slots until then. */
  growUntil = 0
  moved: { stripe: number; parent: P }[] = []
  blame: { stripe: number; peer: P; why: Blame }[] = []
  /** Who wants to hang on us and waits for our own parent's answer, or for a child that is just leaving; at most 64. */
  arriving: { from: P; attach: Attach<P>; until: number }[] = []
  /** Displaced before they had come: to be sent on when they do. */
  forestalled: { peer: P; stripe: number; to: P | null; until: number }[] = []
  /** The last `pull`, until it is denied. */
  pulled: { whom: P; stripe: number; from: number; until: number } | null = null
  /** Displaced children that are still served. */
  leaving: { peer: P; stripe: number; until: number }[] = []
  /** Pieces that may still be sent for repairs, and when that was counted. */
  repairTokens = 8
  repairAt = 0
  /** Where actions go during `handle`. */
  out: MeshAction<P>[] = []

  constructor({ self, source, settings, random, uplinkBps, newest, choose }: MeshNodeOptions<P>) {
    this.self = self
    this.source = source
    this.settings = settings
    this.random = random
    this.newest = newest
    this.choose = choose ?? SOURCE_CHOICES['two-choices']
    const { stripes } = settings
    const fill = <T>(value: T): T[] => new Array<T>(stripes).fill(value)
    const isRoot = self === source
    this.slots = new UplinkSlots(settings, isRoot ? Infinity : uplinkBps)
    if (isRoot) this.slots.measured(uplinkBps)
    this.rank = fill(isRoot ? 0 : LEAF_RANK)
    this.inner = isRoot ? ALL_STRIPES : NO_STRIPES
    this.parent = fill<P | null>(null)
    this.standby = fill<P | null>(null)
    this.depth = fill(0)
    this.asked = fill<P | null>(null)
    this.askedUntil = fill(Infinity)
    this.lostAt = fill(Infinity)
  }
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
