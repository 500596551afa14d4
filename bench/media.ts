import '../src/main/platform/runtime-floor'
import { loadavg, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import type { MediaStats } from '@shared/media/media-stats'
import type { SourceSpec } from '@shared/media/source-spec'
import { Beautifier } from '../src/main/media/beauty/beautifier'
import { loadKernel } from '../src/main/media/beauty/wasm-kernel'
import { loadEngineParts } from '../src/main/media/engine-parts'
import type { Face } from '../src/main/media/face/face'
import { loadFaceModels } from '../src/main/media/face/face-models'
import { FaceTracker } from '../src/main/media/face/face-tracker'
import { ffmpegPath } from '../src/main/media/ffmpeg-path'
import type { I420Frame } from '../src/main/media/i420'
import { MediaEngine } from '../src/main/media/media-engine'
import { percentile } from '../src/main/media/stats-meter'
import { loadSmallPicture } from '../src/main/media/small-picture'
import { STUDIO_FORMAT } from '../src/main/media/studio-format'
import { childrenCpuMs, ownCpuMs } from './cpu-time'

/**
 * What the media engine costs at 720p30, with the demo presenter (or `--source FILE`): CPU time, because wall time on
 * a shared machine says nothing. Each stage alone on the same frames, then the whole graph live, with and without face
 * work in the same run.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, source: { type: 'string' } },
})
const quick = values.quick ?? false
const source: SourceSpec =
  values.source === undefined ? { kind: 'demo' } : { kind: 'file', path: resolve(values.source), loop: true }
const options = {
  ffmpegPath: ffmpegPath(),
  modelsDir: join(process.cwd(), 'resources/models'),
  demoWorkerPath: join(import.meta.dirname, 'demo-worker.js'),
}
const say = (line: string): void => {
  if (values.json !== true) console.log(line)
}

/** Frames of the source, copied. */
async function sample(count: number): Promise<I420Frame[]> {
  const parts = await loadEngineParts(options)
  const capture = await parts.openSource(source, STUDIO_FORMAT)
  const { width, height } = STUDIO_FORMAT
  const frames: I420Frame[] = []
  await new Promise<void>((done) => {
    capture.start({
      acquire: () => ({ width, height, data: new Uint8Array((width * height * 3) / 2) }),
      onFree: (callback) => callback(),
      commit: (frame) => {
        if (frames.push(frame) === count) done()
      },
      dropped: () => undefined,
      audio: () => undefined,
      ended: () => done(),
    })
  })
  await capture.close()
  await parts.close()
  return frames
}

/** CPU milliseconds per frame of one stage, after a warm-up round. */
async function stage(frames: I420Frame[], work: (frame: I420Frame, index: number) => unknown): Promise<number> {
  for (const [index, frame] of frames.slice(0, 15).entries()) await work(frame, index)
  const before = ownCpuMs()
  for (const [index, frame] of frames.entries()) await work(frame, index)
  return round((ownCpuMs() - before) / frames.length)
}

async function stages(): Promise<Record<string, number>> {
  const frames = await sample(quick ? 45 : 90)
  const models = await loadFaceModels(options.modelsDir)
  const finder = new FaceTracker(models)
  const kernel = loadKernel(join(options.modelsDir, '../kernel/beauty.wasm'), console.error)
  const changer = new Beautifier(STUDIO_FORMAT.width, STUDIO_FORMAT.height, kernel)
  const faces: (readonly Face[])[] = []
  for (const frame of frames) faces.push(await finder.track(frame))
  finder.reset()
  const track = await stage(frames, (frame) => finder.track(frame))
  const createSmall = loadSmallPicture(join(options.modelsDir, '../kernel/scene.wasm'), console.error)
  const small = createSmall(STUDIO_FORMAT, { width: 640, height: 360 })
  const preview = await stage(frames, (frame) => small.draw(frame, 0, 640))
  const copies = frames.map((frame) => ({ ...frame, data: frame.data.slice() }))
  const beauty = await stage(copies, (frame, index) => changer.apply(frame, faces[index]!, DEFAULT_BEAUTY))
  const noWarp = await stage(copies, (frame, index) => changer.apply(frame, faces[index]!, DEFAULT_BEAUTY, 'no-warp'))
  await models.release()
  const found = faces.filter((list) => list.length > 0).length
  return { framesWithFace: found, frames: frames.length, track, beauty, beautyNoWarp: noWarp, preview }
}

interface LiveRun {
  seconds: number
  fps: number
  lateFrames: number
  droppedFrames: number
  reducedFrames: number
  /** Share of one core, percent. */
  engineCpu: number
  childrenCpu: number
  totalCpu: number
  cpuMsPerFrame: number
  processP50Ms: number
  processP95Ms: number
  segmentDelayP50Ms: number | null
  segmentDelayP95Ms: number | null
  bitrateKbps: number
}

/** Runs the engine as in a live and measures between the second second and the end. */
async function live({ beauty, encode, preview }: Record<'beauty' | 'encode' | 'preview', boolean>): Promise<LiveRun> {
  const engine = new MediaEngine({ ...options, log: (line) => console.error(line) })
  const all: MediaStats[] = []
  const delays: number[] = []
  let bytes = 0
  engine.on('problem', (problem) => console.error(problem.message))
  engine.setBeauty({ ...DEFAULT_BEAUTY, enabled: beauty })
  if (preview) {
    const link = engine.setPreviewSink(() => setImmediate(() => link.acknowledge()))
  }
  await engine.openSource(source)
  if (encode) {
    await engine.startEncoding({
      onInit: () => undefined,
      onSegment: (segment) => {
        delays.push(segment.delayMs)
        bytes += segment.bytes.length
      },
    })
  }
  await wait(2000)
  engine.on('stats', (stats) => all.push(stats))
  await nextStats(engine)
  const first = all[0]!
  all.length = delays.length = bytes = 0
  const [own, children, begun] = [ownCpuMs(), childrenCpuMs(), performance.now()]
  while (performance.now() - begun < (quick ? 4000 : 20_000)) await nextStats(engine)
  const wall = performance.now() - begun
  const [engineMs, childrenMs] = [ownCpuMs() - own, childrenCpuMs() - children]
  const last = all.at(-1)!
  await engine.close()
  const frames = last.framesIn - first.framesIn
  delays.sort((a, b) => a - b)
  const mean = (pick: (stats: MediaStats) => number): number => all.reduce((sum, s) => sum + pick(s), 0) / all.length
  return {
    seconds: round(wall / 1000),
    fps: round((frames * 1000) / wall),
    lateFrames: last.lateFrames - first.lateFrames,
    droppedFrames: last.droppedFrames - first.droppedFrames,
    reducedFrames: last.reducedFrames - first.reducedFrames,
    engineCpu: round((engineMs * 100) / wall),
    childrenCpu: round((childrenMs * 100) / wall),
    totalCpu: round(((engineMs + childrenMs) * 100) / wall),
    cpuMsPerFrame: round((engineMs + childrenMs) / Math.max(1, frames)),
    processP50Ms: round(mean((stats) => stats.processP50Ms)),
    processP95Ms: round(mean((stats) => stats.processP95Ms)),
    segmentDelayP50Ms: encode ? percentile(delays, 0.5) : null,
    segmentDelayP95Ms: encode ? percentile(delays, 0.95) : null,
    bitrateKbps: Math.round((bytes * 8) / wall),
  }
}

function nextStats(engine: MediaEngine): Promise<void> {
  return new Promise((done) => engine.once('stats', () => done()))
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

say(`media, 1280x720 at 30 fps, ${source.kind === 'file' ? source.path : 'demo presenter'}`)
const alone = await stages()
say(`CPU ms a frame, each stage alone (${alone.framesWithFace}/${alone.frames} frames with a face)`)
say(`  crop + mesh ${alone.track}   beauty ${alone.beauty} (no warp ${alone.beautyNoWarp})   preview ${alone.preview}`)
const runs = {
  sourceOnly: await live({ beauty: false, encode: false, preview: false }),
  baseline: await live({ beauty: false, encode: true, preview: true }),
  beauty: await live({ beauty: true, encode: true, preview: true }),
}
say('live                 fps  late  lost  less  engine %  ffmpeg %  total %  segment delay p50/p95 ms')
for (const [name, run] of Object.entries(runs)) {
  const figures = [run.lateFrames, run.droppedFrames, run.reducedFrames].map((count) => String(count).padStart(6))
  const shares = [run.engineCpu, run.childrenCpu, run.totalCpu].map((share) => share.toFixed(1).padStart(9))
  const delay = run.segmentDelayP50Ms === null ? '' : `  ${run.segmentDelayP50Ms} / ${run.segmentDelayP95Ms}`
  say(`  ${name.padEnd(16)} ${run.fps.toFixed(1).padStart(5)}${figures.join('')} ${shares.join('')}${delay}`)
}
const share = (run: LiveRun): number => round(run.totalCpu - runs.sourceOnly.totalCpu)
const result = {
  bench: 'media',
  quick,
  machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', load: round(loadavg()[0]!), node: process.version },
  format: STUDIO_FORMAT,
  source: source.kind,
  stages: alone,
  live: runs,
  /** Percent of one core without what the source itself takes. */
  withoutSource: { baseline: share(runs.baseline), beauty: share(runs.beauty) },
  /** CPU ms a frame that the face work adds to a live. */
  faceWorkMs: round(runs.beauty.cpuMsPerFrame - runs.baseline.cpuMsPerFrame),
}
console.log(JSON.stringify(result))
process.exit(0)
