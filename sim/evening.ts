import { SOURCE_CHOICES, type SourceChoiceName } from '@shared/mesh/source-choice'
import { crowd, rateBound } from './crowd'
import { MeshNetwork, SOURCE } from './mesh-network'
import { Playout } from './playout'
import { seededRandom } from './seeded-random'
import { quantile, treeFigures } from './tree-figures'

const SOURCE_BPS = 10e6
const STEP_MS = 20
const BUFFERS_MS = [500, 1_000]
const REGIONS = 4
/** Median one way within a region, and for each region that lies between, milliseconds. */
const NEAR_MS = 10
const FAR_MS = 25

/** What goes wrong while a room watches; parts of the viewers. */
export interface Scenario {
  /** Behind a NAT that two such cannot pair through. */
  nat?: number
  /** Regions of the world instead of one distance for all. */
  regions?: boolean
  /** Half of them claim 20 Mbit/s and send nothing, half send forged pieces. */
  liars?: number
  /** Could upload, and do not. */
  riders?: number
  /** Leave in a minute, half of them without a word; as many come. */
  churn?: number
  /** Die at once, five seconds before the end. */
  crash?: number
}

/** The scenarios of live.md section 8; `all` runs each. */
export const SCENARIOS = {
  calm: {},
  nat: { nat: 0.4 },
  regions: { regions: true },
  liars: { liars: 0.3 },
  riders: { riders: 0.3 },
  churn: { churn: 0.2 },
  crash: { crash: 0.05 },
  evening: { regions: true, churn: 0.2, crash: 0.05 },
  everything: { nat: 0.4, regions: true, liars: 0.1, riders: 0.1, churn: 0.2, crash: 0.05 },
} satisfies Record<string, Scenario>
export type ScenarioName = keyof typeof SCENARIOS

export interface Evening {
  viewers: number
  seed: number
  stripes: number
  /** Stream rate against the rate bound of those who do upload. */
  load: number
  joinSeconds: number
  /** How long the room is watched after everybody came. */
  watchSeconds: number
  choose: SourceChoiceName
  scenario: Scenario
}

/** One line of a table: shares in percent, times in milliseconds. */
export interface EveningFigures {
  whole: number
  joinP50: number
  joinP95: number
  /** Part of the watching time, and of the viewers, that a play-out buffer could not cover. */
  stall500: number
  stall1s: number
  stalled1s: number
  delayP50: number
  delayP99: number
  /** Share that peers carry of what viewers get, against the bound 1 - 1/N. */
  offload: number
  /** Changes of a parent, per viewer and minute, once it had all stripes. */
  switches: number
  messages: number
}

/** A room comes within `joinSeconds` and is watched for `watchSeconds` while its scenario happens. The same for the same seed. */
export function evening(plan: Evening): EveningFigures {
  const { viewers, seed, stripes, load, scenario } = plan
  const random = seededRandom(seed)
  const joinMs = plan.joinSeconds * 1_000
  const endMs = joinMs + plan.watchSeconds * 1_000
  const changes = Math.round(((scenario.churn ?? 0) * viewers * plan.watchSeconds) / 60)
  const count = viewers + changes
  const uplinkBps = crowd(count, seededRandom(seed + 7))
  const drawn = (share: number): Uint8Array => Uint8Array.from({ length: count + 1 }, () => (random() < share ? 1 : 0))
  const [nat, liars, riders] = [drawn(scenario.nat ?? 0), drawn(scenario.liars ?? 0), drawn(scenario.riders ?? 0)]
  nat[SOURCE] = liars[SOURCE] = riders[SOURCE] = 0
  for (let key = 1; key <= count; key++) if (riders[key] === 1 || liars[key] === 1) uplinkBps[key] = 0
  const settings = {
    stripes,
    stripeBps: (load * rateBound(SOURCE_BPS, uplinkBps)) / stripes,
    pieceMs: 33,
    repairShare: 0.1,
  }
  // A liar claims a line that it does not lend.
  for (let key = 1; key <= count; key++) if (liars[key] === 1) uplinkBps[key] = 20e6
  const network = new MeshNetwork({
    ...{ seed, viewers: count, settings, sourceBps: SOURCE_BPS, uplinkBps },
    ...{ hopMs: 35, sigma: 0.5, processingMs: 2, loss: 0, provedMs: 200 },
    choose: SOURCE_CHOICES[plan.choose],
    ...(scenario.regions ? { distanceMs: (a, b) => NEAR_MS + FAR_MS * Math.abs((a % REGIONS) - (b % REGIONS)) } : {}),
    ...(scenario.nat ? { canPair: (a, b) => nat[a] === 0 || nat[b] === 0 } : {}),
  })
  network.links.mute.set(liars)
  for (let key = 1; key <= viewers; key++) network.at((key / viewers) * joinMs, () => network.join(key))
  for (let n = 0; n < changes; n++) {
    const atMs = joinMs + ((n + random()) / changes) * (endMs - joinMs)
    network.at(atMs, () => {
      const key = 1 + Math.floor(random() * viewers)
      if (network.alive[key] === 0) return
      if (n % 2 === 0) network.crash(key)
      else network.leave(key)
    })
    network.at(atMs, () => network.join(viewers + 1 + n))
  }
  const dying = Math.round((scenario.crash ?? 0) * viewers)
  network.at(endMs - 5_000, () => {
    for (let n = 0; n < dying; n++) {
      const key = 1 + Math.floor(random() * viewers)
      if (network.alive[key] === 1) network.crash(key)
    }
  })
  let switches = 0
  network.onAction = (key, action, now) => {
    const served = network.servedAt[key]!
    if (action.type === 'parent' && action.parent !== null && served >= 0 && now > served + 1_000) switches++
  }
  const playout = new Playout(network, BUFFERS_MS)
  for (let key = 1; key <= count; key++) if (liars[key] === 1 && key % 2 === 0) playout.forgers[key] = 1
  playout.run(endMs, STEP_MS)
  const figures = treeFigures(network)
  playout.finish()
  const [half, second] = playout.stalls() as [ReturnType<Playout['stalls']>[0], ReturnType<Playout['stalls']>[0]]
  const waits: number[] = []
  for (let key = 1; key <= count; key++) {
    if (network.joinedAt[key]! < 0 || network.joinedAt[key]! > endMs - 5_000) continue
    waits.push(network.servedAt[key]! < 0 ? Infinity : network.servedAt[key]! - network.joinedAt[key]!)
  }
  const sorted = Float64Array.from(waits).sort()
  const served = figures.viewers * stripes - figures.missing
  const fromPeers = 1 - network.nodes[SOURCE]!.view.children.peers.length / served
  let sent = 0
  for (const messages of network.sent) sent += messages
  const minutes = (figures.viewers * (endMs - joinMs / 2)) / 60_000
  return {
    whole: percent(figures.whole / figures.viewers, 2),
    joinP50: Math.round(quantile(sorted, 0.5)),
    joinP95: Math.round(quantile(sorted, 0.95)),
    stall500: percent(half.time, 3),
    stall1s: percent(second.time, 3),
    stalled1s: percent(second.viewers, 2),
    delayP50: Math.round(quantile(figures.delays, 0.5)),
    delayP99: Math.round(quantile(figures.delays, 0.99)),
    offload: percent(fromPeers / (1 - 1 / figures.viewers), 2),
    switches: Math.round((100 * switches) / minutes) / 100,
    messages: Math.round(sent / figures.viewers),
  }
}

const percent = (share: number, digits: number): number => Math.round(100 * share * 10 ** digits) / 10 ** digits
