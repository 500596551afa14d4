import { PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import type { Face } from '../face/face'
import { i420Size, type I420Frame } from '../i420'
import { faceAt, portrait as portraitOf } from '../testing/portrait'
import { Beautifier } from './beautifier'
import { faceRegion } from './face-region'
import type { KernelFactory } from './pixel-kernel'
import { plainKernel } from './plain/plain-kernel'
import { loadKernel } from './wasm-kernel'

const OFF: BeautySettings = PLAIN_BEAUTY
const ALL: BeautySettings = { ...PLAIN_BEAUTY, smooth: 0.7, whiten: 0.6, thin: 0.8, eyes: 0.8 }
const [WIDTH, HEIGHT] = [640, 480]
let createKernel: KernelFactory

function refuse(line: string): never {
  throw new Error(line)
}

function portrait(face: Face, width = WIDTH, height = HEIGHT): I420Frame {
  return portraitOf(face, width, height)
}

function retouched(frame: I420Frame, faces: Face[], settings: BeautySettings, effort?: 'full' | 'no-warp'): I420Frame {
  const copy = { ...frame, data: frame.data.slice() }
  new Beautifier(frame.width, frame.height, createKernel).apply(copy, faces, settings, effort)
  return copy
}

/** Mean and variance of luma in a square around a point of the mesh. */
function aroundPoint(frame: I420Frame, face: Face, index: number, reach = 8): { mean: number; variance: number } {
  const [cx, cy] = [Math.round(face.points[3 * index]!), Math.round(face.points[3 * index + 1]!)]
  const values: number[] = []
  for (let y = cy - reach; y <= cy + reach; y++)
    for (let x = cx - reach; x <= cx + reach; x++) values.push(frame.data[y * frame.width + x]!)
  const mean = values.reduce((a, b) => a + b) / values.length
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length }
}

/** Whether two frames hold the same bytes (an equality matcher takes seconds for so many). */
function isSame(a: I420Frame, b: I420Frame): boolean {
  return Buffer.compare(a.data, b.data) === 0
}

/** Places where luma differs. */
function changedPixels(a: I420Frame, b: I420Frame): { x: number; y: number }[] {
  const changed: { x: number; y: number }[] = []
  for (let i = 0; i < a.width * a.height; i++)
    if (a.data[i] !== b.data[i]) changed.push({ x: i % a.width, y: Math.floor(i / a.width) })
  return changed
}

const face = faceAt(320, 240, 220)
const plain = portrait(face)

