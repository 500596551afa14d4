import { PLAIN_BEAUTY, type BeautyControlId, type BeautySettings } from '@shared/media/beauty-settings'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { planesOf, type I420Frame } from '../i420'
import { openingOf, presenterFrame, presenterPicture, type BeautyPicture } from '../testing/beauty-pictures'
import { maskAround, maskInside, meanIn, noiseLevel, union } from '../testing/picture-measures'
import { Beautifier } from './beautifier'
import { LEFT_BROW, LEFT_EYE, LIPS_INNER, LIPS_OUTER, NOSTRILS, RIGHT_EYE } from './mesh-indices'
import type { KernelFactory } from './pixel-kernel'
import { loadKernel } from './wasm-kernel'

let createKernel: KernelFactory
let calm: BeautyPicture
let talking: BeautyPicture

beforeAll(async () => {
  createKernel = loadKernel(await ensureKernel(), (line) => {
    throw new Error(line)
  })
  calm = presenterPicture(presenterFrame((points) => -openingOf(points)))
  talking = presenterPicture(presenterFrame(openingOf))
})

function retouched({ frame, face }: BeautyPicture, settings: Partial<BeautySettings>): I420Frame {
  const copy = { ...frame, data: frame.data.slice() }
  new Beautifier(frame.width, frame.height, createKernel).apply(copy, [face], { ...PLAIN_BEAUTY, ...settings })
  return copy
}

/** The picture with one control at 0, a quarter, half, three quarters and 1. */
function steps(picture: BeautyPicture, control: BeautyControlId): I420Frame[] {
  return [0, 0.25, 0.5, 0.75, 1].map((strength) => retouched(picture, { [control]: strength }))
}

function point({ face }: BeautyPicture, index: number): [number, number] {
  return [face.points[3 * index]!, face.points[3 * index + 1]!]
}

function faceWidth(picture: BeautyPicture): number {
  return Math.abs(point(picture, 454)[0] - point(picture, 234)[0])
}

/** Around a point of the mesh; the radius in face widths. */
function around(picture: BeautyPicture, index: number, radius: number): Uint8Array {
  return disc(picture, ...point(picture, index), radius * faceWidth(picture))
}

function disc({ frame }: BeautyPicture, x: number, y: number, radius: number): Uint8Array {
  return maskAround(frame.width, frame.height, x, y, radius)
}

function inside(picture: BeautyPicture, indices: readonly number[]): Uint8Array {
  return maskInside(
    picture.frame.width,
    picture.frame.height,
    indices.flatMap((index) => point(picture, index)),
  )
}

/** A mask of luma for the planes of colour. */
function halved(mask: Uint8Array, width: number): Uint8Array {
  const half = new Uint8Array(mask.length / 4)
  for (let i = 0; i < half.length; i++) {
    const at = 2 * Math.floor(i / (width / 2)) * width + 2 * (i % (width / 2))
    if (mask[at]! + mask[at + 1]! + mask[at + width]! + mask[at + width + 1]! === 4 * 255) half[i] = 255
  }
  return half
}

function luma(mask: Uint8Array, frame: I420Frame): number {
  return meanIn(mask, planesOf(frame).y)
}

function colour(mask: Uint8Array, frame: I420Frame, plane: 'u' | 'v'): number {
  return meanIn(halved(mask, frame.width), planesOf(frame)[plane])
}

/** The same picture with something added to luma where a mask is. */
function painted(picture: BeautyPicture, mask: Uint8Array, add: number): BeautyPicture {
  const data = picture.frame.data.slice()
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) data[i] = Math.min(Math.max(data[i]! + add, 16), 235)
  return { ...picture, frame: { ...picture.frame, data } }
}

/** Places of luma that differ outside of a mask. */
function strays(mask: Uint8Array, before: I420Frame, after: I420Frame): number {
  let count = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0 && before.data[i] !== after.data[i]) count++
  return count
}

function expectRising(values: number[], least: number): void {
  for (let i = 1; i < values.length; i++) expect(values[i]!, values.join(' ')).toBeGreaterThan(values[i - 1]!)
  expect(values.at(-1)! - values[0]!, values.join(' ')).toBeGreaterThan(least)
}

