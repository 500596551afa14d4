/**
 * `npm run bench -- mesh [--quick] [--json] [--only NAME] [--trace FOLDER]`: the live mesh over loopback in real processes (live.md 2, peer.md 17). Latency
 * is from the capture clock in each picture to the verified access unit at the viewer; a stall is more than 190 ms without a
 * picture, on arrival, without the player's jitter buffer; `shown...` is what the player would have shown with it. The worst viewer counts for p95, stall and startup.
 */
import '../src/main/platform/runtime-floor'
import { parseArgs } from 'node:util'
import { planFor, type MeshPlan } from '@shared/mesh/mesh-plan'
import type { LineShape } from '../src/main/peer/mesh/link-shaper'
import { measureIdle } from '../tests/integration/idle-share'
import { Worker } from './mesh/fleet'
import { serveWorker, type SourceFigures, type ViewerFigures } from './mesh/node-worker'

interface Scenario {
  name: string
  viewers: number
  plan: MeshPlan
  /** Between two joins. */
  joinMs: number
  sourceLine: LineShape | null
  sourceUplinkKbps: number | null
  viewerLine: (index: number) => LineShape | null
  liars: number
  freeRiders: number
  /** Viewers replaced a minute, share. */
  churn: number
  windowMs: number
  goal: string
}

const PICTURE_KBPS = 1_200
const STREAM_KBPS = 1_296
const NODES_PER_PROCESS = 4

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

async function runScenario(scenario: Scenario): Promise<Record<string, unknown>> {
  const { viewers, plan, joinMs } = scenario
  const source = new Worker()
  const workers = Array.from({ length: Math.ceil(viewers / (viewers > 8 ? NODES_PER_PROCESS : 1)) }, () => new Worker())
  const per = Math.ceil(viewers / workers.length)
  try {
    const { url, peers } = await source.call<{ url: string; peers: string[] }>({
      ...{ do: 'broadcast', kbps: PICTURE_KBPS, plan },
      ...{ line: scenario.sourceLine, uplinkKbps: scenario.sourceUplinkKbps },
    })
    const place = (index: number): { worker: Worker; node: number } => ({
      worker: workers[Math.floor(index / per)]!,
      node: index % per,
    })
    for (let index = 0; index < viewers; index++) {
      const { worker, node } = place(index)
      await worker.call({ do: 'open', node, line: scenario.viewerLine(index) })
    }
    await wait(1_000)
    const isFlash = joinMs * viewers <= 2_500
    let windowAt = performance.now()
    if (isFlash) for (const worker of [source, ...workers]) await worker.call({ do: 'window' })
    const joins: Promise<unknown>[] = []
    for (let index = 0; index < viewers; index++) {
      const { worker, node } = place(index)
      // the first to come are those whom all others would hang on
      const uplinkKbps = index < scenario.freeRiders ? 0 : null
      const liar = index < scenario.liars
      joins.push(
        worker
          .call({ do: 'watch', node, url, peers, uplinkKbps, liar })
          .catch((error: unknown) => console.error(String(error))),
      )
      await wait(joinMs)
    }
    await Promise.all(joins)
    if (!isFlash) {
      await wait(8_000)
      windowAt = performance.now()
      for (const worker of [source, ...workers]) await worker.call({ do: 'window' })
    }
    const idle = measureIdle()
    await churn(scenario, place, url, peers)
    const idleCpu = idle()
    const ofSource = (await source.call<{ source: SourceFigures }>({ do: 'figures' })).source
    const ofWorkers = await Promise.all(
      workers.map((worker) => worker.call<{ viewers: ViewerFigures[]; cpuMs: number }>({ do: 'figures' })),
    )
    const figures = ofWorkers.flatMap((one) => one.viewers)
    const seconds = (performance.now() - windowAt) / 1000
    const cpuMs = ofWorkers.reduce((sum, one) => sum + one.cpuMs, 0)
    return {
      ...report(scenario, ofSource, figures, idleCpu),
      cpuMsPerViewerSecond: Math.round((10 * cpuMs) / figures.length / seconds) / 10,
    }
  } finally {
    await Promise.all([source, ...workers].map((worker) => worker.stop()))
  }
}

