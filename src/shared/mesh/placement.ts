import { LEAF_RANK } from './mesh-message'
import { classOf, type Judge } from './open-lists'
import { LARGE_ROOM, rankSpread } from './rank-spread'
import { ELSEWHERE, NONE, ROOT, type Register } from './register'
import { mix, type Candidate, type SourceChoice } from './source-choice'

/** Where somebody was put: below `parent`, in the place of `displaced` (NONE), who goes below `to` (NONE: it has no place now). */
export interface Found {
  parent: number
  displaced: number
  to: number
}

export interface PlacementOptions {
  now: number
  choose: SourceChoice
  /** Pairs that did not work, as told by children. */
  isShunned: (member: number, parent: number) => boolean
  /** Who served nobody yet takes the place of none that serves: what it says of its line may not be true. */
  isProven: (member: number) => boolean
  turn: number
}

/** Only for one that is so many times as strong is an inner member moved: all below notice. */
const WORTH_DISPLACING = 3
/** Fewer than a member allows (`serving`): the picture may be behind. */
const STANDBYS_PER_SLOT = 1.3
/** How many open ones are compared; in a large room by when a piece comes. */
const COMPARED = 4
const COMPARED_IN_LARGE = 8

/**
 * Finds a place in the tree of a stripe and puts it into the picture: as near to the source as there is room, or, for who
 * forwards the stripe, in the place of a weaker one, which goes below (capacity first: large uplinks near the source,
 * who uploads nothing gets what is left). Null: there is none.
 * @param rank of `member`: only parents of a smaller one will do
 * @param above only places nearer to the source than this level
 */
export function place<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  options: PlacementOptions,
  above = Infinity,
): Found | null {
  const strength = register.strength(member, stripe)
  for (let level = 0; level < Math.min(above, register.lists.levels) - 1; level++) {
    const open = pickOpen(register, member, stripe, rank, level, false, options)
    if (open !== NONE) return put(register, member, stripe, open, rank, NONE, options)
    if (strength === 0) continue
    const weak = pickWeak(register, member, stripe, rank, level + 1, strength, options)
    if (weak !== NONE) {
      return put(register, member, stripe, register.parent[register.at(weak, stripe)]!, rank, weak, options)
    }
  }
  if (above !== Infinity) return null
  // Who has children is placed out of what is kept for repairs before others begin to help out: all below wait for it.
  if (rank !== LEAF_RANK && register.size >= LARGE_ROOM) {
    const kept = pickKept(register, member, stripe, rank, options)
    if (kept !== NONE) return put(register, member, stripe, kept, rank, NONE, options)
  }
  const helping = pickHelping(register, member, stripe, rank, options)
  if (helping !== NONE) return put(register, member, stripe, helping, rank, NONE, options)
  const spare = pickSpare(register, member, stripe, rank, options)
  if (spare !== NONE) {
    register.addHome(spare, stripe)
    return put(register, member, stripe, spare, rank, NONE, options)
  }
  const kept = pickKept(register, member, stripe, rank, options)
  if (kept !== NONE) return put(register, member, stripe, kept, rank, NONE, options)
  const rider = register.slots[member]! > 0 ? pickRider(register, member, stripe, rank, options) : NONE
  if (rider === NONE) return null
  return put(register, member, stripe, register.parent[register.at(rider, stripe)]!, rank, rider, options)
}

/** One with room among the slots that are kept for repairs. */
function pickKept<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  options: PlacementOptions,
): number {
  for (let level = 0; level < register.lists.levels; level++) {
    const kept = pickOpen(register, member, stripe, rank, level, true, options)
    if (kept !== NONE) return kept
  }
  return NONE
}

function put<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  parent: number,
  rank: number,
  displaced: number,
  options: PlacementOptions,
): Found {
  const spread = (other: number): number => rankSpread(register.peers[other]!, stripe, register.size)
  const parentRank = register.rank[register.at(parent, stripe)]!
  let own = rank === LEAF_RANK ? parentRank + 1 + spread(member) : rank
  if (displaced === NONE) {
    register.link(member, stripe, parent, own)
    return { parent, displaced, to: NONE }
  }
  const displacedRank = register.rankOf(displaced, stripe)
  const below = register.rank[register.at(displaced, stripe)]!
  register.unlink(displaced, stripe)
  register.unlink(member, stripe)
  const roomBelow = register.slots[member]! - register.used[member]! > 0 && register.isInner(member, stripe)
  if (roomBelow) {
    if (own >= below) own = (parentRank + below) / 2
    register.link(member, stripe, parent, own)
    register.link(displaced, stripe, member, displacedRank === LEAF_RANK ? own + 1 + spread(displaced) : displacedRank)
    return { parent, displaced, to: member }
  }
  register.link(member, stripe, parent, own)
  for (let level = 0; level < register.lists.levels; level++) {
    const to = pickOpen(register, displaced, stripe, displacedRank, level, false, options)
    if (to === NONE) continue
    const toRank = register.rank[register.at(to, stripe)]!
    register.link(displaced, stripe, to, displacedRank === LEAF_RANK ? toRank + 1 + spread(displaced) : displacedRank)
    return { parent, displaced, to }
  }
  return { parent, displaced, to: NONE }
}

