import '../src/main/platform/runtime-floor'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { Beautifier } from '../src/main/media/beauty/beautifier'
import { faceRegion } from '../src/main/media/beauty/face-region'
import type { KernelFactory } from '../src/main/media/beauty/pixel-kernel'
import { plainKernel } from '../src/main/media/beauty/plain/plain-kernel'
import { loadKernel } from '../src/main/media/beauty/wasm-kernel'
import { loadTargets } from '../src/main/media/face/crop-target'
import { loadFaceModels } from '../src/main/media/face/face-models'
import { FaceTracker } from '../src/main/media/face/face-tracker'
import { ffmpegPath } from '../src/main/media/ffmpeg-path'
import { percentile } from '../src/main/media/stats-meter'
import { ownCpuMs } from './cpu-time'
import { faceFrames, framed, type FaceFrame } from './face-frames'
import { StageTimes } from './timed-kernel'
import { wholeGraph } from './whole-graph'

/**
 * What the retouch of one face costs, a third of the frame wide, at 720p and 1080p: CPU milliseconds a frame of the
 * fast kernel, of the plain one, which does the same in TypeScript, and of the nearest filters of the bundled ffmpeg,
 * which smooth the whole picture or what a mask shows. Then tracking, the whole Node side, and the whole graph with
 * decoding and encoding as in a live. `--source FILE` takes another video than the demo presenter.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, source: { type: 'string' } },
})
const quick = values.quick ?? false
const SIZES = [
  [1280, 720],
  [1920, 1080],
] as const
/**
 * The build of 2018 has no bilateral and no guided filter (media.md 4.1). The luma of the picture stands in for the
 * mask, which a real graph would have to send through a pipe.
 */
const FILTERS = {
  smartblur: 'smartblur=lr=3:ls=0.8:lt=15',
  'smartblur + maskedmerge': '[0:v]split=3[a][b][m];[b]smartblur=lr=3:ls=0.8:lt=15[s];[a][s][m]maskedmerge',
  sab: 'sab=lr=2:lpfr=1:ls=15',
} as const
const resources = join(process.cwd(), 'resources')
const say = (line: string): void => {
  if (values.json !== true) console.log(line)
}

interface KernelFigures {
  /** CPU milliseconds a frame: middle one, and mean. */
  p50: number
  mean: number
  withoutWarp: number
  /** Middle CPU milliseconds a frame in the loops of each stage, and `rest`: outlines, and what lies in between. */
  stages: Record<string, number>
}

/** One pass over all frames with a kernel; the frames stay as they are. Returns the CPU milliseconds of each. */
function pass(
  beautifier: Beautifier,
  frames: FaceFrame[],
  effort: 'full' | 'no-warp' = 'full',
  times?: StageTimes,
): number[] {
  const first = frames[0]!.frame
  const work = { ...first, data: new Uint8Array(first.data.length) }
  return frames.map(({ frame, face }) => {
    work.data.set(frame.data)
    const before = ownCpuMs()
    beautifier.apply(work, [face], DEFAULT_BEAUTY, effort)
    const after = ownCpuMs()
    times?.endFrame()
    return after - before
  })
}

/** All kernels in turns, so that a change of the machine's load meets all of them. */
function measure(frames: FaceFrame[], kernels: Record<string, KernelFactory>): Record<string, KernelFigures> {
  const { width, height } = frames[0]!.frame
  const runs = Object.entries(kernels).map(([name, create]) => {
    const times = new StageTimes()
    const beautifier = new Beautifier(width, height, create)
    const timed = new Beautifier(width, height, times.around(create))
    for (let round = 0; round < 3; round++) for (const each of [beautifier, timed]) pass(each, frames.slice(0, 15))
    times.clear()
    return { name, times, beautifier, timed, full: [] as number[], noWarp: [] as number[], staged: [] as number[] }
  })
  for (let round = 0; round < (quick ? 2 : 5); round++) {
    for (const run of runs) {
      run.full.push(...pass(run.beautifier, frames))
      run.noWarp.push(...pass(run.beautifier, frames, 'no-warp'))
      run.staged.push(...pass(run.timed, frames, 'full', run.times))
    }
  }
  return Object.fromEntries(
    runs.map(({ name, times, full, noWarp, staged }) => {
      const stages = Object.fromEntries([...times.perStage()].map(([stage, ms]) => [stage, round(middle(ms))]))
      const rest = middle(staged) - Object.values(stages).reduce((a, b) => a + b, 0)
      const figures: KernelFigures = {
        p50: round(middle(full)),
        mean: round(mean(full)),
        withoutWarp: round(middle(noWarp)),
        stages: { ...stages, rest: round(rest) },
      }
      return [name, figures]
    }),
  )
}

