import { classOf } from './open-lists'
import { place, type Found, type PlacementOptions } from './placement'
import { LARGE_ROOM } from './rank-spread'
import { NONE, ROOT, type Register } from './register'

/** Above this nobody is moved: it would be noticed by too many for too little. */
const LEAST_LEVEL = 3
/** Of each stripe in one go: at least so many, and this part of the room. */
const LEAST_MOVES = 2
const MOVES_SHARE = 1 / 64
const MOST_MOVES = 512
const LEVELS_AT_ONCE = 4

/** A stripe has slots of its own for everybody, and a little more: who only helps out may go. */
const ENOUGH = 1.03
const HELPERS_AT_ONCE = 2
const CHILDREN_AT_ONCE = 8
/** Strong ones of each stripe that are tried nearer to the source in one go. */
const STRONG_AT_ONCE = 2

/** `former`: who served it until now. */
type Moved = (member: number, stripe: number, former: number, found: Found) => void

/**
 * Brings trees into a better shape, a little at a time; everybody is served where it is until its new parent has taken it.
 * True when somebody was moved.
 */
export function tidy<P extends string | number>(
  register: Register<P>,
  options: PlacementOptions,
  moved: Moved,
): boolean {
  let moves = 0
  const count: Moved = (...all) => {
    moves++
    moved(...all)
  }
  for (let stripe = 0; stripe < register.stripes; stripe++) {
    raiseDeepest(register, stripe, options, count)
    if (register.size < LARGE_ROOM) continue
    raiseStrong(register, stripe, options, count)
    relieveHelpers(register, stripe, options, count)
  }
  return moves > 0
}

/** The deepest members come nearer to the source where there is room now; in a small room leaves only by two levels at once. */
function raiseDeepest<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  moved: Moved,
): void {
  let left = LEAST_MOVES + Math.min(MOST_MOVES, Math.floor(register.size * MOVES_SHARE))
  let level = register.lists.levels
  for (let n = 0; n < LEVELS_AT_ONCE && left > 0; n++) {
    level = register.lists.deepest(stripe, level)
    if (level <= LEAST_LEVEL) return
    for (const member of membersAt(register, stripe, level, left)) {
      const stays = register.size < LARGE_ROOM && register.strength(member, stripe) === 0
      const above = stays ? level - 1 : level
      if (move(register, member, stripe, options, above, moved)) left--
    }
  }
}

/** The strongest of the upper levels take the place of weaker ones above. */
function raiseStrong<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  moved: Moved,
): void {
  for (let level = 2; level <= LEAST_LEVEL; level++) {
    for (const member of membersAt(register, stripe, level, STRONG_AT_ONCE)) {
      if (register.strength(member, stripe) === 0 || register.home[member] !== stripe) continue
      move(register, member, stripe, options, level, moved)
    }
  }
}

function move<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  options: PlacementOptions,
  above: number,
  moved: Moved,
): boolean {
  const former = register.parent[register.at(member, stripe)]!
  const found = place(register, member, stripe, register.rankOf(member, stripe), options, above)
  if (found) moved(member, stripe, former, found)
  return found !== null
}

function membersAt<P extends string | number>(
  register: Register<P>,
  stripe: number,
  level: number,
  most: number,
): number[] {
  return register.lists.placedAt(stripe, level, register.random, most, (member, strength) => {
    const at = register.at(member, stripe)
    const isHere = register.isMember(member) && register.level[at] === level && register.parent[at]! >= ROOT
    return isHere && classOf(register.strength(member, stripe)) === strength ? 'fits' : 'stale'
  })
}

/**
 * Trees should share no inner members (a death then costs everybody one stripe only). Who forwards a second stripe because
 * slots were scarce there is relieved of it once they are not.
 */
function relieveHelpers<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  moved: Moved,
): void {
  const lasting = register.supply[stripe]! * (1 - register.settings.repairShare)
  if (lasting < ENOUGH * register.size) return
  const helpers = register.lists.sampleForwarders(stripe, register.random, HELPERS_AT_ONCE, (member) => {
    if (!register.isMember(member) || (register.homes[member]! >>> stripe) % 2 === 0) return 'stale'
    return register.home[member] === stripe ? 'unfit' : 'fits'
  })
  for (const helper of helpers) {
    const elsewhere = { ...options, isShunned: (m: number, p: number) => p === helper || options.isShunned(m, p) }
    let child = register.firstChild(helper, stripe)
    for (let n = 0; n < CHILDREN_AT_ONCE && child !== NONE; n++) {
      const next = register.nextChild(child, stripe)
      const above = register.level[register.at(child, stripe)]! + 2
      move(register, child, stripe, elsewhere, above, moved)
      child = next
    }
    if (register.firstChild(helper, stripe) === NONE) register.dropHome(helper, stripe)
  }
}
