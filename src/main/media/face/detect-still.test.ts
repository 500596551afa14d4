import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureModels } from '../../../../scripts/models.mjs'
import { decodeStill } from '../still-image'
import { drawFacesRgb } from './drawn-face'
import { findFaces } from './detect-still'
import { loadFaceModels, type FaceModels } from './face-models'

const modelsDir = fileURLToPath(new URL('../../../../resources/models', import.meta.url))
const debian = '/usr/lib/python3/dist-packages/skimage/data'
const astronaut = [`${debian}/astronaut.png`, '/work/shared/media/faces/nasa_astronaut_collins.png'].find(existsSync)
const coffee = [`${debian}/coffee.png`].find(existsSync)
const context = { ffmpegPath: ffmpeg.path, signal: new AbortController().signal }

/** MediaPipe's own FaceMesh on astronaut.png after convergence: point -> x, y in pixels. */
const MEDIAPIPE: Record<number, [number, number]> = {
  1: [222.69, 131.54],
  10: [227.05, 69.39],
  33: [193.88, 101.02],
  133: [213.17, 103.82],
  362: [236.84, 105.11],
  263: [256.71, 104.36],
  61: [200.45, 139.23],
  291: [246.09, 142.04],
  0: [222.6, 140.23],
  17: [221.85, 155.7],
  152: [220.32, 176.93],
  234: [178.92, 111.74],
  454: [271.68, 116.64],
}

describe('findFaces', () => {
  let models: FaceModels
  beforeAll(async () => {
    await ensureModels()
    models = await loadFaceModels(modelsDir)
  })
  afterAll(() => models.release())

  it('finds nothing in a picture without a face', async () => {
    const grey = { width: 301, height: 203, data: new Uint8Array(301 * 203 * 3).fill(128) }
    expect(await findFaces(models, grey)).toEqual([])
  })

  it('finds faces large and small, the best first', async () => {
    const drawn = [
      { x: 200, y: 320, height: 260 },
      { x: 520, y: 150, height: 60 },
    ]
    const faces = await findFaces(models, drawFacesRgb(640, drawn))
    expect(faces).toHaveLength(2)
    expect(faces[0]!.score).toBeGreaterThanOrEqual(faces[1]!.score)
    for (const { x, y, height } of drawn) {
      const misses = faces.map(({ points }) => Math.hypot(points[168 * 3]! - x, points[168 * 3 + 1]! - y) / height)
      expect(Math.min(...misses)).toBeLessThan(0.15)
    }
    expect(await findFaces(models, drawFacesRgb(640, drawn), { maxFaces: 1 })).toHaveLength(1)
  })

  it('ends when it is told to', async () => {
    const reason = new Error('enough')
    await expect(findFaces(models, drawFacesRgb(512, []), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('survives a picture of one pixel', async () => {
    expect(await findFaces(models, { width: 1, height: 1, data: new Uint8Array(3) })).toEqual([])
  })

  it.skipIf(!astronaut)('lies within 0.1 pixel of MediaPipe (needs astronaut.png of python3-skimage)', async () => {
    const faces = await findFaces(models, await decodeStill(astronaut!, context))
    expect(faces).toHaveLength(1)
    const [face] = faces
    const distances = Object.entries(MEDIAPIPE).map(([point, [x, y]]) =>
      Math.hypot(face!.points[Number(point) * 3]! - x, face!.points[Number(point) * 3 + 1]! - y),
    )
    expect(Math.max(...distances)).toBeLessThan(0.1)
    expect(face!.score).toBeGreaterThan(0.9)
  })

  it.skipIf(!coffee)('sees no face in a cup (needs coffee.png of python3-skimage)', async () => {
    expect(await findFaces(models, await decodeStill(coffee!, context))).toEqual([])
  })
})