/** CPU milliseconds a frame of a filter alone: a run with it less a run that only reads the frames. */
function measureFilters(frames: FaceFrame[]): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'we-bench-'))
  try {
    const { width, height } = frames[0]!.frame
    const path = join(folder, 'frames.yuv')
    const some = frames.slice(0, 30)
    writeFileSync(path, Buffer.concat(some.map(({ frame }) => frame.data)))
    const plain = filterCpuMs(path, width, height, 'null')
    return Object.fromEntries(
      Object.entries(FILTERS).map(([name, filter]) => [
        name,
        round((filterCpuMs(path, width, height, filter) - plain) / some.length),
      ]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function filterCpuMs(path: string, width: number, height: number, filter: string): number {
  const args = [
    ...['-v', 'info', '-nostdin', '-benchmark', '-threads', '1', '-filter_threads', '1'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', '30', '-i', path],
    ...['-filter_complex_threads', '1', '-filter_complex', filter, '-f', 'null', '-'],
  ]
  const { stderr } = spawnSync(ffmpegPath(), args, { encoding: 'utf8' })
  const time = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr)
  if (!time) throw new Error(`ffmpeg could not run ${filter}:\n${stderr.slice(-500)}`)
  return 1000 * (Number(time[1]) + Number(time[2]))
}

/** How many faces are worked out at which step: a larger one costs less, and 640 pixels are where 4 becomes 8. */
function stepsOf(frames: FaceFrame[]): Record<number, number> {
  const steps: Record<number, number> = {}
  for (const { frame, face } of frames) {
    const step = faceRegion(face, frame.width, frame.height)?.step ?? 0
    steps[step] = (steps[step] ?? 0) + 1
  }
  return steps
}

function mean(list: number[]): number {
  return list.reduce((a, b) => a + b, 0) / list.length
}

/** Middle CPU milliseconds a frame of finding the face again. */
async function trackingMs(frames: FaceFrame[]): Promise<number> {
  const models = await loadFaceModels(
    options.modelsDir,
    loadTargets(join(resources, 'kernel/face.wasm'), console.error),
  )
  const tracker = new FaceTracker(models)
  const times: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    for (const { frame } of [...frames, ...[...frames].reverse()]) {
      const before = ownCpuMs()
      await tracker.track(frame)
      if (turn > 0) times.push(ownCpuMs() - before)
    }
  }
  await models.release()
  return round(middle(times))
}

function middle(list: number[]): number {
  return percentile(
    [...list].sort((a, b) => a - b),
    0.5,
  )
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const options = {
  ffmpegPath: ffmpegPath(),
  modelsDir: join(resources, 'models'),
  demoWorkerPath: join(import.meta.dirname, 'demo-worker.js'),
}
const kernels = { fast: loadKernel(join(resources, 'kernel/beauty.wasm'), console.error), plain: plainKernel }
const source =
  values.source === undefined
    ? ({ kind: 'demo' } as const)
    : ({ kind: 'file', path: resolve(values.source), loop: true } as const)
const found = await faceFrames(options, source, quick ? 30 : 60)
if (found.length === 0) throw new Error('No face was found in the source.')
say(`beauty, ${found.length} frames of ${values.source ?? 'the demo presenter'}, face a third of the width`)
const sizes: Record<string, unknown> = {}
for (const [width, height] of SIZES) {
  const frames = framed(found, width, height, 1 / 3)
  const measured = measure(frames, kernels)
  const filters = measureFilters(frames)
  const steps = stepsOf(frames)
  const tracking = await trackingMs(frames)
  const graph = await wholeGraph(
    frames.map(({ frame }) => frame),
    { ...options, seconds: quick ? 5 : 15, quality: height > 720 ? 'high' : 'balanced' },
  )
  sizes[`${height}p`] = { steps, kernels: measured, ffmpeg: filters, tracking, graph }
  const grids = Object.entries(steps).map(([step, count]) => `${count} frames in steps of ${step}`)
  say(`${height}p, CPU ms a frame; ${grids.join(', ')}`)
  for (const [name, { p50, withoutWarp, stages }] of Object.entries(measured)) {
    const parts = Object.entries(stages).map(([stage, ms]) => `${stage} ${ms.toFixed(2)}`)
    const whole = `${p50.toFixed(2).padStart(6)}  without warp ${withoutWarp.toFixed(2).padStart(5)}`
    say(`  ${name.padEnd(26)}${whole}   ${parts.join('  ')}`)
  }
  say(`  tracking                  ${tracking.toFixed(2).padStart(6)}`)
  say(
    `  whole Node side           ${graph.nodeMsPerFrame.toFixed(2).padStart(6)}  without face work ${graph.nodeMsPlain}`,
  )
  say(
    `  whole graph: ${graph.totalPercent} % of a core (Node ${graph.nodePercent}, ffmpeg ${graph.ffmpegPercent}) at ${graph.fps} fps, late ${graph.lateFrames}, dropped ${graph.droppedFrames}`,
  )
  for (const [name, ms] of Object.entries(filters)) say(`  ${`ffmpeg ${name}`.padEnd(31)} ${ms.toFixed(2).padStart(6)}`)
}
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? '',
  load: round(loadavg()[0]!),
  node: process.version,
}
console.log(JSON.stringify({ bench: 'beauty', quick, machine, source: source.kind, settings: DEFAULT_BEAUTY, sizes }))
process.exit(0)