/** Waits for the window; replaces viewers meanwhile, never the first. */
async function churn(
  { churn: share, viewers, windowMs }: Scenario,
  place: (index: number) => { worker: Worker; node: number },
  url: string,
  peers: string[],
): Promise<void> {
  if (share === 0) {
    await wait(windowMs)
    return
  }
  const eachMs = 60_000 / (share * viewers)
  let index = 1
  for (let at = eachMs; at < windowMs; at += eachMs) {
    await wait(eachMs)
    const { worker, node } = place(index)
    index = 1 + (index % (viewers - 1))
    await worker.call({ do: 'leave', node })
    await worker.call({ do: 'open', node, line: null })
    worker.call({ do: 'watch', node, url, peers, uplinkKbps: null, liar: false }).catch(() => undefined)
  }
  await wait(Math.max(0, windowMs % eachMs))
}

function report(
  scenario: Scenario,
  source: SourceFigures,
  viewers: ViewerFigures[],
  idleCpu: number,
): Record<string, unknown> {
  const honest = viewers
  const percentileOf = (of: number[], share: number): number => (of.length === 0 ? Infinity : percentile(of, share))
  const medians = honest.map(({ delays }) => percentileOf(delays, 0.5))
  const p95s = honest.map(({ delays }) => percentileOf(delays, 0.95))
  const shownMedians = honest.map(({ shownDelays }) => percentileOf(shownDelays, 0.5))
  const received = honest.reduce((sum, { bytes }) => sum + bytes, 0)
  const fromPeers = honest.reduce((sum, { bytesFromViewers }) => sum + bytesFromViewers, 0)
  const bound = 1 - 1 / scenario.viewers
  const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits
  return {
    scenario: scenario.name,
    goal: scenario.goal,
    viewers: honest.length,
    p50Ms: round(percentile(medians, 0.5)),
    p95Ms: round(Math.max(...p95s)),
    offloadOfBound: round(fromPeers / received / bound, 3),
    originStreams: round(source.sent / source.produced, 3),
    originMeshStreams: round(source.meshSent / source.produced, 3),
    /** What left the shaped line beside the mesh (connections, records, segments), kilobytes. */
    besideMeshKB: Math.round((source.lineSent - source.meshSent) / 1024),
    idleCpu: round(idleCpu, 2),
    startupP50Ms: round(
      percentile(
        honest.map(({ startupMs }) => startupMs ?? Infinity),
        0.5,
      ),
      0,
    ),
    startupP95Ms: round(
      percentile(
        honest.map(({ startupMs }) => startupMs ?? Infinity),
        0.95,
      ),
      0,
    ),
    stallMean: round(honest.reduce((sum, { stalled }) => sum + stalled, 0) / honest.length, 4),
    stallWorst: round(Math.max(...honest.map(({ stalled }) => stalled)), 4),
    /** The same of the pictures that the app's player would have shown, with its jitter buffer; and its delays. */
    shownStallMean: round(honest.reduce((sum, { shownStalled }) => sum + shownStalled, 0) / honest.length, 4),
    shownStallWorst: round(Math.max(...honest.map(({ shownStalled }) => shownStalled)), 4),
    shownP50Ms: round(percentile(shownMedians, 0.5)),
    shownP95Ms: round(Math.max(...honest.map(({ shownDelays }) => percentileOf(shownDelays, 0.95)))),
    gaps: honest.reduce((sum, { gaps }) => sum + gaps, 0),
    duplicateShare: round(honest.reduce((sum, one) => sum + one.bytesDuplicate, 0) / received, 4),
    segments: honest.map(({ segmentsMade }) => segmentsMade),
    fetchedKB: honest.map(({ fetched }) => Math.round(fetched / 1024)),
    missed: honest.reduce((sum, { missed }) => sum + missed, 0),
    forgedShown: honest.reduce((sum, { forgedShown }) => sum + forgedShown, 0),
    refused: honest.reduce((sum, { refused }) => sum + refused, 0),
    droppedAtSource: source.dropped,
    sourceChildren: source.children,
    sourceCpuShare: round(source.cpuMs / scenario.windowMs, 3),
    children: honest.map(({ children, slots }) => `${children}/${slots}`).join(' '),
  }
}

