import '../src/main/platform/runtime-floor'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SceneItem, ScenePlace } from '@shared/media/scene'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { defaultScenes, FULL_CANVAS, newItem, NO_CROP } from '@shared/media/scene-edit'
import type { CaptureSink, CaptureSource } from '../src/main/media/capture-source'
import { SlotPacer } from '../src/main/media/demo/slot-pacer'
import type { I420Frame } from '../src/main/media/i420'
import { Layer } from '../src/main/media/scene/layer'
import { compose, PlainCanvas, type SceneCanvas } from '../src/main/media/scene/scene-canvas'
import { SceneSource } from '../src/main/media/scene/scene-source'
import { loadCanvas } from '../src/main/media/scene/wasm-canvas'
import { STUDIO_FORMAT } from '../src/main/media/studio-format'
import { ownCpuMs } from './cpu-time'

/** What putting items together costs: CPU milliseconds per 720p frame, without sources, encoder or preview. */
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const rounds = values.quick === true ? 60 : 300
const { width, height } = STUDIO_FORMAT
const picture = { x: 0, y: 0, width, height }

function noise(seed: number): I420Frame {
  const data = new Uint8Array((width * height * 3) / 2)
  for (let i = 0, state = seed; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    data[i] = state >>> 24
  }
  return { width, height, data }
}

const frames = [1, 2, 3, 4].map(noise)
const fast = loadCanvas(join(process.cwd(), 'resources/kernel/scene.wasm'), console.error)(STUDIO_FORMAT)

/** CPU milliseconds of one call, after a warm-up. */
function measure(work: () => void): number {
  for (let i = 0; i < 15; i++) work()
  const before = ownCpuMs()
  for (let i = 0; i < rounds; i++) work()
  return Math.round(((ownCpuMs() - before) * 100) / rounds) / 100
}

function scene(canvas: SceneCanvas, places: readonly ScenePlace[], change: Partial<SceneItem> = {}): number {
  const layers = places.map((place, i) => ({
    layer: new Layer({ place, crop: NO_CROP, fit: 'contain', mirror: false, ...change }, picture, STUDIO_FORMAT),
    frame: frames[i]!,
  }))
  return measure(() => compose(canvas, layers))
}

const corner = (size: number): ScenePlace => ({ x: 0.97 - size, y: 0.97 - size, width: size, height: size })
const quarters = [0, 0.5].flatMap((y) => [0, 0.5].map((x) => ({ x, y, width: 0.5, height: 0.5 })))
/** CPU milliseconds per frame. */
const figures = (canvas: SceneCanvas): Record<string, number> => ({
  copy: scene(canvas, [FULL_CANVAS]),
  pipQuarter: scene(canvas, [FULL_CANVAS, corner(0.5)]),
  pipThird: scene(canvas, [FULL_CANVAS, corner(0.33)]),
  pipFifth: scene(canvas, [FULL_CANVAS, corner(0.2)]),
  grid: scene(canvas, quarters),
  gridOdd: scene(
    canvas,
    quarters.map((place) => ({ ...place, width: 0.45, height: 0.45 })),
  ),
  enlarged: scene(canvas, [{ x: -0.2, y: -0.2, width: 1.4, height: 1.4 }]),
  mirrored: scene(canvas, [FULL_CANVAS], { mirror: true }),
  fade: measure(() => canvas.fade(0.4)),
})
/** CPU milliseconds a frame of a running source. */
async function run(source: CaptureSource, count: number): Promise<number> {
  const frame = frames[0]!
  let [seen, before] = [0, 0]
  await new Promise<void>((done) => {
    source.start({
      acquire: () => frame,
      onFree: (callback) => callback(),
      commit: () => {
        if (++seen === 60) before = ownCpuMs()
        if (seen === count + 60) done()
      },
      dropped: () => undefined,
      audio: () => undefined,
      ended: () => undefined,
    })
  })
  const ms = (ownCpuMs() - before) / count
  await source.close()
  return Math.round(ms * 1000) / 1000
}

/** A whole scene, with its mixer; no item has a person in it. */
async function sceneOf(places: readonly ScenePlace[]): Promise<SceneSource> {
  const items = places.map((place, i) => ({
    ...newItem(`${i}`, '', { kind: 'camera', device: `${i}` } as const),
    ...{ place, beautify: false },
  }))
  const scenes = { ...defaultScenes({ kind: 'demo' }), scenes: [{ id: 'main', name: 'Main', items }] }
  const source = new SceneSource(scenes, {
    ...{ ffmpegPath: '', format: STUDIO_FORMAT, openSource: () => Promise.resolve(new Paced()) },
    createPerson: () => {
      throw new Error('Nobody is in this scene.')
    },
    createCanvas: () => fast,
    personSettings: { beauty: DEFAULT_BEAUTY, effects: DEFAULT_EFFECTS },
    ...{ onStraight: nothing, onState: nothing, onLevels: nothing, onProblem: console.error, log: console.error },
  })
  await source.settled()
  return source
}

function nothing(): void {
  // Nobody asks.
}

/** Makes 30 frames a second, with their sound; the picture itself costs nothing. */
class Paced implements CaptureSource {
  readonly info = { label: 'Paced', ...STUDIO_FORMAT, hasAudio: true }
  private pacer: SlotPacer | undefined

  start(sink: CaptureSink): void {
    const pcm = new Uint8Array(1600 * 4)
    this.pacer = new SlotPacer(STUDIO_FORMAT.fps, {
      make: (_index, dueMs) => {
        const frame = sink.acquire()
        if (frame) sink.commit(frame, dueMs)
        sink.audio(pcm)
        return true
      },
      skip: (_first, count) => sink.dropped(count),
    })
    this.pacer.start()
  }

  close(): Promise<void> {
    this.pacer?.stop()
    return Promise.resolve()
  }
}

const count = values.quick === true ? 120 : 300
const live = {
  /** The same source without a scene. */
  alone: await run(new Paced(), count),
  straight: await run(await sceneOf([FULL_CANVAS]), count),
  pipQuarter: await run(await sceneOf([FULL_CANVAS, corner(0.5)]), count),
  grid: await run(await sceneOf(quarters), count),
}
const result = {
  bench: 'scene',
  quick: values.quick ?? false,
  machine: { cpus: cpus().length, load: Math.round(loadavg()[0]! * 100) / 100, node: process.version },
  format: STUDIO_FORMAT,
  loops: fast.name,
  fast: figures(fast),
  plain: figures(new PlainCanvas(STUDIO_FORMAT)),
  live,
}
if (values.json !== true) {
  console.log(`scene, 1280x720, CPU ms a frame     ${fast.name}    plain`)
  for (const [name, ms] of Object.entries(result.fast)) {
    console.log(`  ${name.padEnd(30)} ${ms.toFixed(2).padStart(8)} ${result.plain[name]!.toFixed(2).padStart(8)}`)
  }
  console.log('whole scenes at 30 fps with their sound, CPU ms a frame')
  for (const [name, ms] of Object.entries(live)) console.log(`  ${name.padEnd(30)} ${ms.toFixed(3).padStart(8)}`)
}
console.log(JSON.stringify(result))
process.exit(0)
