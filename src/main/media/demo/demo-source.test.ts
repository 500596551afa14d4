import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from 'vite'
import type { StudioError } from '@shared/errors'
import { ensureModels } from '../../../../scripts/models.mjs'
import type { CaptureSink, CaptureSource } from '../capture-source'
import { FrameRing } from '../frame-ring'
import type { I420Frame } from '../i420'
import { openDemoSource, type DemoSourceOptions } from './demo-source'
import { readBarcode } from './time-barcode'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const [WIDTH, HEIGHT, FPS] = [320, 180, 30]

/** Takes `frames` frames through a real ring, then closes the source. */
async function record(source: CaptureSource, frames: number, holdAt = -1): Promise<Recording> {
  const ring = new FrameRing(WIDTH, HEIGHT, 3)
  const recording: Recording = { barcodes: [], capturedAt: [], slots: 0, samples: 0, dropped: 0, pcm: [] }
  await new Promise<void>((resolve, reject) => {
    const held: I420Frame[] = []
    const sink: CaptureSink = {
      acquire: () => ring.acquire(),
      onFree: (callback) => ring.onFree(callback),
      commit(frame, capturedAtMs) {
        recording.barcodes.push(readBarcode(frame))
        recording.capturedAt.push(capturedAtMs)
        recording.slots++
        held.push(frame)
        // One stall of a fifth of a second with no frame free, if asked for.
        const stall = recording.slots >= holdAt && recording.slots < holdAt + 3
        if (!stall) for (const kept of held.splice(0)) ring.release(kept)
        else if (held.length === 3) setTimeout(() => held.splice(0).forEach((kept) => ring.release(kept)), 200)
      },
      dropped(count) {
        recording.slots += count
        recording.dropped += count
      },
      audio(pcm) {
        recording.samples += pcm.length / 4
        recording.pcm.push(...new Int16Array(pcm.slice().buffer))
        if (recording.slots >= frames) resolve()
      },
      ended: (error) => reject(error ?? new Error('ended')),
    }
    source.start(sink)
  })
  await source.close()
  return recording
}

interface Recording {
  barcodes: (number | null)[]
  capturedAt: number[]
  slots: number
  samples: number
  dropped: number
  pcm: number[]
}

describe('openDemoSource', () => {
  let folder: string
  let workerPath: string
  const options: DemoSourceOptions = {
    width: WIDTH,
    height: HEIGHT,
    fps: FPS,
    modelsDir: join(root, 'resources/models'),
    barcode: true,
  }
  beforeAll(async () => {
    await ensureModels()
    folder = await mkdtemp(join(tmpdir(), 'we-demo-'))
    await build({
      configFile: false,
      logLevel: 'error',
      resolve: { alias: { '@shared': join(root, 'src/shared') } },
      ssr: { noExternal: true },
      build: {
        ssr: join(root, 'src/main/media/demo/demo-worker.ts'),
        outDir: folder,
        rolldownOptions: { output: { entryFileNames: 'demo-worker.mjs' } },
      },
    })
    workerPath = join(folder, 'demo-worker.mjs')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(['in this thread', 'in a worker'])('gives each frame its sound and its time, %s', async (where) => {
    const source = await openDemoSource(where === 'in a worker' ? { ...options, workerPath } : options)
    expect(source.info).toEqual({ label: 'Demo presenter', width: WIDTH, height: HEIGHT, fps: FPS, hasAudio: true })
    const before = Date.now()
    const { barcodes, capturedAt, slots, samples, dropped, pcm } = await record(source, 45)
    expect(samples).toBe(slots * 1600)
    // Frame times follow the absolute clock to the microsecond, whatever the machine does (drops leave gaps).
    const steps = capturedAt.slice(1).map((at, i) => (at - capturedAt[i]!) / (1000 / FPS))
    for (const step of steps) expect(Math.abs(step - Math.round(step))).toBeLessThan(0.01)
    const span = Math.round(steps.reduce((sum, step) => sum + step, 0))
    expect(span).toBeGreaterThanOrEqual(capturedAt.length - 1)
    expect(span).toBeLessThanOrEqual(slots - 1)
    expect(capturedAt.length).toBe(slots - dropped)
    // Every picture carries the time at which it was drawn.
    let last = before
    for (const code of barcodes) {
      const at = code! + Math.floor(before / 2 ** 40) * 2 ** 40
      expect(at).toBeGreaterThanOrEqual(last)
      expect(at).toBeLessThanOrEqual(Date.now())
      last = at
    }
    expect(pcm.some((value) => Math.abs(value) > 3000)).toBe(true)
  })

  it('delivers in order after the engine had no free frame', async () => {
    const source = await openDemoSource({ ...options, workerPath })
    const { samples, slots, capturedAt } = await record(source, 40, 10)
    expect(samples).toBe(slots * 1600)
    for (let i = 1; i < capturedAt.length; i++) expect(capturedAt[i]!).toBeGreaterThan(capturedAt[i - 1]!)
  })

  it('says what to do when the face shape or the worker is missing', async () => {
    const missing = openDemoSource({ ...options, modelsDir: join(folder, 'nowhere') })
    await expect(missing).rejects.toMatchObject({ code: 'models-missing' } satisfies Partial<StudioError>)
    const broken = join(folder, 'broken.mjs')
    await writeFile(broken, 'throw new Error("broken on purpose")')
    const failed = openDemoSource({ ...options, workerPath: broken })
    await expect(failed).rejects.toMatchObject({ code: 'demo-failed' } satisfies Partial<StudioError>)
  })

  it('tells the engine when the worker dies, and closes twice without harm', async () => {
    const dying = join(folder, 'dying.mjs')
    await writeFile(
      dying,
      `import { parentPort } from 'node:worker_threads'
       parentPort.on('message', () => process.exit(3)); parentPort.postMessage({ kind: 'ready' })`,
    )
    const source = await openDemoSource({ ...options, workerPath: dying })
    await expect(record(source, 5)).rejects.toMatchObject({ code: 'demo-failed' })
    await source.close()
    await source.close()
  })
})
