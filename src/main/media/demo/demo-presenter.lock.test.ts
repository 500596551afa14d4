import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import { loadFaceModels, type FaceModels } from '../face/face-models'
import { FaceTracker } from '../face/face-tracker'
import { i420Size, type I420Frame } from '../i420'
import { DemoPresenter } from './demo-presenter'
import { eyeOutline, LEFT_EYE, lipOutline, OVAL, RIGHT_EYE } from './face-regions'
import type { CanonicalFace } from './head-mesh'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const [WIDTH, HEIGHT, FPS] = [1280, 720, 30]
/** 60 frames over 10 seconds. */
const FRAMES = Array.from({ length: 60 }, (_, i) => i * 5)
const REGIONS = {
  all: Array.from({ length: 468 }, (_, index) => index),
  outline: [...OVAL],
  eyes: [...eyeOutline(LEFT_EYE), ...eyeOutline(RIGHT_EYE)],
  mouth: [...lipOutline(0), ...lipOutline(3)],
  nose: [1, 2, 4, 5, 6, 168, 195, 197, 97, 326, 98, 327, 129, 358],
}
/** Largest mean distance between mesh and truth over all poses, in distances between the eyes. */
const LIMITS = { all: 0.025, outline: 0.035, eyes: 0.03, mouth: 0.03, nose: 0.03 }
/** The same of any one pose. */
const POSE_LIMIT = 0.036

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
    for (const index of FRAMES) {
      presenter.draw(index, Date.UTC(2026, 0, 1) + (index * 1000) / FPS, frame)
      const truth = presenter.landmarks(index)
      const faces = await tracker.track(frame)
      expect(faces.length, `faces in frame ${index}`).toBe(1)
      const [{ points, score }] = faces as [(typeof faces)[0]]
      expect(score).toBeGreaterThan(0.9)
      const unit = eyeDistance(truth)
      for (const region of ['all', 'outline', 'eyes', 'mouth', 'nose'] as const) {
        const indices = REGIONS[region]
        const total = indices.reduce(
          (sum, i) => sum + Math.hypot(points[i * 3]! - truth[i * 3]!, points[i * 3 + 1]! - truth[i * 3 + 1]!),
          0,
        )
        sums[region] += total / indices.length / unit
        if (region === 'all') expect(total / indices.length / unit, `pose ${index}`).toBeLessThan(POSE_LIMIT)
      }
    }
    for (const region of ['all', 'outline', 'eyes', 'mouth', 'nose'] as const) {
      expect(sums[region] / FRAMES.length, region).toBeLessThan(LIMITS[region])
    }
  })
})

/** Between the middles of the two eyes, pixels. */
function eyeDistance(points: Float32Array): number {
  const middle = (a: number, b: number, k: number): number => (points[a * 3 + k]! + points[b * 3 + k]!) / 2
  return Math.hypot(middle(33, 133, 0) - middle(362, 263, 0), middle(33, 133, 1) - middle(362, 263, 1))
}
