import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import { DemoPresenter } from '../demo/demo-presenter'
import type { CanonicalFace } from '../demo/head-mesh'
import type { Face } from '../face/face'
import { loadFaceModels, type FaceModels } from '../face/face-models'
import { FaceTracker } from '../face/face-tracker'
import { i420Size, type I420Frame } from '../i420'
import { Beautifier } from './beautifier'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const [WIDTH, HEIGHT] = [640, 360]

/** The model knows usual faces and takes each for a little more usual than it is: it sees a part of a change. */
describe('what the face mesh sees in the changed picture', () => {
  let models: FaceModels
  let before: Face
  const drawn = { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
  beforeAll(async () => {
    await ensureModels()
    const mesh = JSON.parse(readFileSync(`${modelsDir}/canonical-face.json`, 'utf8')) as CanonicalFace
    new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: 30, mesh }).draw(30, 0, drawn)
    models = await loadFaceModels(modelsDir)
    before = await look(drawn)
  })
  afterAll(() => models.release())

  /** The mesh after it has settled. */
  async function look(frame: I420Frame): Promise<Face> {
    const tracker = new FaceTracker(models, { smoothing: false })
    for (let pass = 0; pass < 10; pass++) await tracker.track(frame)
    return tracker.last[0]!
  }

  async function seen(shape: Partial<BeautySettings>): Promise<{ seen: Face; told: Face }> {
    const frame = { ...drawn, data: drawn.data.slice() }
    const told = new Beautifier(WIDTH, HEIGHT).apply(frame, [before], { ...PLAIN_BEAUTY, ...shape })[0]!
    return { seen: await look(frame), told }
  }

  const between = ({ points }: Face, a: number, b: number): number =>
    Math.hypot(points[3 * a]! - points[3 * b]!, points[3 * a + 1]! - points[3 * b + 1]!)
  /** Share by which a length has changed. */
  const change = (after: Face, a: number, b: number): number => between(after, a, b) / between(before, a, b) - 1
  const eyeArea = (face: Face): number => between(face, 33, 133) * between(face, 159, 145)

  it('larger eyes', async () => {
    const after = await seen({ eyes: 1 })
    expect(eyeArea(after.told) / eyeArea(before)).toBeGreaterThan(1.5)
    expect(eyeArea(after.seen) / eyeArea(before)).toBeGreaterThan(1.08)
    expect(eyeArea(after.seen) / eyeArea(before)).toBeLessThan(2.4)
  })

  it('a thinner face', async () => {
    const after = await seen({ thin: 1 })
    expect(change(after.told, 172, 397)).toBeLessThan(-0.08)
    expect(change(after.seen, 172, 397)).toBeLessThan(-0.04)
  })

  it('a longer and a shorter chin', async () => {
    expect(change((await seen({ chin: 1 })).seen, 17, 152)).toBeGreaterThan(0.03)
    expect(change((await seen({ chin: -1 })).seen, 17, 152)).toBeLessThan(-0.03)
  })

  it('a larger and a smaller mouth', async () => {
    expect(change((await seen({ mouthSize: 1 })).seen, 61, 291)).toBeGreaterThan(0.05)
    expect(change((await seen({ mouthSize: -1 })).seen, 61, 291)).toBeLessThan(-0.05)
  })

  it('eyes nearer to each other and farther apart', async () => {
    expect(change((await seen({ eyeDistance: 1 })).seen, 133, 362)).toBeGreaterThan(0.05)
    expect(change((await seen({ eyeDistance: -1 })).seen, 133, 362)).toBeLessThan(-0.05)
  })

  it('the points that the retouch returns are near to what it sees', async () => {
    const { seen: found, told } = await seen({ thin: 0.5, eyes: 0.5, mouthSize: 0.5, noseSlim: 0.5 })
    const width = between(before, 234, 454)
    for (const index of [33, 133, 362, 263, 61, 291, 0, 17]) {
      const off = Math.hypot(
        found.points[3 * index]! - told.points[3 * index]!,
        found.points[3 * index + 1]! - told.points[3 * index + 1]!,
      )
      expect(off / width).toBeLessThan(0.025)
    }
  })
})
