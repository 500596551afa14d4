import { SOURCE, type MeshNetwork } from './mesh-network'

export interface TreeFigures {
  viewers: number
  /** Stripes that have no parent, of all that living viewers should have. */
  missing: number
  /** Viewers that have every stripe. */
  whole: number
  cycles: number
  /** Nodes that serve more than their true uplink carries, and than they have proven. */
  overused: number
  overgranted: number
  depths: number[]
  /** Slowest stripe of each whole viewer, milliseconds, ascending. */
  delays: Float64Array
  standbys: number
}

/** Follows every tree from the source down and adds up what a piece waits: queue of the sender, hop, all the way. */
export function treeFigures(network: MeshNetwork): TreeFigures {
  const { nodes, alive, options } = network
  const { settings, sourceBps, uplinkBps } = options
  const { stripes, pieceMs, stripeBps } = settings
  const count = nodes.length
  const slowest = new Float64Array(count)
  const got = new Uint8Array(count)
  const depths: number[] = []
  const at = new Float64Array(count)
  const seen = new Uint8Array(count)
  // Stripes that each forwards, as bits: most forward one.
  const forwards = new Int32Array(count)
  for (let key = 0; key < count; key++) {
    for (const stripe of nodes[key]?.view.children.stripes ?? []) forwards[key]! |= 1 << stripe
  }
  const order: number[] = []
  let cycles = 0
  for (let stripe = 0; stripe < stripes; stripe++) {
    seen.fill(0)
    seen[SOURCE] = 1
    let level = [SOURCE]
    at[SOURCE] = 0
    for (let depth = 0; level.length > 0; depth++) {
      depths[depth] = (depths[depth] ?? 0) + (depth > 0 ? level.length : 0)
      const next: number[] = []
      for (const key of level) {
        if (network.links.mute[key] === 1 || (forwards[key]! >>> stripe) % 2 === 0) continue
        const { children } = nodes[key]!.view
        order.length = 0
        for (let i = 0; i < children.peers.length; i++) if (children.stripes[i] === stripe) order.push(i)
        // Whoever sends on is served first.
        order.sort((a, b) => children.capacities[b]! - children.capacities[a]!)
        const bps = key === SOURCE ? sourceBps : uplinkBps[key]!
        const copyMs = (stripeBps * pieceMs) / Math.max(bps, stripeBps)
        let queued = 0
        for (const i of order) {
          // The source sends the pieces of all stripes of a chunk in turn.
          queued += key === SOURCE ? copyMs * stripes : copyMs
          const child = children.peers[i]!
          if (alive[child] === 0 || nodes[child]?.view.parent[stripe] !== key) continue
          if (seen[child] === 1) {
            cycles++
            continue
          }
          seen[child] = 1
          at[child] = at[key]! + queued + network.hop(key, child)
          if (at[child] > slowest[child]!) slowest[child] = at[child]!
          got[child]!++
          next.push(child)
        }
      }
      level = next
    }
  }
  network.links.reach(alive)
  cycles += network.links.cycles
  let [viewers, missing, whole, overused, overgranted, standbys] = [0, 0, 0, 0, 0, 0]
  const delays: number[] = []
  for (let key = 0; key < count; key++) {
    if (alive[key] === 0) continue
    const { children, slots, standby } = nodes[key]!.view
    if (children.peers.length > network.trueSlots(key)) overused++
    if (children.peers.length > slots.total) overgranted++
    if (key === SOURCE) continue
    viewers++
    for (const peer of standby) if (peer !== null) standbys++
    missing += stripes - got[key]!
    if (got[key] !== stripes) continue
    whole++
    delays.push(slowest[key]!)
  }
  const sorted = Float64Array.from(delays).sort()
  return { viewers, missing, whole, cycles, overused, overgranted, depths, delays: sorted, standbys }
}

/** Tells viewers of stripes that do not reach them though they have a parent, as their data plane would. Returns how many. */
export function tellDry(network: MeshNetwork): number {
  const { links, alive, options } = network
  const { stripes } = options.settings
  const reach = links.reach(alive)
  const dry: number[] = []
  for (let key = SOURCE + 1; key < alive.length; key++) {
    for (let stripe = 0; stripe < stripes && alive[key] === 1; stripe++) {
      const at = links.at(key, stripe)
      if (reach[at] === 2 && links.parentOf[at] !== -1) dry.push(key, stripe)
    }
  }
  const { newest } = network
  for (let i = 0; i < dry.length; i += 2) {
    network.tell(dry[i]!, { type: 'late', stripe: dry[i + 1]!, from: newest + 1, until: newest + 10 })
  }
  return dry.length / 2
}

/**
 * Circles that pieces could run in: along links that both ends agree on. A child whose parent has already let it go (the word
 * is on its way, or lost) still names it, but nothing flows there.
 */
export function countCycles({ nodes, alive }: MeshNetwork, stripe: number): number {
  const state = new Uint8Array(nodes.length)
  let cycles = 0
  for (let start = 1; start < nodes.length; start++) {
    if (alive[start] === 0 || state[start] !== 0) continue
    const path: number[] = []
    let key: number | null = start
    while (key !== null && key !== SOURCE && state[key] === 0 && alive[key] === 1) {
      state[key] = 1
      path.push(key)
      const parent: number | null = nodes[key]!.view.parent[stripe] ?? null
      key = parent !== null && nodes[parent]!.view.children.find(key, stripe) >= 0 ? parent : null
    }
    if (key !== null && state[key] === 1) cycles++
    for (const passed of path) state[passed] = 2
  }
  return cycles
}

/** Value below which the share `q` of an ascending list lies. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}
