import '../src/main/platform/runtime-floor'
import { cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PLAIN_BEAUTY, type BeautyControlId, type BeautySettings } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { ffmpegPath } from '../src/main/media/ffmpeg-path'
import { loadFaceSurface } from '../src/main/media/makeup/face-surface'
import { MakeUp } from '../src/main/media/makeup/makeup'
import { ownCpuMs } from './cpu-time'
import { faceFrames, framed, type FaceFrame } from './face-frames'

/**
 * What the make-up of one face costs, a third of the frame wide, at 720p and 1080p: CPU milliseconds a frame of each
 * control alone and of all together, at half strength. `--source FILE` takes another video than the demo presenter.
 */
const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, source: { type: 'string' } },
})
const quick = values.quick ?? false
const SIZES = [
  [1280, 720],
  [1920, 1080],
] as const
const CONTROLS = ['lipstick', 'blush', 'contour', 'brows', 'eyeShadow', 'eyeLiner', 'lashes', 'lenses'] as const
/** Aims at 720p, milliseconds. */
const AIMS = { all: 1.2, lipstick: 0.25 }
const resources = join(process.cwd(), 'resources')
const say = (line: string): void => {
  if (values.json !== true) console.log(line)
}

/** Mean CPU milliseconds a frame of one pass; the frames stay as they are. */
function pass(makeUp: MakeUp, frames: FaceFrame[], work: FaceFrame['frame'], beauty: BeautySettings): number {
  let sum = 0
  frames.forEach(({ frame, face }, i) => {
    work.data.set(frame.data)
    const settings = { beauty, effects: DEFAULT_EFFECTS }
    const before = ownCpuMs()
    makeUp.apply({ frame: work, faces: [face], settings, timeMs: i * 33, hurried: false })
    sum += ownCpuMs() - before
  })
  return sum / frames.length
}

interface Figures {
  /** CPU milliseconds a frame of the middle pass, and of the quickest: on a busy machine that is nearer the truth. */
  p50: number
  least: number
}

/** All in turns, so that a change of the machine's load meets all of them. */
function measure(frames: FaceFrame[], makeUp: MakeUp): Record<string, Figures> {
  const first = frames[0]!.frame
  const work = { ...first, data: new Uint8Array(first.data.length) }
  const at = (ids: readonly BeautyControlId[]): BeautySettings => ({
    ...PLAIN_BEAUTY,
    ...Object.fromEntries(ids.map((id) => [id, 0.5])),
  })
  const runs = [{ name: 'all', beauty: at(CONTROLS) }, ...CONTROLS.map((id) => ({ name: id, beauty: at([id]) }))]
  for (let round = 0; round < 6; round++) for (const { beauty } of runs) pass(makeUp, frames, work, beauty)
  const times = runs.map(() => [] as number[])
  for (let round = 0; round < (quick ? 5 : 15); round++)
    runs.forEach(({ beauty }, i) => times[i]!.push(pass(makeUp, frames, work, beauty)))
  return Object.fromEntries(
    runs.map(({ name }, i) => {
      const sorted = times[i]!.sort((a, b) => a - b)
      return [name, { p50: round(sorted[sorted.length >> 1]!), least: round(sorted[0]!) }]
    }),
  )
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

const options = {
  ffmpegPath: ffmpegPath(),
  modelsDir: join(resources, 'models'),
  demoWorkerPath: join(import.meta.dirname, 'demo-worker.js'),
}
const source =
  values.source === undefined
    ? ({ kind: 'demo' } as const)
    : ({ kind: 'file', path: resolve(values.source), loop: true } as const)
const found = await faceFrames(options, source, quick ? 20 : 60)
if (found.length === 0) throw new Error('No face was found in the source.')
const makeUp = new MakeUp(await loadFaceSurface(options.modelsDir))
say(`make-up, ${found.length} frames of ${values.source ?? 'the demo presenter'}, face a third of the width`)
const sizes: Record<string, Record<string, Figures>> = {}
for (const [width, height] of SIZES) {
  const figures = measure(framed(found, width, height, 1 / 3), makeUp)
  sizes[`${height}p`] = figures
  say(`${height}p, CPU ms a frame at strength 0.5`)
  for (const [name, { p50, least }] of Object.entries(figures))
    say(`  ${name.padEnd(12)} ${p50.toFixed(3)}  least ${least.toFixed(3)}`)
}
const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? '',
  load: round(loadavg()[0]!),
  node: process.version,
}
console.log(JSON.stringify({ bench: 'makeup', quick, machine, source: source.kind, aims: AIMS, sizes }))
process.exit(0)