describe.each(['plain', 'fast'])('Beautifier with the %s kernel', (kernel) => {
  beforeAll(async () => {
    createKernel = kernel === 'plain' ? plainKernel : loadKernel(await ensureKernel(), refuse)
  })

  it('changes nothing at strength 0, when off, and without a face', () => {
    expect(isSame(retouched(plain, [face], OFF), plain)).toBe(true)
    expect(isSame(retouched(plain, [face], { ...ALL, enabled: false }), plain)).toBe(true)
    expect(isSame(retouched(plain, [], ALL), plain)).toBe(true)
  })

  it('changes nothing outside of the region of the face, and does change the face', () => {
    const region = faceRegion(face, WIDTH, HEIGHT)!
    const changed = changedPixels(plain, retouched(plain, [face], ALL))
    expect(changed.length).toBeGreaterThan(10_000)
    const outside = changed.filter(
      ({ x, y }) => x <= region.left || y <= region.top || x >= region.right - 1 || y >= region.bottom - 1,
    )
    expect(outside).toEqual([])
    expect(region.right - region.left).toBeLessThan(2 * 1.3 * region.faceWidth)
  })

  it('evens out the skin more with more strength, and keeps eyes, lips and wall', () => {
    const [little, much] = [0.3, 0.9].map((smooth) => retouched(plain, [face], { ...OFF, smooth }))
    const before = aroundPoint(plain, face, 50).variance
    expect(aroundPoint(little!, face, 50).variance).toBeLessThan(0.85 * before)
    expect(aroundPoint(much!, face, 50).variance).toBeLessThan(0.5 * aroundPoint(little!, face, 50).variance)
    for (const index of [159, 386, 13])
      expect(aroundPoint(much!, face, index, 4).mean).toBeCloseTo(aroundPoint(plain, face, index, 4).mean, 0)
    const wall = changedPixels(plain, much!).filter(({ x, y }) => Math.hypot((x - 320) / 131, (y - 240) / 190) > 1.05)
    expect(wall).toEqual([])
  })

  it('keeps grain at full strength: skin does not turn to wax', () => {
    const fineEnergy = (frame: I420Frame): number => {
      const [cx, cy] = [Math.round(face.points[3 * 50]!), Math.round(face.points[3 * 50 + 1]!)]
      let sum = 0
      for (let y = cy - 10; y <= cy + 10; y++)
        for (let x = cx - 10; x <= cx + 10; x++)
          sum += Math.abs(frame.data[y * WIDTH + x]! - frame.data[y * WIDTH + x + 1]!)
      return sum
    }
    expect(fineEnergy(retouched(plain, [face], { ...OFF, smooth: 1 }))).toBeGreaterThan(0.25 * fineEnergy(plain))
  })

  it('lightens the skin step by step', () => {
    const lumas = [0, 0.25, 0.5, 0.75, 1].map(
      (whiten) => aroundPoint(retouched(plain, [face], { ...OFF, whiten }), face, 50).mean,
    )
    for (let i = 1; i < lumas.length; i++) expect(lumas[i]! - lumas[i - 1]!).toBeGreaterThan(2)
    expect(lumas[4]! - lumas[0]!).toBeLessThan(35)
  })

  it('returns the faces as they lie in the changed picture', () => {
    const other = faceAt(500, 250, 200)
    const before = other.points.slice()
    const apply = (faces: Face[], settings: BeautySettings, effort?: 'full' | 'no-warp'): readonly Face[] =>
      new Beautifier(WIDTH, HEIGHT, createKernel).apply({ ...plain, data: plain.data.slice() }, faces, settings, effort)
    const faces = [face, other]
    expect(apply(faces, { ...OFF, smooth: 1 })).toBe(faces)
    expect(apply(faces, { ...OFF, thin: 1 }, 'no-warp')).toBe(faces)
    const [moved, neighbour] = apply(faces, { ...OFF, thin: 1 })
    expect(moved!.points[3 * 172]! - face.points[3 * 172]!).toBeGreaterThan(4)
    expect(other.points).toEqual(before)
    // The face beside it is moved twice: by its own warp, and where that of the first one reaches.
    const alone = apply([other], { ...OFF, thin: 1 })[0]!
    const off = Math.max(...neighbour!.points.map((value, i) => Math.abs(value - alone.points[i]!)))
    expect(off).toBeGreaterThan(0.2)
    expect(off).toBeLessThan(40)
    const far = faceAt(110, 250, 110)
    const [, kept] = apply([faceAt(500, 250, 110), far], { ...OFF, eyes: 1 })
    expect(kept).toEqual(apply([far], { ...OFF, eyes: 1 })[0])
  })

  it('leaves the shape alone without warp', () => {
    const shape = { ...OFF, thin: 1, eyes: 1 }
    expect(isSame(retouched(plain, [face], shape, 'no-warp'), plain)).toBe(true)
    expect(isSame(retouched(plain, [face], shape), plain)).toBe(false)
  })

  it('moves the jaw inwards on both sides by about 0.13 of its distance from the middle', () => {
    const jaw = { y: Math.round(face.points[3 * 172 + 1]!), left: face.points[3 * 172]!, right: face.points[3 * 397]! }
    // White left of the jaw's line, black from it on: the step is where the jaw is.
    const step = { ...plain, data: new Uint8Array(plain.data.length).fill(128) }
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) step.data[y * WIDTH + x] = x < jaw.left || x > jaw.right ? 235 : 16
    const after = retouched(step, [face], { ...OFF, thin: 1 })
    const row = after.data.subarray(jaw.y * WIDTH, (jaw.y + 1) * WIDTH)
    const expected = 0.13 * (320 - jaw.left)
    const left = row.findIndex((value) => value < 125)
    const right = row.findLastIndex((value) => value < 125)
    expect(left - jaw.left).toBeGreaterThan(0.6 * expected)
    expect(left - jaw.left).toBeLessThan(1.3 * expected)
    expect(jaw.right - right).toBeGreaterThan(0.6 * expected)
    expect(jaw.right - right).toBeLessThan(1.3 * expected)
  })

  it('enlarges the eyes', () => {
    const dark = (frame: I420Frame): number => {
      const [cx, cy] = [Math.round(face.points[3 * 159]!), Math.round(face.points[3 * 159 + 1]!)]
      let count = 0
      for (let y = cy - 25; y <= cy + 25; y++)
        for (let x = cx - 25; x <= cx + 25; x++) if (frame.data[y * WIDTH + x]! < 90) count++
      return count
    }
    const growth = dark(retouched(plain, [face], { ...OFF, eyes: 1 })) / dark(plain)
    expect(growth).toBeGreaterThan(1.25)
    expect(growth).toBeLessThan(3.5)
  })

  it('gives the same result twice, whatever it did in between', () => {
    const one = new Beautifier(WIDTH, HEIGHT, createKernel)
    const results = [face, faceAt(200, 200, 90, 0.6), face].map((each) => {
      const copy = { ...plain, data: plain.data.slice() }
      one.apply(copy, [each], ALL)
      return copy
    })
    expect(isSame(results[2]!, results[0]!)).toBe(true)
    expect(isSame(results[1]!, results[0]!)).toBe(false)
  })

  it('takes a face that is turned, mirrored, huge, cut off by the frame, or beside another', () => {
    for (const [x, y, width, turn] of [
      [320, 240, 150, Math.PI / 2],
      [320, 240, 150, 3.1],
      [320, 240, 1500, 0.2],
      [5, 10, 200, 0],
      [639, 479, 200, -0.4],
      [320, -60, 260, 0],
    ] as const) {
      const cut = faceAt(x, y, width, turn)
      expect(retouched(portrait(cut), [cut], ALL).data).toHaveLength(plain.data.length)
    }
    const pair = [faceAt(180, 240, 120), faceAt(460, 240, 120)]
    const both = retouched(portrait(pair[0]!), pair, ALL)
    const between = changedPixels(portrait(pair[0]!), both)
    for (const each of pair) {
      const [x, , width] = each.box
      expect(between.some((pixel) => pixel.x > x && pixel.x < x + width)).toBe(true)
    }
  })

  it('passes the picture as it is for what cannot be a face', () => {
    const broken = (change: (points: Float32Array) => void): Face => {
      const copy = faceAt(320, 240, 220)
      change(copy.points)
      return copy
    }
    const faces = [
      broken((points) => (points[700] = NaN)),
      broken((points) => (points[3] = Infinity)),
      broken((points) => points.fill(0)),
      broken((points) => points.fill(1e30)),
      { ...face, points: new Float32Array(12) },
      { ...face, score: 0.3 },
      { ...face, score: NaN },
      faceAt(-900, 240, 220),
      faceAt(320, 5000, 220),
      faceAt(320, 240, 8),
    ]
    for (const each of faces) expect(isSame(retouched(plain, [each], ALL), plain)).toBe(true)
  })

  it('takes frames of any even size', () => {
    for (const [width, height] of [
      [2, 2],
      [16, 400],
      [402, 302],
      [854, 480],
    ] as const) {
      const small = faceAt(width / 2, height / 2, 120)
      const frame = portrait(small, width, height)
      expect(retouched(frame, [small], ALL).data).toHaveLength(i420Size(width, height))
    }
  })
})
