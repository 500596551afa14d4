import { describe, expect, it } from 'vitest'
import type { SceneItem } from '@shared/media/scene'
import { FULL_CANVAS, NO_CROP } from '@shared/media/scene-edit'
import { i420Size, planesOf, type I420Frame } from '../i420'
import { noise } from '../testing/portrait'
import { ensureKernel } from '../../../../scripts/kernel.mjs'
import { Layer } from './layer'
import { compose, dim, PlainCanvas, type SceneCanvas } from './scene-canvas'
import { loadCanvas } from './wasm-canvas'

const size = { width: 64, height: 36 }
const whole = { x: 0, y: 0, ...size }
type Look = Pick<SceneItem, 'place' | 'crop' | 'fit' | 'mirror'>
const plain: Look = { place: FULL_CANVAS, crop: NO_CROP, fit: 'contain', mirror: false }

function make(luma: (x: number, y: number) => number, { width, height } = size): I420Frame {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)).fill(128) }
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) frame.data[y * width + x] = luma(x, y)
  const { u, v } = planesOf(frame)
  for (let y = 0; y < height / 2; y++) {
    for (let x = 0; x < width / 2; x++) {
      u[(y * width) / 2 + x] = luma(2 * x, 2 * y)
      v[(y * width) / 2 + x] = 255 - luma(2 * x, 2 * y)
    }
  }
  return frame
}

const noisy = make((x, y) => (x * 37 + y * 91 + x * y * 13) % 256)
/** A slope that every filter keeps. */
const slope = make((x, y) => 2 * x + y)
const flat = (value: number): I420Frame => make(() => value)
const refuse = (line: string): never => {
  throw new Error(line)
}
const fast = loadCanvas(await ensureKernel('scene'), refuse)
const copy = ({ width, height, data }: I420Frame): I420Frame => ({ width, height, data: data.slice() })

/** Drawn by the plain loops and by the fast ones, which must agree to the last bit. */
function both(paint: (canvas: SceneCanvas) => void, canvasSize = size): I420Frame {
  const [plainly, quickly] = [new PlainCanvas(canvasSize), fast(canvasSize)]
  for (const canvas of [plainly, quickly]) {
    canvas.shown.data.fill(1)
    paint(canvas)
  }
  expect(Buffer.compare(quickly.shown.data, plainly.shown.data)).toBe(0) // toEqual takes 50 ms
  return plainly.shown
}

const draw = (look: Look, frame: I420Frame, picture = whole): I420Frame =>
  both((canvas) => compose(canvas, [{ layer: new Layer(look, picture, size), frame }]))
const at = (frame: I420Frame, x: number, y: number): number => frame.data[y * frame.width + x]!

