import { place, type Found, type PlacementOptions } from './placement'
import { NONE, type Register } from './register'

const HELPERS_AT_ONCE = 4
/** So many are tried in vain. */
const VAIN_AT_ONCE = 3

/**
 * Told of everybody that was put elsewhere. `former`: who served it until now; `reused`: whose slot may be somebody else's before
 * it has left, as who comes there waits a moment for it (`serving`).
 */
export type Moved = (member: number, stripe: number, former: number, found: Found, reused: boolean) => void

/** Puts a member nearer to the source than level `above`, at one that is at home in the stripe. False: nothing is better. */
export function move<P extends string | number>(
  register: Register<P>,
  member: number,
  stripe: number,
  options: PlacementOptions,
  above: number,
  moved: Moved,
  reused = false,
): boolean {
  const former = register.parent[register.at(member, stripe)]!
  const found = place(register, member, stripe, register.rankOf(member, stripe), options, above)
  if (found) moved(member, stripe, former, found, reused)
  return found !== null
}

/**
 * Trees should share no inner members (a death then costs everybody one stripe only). Who forwards a second stripe because
 * slots were scarce there is relieved of it once they are not.
 */
export function relieveHelpers<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  most: number,
  moved: Moved,
): void {
  const { lists, stripes, random } = register
  const first = Math.floor(random() * (stripes + 1))
  let left = most
  for (let n = 0; n <= stripes && left > 0 && lists.hasOpen(stripe); n++) {
    const home = ((first + n) % (stripes + 1)) - 1
    let vain = 0
    for (const helper of lists.sampleHelpers(stripe, home, random, HELPERS_AT_ONCE, () => true)) {
      let child = register.firstChild(helper, stripe)
      while (child !== NONE && left > 0 && vain < VAIN_AT_ONCE) {
        const next = register.nextChild(child, stripe)
        if (move(register, child, stripe, options, lists.levels, moved, true)) left--
        else vain++
        child = next
      }
      if (register.firstChild(helper, stripe) === NONE) register.dropHome(helper, stripe)
    }
  }
}

/**
 * Nobody at home in this stripe has room, in other stripes some have: one that is at home here and helps out there is relieved
 * of a child, so that it has room here. True when that was done.
 */
export function makeRoomAtHome<P extends string | number>(
  register: Register<P>,
  stripe: number,
  options: PlacementOptions,
  moved: Moved,
): boolean {
  const { lists, stripes, random } = register
  const first = Math.floor(random() * stripes)
  for (let n = 0; n < stripes; n++) {
    const other = (first + n) % stripes
    if (other === stripe || !lists.hasOpen(other)) continue
    for (const helper of lists.sampleHelpers(other, stripe, random, HELPERS_AT_ONCE, () => true)) {
      const child = register.firstChild(helper, other)
      if (child !== NONE && move(register, child, other, options, lists.levels, moved, true)) return true
      if (child === NONE) register.dropHome(helper, other)
    }
  }
  return false
}
