import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import { loadFaceModels, type FaceModels } from '../face/face-models'
import { FaceTracker } from '../face/face-tracker'
import { I420Source } from '../face/i420-source'
import { roiOfPoints } from '../face/roi'
import { i420Size, type I420Frame } from '../i420'
import { DemoPresenter } from './demo-presenter'
import { eyeOutline, LEFT_EYE, lipOutline, OVAL, RIGHT_EYE } from './face-regions'
import type { CanonicalFace } from './head-mesh'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const [WIDTH, HEIGHT, FPS] = [1280, 720, 30]
/** 10 seconds; every frame is tracked, as in a show, and every fifth measured. */
const FRAMES = 300
const POSE = 5
const REGIONS = {
  all: Array.from({ length: 468 }, (_, index) => index),
  outline: [...OVAL],
  eyes: [...eyeOutline(LEFT_EYE), ...eyeOutline(RIGHT_EYE)],
  mouth: [...lipOutline(0), ...lipOutline(3)],
  nose: [1, 2, 4, 5, 6, 168, 195, 197, 97, 326, 98, 327, 129, 358],
}
/** Largest mean distance between mesh and truth over all poses, in distances between the eyes. */
const LIMITS = { all: 0.025, outline: 0.035, eyes: 0.03, mouth: 0.03, nose: 0.03 }
/**
 * The same of any one pose, and by how much more the tracker may be off than the model itself. 1.9 of the mean 2.2 %
 * are the same in all poses: the presenter's face differs by so much from the one that the model expects behind this
 * picture, most at the left jaw and over the lids. The rest comes with open mouths and turned heads: 2.9 % at most at rest, 3.0 % tracked.
 */
const POSE_LIMIT = 0.032
const OVER_MODEL = 0.004
/** So many runs on one picture bring the model to rest: what it says when the tracker adds nothing. */
const RUNS = 6

describe('the face mesh on the demo presenter', () => {
  let models: FaceModels
  let presenter: DemoPresenter
  beforeAll(async () => {
    await ensureModels()
    models = await loadFaceModels(modelsDir)
    const mesh = JSON.parse(readFileSync(join(modelsDir, 'canonical-face.json'), 'utf8')) as CanonicalFace
    presenter = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: FPS, mesh })
  })
  afterAll(() => models.release())

  it('holds on every frame and lies where the presenter was drawn', async () => {
    const tracker = new FaceTracker(models, { smoothing: false })
    const frame: I420Frame = { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
    const sums = { all: 0, outline: 0, eyes: 0, mouth: 0, nose: 0 }
    for (let index = 0; index < FRAMES; index++) {
      presenter.draw(index, Date.UTC(2026, 0, 1) + (index * 1000) / FPS, frame)
      const faces = await tracker.track(frame)
      expect(faces.length, `faces in frame ${index}`).toBe(1)
      if (index % POSE !== 0) continue
      const truth = presenter.landmarks(index)
      const [{ points, score }] = faces as [(typeof faces)[0]]
      expect(score).toBeGreaterThan(0.9)
      for (const region of ['all', 'outline', 'eyes', 'mouth', 'nose'] as const)
        sums[region] += missOf(points, truth, REGIONS[region])
      const miss = missOf(points, truth, REGIONS.all)
      expect(miss, `pose ${index}`).toBeLessThan(POSE_LIMIT)
      const own = missOf(await atRest(models, frame, points), truth, REGIONS.all)
      expect(miss - own, `pose ${index}, over the model's ${own}`).toBeLessThan(OVER_MODEL)
    }
    for (const region of ['all', 'outline', 'eyes', 'mouth', 'nose'] as const) {
      expect((sums[region] * POSE) / FRAMES, region).toBeLessThan(LIMITS[region])
    }
  })
})

/** Mean distance of some points from the truth, in distances between the eyes. */
function missOf(points: Float32Array, truth: Float32Array, indices: readonly number[]): number {
  const far = (i: number): number => Math.hypot(points[i * 3]! - truth[i * 3]!, points[i * 3 + 1]! - truth[i * 3 + 1]!)
  return indices.reduce((sum, i) => sum + far(i), 0) / indices.length / eyeDistance(truth)
}

/** What the model says of one picture when each run looks where the last one has found the face, as MediaPipe does. */
async function atRest({ mesh }: FaceModels, frame: I420Frame, points: Float32Array): Promise<Float32Array> {
  let found = points
  for (let run = 0; run < RUNS; run++) found = (await mesh.fit(new I420Source(frame), roiOfPoints(found))).points
  return found
}

/** Between the middles of the two eyes, pixels. */
function eyeDistance(points: Float32Array): number {
  const middle = (a: number, b: number, k: number): number => (points[a * 3 + k]! + points[b * 3 + k]!) / 2
  return Math.hypot(middle(33, 133, 0) - middle(362, 263, 0), middle(33, 133, 1) - middle(362, 263, 1))
}
