import { canForward, childFreeDepth, freeSlots, isSource, NOTHING_FREE, ownBranch, ownDepth } from './admission'
import { changeHome, chooseHomes, leaveSpareHome } from './joining'
import type { Place, Status } from './mesh-message'
import { rankOf, send, type MeshState } from './mesh-state'

const REPORT_MS = 250
const PLACE_MS = 1_000
/** While trees are uneven everybody is told so often, and some change (`changeHome`). */
const NEWS_AGAIN_MS = 4_000

/** What this node tells its parent of itself and all below. */
export function summarize<P extends string | number>(state: MeshState<P>, stripe: number): Status<P> {
  const { children } = state
  let freeDepth = NOTHING_FREE
  let free = freeSlots(state, stripe)
  let freeAll = free
  let slotsAll = state.slots.lasting
  let size = 1
  let best: P | null = null
  let bestCapacity = 0
  if (free > 0) freeDepth = 0
  for (let i = 0; i < children.peers.length; i++) {
    if (children.stripes[i] !== stripe) continue
    const report = children.reports[i]
    const capacity = children.capacities[i]!
    const below = Math.min(NOTHING_FREE, childFreeDepth(state, i) + 1)
    const here = report ? report.free : capacity
    if (below < freeDepth) [freeDepth, free] = [below, here]
    else if (below === freeDepth && below < NOTHING_FREE) free += here
    freeAll += report ? report.freeAll : capacity
    slotsAll += report ? report.slotsAll : capacity
    size += report ? report.size : 1
    if (capacity > bestCapacity) [best, bestCapacity] = [children.peers[i]!, capacity]
  }
  return {
    type: 'status',
    stripe,
    rank: rankOf(state, stripe),
    capacity: state.slots.total,
    used: children.used,
    freeDepth,
    free,
    freeAll,
    slotsAll,
    size,
    best,
    bestCapacity,
  }
}

/** Notes that something changed that others may need to know. */
export function touch<P extends string | number>(state: MeshState<P>, now: number): void {
  if (state.reportAt === Infinity) state.reportAt = now + REPORT_MS
}

/** Tells the parent what changed by a quarter or more; the source works out the room instead. */
export function report<P extends string | number>(state: MeshState<P>, now: number): void {
  if (state.reportAt > now) return
  state.reportAt = Infinity
  if (isSource(state)) {
    overview(state, now)
    return
  }
  let key = ''
  const changed: Status<P>[] = []
  for (const stripe of state.homes) {
    if (state.parent[stripe] === null) continue
    const status = summarize(state, stripe)
    if (status.size === 1 && state.reported === '') continue
    const coarse = `${stripe}.${status.capacity}.${status.freeDepth}.${coarsely(status.freeAll)}.${finely(status.slotsAll)}.${coarsely(status.size)}.${status.bestCapacity}.${state.parent[stripe]}.`
    key += coarse
    changed.push(status)
  }
  if (key === state.reported) return
  state.reported = key
  for (const status of changed) send(state, state.parent[status.stripe]!, status)
}

/** Steps of about a quarter. */
const coarsely = (n: number): number => (n < 4 ? n : Math.round(Math.log2(n) * 3))

/** Steps of about 6 %: the balance between the trees hangs on it. */
const finely = (n: number): number => (n < 16 ? n : Math.round(Math.log2(n) * 12))

function overview<P extends string | number>(state: MeshState<P>, now: number): void {
  const slots: number[] = []
  const sizes: number[] = []
  for (const stripe of state.homes) {
    const status = summarize(state, stripe)
    sizes.push(status.size - 1)
    // Counted without our own slots of the other stripes.
    slots.push(status.slotsAll - state.slots.lasting * (1 - 1 / state.homes.length))
  }
  // Every viewer is in every tree; single trees may be told too large or small while members move.
  const room = sizes.sort((a, b) => a - b)[sizes.length >> 1] ?? 0
  const spare = slots.map((count) => Math.max(0, Math.min(255, Math.round((128 * count) / Math.max(1, room)))))
  const uneven = Math.max(...spare) - Math.min(...spare) >= 6 && Math.min(...spare) < 136
  if (uneven) state.reportAt = Math.min(state.reportAt, now + NEWS_AGAIN_MS)
  const changed =
    (uneven && now >= state.newsAgainAt) ||
    coarsely(room) !== coarsely(state.room) ||
    spare.some((s, i) => Math.abs(s - (state.spare[i] ?? 0)) >= 4)
  if (!changed) return
  state.newsAgainAt = now + NEWS_AGAIN_MS
  state.room = room
  state.spare = spare
  state.newsAt = Math.min(state.newsAt, now)
}

/** Tells the children where they are; the source also what the room is like. */
export function tellPlace<P extends string | number>(state: MeshState<P>, now: number): void {
  if (state.newsAt <= now) {
    state.newsAt = Infinity
    for (const stripe of state.homes) tellChildren(state, stripe, state.spare)
  }
  if (state.placeAt > now) return
  state.placeAt = Infinity
  const key = placeKey(state)
  if (key === state.placed) return
  state.placed = key
  for (const stripe of state.homes) tellChildren(state, stripe, NO_NEWS)
}

/** With `spare` only those that forward: leaves have no use for it. */
function tellChildren<P extends string | number>(state: MeshState<P>, stripe: number, spare: number[]): void {
  if (!canForward(state, stripe)) return
  const { peers, stripes, capacities } = state.children
  for (let i = 0; i < peers.length; i++) {
    if (stripes[i] !== stripe || (spare.length > 0 && capacities[i] === 0)) continue
    send(state, peers[i]!, {
      type: 'place',
      stripe,
      depth: ownDepth(state, stripe),
      branch: ownBranch(state, stripe),
      grand: state.parent[stripe]!,
      room: state.room,
      spare,
    })
  }
}

/** Never a key: the next report is sent whatever it says. */
const CHANGED = '-'
const NO_NEWS: number[] = []

function placeKey<P extends string | number>(state: MeshState<P>): string {
  if (isSource(state)) return ''
  let key = ''
  for (const stripe of state.homes) {
    key += `${stripe}.${ownDepth(state, stripe)}.${ownBranch(state, stripe)}.${state.parent[stripe]};`
  }
  return key
}

export function onPlace<P extends string | number>(state: MeshState<P>, now: number, from: P, place: Place<P>): void {
  const { stripe } = place
  if (state.parent[stripe] !== from) return
  const moved =
    state.depth[stripe] !== place.depth || state.branch[stripe] !== place.branch || state.grand[stripe] !== place.grand
  state.depth[stripe] = place.depth
  state.branch[stripe] = place.branch
  state.grand[stripe] = place.grand
  const isHome = state.homes.includes(stripe) && state.children.peers.length > 0
  if (moved && isHome) state.placeAt = Math.min(state.placeAt, now + PLACE_MS)
  if (place.spare.length !== state.settings.stripes || !state.homes.includes(stripe)) return
  state.room = place.room
  state.spare = place.spare
  // Down the tree that it came by: over several trees it would run in circles.
  tellChildren(state, stripe, state.spare)
  const before = state.homes.join()
  leaveSpareHome(state)
  chooseHomes(state)
  changeHome(state, now)
  if (state.homes.join() === before) return
  state.reported = CHANGED
  touch(state, now)
}
