import { SOURCE, type MeshNetwork } from './mesh-network'
import { quantile } from './tree-figures'

/** A stripe that is silent is told as late so often, first after this time: three pieces and their jitter. */
const SILENCE_MS = 120
const AGAIN_MS = 60
const FLOWING = -1

export interface CrashFigures {
  died: number
  /** Viewers that lost at least one stripe, part of the living. */
  hit: number
  /** From the crash until a lost stripe had a parent again that it flows from, milliseconds. */
  repairMs: { p50: number; p99: number; max: number }
  /**
   * Part of the viewers that got some piece of some stripe (from a parent, or pulled from a neighbour) later than a play-out
   * buffer of 0.5, 1 and 2 s holds.
   */
  stalled: { after500ms: number; after1s: number; after2s: number }
}

/** `share` of the viewers die at once and without a word; looks every `stepMs` who gets which stripe, for `watchMs`. */
export function crash(
  network: MeshNetwork,
  share: number,
  random: () => number,
  stepMs: number,
  watchMs: number,
): CrashFigures {
  const { stripes, pieceMs } = network.options.settings
  const { alive, links } = network
  const viewers = network.nodes.length - 1
  const died = Math.round(share * viewers)
  for (let n = 0; n < died;) {
    const key = 1 + Math.floor(random() * viewers)
    if (alive[key] === 0) continue
    network.crash(key)
    n++
  }
  const startMs = network.now
  /** The newest piece of a stripe that does not flow. */
  const newest = new Int32Array((viewers + 1) * stripes).fill(FLOWING)
  /** When it flowed again; negative: not yet. */
  const backAt = new Float64Array(newest.length)
  const worst = new Float64Array(viewers + 1)
  const worstAt = new Int32Array(viewers + 1)
  const late = new Set<number>()
  /** The next piece of a stripe has come, or is still out: how late is it? */
  const judge = (at: number): void => {
    const key = Math.floor(at / stripes)
    const l = network.now - (newest[at]! + 1) * pieceMs
    if (l > worst[key]!) { worst[key] = l; worstAt[key] = at }
  }
  network.newestOf = (key, stripe) => {
    const held = newest[key * stripes + stripe]!
    return held === FLOWING ? network.newest : held
  }
  network.onPieces = (key, stripe, first, last) => {
    const at = key * stripes + stripe
    const held = newest[at]!
    if (held === FLOWING || first > held + 1 || last <= held) return
    judge(at)
    newest[at] = last
    if (late.delete(at)) network.tell(key, { type: 'flowing', stripe })
    // Pieces are passed on, whoever brought them.
    const { children } = network.nodes[key]!.view
    for (const [i, child] of children.peers.entries()) {
      if (children.stripes[i] === stripe) network.carry(key, child, stripe, first, last)
    }
  }
  for (let ms = 0; ms <= watchMs; ms += stepMs) {
    if (ms > 0) network.run(startMs + ms)
    const tell = ms >= SILENCE_MS && (stepMs >= AGAIN_MS || ms % AGAIN_MS < stepMs)
    const reach = links.reach(alive)
    for (let at = (SOURCE + 1) * stripes; at < reach.length; at++) {
      const isBack = newest[at] !== FLOWING
      if (reach[at] === 1 && !isBack) continue
      const key = Math.floor(at / stripes)
      const stripe = at - key * stripes
      if (alive[key] === 0) continue
      if (reach[at] === 1) {
        judge(at)
        newest[at] = FLOWING
        backAt[at] = ms
        if (late.delete(at)) network.tell(key, { type: 'flowing', stripe })
        continue
      }
      if (newest[at] === FLOWING) newest[at] = network.newest
      backAt[at] = -1
      if (!tell || links.parentOf[at] === -1) continue
      late.add(at)
      network.tell(key, {
        type: 'late',
        stripe,
        from: newest[at]! + 1,
        until: Math.max(newest[at]! + 1, network.newest),
      })
    }
  }
  const repairs: number[] = []
  let hit = 0
  for (let key = 1; key <= viewers; key++) {
    if (alive[key] === 0) continue
    let lost = false
    for (let at = key * stripes; at < (key + 1) * stripes; at++) {
      if (backAt[at] === 0) continue
      lost = true
      repairs.push(backAt[at]! < 0 ? Infinity : backAt[at]!)
      if (newest[at] !== FLOWING) judge(at)
    }
    if (lost) hit++
  }
  network.newestOf = () => network.newest
  network.onPieces = null
  const sorted = Float64Array.from(repairs).sort()
  Object.assign(globalThis, { __worst: worst, __worstAt: worstAt })
  const above = (ms: number): number =>
    worst.reduce((count, lateMs) => count + (lateMs > ms ? 1 : 0), 0) / (viewers - died)
  return {
    died,
    hit: hit / (viewers - died),
    repairMs: { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 },
    stalled: { after500ms: above(500), after1s: above(1_000), after2s: above(2_000) },
  }
}