describe('an item of a scene', () => {
  it('over the whole canvas is its source, byte for byte', () => {
    for (const fit of ['contain', 'cover', 'stretch'] as const) {
      expect(draw({ ...plain, fit }, noisy).data).toEqual(noisy.data)
    }
  })

  it('lies where it was put, with black around it', () => {
    const canvas = draw({ ...plain, place: { x: 0.25, y: 0.5, width: 0.5, height: 0.5 } }, flat(200))
    const inside = (x: number, y: number): boolean => x >= 16 && x < 48 && y >= 18
    for (let y = 0; y < 36; y++) {
      for (let x = 0; x < 64; x++) expect(at(canvas, x, y), `${x},${y}`).toBe(inside(x, y) ? 200 : 16)
    }
    expect([planesOf(canvas).u[9 * 32 + 8], planesOf(canvas).u[9 * 32 + 7]]).toEqual([200, 128])
    expect([planesOf(canvas).v[9 * 32 + 8], planesOf(canvas).v[8 * 32 + 8]]).toEqual([55, 128])
  })

  it('at half size is the mean of 2x2 pixels', () => {
    const canvas = draw({ ...plain, place: { x: 0, y: 0, width: 0.5, height: 0.5 } }, noisy)
    for (let y = 0; y < 18; y++) {
      for (let x = 0; x < 32; x++) {
        const sum = [0, 1].flatMap((dy) => [0, 1].map((dx) => at(noisy, 2 * x + dx, 2 * y + dy)))
        expect(at(canvas, x, y)).toBe((sum.reduce((a, b) => a + b) + 2) >> 2)
      }
    }
  })

  it('of any size keeps a slope to one level, larger and smaller', () => {
    for (const [width, height] of [
      ...[
        [0.3, 0.3],
        [0.7, 0.45],
        [0.9, 0.2],
        [2.3, 1.7],
        [1.1, 3],
      ],
    ] as [number, number][]) {
      const canvas = draw({ ...plain, fit: 'stretch', place: { x: 0, y: 0, width, height } }, slope)
      const right = 2 * Math.round((width * 64) / 2)
      const bottom = 2 * Math.round((height * 36) / 2)
      for (let y = 1; y < Math.min(36, bottom) - 2; y++) {
        for (let x = 1; x < Math.min(64, right) - 2; x++) {
          const sx = ((x + 0.5) * 64) / right - 0.5
          const sy = ((y + 0.5) * 36) / bottom - 0.5
          expect(Math.abs(at(canvas, x, y) - (2 * Math.max(0, sx) + Math.max(0, sy))), `${x},${y}`).toBeLessThan(1.6)
        }
      }
    }
  })

  it('partly outside shows the rest of it in place', () => {
    const canvas = draw({ ...plain, place: { x: -0.25, y: 0.5, width: 1, height: 1 } }, noisy)
    for (let y = 18; y < 36; y++) for (let x = 0; x < 48; x++) expect(at(canvas, x, y)).toBe(at(noisy, x + 16, y - 18))
    expect(at(canvas, 48, 30)).toBe(16)
    const outside = new Layer({ ...plain, place: { x: 1.5, y: 0, width: 1, height: 1 } }, whole, size)
    expect(outside.isOutside).toBe(true)
    expect(draw({ ...plain, place: { x: 1.5, y: 0, width: 1, height: 1 } }, noisy).data).toEqual(
      draw(plain, flat(16)).data.fill(128, 64 * 36),
    )
  })

  it('can be cropped and mirrored', () => {
    const crop = { left: 0.5, right: 0, top: 0, bottom: 0.5 }
    const cropped = draw({ ...plain, fit: 'stretch', crop, place: { x: 0, y: 0, width: 0.5, height: 0.5 } }, noisy)
    for (let y = 0; y < 18; y++) for (let x = 0; x < 32; x++) expect(at(cropped, x, y)).toBe(at(noisy, x + 32, y))
    const mirrored = draw({ ...plain, mirror: true }, noisy)
    for (let y = 0; y < 36; y++) for (let x = 0; x < 64; x++) expect(at(mirrored, x, y)).toBe(at(noisy, 63 - x, y))
    expect(planesOf(mirrored).u[31]).toBe(planesOf(noisy).u[0])
  })

  it('never shows the bars of its source nor what was cropped away', () => {
    // The picture is 200 in the middle, bars of 16 around it.
    const barred = make((x) => (x >= 20 && x < 44 ? 200 : 16))
    const canvas = draw({ ...plain, fit: 'cover' }, barred, { x: 20, y: 0, width: 24, height: 36 })
    expect(new Set(canvas.data.subarray(0, 64 * 36))).toEqual(new Set([200]))
    const crop = { left: 0.3, right: 0.3, top: 0, bottom: 0 }
    const enlarged = draw(
      { ...plain, fit: 'stretch', crop },
      make((x) => (x > 18 && x < 45 ? 90 : 250)),
    )
    expect(Math.max(...enlarged.data.subarray(0, 64 * 36))).toBe(90)
  })

  it('in front hides what is behind, and the order decides', () => {
    const small = { ...plain, place: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } }
    const [back, front] = [new Layer(plain, whole, size), new Layer(small, whole, size)]
    const layers = [
      { layer: back, frame: flat(60) },
      { layer: front, frame: flat(180) },
    ]
    const seen = (drawn: typeof layers): number[] => {
      const canvas = both((scene) => compose(scene, drawn))
      return [at(canvas, 0, 0), at(canvas, 32, 18)]
    }
    expect(seen(layers)).toEqual([60, 180])
    expect(seen(layers.toReversed())).toEqual([60, 60])
    const canvas = both((scene) => compose(scene, [{ layer: back, frame: null }, layers[1]!]))
    expect([at(canvas, 0, 0), at(canvas, 32, 18)]).toEqual([16, 180])
  })

  it('is drawn the same by the fast loops, whatever its size, place, crop and turn', () => {
    const random = noise(11)
    const canvasSize = { width: 130, height: 74 }
    for (let round = 0; round < 150; round++) {
      const picture = make((x, y) => ((x * 7919 + y * 104729 + round) * 31) % 256, { width: 98, height: 62 })
      const look: Look = {
        place: { x: random(), y: random(), width: 0.02 + Math.abs(random()) * 1.8, height: 0.02 + Math.abs(random()) },
        crop: {
          left: Math.abs(random()) * 0.49,
          right: Math.abs(random()) * 0.49,
          top: 0,
          bottom: Math.abs(random()) * 0.9,
        },
        fit: (['contain', 'cover', 'stretch'] as const)[round % 3]!,
        mirror: round % 2 === 0,
      }
      const layer = new Layer(look, { x: 0, y: 0, width: 98, height: 62 }, canvasSize)
      both((scene) => compose(scene, [{ layer, frame: picture }]), canvasSize)
    }
  })
})

describe('a fade', () => {
  it('midway is the mean of both, and its ends are exact', () => {
    const other = make((x, y) => (x * 11 + y * 7) % 256)
    const faded = (share: number): Uint8Array =>
      both((canvas) => {
        canvas.shown.data.set(noisy.data)
        canvas.next.data.set(other.data)
        canvas.fade(share)
      }).data
    expect(faded(0)).toEqual(noisy.data)
    expect(faded(1)).toEqual(other.data)
    faded(0.5).forEach((value, i) => {
      expect(Math.abs(value - (noisy.data[i]! + other.data[i]!) / 2)).toBeLessThanOrEqual(0.5)
    })
  })
})

it('a source that is away is shown darker', () => {
  const frame = copy(flat(216))
  dim(frame)
  expect([at(frame, 3, 3), planesOf(frame).u[0]]).toEqual([91, 172])
})
