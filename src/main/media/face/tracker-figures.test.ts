import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { ensureModels } from '../../../../scripts/models.mjs'
import { DemoPresenter } from '../demo/demo-presenter'
import type { CanonicalFace } from '../demo/head-mesh'
import { i420Size, type I420Frame } from '../i420'
import { noise } from '../testing/portrait'
import { drawFaces, type DrawnFace } from './drawn-face'
import { loadTargets } from './crop-target'
import type { Face } from './face'
import { loadFaceModels, type FaceModels } from './face-models'
import { FaceTracker } from './face-tracker'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const [WIDTH, HEIGHT] = [1280, 720]

/** Between the middles of the eyes, pixels. */
function eyeDistance(points: Float32Array): number {
  const middle = (a: number, b: number, k: number): number => (points[a * 3 + k]! + points[b * 3 + k]!) / 2
  return Math.hypot(middle(33, 133, 0) - middle(362, 263, 0), middle(33, 133, 1) - middle(362, 263, 1))
}

/** Standard deviation of each landmark over the frames, mean of all landmarks, in distances between the eyes. */
function jitter(seen: readonly Face[]): number {
  let sum = 0
  for (let point = 0; point < 468; point++) {
    const mean = [0, 1].map((k) => seen.reduce((total, { points }) => total + points[point * 3 + k]!, 0) / seen.length)
    const squares = seen.reduce(
      (total, { points }) => total + (points[point * 3]! - mean[0]!) ** 2 + (points[point * 3 + 1]! - mean[1]!) ** 2,
      0,
    )
    sum += Math.sqrt(squares / seen.length)
  }
  return sum / 468 / eyeDistance(seen[0]!.points)
}

/** The figures for recognition, at 720p30. */
describe('following faces', () => {
  let models: FaceModels
  let presenter: DemoPresenter
  beforeAll(async () => {
    await ensureModels()
    models = await loadFaceModels(modelsDir, loadTargets(await ensureKernel('face'), console.error))
    const mesh = JSON.parse(readFileSync(join(modelsDir, 'canonical-face.json'), 'utf8')) as CanonicalFace
    presenter = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: 30, mesh })
  })
  afterAll(() => models.release())

  const picture = (index: number): I420Frame => {
    const frame = { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
    presenter.draw(index, 0, frame)
    return frame
  }

  it('a still face with the noise of a sensor is steady to 0.3 % of the distance between the eyes', async () => {
    const tracker = new FaceTracker(models)
    const clean = picture(40)
    const random = noise(3)
    const seen: Face[] = []
    for (let index = 0; index < 45; index++) {
      // Four even numbers together are nearly normal: a standard deviation of 2.8 levels, a webcam in a dim room.
      const data = clean.data.map((value) => value + 2.4 * (random() + random() + random() + random()))
      const [face] = await tracker.track({ ...clean, data })
      if (index >= 15) seen.push(face!)
    }
    expect(jitter(seen)).toBeLessThan(0.003)
  })

  it('calming the points costs less than one frame of delay', async () => {
    const [calmed, raw] = [new FaceTracker(models), new FaceTracker(models, { smoothing: false })]
    // A head that goes through the picture at 6 pixels a frame.
    let [behind, moved] = [0, 0]
    let before: Face | undefined
    for (let index = 0; index < 40; index++) {
      const frame = drawFaces(WIDTH, HEIGHT, [{ x: 400 + 6 * index, y: 360, height: 320 }])
      const [slow] = await calmed.track(frame)
      const [now] = await raw.track(frame)
      if (index >= 10) {
        for (let point = 0; point < 468; point++) {
          behind += now!.points[point * 3]! - slow!.points[point * 3]!
          moved += now!.points[point * 3]! - before!.points[point * 3]!
        }
      }
      before = now
    }
    expect(behind / moved).toBeGreaterThan(-0.2)
    expect(behind / moved).toBeLessThan(1)
  })

  it('four faces are followed at once', async () => {
    const faces: DrawnFace[] = [250, 540, 830, 1100].map((x, index) => ({ x, y: 300 + 30 * index, height: 210 }))
    const tracker = new FaceTracker(models)
    const frame = drawFaces(WIDTH, HEIGHT, faces)
    let found = 0
    for (let index = 0; index < 64; index++) found = (await tracker.track(frame)).length
    expect(found).toBe(4)
  })

  it.each([
    ['near', 330],
    ['far', 90],
  ])('a face that was gone is found again within 200 ms: %s', async (_, height) => {
    const tracker = new FaceTracker(models)
    const face = { x: 640, y: 360, height }
    const there = drawFaces(WIDTH, HEIGHT, [face])
    for (let index = 0; index < 12; index++) await tracker.track(there)
    expect(tracker.last).toHaveLength(1)
    const nobody = drawFaces(WIDTH, HEIGHT, [])
    for (let index = 0; index < 31; index++) await tracker.track(nobody)
    expect(tracker.last).toHaveLength(0)
    const back = drawFaces(WIDTH, HEIGHT, [{ ...face, x: 700 }])
    let frames = 0
    do {
      await tracker.track(back)
      frames++
    } while (tracker.last.length === 0 && frames < 30)
    expect((frames * 1000) / 30).toBeLessThanOrEqual(200)
  })
})