function scenarios(quick: boolean): Scenario[] {
  const plan: MeshPlan = planFor(STREAM_KBPS)
  const base: Omit<Scenario, 'name' | 'viewers' | 'goal'> = {
    plan,
    joinMs: 500,
    sourceLine: null,
    sourceUplinkKbps: null,
    viewerLine: () => null,
    liars: 0,
    freeRiders: 0,
    churn: 0,
    windowMs: quick ? 8_000 : 20_000,
  }
  const ample = 'p50 <= 60, p95 <= 120 ms, >= 97 % of the offload bound, sound included'
  return [
    { ...base, name: '4 viewers, ample uplink', viewers: 4, goal: ample },
    ...(quick ? [] : [{ ...base, name: '8 viewers, ample uplink', viewers: 8, goal: ample }]),
    { ...base, name: '16 viewers, ample uplink', viewers: 16, goal: ample },
    {
      ...base,
      name: 'uplink 1.15 x, 16 viewers in 2 s',
      viewers: 16,
      joinMs: 125,
      sourceLine: { uplinkKbps: Math.round(STREAM_KBPS * 1.15) },
      sourceUplinkKbps: Math.round(STREAM_KBPS * 1.15),
      goal: 'stall < 0.5 %, origin <= 1.1 streams, startup p95 < 1 s',
    },
    {
      ...base,
      name: 'churn 20 % a minute, 16 viewers',
      viewers: 16,
      churn: 0.2,
      windowMs: quick ? 15_000 : 40_000,
      goal: 'stall <= 0.2 %',
    },
    {
      ...base,
      name: '5 % loss, RTT 40 ms, 16 viewers',
      viewers: 16,
      sourceLine: { delayMs: 20, jitterMs: 5, loss: 0.05, seed: 7 },
      viewerLine: (index) => ({ delayMs: 20, jitterMs: 5, loss: 0.05, seed: 100 + index }),
      goal: 'stall <= 0.5 %',
    },
    { ...base, name: '30 % liars, 16 viewers', viewers: 16, liars: 5, goal: 'stall <= 0.5 %, 0 forged shown' },
    { ...base, name: '30 % free riders, 16 viewers', viewers: 16, freeRiders: 5, goal: 'stall <= 0.5 %' },
  ]
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      only: { type: 'string' },
      data: { type: 'string' },
      stripes: { type: 'string' },
      signed: { type: 'boolean' },
      trace: { type: 'string' },
    },
  })
  if (values.trace !== undefined) process.env['WE_BENCH_TRACE'] = values.trace
  const results: Record<string, unknown>[] = []
  for (const scenario of scenarios(values.quick === true)) {
    if (values.only !== undefined && !scenario.name.includes(values.only)) continue
    if (values.data !== undefined) {
      const data = Number(values.data)
      scenario.plan = {
        ...scenario.plan,
        data,
        stripes: Number(values.stripes ?? data),
        listed: values.signed !== true,
      }
    }
    const result = await runScenario(scenario)
    results.push(result)
    if (values.json !== true) console.log(result)
  }
  console.log(JSON.stringify({ bench: 'mesh', streamKbps: STREAM_KBPS, results }))
}

if (process.argv.includes('--worker')) serveWorker()
else await main()