describe('the controls of the skin', () => {
  it('blemishes: spots of 6 pixels lose 60 % of their contrast, step by step; eye, brow and nostril keep theirs', () => {
    // On both cheeks and the forehead: what the light does beside a spot differs from place to place.
    const spots = [50, 101, 205, 425, 36, 266, 330, 118, 151].map((index) => {
      const [x, y] = point(calm, index)
      return { spot: disc(calm, x, y, 3), ring: without(disc(calm, x, y, 9), disc(calm, x, y, 6)) }
    })
    const spotted = spots.reduce((picture, { spot }) => painted(picture, spot, -24), calm)
    const frames = steps(spotted, 'blemishes')
    const contrasts = frames.map(
      (frame) => spots.reduce((sum, { spot, ring }) => sum + luma(ring, frame) - luma(spot, frame), 0) / spots.length,
    )
    expectRising(
      contrasts.map((value) => -value),
      0.6 * contrasts[0]!,
    )
    const cheek = around(calm, 50, 0.05)
    const eye = inside(calm, LEFT_EYE)
    const middle = [0, 1].map(
      (axis) => NOSTRILS[0].reduce((sum, index) => sum + point(calm, index)[axis]!, 0) / NOSTRILS[0].length,
    ) as [number, number]
    for (const [name, dark] of Object.entries({
      eye,
      brow: inside(calm, LEFT_BROW),
      nostril: disc(calm, ...middle, 0.02 * faceWidth(calm)),
    })) {
      const [before, after] = [frames[0]!, frames[4]!].map((frame) => luma(cheek, frame) - luma(dark, frame))
      expect(after! / before!, name).toBeGreaterThan(name === 'nostril' ? 0.93 : 0.97)
    }
  })

  it('wrinkles: a thin line on the forehead goes, step by step; one on the cheek stays', () => {
    const width = faceWidth(calm)
    const [line, beside, onCheek] = [151, 151, 425].map((index, i) => {
      const [x, y] = point(calm, index)
      const mask = new Uint8Array(calm.frame.width * calm.frame.height)
      const row = Math.round(y) + (i === 1 ? Math.round(0.03 * width) : 0)
      for (let dy = 0; dy < 3; dy++)
        mask.fill(255, (row + dy) * calm.frame.width + Math.round(x - 0.08 * width), (row + dy) * calm.frame.width + x)
      return mask
    })
    const lined = painted(painted(calm, line!, -14), onCheek!, -14)
    const frames = steps(lined, 'wrinkles')
    const contrasts = frames.map((frame) => luma(beside!, frame) - luma(line!, frame))
    expectRising(
      contrasts.map((value) => -value),
      0.5 * contrasts[0]!,
    )
    expect(luma(onCheek!, frames[4]!)).toBe(luma(onCheek!, frames[0]!))
  })

  it('smile lines: the fold beside the nose is lifted, step by step; the forehead stays', () => {
    const [ax, ay] = point(calm, 203)
    const [bx, by] = point(calm, 206)
    const fold = union(
      ...([0.2, 0.35, 0.5, 0.65, 0.8].map((t) => disc(calm, ax + t * (bx - ax), ay + t * (by - ay), 2)) as [
        Uint8Array,
      ]),
    )
    const folded = painted(calm, fold, -16)
    const frames = steps(folded, 'smileLines')
    expectRising(
      frames.map((frame) => luma(fold, frame)),
      7,
    )
    const forehead = around(calm, 151, 0.08)
    expect(luma(forehead, frames[4]!)).toBe(luma(forehead, frames[0]!))
  })

  it('under-eye: a dark, bluish shadow goes towards the cheek, step by step; the rest of the face stays', () => {
    const shadow = around(calm, 230, 0.035)
    const dark = painted(calm, shadow, -22)
    const planes = planesOf(dark.frame)
    const half = halved(shadow, dark.frame.width)
    for (let i = 0; i < half.length; i++) if (half[i] !== 0) planes.u[i]! += 7
    const frames = steps(dark, 'underEye')
    expectRising(
      frames.map((frame) => luma(shadow, frame)),
      9,
    )
    expectRising(
      frames.map((frame) => -colour(shadow, frame, 'u')),
      2.5,
    )
    const near = union(...([230, 450].map((index) => around(calm, index, 0.26)) as [Uint8Array]))
    expect(strays(near, frames[0]!, frames[4]!)).toBe(0)
    for (const eye of [RIGHT_EYE, LEFT_EYE])
      expect(Math.abs(luma(inside(calm, eye), frames[4]!) - luma(inside(calm, eye), frames[0]!))).toBeLessThan(0.5)
  })

  it('shine: a highlight loses light, step by step; skin without one keeps it', () => {
    const shine = around(calm, 151, 0.04)
    const shiny = painted(calm, shine, 45)
    const frames = steps(shiny, 'shine')
    expectRising(
      frames.map((frame) => -luma(shine, frame)),
      8,
    )
    const cheek = around(calm, 425, 0.04)
    expect(Math.abs(luma(cheek, frames[4]!) - luma(cheek, frames[0]!))).toBeLessThan(1)
  })

  it('rosy and tone: face, ear and neck change together; the room does not', () => {
    const [chinX, chinY] = point(calm, 152)
    const places = [
      around(calm, 50, 0.04),
      around(calm, 151, 0.04),
      disc(calm, chinX, chinY + 0.2 * faceWidth(calm), 0.03 * faceWidth(calm)),
    ]
    for (const [settings, plane, sign] of [
      [{ rosy: 1 }, 'v', 1],
      [{ tone: 1 }, 'u', -1],
      [{ tone: -1 }, 'u', 1],
    ] as const) {
      const after = retouched(calm, settings)
      const shifts = places.map((place) => sign * (colour(place, after, plane) - colour(place, calm.frame, plane)))
      for (const shift of shifts) {
        expect(shift, JSON.stringify(settings)).toBeGreaterThan(1.5)
        expect(shift / shifts[0]!, JSON.stringify(settings)).toBeGreaterThan(0.5)
      }
      const room = disc(calm, 60, 60, 50)
      expect(colour(room, after, plane)).toBe(colour(room, calm.frame, plane))
    }
    expectRising(
      steps(calm, 'rosy').map((frame) => colour(places[0]!, frame, 'v')),
      3,
    )
  })
})

