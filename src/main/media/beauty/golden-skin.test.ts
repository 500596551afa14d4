import { PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { planesOf, type I420Frame } from '../i420'
import { beautyPictures, type BeautyPicture } from '../testing/beauty-pictures'
import {
  blotchiness,
  gradientCorrelation,
  histogramHoles,
  inverted,
  maskAround,
  maskInside,
  noiseLevel,
  psnrIn,
  union,
} from '../testing/picture-measures'
import { faceAt } from '../testing/portrait'
import { Beautifier } from './beautifier'
import { LEFT_BROW, LEFT_EYE, LIPS_OUTER, OVAL, RIGHT_BROW, RIGHT_EYE } from './mesh-indices'
import type { KernelFactory } from './pixel-kernel'
import { loadKernel } from './wasm-kernel'

/** All that evens out skin, at full strength, and no tone. */
const EVEN: BeautySettings = {
  ...PLAIN_BEAUTY,
  ...{ smooth: 1, blemishes: 1, wrinkles: 1, smileLines: 1, underEye: 1, shine: 1 },
}
const TONED: BeautySettings = { ...EVEN, whiten: 0.6, rosy: 0.6, tone: 0.6 }

let createKernel: KernelFactory
let pictures: BeautyPicture[]

beforeAll(async () => {
  createKernel = loadKernel(await ensureKernel(), (line) => {
    throw new Error(line)
  })
  pictures = beautyPictures()
})

function retouched({ frame, face }: BeautyPicture, settings: BeautySettings): I420Frame {
  const copy = { ...frame, data: frame.data.slice() }
  new Beautifier(frame.width, frame.height, createKernel).apply(copy, [face], settings)
  return copy
}

/** Inside of an outline of the mesh, grown from its middle. */
function part({ frame, face: { points } }: BeautyPicture, indices: readonly number[], grow: number): Uint8Array {
  const middle = [0, 1].map((axis) => indices.reduce((sum, i) => sum + points[3 * i + axis]!, 0) / indices.length)
  const outline = indices.flatMap((i) =>
    [0, 1].map((axis) => middle[axis]! + grow * (points[3 * i + axis]! - middle[axis]!)),
  )
  return maskInside(frame.width, frame.height, outline)
}

/** Both cheeks, where there is nothing but skin. */
function cheeks({ frame, face: { points } }: BeautyPicture): Uint8Array {
  const width = Math.abs(points[3 * 454]! - points[3 * 234]!)
  const [right, left] = [50, 280].map((i) =>
    maskAround(frame.width, frame.height, points[3 * i]!, points[3 * i + 1]!, 0.09 * width),
  )
  return union(right!, left!)
}

function luma(frame: I420Frame): Uint8Array {
  return planesOf(frame).y
}

describe('the retouched face', () => {
  it('leaves hair and room as they are (PSNR above 45 dB) when skin is evened out', () => {
    for (const picture of pictures) {
      const outside = inverted(part(picture, OVAL, 1.12))
      const after = retouched(picture, EVEN)
      expect(psnrIn(outside, luma(picture.frame), luma(after)), picture.name).toBeGreaterThan(45)
      const skin = psnrIn(cheeks(picture), luma(picture.frame), luma(after))
      expect(skin, picture.name).toBeLessThan(psnrIn(outside, luma(picture.frame), luma(after)) - 10)
    }
  })

  it('keeps the edges of eyes, brows and lips (gradient correlation above 0.98), with tone as well', () => {
    const parts = { LEFT_BROW, LEFT_EYE, LIPS_OUTER, RIGHT_BROW, RIGHT_EYE }
    for (const picture of pictures) {
      const after = retouched(picture, TONED)
      for (const [name, indices] of Object.entries(parts)) {
        const mask = part(picture, indices, 1.05)
        const kept = gradientCorrelation(mask, luma(picture.frame), luma(after), picture.frame.width)
        expect(kept, `${picture.name}, ${name}`).toBeGreaterThan(0.98)
      }
    }
  })

  it('has less noise and fewer blotches the more is asked for, and never turns to wax', () => {
    let noisy = 0
    for (const picture of pictures) {
      const mask = cheeks(picture)
      const { width } = picture.frame
      const steps = [0, 0.25, 0.5, 0.75, 1].map((smooth) => luma(retouched(picture, { ...PLAIN_BEAUTY, smooth })))
      const noise = steps.map((plane) => noiseLevel(mask, plane, width))
      const blotches = steps.map((plane) => blotchiness(mask, plane, width, 4))
      for (let i = 1; i < steps.length; i++) {
        expect(blotches[i]!, picture.name).toBeLessThan(blotches[i - 1]!)
        // Below one step of luma noise is that of rounding.
        if (noise[0]! > 1) expect(noise[i]!, picture.name).toBeLessThan(noise[i - 1]!)
      }
      if (noise[0]! > 1) {
        noisy++
        expect(noise[4]! / noise[0]!, picture.name).toBeGreaterThan(0.5)
        expect(noise[4]! / noise[0]!, picture.name).toBeLessThan(0.7)
      }
      expect(blotches[4]! / blotches[0]!, picture.name).toBeLessThan(0.65)
    }
    expect(noisy).toBeGreaterThanOrEqual(2)
  })

  it('shows no bands: a smooth face stays smooth', () => {
    const [width, height] = [640, 480]
    const frame = { width, height, data: new Uint8Array((width * height * 3) / 2) }
    const { y, u, v } = planesOf(frame)
    for (let i = 0; i < y.length; i++) y[i] = 90 + Math.round((i % width) / 6 + Math.floor(i / width) / 20)
    u.fill(110)
    v.fill(150)
    const face = faceAt(320, 240, 260)
    const picture = { name: 'slope', frame, face }
    const mask = part(picture, OVAL, 0.8)
    const after = luma(retouched(picture, TONED))
    expect(histogramHoles(mask, after)).toBeLessThanOrEqual(2)
    let steepest = 0
    for (let i = 0; i < mask.length; i++)
      if (mask[i] !== 0) steepest = Math.max(steepest, Math.abs(after[i + 1]! - after[i]!))
    expect(steepest).toBeLessThanOrEqual(2)
  })
})
