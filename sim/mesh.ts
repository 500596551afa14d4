import { parseArgs } from 'node:util'
import { SOURCE_CHOICES, type SourceChoiceName } from '@shared/mesh/source-choice'
import { crash } from './crash'
import { crowd, rateBound } from './crowd'
import { greedyDelays } from './delay-bound'
import { evening, SCENARIOS, type EveningFigures, type ScenarioName } from './evening'
import { MeshNetwork, SOURCE } from './mesh-network'
import { seededRandom } from './seeded-random'
import { quantile, tellDry, treeFigures, type TreeFigures } from './tree-figures'

const SOURCE_BPS = 10e6
const PIECE_MS = 33
const HOP_MS = 35
const PROCESSING_MS = 2
/** How long repairs are looked at closely, and what is left for the rest. */
const CRASH_MS = 3_000
const SETTLE_MS = 5_000

interface Plan {
  viewers: number
  stripes: number
  /** Stream rate against the rate bound. */
  load: number
  joinSeconds: number
  settleSeconds: number
  repairShare: number
  /** How soon a viewer's uplink is known; -1: only by serving. */
  provedMs: number
  /** Part of the viewers that die at once at the end. */
  crash: number
  /** How often late stripes are looked at while a crash is mended, milliseconds; 0: by the size of the room. */
  lookMs: number
  choose: SourceChoiceName
}

/** `npm run sim -- mesh`: a crowd joins, then 5 % crash without a word; figures against live.md sections 4, 5 and 12. */
function simulate(plan: Plan): Record<string, unknown> {
  const { viewers, stripes, load, joinSeconds, settleSeconds, repairShare } = plan
  const uplinkBps = crowd(viewers, seededRandom(7))
  const bound = rateBound(SOURCE_BPS, uplinkBps)
  const settings = { stripes, stripeBps: (load * bound) / stripes, pieceMs: PIECE_MS, repairShare }
  const fixed = {
    hopMs: HOP_MS,
    sigma: 0,
    processingMs: PROCESSING_MS,
    loss: 0,
    ...(plan.provedMs >= 0 ? { provedMs: plan.provedMs } : {}),
  }
  const network = new MeshNetwork({
    seed: 1,
    viewers,
    settings,
    sourceBps: SOURCE_BPS,
    uplinkBps,
    ...fixed,
    choose: SOURCE_CHOICES[plan.choose],
  })
  for (let key = 1; key <= viewers; key++) network.at((key / viewers) * joinSeconds * 1_000, () => network.join(key))
  let figures = settle(network, (joinSeconds + settleSeconds) * 1_000)
  const joined = row(network, figures, plan)
  report(network, 'joined; now some crash')
  const lookMs = plan.lookMs > 0 ? plan.lookMs : viewers > 100_000 ? 200 : viewers > 20_000 ? 100 : 20
  const hit = crash(network, plan.crash, seededRandom(3), lookMs, CRASH_MS)
  figures = settle(network, network.now + SETTLE_MS)
  return {
    ...joined,
    /** How coarsely late stripes were looked at: every `settleMs`, every `lookMs` while a crash is mended. */
    looks: { settleMs: settleStepMs(network), lookMs },
    crash: { ...hit, wholeLater: round(figures.whole / figures.viewers, 4) },
    cpuMinutes: round(cpuSeconds() / 60, 1),
    peakMemoryMb: round(process.resourceUsage().maxRSS / 1e3),
  }
}

const settleStepMs = (network: MeshNetwork): number => (network.nodes.length > 20_000 ? 2_500 : 500)

/** All threads, the garbage collector's too. */
const cpuSeconds = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1e6

/** A long run says how far it is. */
function report(network: MeshNetwork, what: string): void {
  if (network.nodes.length <= 20_000) return
  let here = 0
  for (const alive of network.alive) here += alive
  const memory = round(process.memoryUsage.rss() / 1e6)
  console.error(
    `${round(network.now / 1_000, 1)} s simulated: ${what}; ${here - 1} viewers, ${round(cpuSeconds())} CPU s, ${memory} MB`,
  )
}

/** Runs on, and tells viewers of stripes that do not reach them, as their data plane would. */
function settle(network: MeshNetwork, untilMs: number): TreeFigures {
  while (network.now < untilMs) {
    network.run(Math.min(untilMs, network.now + settleStepMs(network)))
    const dry = tellDry(network)
    report(network, `${dry} stripes have a parent and do not come`)
  }
  return treeFigures(network)
}