describe('the controls of eyes and mouth', () => {
  it('bright eyes: whites get lighter, step by step, and nothing changes outside of the openings', () => {
    const eyes = union(inside(calm, RIGHT_EYE), inside(calm, LEFT_EYE))
    const frames = steps(calm, 'eyeBright')
    const { y } = planesOf(calm.frame)
    const whites = eyes.map((value, i) => (value !== 0 && y[i]! > 150 ? 255 : 0))
    expectRising(
      frames.map((frame) => luma(whites, frame)),
      5,
    )
    const grown = union(...([RIGHT_EYE, LEFT_EYE].map((eye) => widened(inside(calm, eye), 1280)) as [Uint8Array]))
    expect(strays(grown, frames[0]!, frames[4]!)).toBe(0)
  })

  it('bright eyes: nothing happens to closed eyes', () => {
    const points = calm.face.points.slice()
    for (const [upper, lower] of [RIGHT_EYE, LEFT_EYE].map((eye) => [eye.slice(9), eye.slice(1, 8)] as const))
      upper.forEach((index, i) => (points[3 * index + 1] = points[3 * lower[6 - i]! + 1]! - 0.3))
    const closed = { ...calm, face: { ...calm.face, points } }
    expect(strays(new Uint8Array(1280 * 720), closed.frame, retouched(closed, { eyeBright: 1 }))).toBe(0)
  })

  it('teeth: lighter and less yellow, step by step; lips stay; a closed mouth stays', () => {
    const mouth = inside(talking, LIPS_INNER)
    const { y } = planesOf(talking.frame)
    const teeth = mouth.map((value, i) => (value !== 0 && y[i]! > 130 ? 255 : 0))
    const yellow = { ...talking, frame: { ...talking.frame, data: talking.frame.data.slice() } }
    const planes = planesOf(yellow.frame)
    const half = halved(mouth, 1280)
    for (let i = 0; i < half.length; i++) if (half[i] !== 0) planes.u[i]! -= 10
    const frames = steps(yellow, 'teeth')
    expectRising(
      frames.map((frame) => luma(teeth, frame)),
      3,
    )
    expectRising(
      frames.map((frame) => colour(teeth, frame, 'u')),
      2,
    )
    const lips = without(inside(talking, LIPS_OUTER), widened(mouth, 1280))
    expect(luma(lips, frames[4]!)).toBe(luma(lips, frames[0]!))
    expect(luma(teeth, frames[4]!)).toBeLessThan(225)
    expect(strays(new Uint8Array(1280 * 720), calm.frame, retouched(calm, { teeth: 1 }))).toBe(0)
  })

  it('sharpness: edges of eyes and lips get clearer without halos; skin gets no noise', () => {
    const frames = steps(calm, 'sharpen')
    const parts = union(inside(calm, RIGHT_EYE), inside(calm, LEFT_EYE), inside(calm, LIPS_OUTER))
    const energy = frames.map(({ data }) => {
      let sum = 0
      for (let i = 0; i < parts.length; i++) if (parts[i] !== 0) sum += Math.abs(data[i + 1]! - data[i - 1]!)
      return sum
    })
    expectRising(energy, 0.05 * energy[0]!)
    const cheek = around(calm, 50, 0.08)
    const [before, after] = [frames[0]!, frames[4]!]
    expect(noiseLevel(cheek, after.data, 1280)).toBeLessThan(1.03 * noiseLevel(cheek, before.data, 1280))
    let widest = 0
    for (let i = 2 * 1280; i < parts.length - 2 * 1280; i++) {
      const near = [-1280, -1, 0, 1, 1280].map((step) => before.data[i + step]!)
      const over = after.data[i]! - Math.max(...near)
      const under = Math.min(...near) - after.data[i]!
      widest = Math.max(widest, over, under)
    }
    expect(widest).toBeLessThanOrEqual(16)
  })
})

/** What is in the first mask only. */
function without(mask: Uint8Array, other: Uint8Array): Uint8Array {
  return mask.map((value, i) => (other[i] === 0 ? value : 0))
}

/** A mask and two pixels around it: an outline goes through pixels. */
function widened(mask: Uint8Array, width: number): Uint8Array {
  return mask.map((value, i) => {
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) if (mask[i + dy * width + dx]) return 255
    return value
  })
}
