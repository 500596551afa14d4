import { SOURCE, type MeshNetwork } from './mesh-network'
import { quantile, reachOf } from './tree-figures'

/** A stripe that is silent is told as late so often, first after this time: three pieces and their jitter. */
const SILENCE_MS = 120
const AGAIN_MS = 60

export interface CrashFigures {
  died: number
  /** Viewers that lost at least one stripe, part of the living. */
  hit: number
  /** From the crash until a lost stripe reached its viewer again, milliseconds. */
  repairMs: { p50: number; p99: number; max: number }
  /** Part of the viewers that lacked some stripe for longer than a play-out buffer of 0.5, 1 and 2 s holds. */
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
  const { stripes } = network.options.settings
  const viewers = network.nodes.length - 1
  const died = Math.round(share * viewers)
  for (let n = 0; n < died;) {
    const key = 1 + Math.floor(random() * viewers)
    if (network.alive[key] === 0) continue
    network.crash(key)
    n++
  }
  const startMs = network.now
  const dryUntil = new Float64Array((viewers + 1) * stripes)
  const late = new Set<number>()
  for (let ms = 0; ms <= watchMs; ms += stepMs) {
    if (ms > 0) network.run(startMs + ms)
    const tell = ms >= SILENCE_MS && (stepMs >= AGAIN_MS || ms % AGAIN_MS < stepMs)
    for (let stripe = 0; stripe < stripes; stripe++) {
      const reached = reachOf(network, stripe)
      for (let key = SOURCE + 1; key <= viewers; key++) {
        if (network.alive[key] === 0) continue
        const id = key * stripes + stripe
        if (reached[key] === 1) {
          if (dryUntil[id]! < 0) {
            dryUntil[id] = ms
            if (late.delete(id)) network.tell(key, { type: 'flowing', stripe })
          }
          continue
        }
        dryUntil[id] = -1
        if (!tell || network.nodes[key]!.view.parent[stripe] === null) continue
        late.add(id)
        network.tell(key, { type: 'late', stripe, from: 1, until: 10 })
      }
    }
  }
  const repairs: number[] = []
  const worst = new Float64Array(viewers + 1)
  for (let key = 1; key <= viewers; key++) {
    if (network.alive[key] === 0) continue
    for (let stripe = 0; stripe < stripes; stripe++) {
      const until = dryUntil[key * stripes + stripe]!
      if (until === 0) continue
      repairs.push(until < 0 ? Infinity : until)
      worst[key] = Math.max(worst[key]!, repairs.at(-1)!)
    }
  }
  const sorted = Float64Array.from(repairs).sort()
  const above = (ms: number): number => worst.reduce((count, dry) => count + (dry > ms ? 1 : 0), 0) / (viewers - died)
  return {
    died,
    hit: above(0),
    repairMs: { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 },
    stalled: { after500ms: above(500), after1s: above(1_000), after2s: above(2_000) },
  }
}
