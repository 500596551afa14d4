import '../src/main/platform/runtime-floor'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS, STICKERS, type EffectSettings, type StickerId } from '@shared/media/effect-settings'
import { ffmpegPath } from '../src/main/media/ffmpeg-path'
import type { PersonEffect } from '../src/main/media/person/person-effect'
import { percentile } from '../src/main/media/stats-meter'
import { loadCanonicalHead } from '../src/main/media/stickers/canonical-head'
import { Sparkles } from '../src/main/media/stickers/sparkles'
import { Stickers } from '../src/main/media/stickers/stickers'
import { ownCpuMs } from './cpu-time'
import { faceFrames, framed, type FaceFrame } from './face-frames'

/**
 * What each sticker and the sparkles cost on one face, a third of the frame wide, at 720p and 1080p: CPU milliseconds a
 * frame, the middle of all passes over moving frames of the demo presenter.
 */
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const quick = values.quick ?? false
const SIZES = [
  [1280, 720],
  [1920, 1080],
] as const
/** Milliseconds a frame that are allowed at 720p. */
const LIMITS = { glasses: 1, heaviest: 2.5, sparkles: 0.4 }
const say = (line: string): void => {
  if (values.json !== true) console.log(line)
}

interface Run {
  name: string
  effect: PersonEffect
  effects: EffectSettings
  passes: number[]
}

/** CPU milliseconds a frame of one pass over all frames; they stay as they are. */
function pass({ effect, effects }: Run, frames: readonly FaceFrame[], work: Uint8Array): number {
  let spent = 0
  frames.forEach(({ frame, face }, i) => {
    work.set(frame.data)
    const before = ownCpuMs()
    void effect.apply({
      frame: { ...frame, data: work },
      faces: [face],
      settings: { beauty: DEFAULT_BEAUTY, effects },
      timeMs: i * 33,
      hurried: false,
    })
    spent += ownCpuMs() - before
  })
  return spent / frames.length
}

function middle(list: number[]): number {
  const sorted = [...list].sort((a, b) => a - b)
  return Math.round(percentile(sorted, 0.5) * 1000) / 1000
}

const modelsDir = join(process.cwd(), 'resources/models')
const head = await loadCanonicalHead(modelsDir)
const options = { ffmpegPath: ffmpegPath(), modelsDir, demoWorkerPath: join(import.meta.dirname, 'demo-worker.js') }
const found = await faceFrames(options, { kind: 'demo' }, quick ? 30 : 60)
if (found.length === 0) throw new Error('No face was found.')
const sizes: Record<string, Record<string, number>> = {}
for (const [width, height] of SIZES) {
  const frames = framed(found, width, height, 1 / 3)
  const work = new Uint8Array(frames[0]!.frame.data.length)
  const ids: StickerId[] = STICKERS.map(({ id }) => id)
  const runs: Run[] = [
    ...ids.map((id) => ({
      name: id,
      effect: new Stickers(head),
      effects: { ...DEFAULT_EFFECTS, stickers: [id] },
      passes: [],
    })),
    { name: 'sparkles', effect: new Sparkles(head), effects: { ...DEFAULT_EFFECTS, sparkles: 1 }, passes: [] },
  ]
  for (const run of runs) for (let round = 0; round < 2; round++) pass(run, frames, work)
  // In turns, so that a change of the machine's load meets all of them.
  for (let round = 0; round < (quick ? 5 : 11); round++)
    for (const run of runs) run.passes.push(pass(run, frames, work))
  const figures = Object.fromEntries(runs.map(({ name, passes }) => [name, middle(passes)]))
  sizes[`${height}p`] = figures
  say(`${height}p, CPU ms a frame, ${frames.length} frames of the demo presenter, face a third of the width`)
  for (const [name, ms] of Object.entries(figures)) say(`  ${name.padEnd(12)} ${ms.toFixed(2).padStart(6)}`)
}
const at720 = sizes['720p']!
const heaviest = Math.max(...STICKERS.map(({ id }) => at720[id]!))
say(`720p limits: glasses ${LIMITS.glasses}, heaviest ${LIMITS.heaviest} (${heaviest}), sparkles ${LIMITS.sparkles}`)
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', load: loadavg()[0]!, node: process.version }
console.log(JSON.stringify({ bench: 'stickers', quick, machine, limits: LIMITS, sizes }))
process.exit(0)
