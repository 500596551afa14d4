import '../../platform/runtime-floor'
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { samplesOfFrames } from '../studio-format'
import { cacheFolder } from '../../platform/cache-folder'
import { DemoPresenter, type DemoPresenterOptions } from './demo-presenter'
import { PaintBox } from './paint-box'
import { SharedSlots } from './shared-slots'
import { SlotPacer } from './slot-pacer'

/** What the source hands to its worker. */
export interface DemoWorkerData {
  options: DemoPresenterOptions
  memory: SharedArrayBuffer
  slots: number
}

/** Worker to source. `atMs` is unix time with fractions: threads do not share the zero of `performance.now()`. */
export type DemoWorkerMessage =
  | { kind: 'ready' }
  | { kind: 'filled'; slot: number; samples: number; atMs: number }
  /** Slots given up, with the sound that belongs to them. */
  | { kind: 'skipped'; count: number; pcm: Int16Array }

/** The only message to the worker. */
export const START = 'start'

function run(port: NonNullable<typeof parentPort>): void {
  const { options, memory, slots } = workerData as DemoWorkerData
  const { width, height, fps } = options
  const ring = SharedSlots.over(memory, slots, width, height, fps)
  const box = new PaintBox(cacheFolder(), `${codeOf(import.meta.filename)} ${width}x${height}`)
  const presenter = new DemoPresenter(options, box.paint)
  const post = (message: DemoWorkerMessage): void => port.postMessage(message)
  let slot = 0
  const pacer = new SlotPacer(fps, {
    make(index, dueMs) {
      if (!ring.isFree(slot)) return false
      const atMs = performance.timeOrigin + dueMs
      presenter.draw(index, Date.now(), ring.frame(slot))
      const from = samplesOfFrames(index, fps, AUDIO_RATE)
      const samples = samplesOfFrames(index + 1, fps, AUDIO_RATE) - from
      ring.sound(slot).set(presenter.pcm(from, samples))
      ring.markFilled(slot)
      post({ kind: 'filled', slot, samples: samples * AUDIO_CHANNELS, atMs })
      slot = (slot + 1) % slots
      return true
    },
    skip(first, count) {
      const from = samplesOfFrames(first, fps, AUDIO_RATE)
      post({ kind: 'skipped', count, pcm: presenter.pcm(from, samplesOfFrames(first + count, fps, AUDIO_RATE) - from) })
    },
  })
  port.on('message', (message) => {
    if (message === START) pacer.start()
  })
  post({ kind: 'ready' })
  void box.keep()
}

/** The built script names the parts that it is made of by their content. */
function codeOf(script: string): string {
  return readFileSync(script, 'utf8')
}

if (parentPort) run(parentPort)
