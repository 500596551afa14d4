import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import type { I420Frame } from '../i420'
import { drawFaces, type DrawnFace } from './drawn-face'
import type { Face } from './face'
import { loadFaceModels, type FaceModels } from './face-models'
import { FaceTrack } from './face-track'
import { FaceTracker } from './face-tracker'
import { I420Source } from './i420-source'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const [WIDTH, HEIGHT] = [480, 270]
const middle: DrawnFace = { x: 240, y: 120, height: 130 }

/** Middle between the outer corners of the eyes. */
function eyesOf({ points }: Face): [number, number] {
  return [(points[33 * 3]! + points[263 * 3]!) / 2, (points[33 * 3 + 1]! + points[263 * 3 + 1]!) / 2]
}

/** Distance of the mesh's eyes from the drawn ones, in face heights. */
function missOf(face: Face, drawn: DrawnFace): number {
  const turn = drawn.turn ?? 0
  const [x, y] = eyesOf(face)
  const lift = 0.035 * drawn.height
  return Math.hypot(x - drawn.x - lift * Math.sin(turn), y - drawn.y + lift * Math.cos(turn)) / drawn.height
}

describe('FaceTracker', () => {
  let models: FaceModels
  beforeAll(async () => {
    await ensureModels()
    models = await loadFaceModels(modelsDir)
  })
  afterAll(() => models.release())

  const still = (...faces: DrawnFace[]): I420Frame => drawFaces(WIDTH, HEIGHT, faces)

  it('follows a face that moves, grows and turns', async () => {
    const tracker = new FaceTracker(models)
    for (let i = 0; i < 24; i++) {
      const drawn = { x: 180 + 4 * i, y: 130 + i, height: 120 + i, turn: -0.25 + 0.02 * i }
      const faces = await tracker.track(still(drawn))
      expect(faces).toHaveLength(1)
      expect(missOf(faces[0]!, drawn)).toBeLessThan(0.05)
      expect(faces[0]!.score).toBeGreaterThan(0.9)
    }
  })

  it('finds no face where there is none', async () => {
    const tracker = new FaceTracker(models)
    for (let i = 0; i < 6; i++) expect(await tracker.track(still())).toEqual([])
    expect(tracker.last).toEqual([])
  })

  it('drops a face that leaves and takes it up in the frame in which it is back', async () => {
    const tracker = new FaceTracker(models)
    expect(await tracker.track(still(middle))).toHaveLength(1)
    expect(await tracker.track(still())).toHaveLength(0)
    expect(await tracker.track(still({ ...middle, x: 330 }))).toHaveLength(1)
  })

  it('keeps the order of several faces, and the limit', async () => {
    const left = { x: 110, y: 120, height: 130 }
    const right = { x: 360, y: 120, height: 130 }
    const tracker = new FaceTracker(models)
    await tracker.track(still(right))
    let faces: Face[] = []
    for (let i = 0; i < 16; i++) faces = await tracker.track(still(left, right))
    expect(faces).toHaveLength(2)
    expect(missOf(faces[0]!, right)).toBeLessThan(0.05)
    expect(missOf(faces[1]!, left)).toBeLessThan(0.05)
    faces = await tracker.track(still(left))
    expect(faces).toHaveLength(1)
    expect(missOf(faces[0]!, left)).toBeLessThan(0.05)
    expect(await new FaceTracker(models, { maxFaces: 1 }).track(still(left, right))).toHaveLength(1)
  })

  it('does not throw when a face goes over the border or the picture shrinks', async () => {
    const tracker = new FaceTracker(models)
    for (let x = 240; x < 600; x += 20) await tracker.track(still({ ...middle, x }))
    await tracker.track(still(middle))
    await tracker.track(drawFaces(64, 48, []))
    expect(await tracker.track(drawFaces(2, 2, []))).toEqual([])
  })

  it.each([
    ['outside', { cx: -500, cy: 9000, size: 100, rotation: 0 }],
    ['without size', { cx: 240, cy: 120, size: 0, rotation: 0 }],
    ['not a number', { cx: NaN, cy: 120, size: 100, rotation: 0 }],
    ['endless', { cx: 240, cy: 120, size: Infinity, rotation: 0 }],
  ])('loses a region that is %s', async (_, roi) => {
    expect(await new FaceTrack(roi, 30).follow(models.mesh, new I420Source(still(middle)))).toBe(false)
  })

  it('never changes a result that it gave', async () => {
    const tracker = new FaceTracker(models)
    const [first] = await tracker.track(still(middle))
    const copy = first!.points.slice()
    await tracker.track(still({ ...middle, x: 250 }))
    expect(first!.points).toEqual(copy)
    expect(tracker.last[0]!.points).not.toEqual(copy)
  })

  it('forgets on reset', async () => {
    const tracker = new FaceTracker(models)
    await tracker.track(still(middle))
    expect(tracker.last).toHaveLength(1)
    tracker.reset()
    expect(tracker.last).toEqual([])
    expect(await tracker.track(still())).toEqual([])
  })

  it('calms a still face', async () => {
    const shaky = async (smoothing: boolean): Promise<number> => {
      const tracker = new FaceTracker(models, { smoothing })
      const random = randomNumbers(7)
      const frame = still(middle)
      const seen: [number, number][] = []
      for (let i = 0; i < 40; i++) {
        const data = frame.data.map((value) => Math.min(Math.max(value + 24 * (random() - 0.5), 0), 255))
        seen.push(eyesOf((await tracker.track({ ...frame, data }))[0]!))
      }
      return spread(seen.slice(10))
    }
    const [raw, calm] = [await shaky(false), await shaky(true)]
    expect(calm).toBeLessThan(0.6 * raw)
    expect(calm).toBeLessThan(0.3)
  })

  it('gives the same result when two trackers share the models', async () => {
    const [one, other] = [still(middle), still({ ...middle, x: 330, height: 150 })]
    const alone = await new FaceTracker(models).track(one)
    const both = await Promise.all([new FaceTracker(models).track(one), new FaceTracker(models).track(other)])
    expect(both[0][0]!.points).toEqual(alone[0]!.points)
    expect(both[1]).toHaveLength(1)
  })
})

describe('loadFaceModels', () => {
  it('says what to do when the models are not there', async () => {
    await expect(loadFaceModels('/nonexistent')).rejects.toMatchObject({ code: 'models-missing' })
  })

  it('refuses to run after release', async () => {
    const models = await loadFaceModels(modelsDir)
    await models.release()
    await expect(new FaceTracker(models).track(drawFaces(64, 48, []))).rejects.toThrow(/released/)
  })
})

/** mulberry32: the same numbers in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Root mean square distance from the mean. */
function spread(positions: [number, number][]): number {
  const mean = (axis: 0 | 1): number => positions.reduce((sum, position) => sum + position[axis], 0) / positions.length
  const [x, y] = [mean(0), mean(1)]
  return Math.sqrt(positions.reduce((sum, [px, py]) => sum + (px - x) ** 2 + (py - y) ** 2, 0) / positions.length)
}
