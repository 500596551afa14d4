import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_BEAUTY, PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import type { Face } from '../face/face'
import type { I420Frame } from '../i420'
import { faceAt, noise, portrait } from '../testing/portrait'
import { Beautifier } from './beautifier'
import { faceRegion } from './face-region'
import { SHAPE_CONTROLS } from './face-warp'
import { PlainKernel, plainKernel } from './plain/plain-kernel'
import { loadKernel, WasmKernel } from './wasm-kernel'

let path: string
const refuse = (line: string): never => {
  throw new Error(line)
}

beforeAll(async () => {
  path = await ensureKernel()
})

/** Largest difference of two frames, and the share of bytes that differ. */
function difference(a: I420Frame, b: I420Frame): { largest: number; share: number } {
  let [largest, count] = [0, 0]
  for (let i = 0; i < a.data.length; i++) {
    const off = Math.abs(a.data[i]! - b.data[i]!)
    if (off > 0) count++
    if (off > largest) largest = off
  }
  return { largest, share: count / a.data.length }
}

function both(frame: I420Frame, faces: Face[], settings: BeautySettings): [I420Frame, I420Frame] {
  const [plain, fast] = [plainKernel, loadKernel(path, refuse)].map((createKernel) => {
    const copy = { ...frame, data: frame.data.slice() }
    new Beautifier(frame.width, frame.height, createKernel).apply(copy, faces, settings)
    return copy
  })
  return [plain!, fast!]
}

/** Bytes of all planes that differ outside of a region of luma. */
function strays(
  before: I420Frame,
  after: I420Frame,
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
): number {
  let count = 0
  let start = 0
  for (const divide of [1, 2, 2]) {
    const width = before.width / divide
    const size = (before.height / divide) * width
    for (let i = 0; i < size; i++) {
      if (before.data[start + i] === after.data[start + i]) continue
      const [x, y] = [(i % width) * divide, Math.floor(i / width) * divide]
      if (x < left || x >= right || y < top || y >= bottom) count++
    }
    start += size
  }
  return count
}

/** Luma and chroma that differ from pixel to pixel, in a picture with a face: no loop gets away with a wrong place. */
function grainy(face: Face, width: number, height: number, seed: number): I420Frame {
  const frame = portrait(face, width, height)
  const random = noise(seed)
  for (let i = 0; i < frame.data.length; i++) frame.data[i] = frame.data[i]! + Math.round(9 * random())
  return frame
}

/** Everything of the retouch and of the warp that these tests ask for, at full strength. */
const ALL: BeautySettings = {
  ...PLAIN_BEAUTY,
  ...{ smooth: 1, whiten: 1, rosy: 1, tone: 1, blemishes: 1, wrinkles: 1, smileLines: 1, underEye: 1, shine: 1 },
  ...{ sharpen: 1, eyeBright: 1, teeth: 1, thin: 1, eyes: 1 },
}

/** Any strengths; about a third of the controls are off. */
function anySettings(random: () => number): BeautySettings {
  const settings = { ...PLAIN_BEAUTY }
  for (const name of Object.keys(ALL) as (keyof BeautySettings)[]) {
    if (name === 'enabled' || name === 'colours') continue
    if (ALL[name] !== 0) settings[name] = Math.max(1.5 * Math.abs(random()) - 0.5, 0)
  }
  return { ...settings, tone: random() }
}