function row(network: MeshNetwork, figures: TreeFigures, plan: Plan): Record<string, unknown> {
  const { viewers, stripes } = plan
  const slots = Array.from({ length: viewers }, (_, key) => network.trueSlots(key + 1)).sort((a, b) => b - a)
  const greedy = greedyDelays(
    viewers,
    {
      slots: Math.floor(network.trueSlots(0) / stripes),
      copyMs: (PIECE_MS * network.options.settings.stripeBps * stripes) / SOURCE_BPS,
    },
    slots.filter((_, i) => i % stripes === 0),
    (count) => PIECE_MS / count,
    HOP_MS + PROCESSING_MS,
  )
  let messages = 0
  for (const sent of network.sent) messages += sent
  const waits = Float64Array.from({ length: viewers }, (_, i) => {
    const served = network.servedAt[i + 1]!
    return served < 0 ? Infinity : served - network.joinedAt[i + 1]!
  }).sort()
  const servedShare = 1 - figures.missing / (figures.viewers * stripes)
  return {
    ...plan,
    /** Share of the stripes that reach their viewers times the load: what part of the rate bound is delivered. */
    rateShare: round(servedShare * plan.load, 4),
    wholeViewers: round(figures.whole / figures.viewers, 4),
    cycles: figures.cycles,
    overused: figures.overused,
    depth: figures.depths.length - 1,
    delayMs: { p50: round(quantile(figures.delays, 0.5)), p99: round(quantile(figures.delays, 0.99)) },
    boundP99Ms: round(quantile(greedy, 0.99)),
    delayToBound: round(quantile(figures.delays, 0.99) / quantile(greedy, 0.99), 2),
    standbyShare: round(figures.standbys / figures.viewers / stripes, 3),
    servedMs: { p50: round(quantile(waits, 0.5)), p95: round(quantile(waits, 0.95)) },
    messagesPerViewer: round(messages / viewers),
    registrarMessagesPerViewer: round(network.sent[SOURCE]! / viewers, 1),
    ...registrarLoad(network, viewers),
    cpuSeconds: round(process.cpuUsage().user / 1e6),
    memoryMb: round(process.memoryUsage.rss() / 1e6),
  }
}

/** What the broadcaster tells and is told as the registrar, against its line; the last five seconds: when the room has settled. */
function registrarLoad({ registrarBytes, now }: MeshNetwork, viewers: number): Record<string, unknown> {
  const sumOf = (way: 'in' | 'out', from = 0): number =>
    registrarBytes.slice(from).reduce((sum, second) => sum + (second?.[way] ?? 0), 0)
  const share = (bytes: number, seconds: number): number => round((100 * 8 * bytes) / seconds / SOURCE_BPS, 2)
  const last = Math.max(0, Math.floor(now / 1_000) - 5)
  return {
    registrarBytesPerViewer: { in: round(sumOf('in') / viewers), out: round(sumOf('out') / viewers) },
    registrarLinePercent: {
      peak: share(
        registrarBytes.reduce((most, second) => Math.max(most, second?.out ?? 0), 0),
        1,
      ),
      settled: share(sumOf('out', last), 5),
    },
  }
}

const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    peers: { type: 'string' },
    load: { type: 'string', default: '0.8' },
    stripes: { type: 'string', default: '16' },
    join: { type: 'string', default: '10' },
    settle: { type: 'string', default: '10' },
    repair: { type: 'string', default: '0.1' },
    proved: { type: 'string', default: '200' },
    crash: { type: 'string', default: '0.05' },
    look: { type: 'string', default: '0' },
    choose: { type: 'string', default: 'two-choices' },
    scenario: { type: 'string' },
    watch: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
})

/** All of a table's names, or the one that was asked for; ends the program when there is none of that name. */
function namesOf<Name extends string>(option: string, table: Record<Name, unknown>, asked: string): Name[] {
  const names = Object.keys(table) as Name[]
  const found = asked === 'all' ? names : names.filter((name) => name === asked)
  if (found.length > 0) return found
  console.error(`--${option} must be all or one of ${names.join(', ')}.`)
  process.exit(2)
}

const isTable = values.scenario !== undefined || values.choose === 'all'
const viewers = Number(values.peers ?? (values.quick ? 300 : isTable ? 1_000 : 2_000))
if (!Number.isInteger(viewers) || viewers < 16 || viewers > 1_000_000) {
  console.error('--peers must be between 16 and 1,000,000.')
  process.exit(2)
}
const chosen = namesOf('choose', SOURCE_CHOICES, values.choose)
const size = { viewers, stripes: Number(values.stripes), load: Number(values.load), joinSeconds: Number(values.join) }

/** One evening for each strategy and scenario that was asked for. */
function compare(): Record<string, EveningFigures> {
  const rows: Record<string, EveningFigures> = {}
  // Strategies are compared where it matters which one is taken: far and near peers, comings and goings, a crash.
  const compared: ScenarioName[] = values.scenario ? namesOf('scenario', SCENARIOS, values.scenario) : ['evening']
  for (const choose of chosen) {
    for (const name of compared) {
      const named = [chosen.length > 1 ? choose : '', compared.length > 1 || chosen.length === 1 ? name : '']
      rows[named.filter((part) => part !== '').join(' ')] = evening({
        ...size,
        seed: Number(values.seed),
        watchSeconds: Number(values.watch),
        choose,
        scenario: SCENARIOS[name],
      })
    }
  }
  return rows
}

if (isTable) {
  const rows = compare()
  if (values.json) console.log(JSON.stringify({ ...size, rows }))
  else console.table(rows)
} else {
  const result = simulate({
    ...size,
    settleSeconds: Number(values.settle),
    repairShare: Number(values.repair),
    provedMs: Number(values.proved),
    crash: Number(values.crash),
    lookMs: Number(values.look),
    choose: chosen[0]!,
  })
  console.log(values.json ? JSON.stringify({ rows: [result] }) : result)
}
