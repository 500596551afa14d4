import { writeFileSync } from 'node:fs'
import { afterAll, afterEach, expect, it } from 'vitest'
import { DEFAULT_LOOK } from '@shared/media/look-settings'
import { MediaEngine } from '../media-engine'
import { Clips, eventually } from '../testing/clips'
import { FakeParts } from '../testing/fake-parts'

const clips = new Clips()
let engine: MediaEngine
afterEach(() => engine.close())
afterAll(() => clips.remove())

/** An engine that plays a colourful file; `chroma` is the mean distance of its newest picture from grey. */
async function play() {
  const format = { width: 320, height: 180, fps: 30 }
  engine = new MediaEngine({
    ffmpegPath: clips.ffmpeg,
    modelsDir: '',
    log: () => undefined,
    format,
    parts: new FakeParts(clips.ffmpeg, false),
  })
  const seen = { chroma: NaN }
  const link = engine.setPreviewSink(({ data, width, height }) => {
    const colours = data.subarray(width * height)
    seen.chroma = colours.reduce((sum, value) => sum + Math.abs(value - 128), 0) / colours.length
    setImmediate(() => link.acknowledge())
  })
  await engine.openSource({ kind: 'file', path: clips.testPicture('colours.mp4', '320x180', 30, 2), loop: true })
  return seen
}

it('a look colours the running picture from the next frame on, and goes again', async () => {
  const seen = await play()
  expect(await eventually(() => seen.chroma > 10)).toBe(true)
  await engine.setLook({ ...DEFAULT_LOOK, look: 'noir', intensity: 1 }, null)
  expect(await eventually(() => seen.chroma < 1)).toBe(true)
  const swatches = await engine.lookSwatches()
  const [plain] = swatches
  // Of the picture before the look: the plain one is still in colour.
  expect(plain!.pixels.some((value, at) => at % 4 === 0 && Math.abs(value - plain!.pixels[at + 2]!) > 60)).toBe(true)
  await engine.setLook(DEFAULT_LOOK, null)
  expect(await eventually(() => seen.chroma > 10)).toBe(true)
})

it('an imported table is used; one that is gone says so and leaves the plain picture', async () => {
  const seen = await play()
  const path = clips.path('grey.cube')
  writeFileSync(path, 'LUT_3D_SIZE 2\n' + '0.5 0.5 0.5\n'.repeat(8))
  const chosen = { ...DEFAULT_LOOK, look: 'cube' as const, intensity: 1 }
  await engine.setLook(chosen, path)
  expect(await eventually(() => seen.chroma < 1)).toBe(true)
  expect((await engine.lookSwatches()).at(-1)!.id).toBe('cube')
  await expect(engine.setLook(chosen, clips.path('gone.cube'))).rejects.toMatchObject({ code: 'cube-missing' })
  expect(await eventually(() => seen.chroma > 10)).toBe(true)
})