/** So often links failed at both before they are no longer tried with each other even where nothing else is left. */
const CERTAINLY_APART = 2

/** Links failed at both: it is likely that two NATs keep them apart. They meet only where nothing else is left. */
function areApart<P extends string | number>(register: Register<P>, member: number, parent: number): boolean {
  return register.size >= LARGE_ROOM && parent !== ROOT && register.apart[member]! > 0 && register.apart[parent]! > 0
}

/** Links failed so often at both that they are not worth the second that the next try would cost. */
function areSurelyApart<P extends string | number>(register: Register<P>, member: number, parent: number): boolean {
  if (!areApart(register, member, parent)) return false
  return register.apart[member]! >= CERTAINLY_APART && register.apart[parent]! >= CERTAINLY_APART
}

function mayHang<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  parent: number,
  { now, isShunned }: PlacementOptions,
): boolean {
  if (parent === member || register.rank[register.at(parent, stripe)]! >= rank) return false
  if (register.heldUntil[parent]! > now || isShunned(member, parent)) return false
  if (areSurelyApart(register, member, parent)) return false
  return register.isFed(parent, stripe, member)
}

function pickOpen<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  level: number,
  urgent: boolean,
  options: PlacementOptions,
): number {
  const judge: Judge = (open) => {
    if (register.freeOf(open, stripe, urgent) <= 0) return false
    if (!urgent && areApart(register, member, open)) return false
    return mayHang(register, member, stripe, rank, open, options)
  }
  const isLarge = register.size >= LARGE_ROOM
  const compared = isLarge ? COMPARED_IN_LARGE : COMPARED
  const all = register.lists.sampleOpen(stripe, level, register.random, compared, judge)
  const found = leftForOthers(register, member, all)
  if (found.length < 2) return found[0] ?? NONE
  if (isLarge) return soonest(register, stripe, found, options)
  const candidates = found.map((open): Candidate => ({
    key: mix(open),
    rttMs: null,
    load: register.used[open]!,
    room: Math.max(1, register.freeOf(open, stripe, false)),
    failures: register.doubt[open]!,
  }))
  return found[options.choose(candidates, { turn: options.turn++, key: member, random: register.random })]!
}

/** So many children may show whether something true comes from one that is not proven; more where nobody else has room. */
const TRIED_BY = 4
const UNPROVEN_MS = 1_000

/** Where a piece comes first. Who only claims a line would look best of all, being empty: few find out about it. */
function soonest<P extends string | number>(
  register: Register<P>,
  stripe: number,
  found: readonly number[],
  { isProven }: PlacementOptions,
): number {
  let best = NONE
  let least = Infinity
  for (const open of found) {
    const isTried = open === ROOT || register.used[open]! < TRIED_BY || isProven(open)
    const wait = register.waits.below(open, stripe) + (isTried ? 0 : UNPROVEN_MS)
    if (wait < least) [best, least] = [open, wait]
  }
  return best
}

/** Who helps out in this stripe already and has room: the fewer help, the more trees one death leaves alone. */
function pickHelping<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  options: PlacementOptions,
): number {
  const found = register.lists.sampleHelping(
    stripe,
    register.random,
    COMPARED,
    (open) => register.freeOf(open, stripe, false) > 0 && mayHang(register, member, stripe, rank, open, options),
  )
  return nearest(register, stripe, found)
}

/** The one nearest to the source that has the most room. */
function nearest<P extends string | number>(register: Register<P>, stripe: number, found: readonly number[]): number {
  let best = NONE
  let least = Infinity
  for (const open of found) {
    const cost = register.used[open]! + 4 * register.level[register.at(open, stripe)]!
    if (cost < least) [best, least] = [open, cost]
  }
  return best
}

