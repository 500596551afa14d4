import type { MeshNetwork } from './mesh-network'
import { Playout, type Stalls } from './playout'
import { quantile } from './tree-figures'

export interface CrashFigures {
  died: number
  /** Viewers that lost at least one stripe, part of the living. */
  hit: number
  /** From the crash until a lost stripe had a parent again that it flows from, milliseconds. */
  repairMs: { p50: number; p99: number; max: number }
  /** The latest piece of a viewer, milliseconds behind its time. */
  latestMs: { p50: number; p99: number; max: number }
  /** Viewers whose play-out buffer of 0.5, 1 and 2 s did not last. */
  stalled: Stalls[]
}

/** `share` of the viewers die at once and without a word; looks every `stepMs` who gets which stripe, for `watchMs`. */
export function crash(
  network: MeshNetwork,
  share: number,
  random: () => number,
  stepMs: number,
  watchMs: number,
): CrashFigures {
  const { alive } = network
  const viewers = network.nodes.length - 1
  const died = Math.round(share * viewers)
  for (let n = 0; n < died;) {
    const key = 1 + Math.floor(random() * viewers)
    if (alive[key] === 0) continue
    network.crash(key)
    n++
  }
  const playout = new Playout(network, [500, 1_000, 2_000])
  playout.run(network.now + watchMs, stepMs)
  playout.finish()
  const figures = (values: ArrayLike<number>): CrashFigures['repairMs'] => {
    const sorted = Float64Array.from(values).sort()
    return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 }
  }
  return {
    died,
    hit: playout.hit / (viewers - died),
    repairMs: figures(playout.repairs),
    latestMs: figures(playout.worst.filter((_, key) => key > 0 && alive[key] === 1)),
    stalled: playout.stalls(),
  }
}
