import type { PlacementOptions } from './placement'
import { LARGE_ROOM } from './rank-spread'
import { move, relieveHelpers, type Moved } from './relief'
import { ROOT, type Register } from './register'

/** Above this nobody is moved that forwards nothing: it would be noticed by too many for too little. */
const LEAST_LEVEL = 3
/** Of each stripe in one go: at least so many, and this part of the room. */
const LEAST_MOVES = 2
const MOVES_SHARE = 1 / 64
const MOST_MOVES = 512
const LEVELS_AT_ONCE = 4

/** Of one class at one level so many are tried, and so many in vain. */
const STRONG_AT_ONCE = 16
const VAIN_AT_ONCE = 3

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
  const most = LEAST_MOVES + Math.min(MOST_MOVES, Math.floor(register.size * MOVES_SHARE))
  for (let stripe = 0; stripe < register.stripes; stripe++) {
    if (register.size >= LARGE_ROOM) {
      raiseStrong(register, stripe, options, most, count)
      relieveHelpers(register, stripe, options, most, count)
    }
    raiseDeepest(register, stripe, options, most, count)
  }
  return moves > 0
}

/** The deepest members come nearer to the source where there is room now; in a small room leaves only by two levels at once. */
function raiseDeepest<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  most: number,
  moved: Moved,
): void {
  let left = most
  let level = register.lists.levels
  for (let n = 0; n < LEVELS_AT_ONCE && left > 0; n++) {
    level = register.lists.deepest(stripe, level)
    if (level <= LEAST_LEVEL) return
    const here = register.lists.placedAt(stripe, level, register.random, left, (member) =>
      hangs(register, member, stripe),
    )
    for (const member of here) {
      const stays = register.size < LARGE_ROOM && register.strength(member, stripe) === 0
      const above = stays ? level - 1 : level
      if (move(register, member, stripe, options, above, moved)) left--
    }
  }
}

/**
 * Strong ones take the place of weaker ones above, the strongest first: the more slots near the source, the fewer hops for
 * everybody. Trees end up in the order of a heap.
 */
function raiseStrong<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  most: number,
  moved: Moved,
): void {
  const { lists, random } = register
  const deepest = lists.deepest(stripe, lists.levels)
  let left = most
  for (let strength = lists.classes - 1; strength > 0; strength--) {
    let weakest = lists.classes
    for (let level = 2; level <= deepest; level++) {
      for (let weaker = 0; weaker < weakest; weaker++) {
        if (lists.placedCount(stripe, level - 1, weaker) > 0) weakest = weaker
      }
      if (weakest >= strength) continue
      const isThere = (member: number): boolean => options.isProven(member) && hangs(register, member, stripe)
      let vain = 0
      const most = Math.min(left, STRONG_AT_ONCE)
      for (const member of lists.samplePlaced(stripe, level, strength, random, isThere, most)) {
        if (move(register, member, stripe, options, level, moved)) left--
        else if (++vain >= VAIN_AT_ONCE) break
      }
      if (left <= 0) return
    }
  }
}

/** By a parent that is in the picture. */
const hangs = <P extends string | number>(register: Register<P>, member: number, stripe: number): boolean =>
  register.parent[register.at(member, stripe)]! >= ROOT