/** Who reaches everybody hangs on those whom not all can reach, where there are such: the others are needed by these. */
function leftForOthers<P extends string | number>(register: Register<P>, member: number, found: number[]): number[] {
  if (register.size < LARGE_ROOM || register.apart[member]! > 0) return found
  const hardToReach = found.filter((open) => register.apart[open]! > 0)
  return hardToReach.length > 0 ? hardToReach : found
}

/** Somebody weaker, the weakest first, at this level. */
function pickWeak<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  level: number,
  strength: number,
  options: PlacementOptions,
): number {
  const isProven = options.isProven(member)
  const strongest = register.size < LARGE_ROOM || !isProven ? 1 : classOf(strength)
  for (let weaker = 0; weaker < Math.min(strongest, classOf(strength)); weaker++) {
    const judge: Judge = (placed) => {
      const at = register.at(placed, stripe)
      const [parent, own] = [register.parent[at]!, register.strength(placed, stripe)]
      if (parent === ELSEWHERE || placed === member || parent === member) return false
      if (WORTH_DISPLACING * own > strength) return false
      // Who only helps out here is no leaf: what hangs on it is not given to one who served nobody yet.
      if (weaker === 0 && !isProven && register.firstChild(placed, stripe) !== NONE) return false
      if (areApart(register, member, parent) || areApart(register, placed, member)) return false
      return mayHang(register, member, stripe, rank, parent, options)
    }
    const [found] = register.lists.samplePlaced(stripe, level, weaker, register.random, judge)
    if (found !== undefined) return found
  }
  return NONE
}

/** Nobody at home in this stripe has room: one with room in another forwards this one too. */
function pickSpare<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  options: PlacementOptions,
): number {
  const found = register.lists.sampleSpare(register.random, 3 * COMPARED, (spare) => {
    const has = register.parent[register.at(spare, stripe)] !== NONE && register.freeOf(spare, stripe, false) > 0
    return has && mayHang(register, member, stripe, rank, spare, options)
  })
  return nearest(register, stripe, found)
}

/** Who uploads nothing gives its place to who does. */
function pickRider<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  options: PlacementOptions,
): number {
  for (let level = 1; level < register.lists.levels; level++) {
    const [found] = register.lists.samplePlaced(stripe, level, 0, register.random, (placed) => {
      const parent = register.parent[register.at(placed, stripe)]!
      const rider = parent >= ROOT && register.slots[placed] === 0 && placed !== member
      return rider && mayHang(register, member, stripe, rank, parent, options)
    })
    if (found !== undefined) return found
  }
  return NONE
}

/** How hard it would be for a second parent to take who relies on it: in a large room those of one that died come all at once. */
function crowding<P extends string | number>(register: Register<P>, second: number, stripe: number): number {
  const free = register.freeOf(second, stripe, true)
  if (register.size < LARGE_ROOM || free <= 0) return free > 0 ? 0 : 8
  return Math.min(8, (2 * (register.seconds[second]! + 1)) / free)
}

/** A second parent below another child of the root where there is one; NONE: nobody fits. */
export function pickStandby<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  rank: number,
  options: PlacementOptions,
): number {
  const parent = register.parent[register.at(member, stripe)]!
  const branch = register.branchOf(member, stripe)
  const judge: Judge = (other) => {
    const room = register.seconds[other]! < STANDBYS_PER_SLOT * register.slots[other]!
    const has = other !== parent && room && register.forwards(other, stripe) && !areApart(register, member, other)
    return has && mayHang(register, member, stripe, rank, other, options)
  }
  let found: number[] = []
  // Who forwards itself needs one of a smaller rank, and those are few.
  const isInner = register.firstChild(member, stripe) !== NONE
  const deepest = register.level[register.at(member, stripe)]! - (register.size < LARGE_ROOM ? 1 : 0)
  for (let level = isInner ? deepest : 0; level > 0 && found.length < COMPARED; level--) {
    if (found.length > 0 && register.size < LARGE_ROOM) break
    found.push(...register.lists.placedAt(stripe, level, register.random, COMPARED, judge, 1))
  }
  if (found.length === 0) found = register.lists.sampleForwarders(stripe, register.random, COMPARED, judge)
  let best = NONE
  let least = Infinity
  for (const other of found) {
    const same = register.branchOf(other, stripe) === branch ? 16 : 0
    const cost = same + crowding(register, other, stripe) + register.level[register.at(other, stripe)]!
    if (cost < least) [best, least] = [other, cost]
  }
  return best
}
