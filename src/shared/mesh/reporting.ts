import { canForward, childFreeDepth, freeSlots, isSource, NOTHING_FREE, ownBranch, ownDepth } from './admission'
import type { Place, Status } from './mesh-message'
import { rankOf, send, type MeshState } from './mesh-state'

const REPORT_MS = 250
const PLACE_MS = 1_000

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
    const coarse = `${stripe}.${status.capacity}.${status.freeDepth}.${coarsely(status.freeAll)}.${coarsely(status.size)}.${status.bestCapacity}.${state.parent[stripe]}.`
    key += coarse
    changed.push(status)
  }
  if (key === state.reported) return
  state.reported = key
  for (const status of changed) send(state, state.parent[status.stripe]!, status)
}

/** Steps of about a quarter. */
const coarsely = (n: number): number => (n < 4 ? n : Math.round(Math.log2(n) * 3))

function overview<P extends string | number>(state: MeshState<P>, now: number): void {
  const spare: number[] = []
  let room = 0
  for (const stripe of state.homes) {
    const status = summarize(state, stripe)
    room = Math.max(room, status.size - 1)
    spare.push(Math.max(0, Math.min(255, Math.round((255 * status.freeAll) / Math.max(1, status.slotsAll)))))
  }
  const changed =
    coarsely(room) !== coarsely(state.room) || spare.some((s, i) => Math.abs(s - (state.spare[i] ?? 0)) >= 8)
  if (!changed) return
  state.room = room
  state.spare = spare
  state.placeAt = Math.min(state.placeAt, now + PLACE_MS)
}

/** Tells the children where they are. */
export function tellPlace<P extends string | number>(state: MeshState<P>, now: number): void {
  if (state.placeAt > now) return
  state.placeAt = Infinity
  const key = `${state.room}.${state.spare.join(',')}.${state.homes
    .map((stripe) => `${ownDepth(state, stripe)},${ownBranch(state, stripe)},${state.parent[stripe]}`)
    .join()}`
  if (key === state.placed) return
  state.placed = key
  const { peers, stripes } = state.children
  for (let i = 0; i < peers.length; i++) {
    const stripe = stripes[i]!
    if (!canForward(state, stripe)) continue
    send(state, peers[i]!, {
      type: 'place',
      stripe,
      depth: ownDepth(state, stripe),
      branch: ownBranch(state, stripe),
      grand: state.parent[stripe]!,
      room: state.room,
      spare: state.spare,
    })
  }
}

export function onPlace<P extends string | number>(state: MeshState<P>, now: number, from: P, place: Place<P>): void {
  const { stripe } = place
  if (state.parent[stripe] !== from) return
  const moved =
    state.depth[stripe] !== place.depth || state.branch[stripe] !== place.branch || state.grand[stripe] !== place.grand
  state.depth[stripe] = place.depth
  state.branch[stripe] = place.branch
  state.grand[stripe] = place.grand
  const told = place.room !== state.room || (place.spare.length > 0 && place.spare !== state.spare)
  state.room = place.room
  if (place.spare.length === state.settings.stripes) state.spare = place.spare
  if (state.homes.includes(stripe) && (moved || told) && state.children.peers.length > 0) {
    state.placeAt = Math.min(state.placeAt, now + PLACE_MS)
  }
}
