import '../src/main/platform/runtime-floor'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PLAIN_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS, type BackgroundMode } from '@shared/media/effect-settings'
import { Background } from '../src/main/media/background/background'
import type { MattingKernelFactory } from '../src/main/media/background/matting-kernel'
import { PersonMaskModels } from '../src/main/media/background/person-mask-model'
import { plainMatting } from '../src/main/media/background/plain/plain-matting'
import { loadMatting } from '../src/main/media/background/wasm-matting'
import { DemoPresenter } from '../src/main/media/demo/demo-presenter'
import type { CanonicalFace } from '../src/main/media/demo/head-mesh'
import { i420Size, type I420Frame } from '../src/main/media/i420'
import { percentile } from '../src/main/media/stats-meter'
import { ownCpuMs } from './cpu-time'

/**
 * What another background costs: CPU milliseconds a frame of model, mask and picture together, for the talking demo
 * presenter, at 720p and 1080p; `model` is the share of a run of the model alone, which looks at every second frame
 * while little moves. The plain loops do the same in TypeScript.
 */
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const quick = values.quick ?? false
const SIZES = [
  [1280, 720],
  [1920, 1080],
] as const
const MODES: BackgroundMode[] = ['paper', 'blur']
const models = new PersonMaskModels(join(process.cwd(), 'resources/models'))
const say = (line: string): void => {
  if (values.json !== true) console.log(line)
}

function presenterFrames(width: number, height: number, count: number): I420Frame[] {
  const path = join(process.cwd(), 'resources/models/canonical-face.json')
  const mesh = JSON.parse(readFileSync(path, 'utf8')) as CanonicalFace
  const presenter = new DemoPresenter({ width, height, fps: 30, mesh })
  return Array.from({ length: count }, (_, i) => {
    const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
    presenter.draw(i, 0, frame)
    return frame
  })
}

interface Figures {
  mean: number
  p50: number
  p95: number
  /** In a hurry: the mask of before. */
  hurried: number
}

async function measure(frames: I420Frame[], create: MattingKernelFactory, mode: BackgroundMode): Promise<Figures> {
  const effect = new Background(models, create)
  const background = { ...DEFAULT_EFFECTS.background, mode }
  const settings = { beauty: PLAIN_BEAUTY, effects: { ...DEFAULT_EFFECTS, background } }
  const [first] = frames
  const work = { ...first!, data: new Uint8Array(first!.data.length) }
  const pass = async (hurried: boolean): Promise<number[]> => {
    const times: number[] = []
    for (const frame of frames) {
      work.data.set(frame.data)
      const before = ownCpuMs()
      await effect.apply({ frame: work, faces: [], settings, timeMs: 0, hurried })
      times.push(ownCpuMs() - before)
    }
    return times
  }
  await pass(false) // until the compiler has made it fast
  const rounds = quick ? 2 : 5
  const times: number[] = []
  for (let n = 0; n < rounds; n++) times.push(...(await pass(false)))
  const hurried = await pass(true)
  const sorted = times.sort((a, b) => a - b)
  return {
    mean: round(mean(times)),
    p50: round(percentile(sorted, 0.5)),
    p95: round(percentile(sorted, 0.95)),
    hurried: round(mean(hurried)),
  }
}

async function modelAlone(): Promise<number> {
  const model = await models.for(16, 9)
  const times: number[] = []
  for (let n = 0; n < 60; n++) {
    const before = ownCpuMs()
    await model.run(
      () => undefined,
      () => undefined,
    )
    if (n >= 10) times.push(ownCpuMs() - before)
  }
  return round(mean(times))
}

function mean(list: number[]): number {
  return list.reduce((a, b) => a + b, 0) / list.length
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const fast = loadMatting(join(process.cwd(), 'resources/kernel/background.wasm'), console.error)
const sizes: Record<string, unknown> = {}
const model = await modelAlone()
say(`background, the demo presenter, CPU ms a frame; one run of the model ${model.toFixed(2)}`)
for (const [width, height] of SIZES) {
  const frames = presenterFrames(width, height, quick ? 30 : 60)
  const figures: Record<string, Figures> = {}
  for (const mode of MODES) {
    for (const [name, create] of [['fast', fast] as const, ['plain', plainMatting] as const]) {
      if (name === 'plain' && quick) continue
      const label = `${mode === 'paper' ? 'picture' : mode} ${name}`
      const each = await measure(name === 'plain' ? frames.slice(0, 10) : frames, create, mode)
      figures[label] = each
      const [p50, p95] = [each.p50.toFixed(2), each.p95.toFixed(2)]
      say(
        `  ${height}p ${label.padEnd(14)} mean ${each.mean.toFixed(2)}  p50 ${p50}  p95 ${p95}  hurried ${each.hurried}`,
      )
    }
  }
  sizes[`${height}p`] = figures
}
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? '',
  load: round(loadavg()[0]!),
  node: process.version,
}
console.log(JSON.stringify({ bench: 'background', quick, machine, model, sizes }))
process.exit(0)