describe('WasmKernel', () => {
  it.each([
    ['a step of 4', 1280, 720, faceAt(640, 360, 427)],
    ['a step of 2', 640, 480, faceAt(300, 250, 160, 0.4)],
    ['a step of 8', 1920, 1080, faceAt(900, 500, 700, -0.3)],
    ['half outside', 854, 480, faceAt(10, 470, 300, 1)],
    ['upside down', 402, 302, faceAt(201, 151, 120, 3.1)],
    ['larger than the frame', 640, 360, faceAt(320, 180, 1200)],
    ['a strip', 16, 400, faceAt(8, 200, 120)],
  ])('does what the plain kernel does: %s', (_, width, height, face) => {
    for (const settings of [DEFAULT_BEAUTY, ALL, { ...ALL, lips: 1, chin: 1 }]) {
      const frame = grainy(face, width, height, 5)
      const [plain, fast] = both(frame, [face], settings)
      const { largest, share } = difference(plain, fast)
      expect(largest).toBeLessThanOrEqual(1)
      expect(share).toBeLessThan(0.001)
      if (width > 400) expect(difference(frame, fast).share).toBeGreaterThan(0.01)
    }
  })

  it('does what the plain kernel does with faces anywhere', () => {
    const random = noise(11)
    for (let round = 0; round < 24; round++) {
      const [width, height] = [320 + 2 * Math.round(40 * random()), 240 + 2 * Math.round(40 * random())]
      const faces = [1, 2].map(() =>
        faceAt(width * (0.5 + random()), height * (0.5 + random()), 140 + 110 * random(), 3 * random()),
      )
      const frame = grainy(faces[0]!, width, height, round)
      const settings = anySettings(random)
      for (const id of SHAPE_CONTROLS) settings[id] = random() > 0 ? Math.abs(random()) : 0
      const [plain, fast] = both(frame, faces, settings)
      const { largest, share } = difference(plain, fast)
      expect(largest).toBeLessThanOrEqual(2)
      expect(share).toBeLessThan(0.002)
    }
  })

  it('moves pixels as the plain kernel does: any size, any shape, faces partly outside', () => {
    const random = noise(29)
    for (let round = 0; round < 60; round++) {
      const [width, height] = [2 * Math.round(110 + 100 * random()), 2 * Math.round(90 + 80 * random())]
      const face = faceAt(
        width * (0.5 + 0.7 * random()),
        height * (0.5 + 0.7 * random()),
        150 + 120 * random(),
        3 * random(),
      )
      const settings = { ...PLAIN_BEAUTY }
      for (const id of SHAPE_CONTROLS) settings[id] = random()
      const [plain, fast] = both(grainy(face, width, height, round), [face], settings)
      expect(difference(plain, fast).largest).toBe(0)
    }
  })

  it('leaves everything outside of the region and at strength 0 as it is', () => {
    const face = faceAt(500, 300, 200)
    const frame = grainy(face, 1280, 720, 3)
    const still = both(frame, [face], PLAIN_BEAUTY)[1]
    expect(difference(frame, still).largest).toBe(0)
    const { left, top, right, bottom } = faceRegion(face, 1280, 720)!
    const after = both(frame, [face], ALL)[1]
    for (let y = 0; y < 720; y++) {
      const inside = y >= top && y < bottom
      for (let x = inside ? right : 0; x < 1280; x++)
        if (after.data[y * 1280 + x] !== frame.data[y * 1280 + x]) refuse(`${x}, ${y}`)
      for (let x = 0; inside && x < left; x++)
        if (after.data[y * 1280 + x] !== frame.data[y * 1280 + x]) refuse(`${x}, ${y}`)
    }
  })

  it('never writes outside of the region and never fails: any frame, any face, any strengths', () => {
    const random = noise(23)
    for (let round = 0; round < 40; round++) {
      const width = 2 + 2 * Math.round(150 * (1 + random()))
      const height = 2 + 2 * Math.round(110 * (1 + random()))
      const size = 20 + 900 * random() ** 4
      const face = faceAt(width * (0.5 + 0.8 * random()), height * (0.5 + 0.8 * random()), size, 3.2 * random())
      const frame = grainy(face, width, height, round)
      const settings = anySettings(random)
      for (const after of both(frame, [face], settings)) {
        const region = faceRegion(face, width, height) ?? { left: 0, top: 0, right: 0, bottom: 0 }
        expect(strays(frame, after, region), `${round}: ${width}x${height}`).toBe(0)
      }
    }
  })

  it('blurs planes of any size with any radius', () => {
    const random = noise(1)
    const fast = loadKernel(path, refuse)(400, 400)
    expect(fast).toBeInstanceOf(WasmKernel)
    const kernels = [new PlainKernel(400, 400), fast]
    const planes = kernels.map((kernel) => kernel.floats(40 * 40))
    for (const width of [1, 2, 3, 4, 5, 7, 8, 9, 21, 40]) {
      for (const height of [1, 2, 5, 40]) {
        for (const radius of [0, 1, 2, 3, 6, 30]) {
          for (let i = 0; i < width * height; i++) planes[0]![i] = planes[1]![i] = 100 * random()
          kernels.forEach((kernel, i) => kernel.blur(planes[i]!, width, height, radius))
          for (let i = 0; i < width * height; i++) expect(Math.abs(planes[0]![i]! - planes[1]![i]!)).toBeLessThan(0.001)
        }
      }
    }
  })
})

describe('loadKernel', () => {
  it('takes the plain kernel, and says why, where the fast one cannot be used', () => {
    const folder = mkdtempSync(join(tmpdir(), 'we-kernel-'))
    try {
      const files = { none: null, broken: 'not wasm', other: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) }
      for (const [name, content] of Object.entries(files)) {
        if (content !== null) writeFileSync(join(folder, name), content)
        const lines: string[] = []
        const create = loadKernel(join(folder, name), (line) => lines.push(line))
        expect(create(64, 64).name).toBe('plain')
        expect(lines).toEqual([expect.stringContaining('the plain kernel is used')])
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
