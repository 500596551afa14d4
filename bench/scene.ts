import '../src/main/platform/runtime-floor'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SceneItem, ScenePlace } from '@shared/media/scene'
import { FULL_CANVAS, NO_CROP } from '@shared/media/scene-edit'
import type { I420Frame } from '../src/main/media/i420'
import { Layer } from '../src/main/media/scene/layer'
import { compose, PlainCanvas, type SceneCanvas } from '../src/main/media/scene/scene-canvas'
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
const result = {
  bench: 'scene',
  quick: values.quick ?? false,
  machine: { cpus: cpus().length, load: Math.round(loadavg()[0]! * 100) / 100, node: process.version },
  format: STUDIO_FORMAT,
  loops: fast.name,
  fast: figures(fast),
  plain: figures(new PlainCanvas(STUDIO_FORMAT)),
}
if (values.json !== true) {
  console.log(`scene, 1280x720, CPU ms a frame     ${fast.name}    plain`)
  for (const [name, ms] of Object.entries(result.fast)) {
    console.log(`  ${name.padEnd(30)} ${ms.toFixed(2).padStart(8)} ${result.plain[name]!.toFixed(2).padStart(8)}`)
  }
}
console.log(JSON.stringify(result))
