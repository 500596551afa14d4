import { PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { describe, expect, it } from 'vitest'
import { boxOfPoints, type Face } from '../face/face'
import { i420Size, type I420Frame } from '../i420'
import { faceAt, noise } from '../testing/portrait'
import { faceRegion } from './face-region'
import { FaceWarp, SHAPE_CONTROLS } from './face-warp'
import { plainKernel } from './plain/plain-kernel'

const [WIDTH, HEIGHT] = [640, 480]
/** Of the frames in which 2,000 faces are looked at. */
const [FOLD_WIDTH, FOLD_HEIGHT] = [320, 240]
type Shape = Partial<BeautySettings>

/** Where a warp takes a picture and its face. */
function warped(face: Face, shape: Shape, frame = grey(), width = WIDTH, height = HEIGHT) {
  const kernel = plainKernel(width, height)
  const warp = new FaceWarp(kernel, width, height)
  const after: I420Frame = { ...frame, data: frame.data.slice() }
  const region = faceRegion(face, width, height)!
  const moves = warp.plan(region, { ...PLAIN_BEAUTY, ...shape }, width, height)
  if (moves) {
    const pixels = kernel.take(after, region)
    warp.carryOut(kernel, pixels, after)
    kernel.giveBack(after, region)
  }
  return { face: moves ? warp.moved(face) : face, frame: after, grid: warp.grid }
}

function grey(width = WIDTH, height = HEIGHT): I420Frame {
  return { width, height, data: new Uint8Array(i420Size(width, height)).fill(90) }
}

/** Noise in all planes: any pixel that moves shows. */
function noisy(width = WIDTH, height = HEIGHT): I420Frame {
  const random = noise(3)
  const frame = grey(width, height)
  for (let i = 0; i < frame.data.length; i++) frame.data[i] = 128 + Math.round(100 * random())
  return frame
}

/** A head turned to the side by `yaw` radians, then tilted. */
function turned(yaw: number, tilt = 0, x = 320, y = 240, width = 200): Face {
  const face = faceAt(0, 0, width)
  const points = face.points.slice()
  for (let i = 0; i < points.length; i += 3) {
    const [px, py, pz] = [points[i]!, points[i + 1]!, points[i + 2]!]
    const across = px * Math.cos(yaw) + pz * Math.sin(yaw)
    points[i] = x + across * Math.cos(tilt) - py * Math.sin(tilt)
    points[i + 1] = y + across * Math.sin(tilt) + py * Math.cos(tilt)
    points[i + 2] = pz * Math.cos(yaw) - px * Math.sin(yaw)
  }
  return { score: 1, box: boxOfPoints(points), points }
}

function mirrored(face: Face): Face {
  const points = face.points.slice()
  for (let i = 0; i < points.length; i += 3) points[i] = WIDTH - points[i]!
  return { ...face, box: boxOfPoints(points), points }
}

const UPRIGHT = faceAt(320, 240, 200)
/** With each the part of an effect that is to be seen at least: sides that are turned away look shorter. */
const POSES: [string, Face, number][] = [
  ['an upright face', UPRIGHT, 1],
  ['a face tilted by 90 degrees', faceAt(320, 240, 200, Math.PI / 2), 1],
  ['a mirrored face', mirrored(faceAt(320, 240, 200, 0.3)), 1],
  ['a face turned by 25 degrees', turned(0.44), 0.6],
]

/** Distance of two points. */
function between({ points }: Face, a: number, b: number): number {
  return Math.hypot(points[3 * a]! - points[3 * b]!, points[3 * a + 1]! - points[3 * b + 1]!)
}

/** How far a point lies above another one, up the face as it was before. */
function above(face: Face, upper: number, lower: number): number {
  const [chin, top] = [152, 10]
  const { points } = UPRIGHT_OF.get(face) ?? face
  const [ux, uy] = [points[3 * top]! - points[3 * chin]!, points[3 * top + 1]! - points[3 * chin + 1]!]
  const dx = face.points[3 * upper]! - face.points[3 * lower]!
  const dy = face.points[3 * upper + 1]! - face.points[3 * lower + 1]!
  return (dx * ux + dy * uy) / Math.hypot(ux, uy)
}
/** The face from which a warped one was made. */
const UPRIGHT_OF = new WeakMap<Face, Face>()

const measures: Record<string, (face: Face) => number> = {
  'jaw width': (face) => between(face, 172, 397),
  'width beside the chin': (face) => between(face, 149, 378),
  'cheek width': (face) => between(face, 234, 454),
  'jaw angle width': (face) => between(face, 58, 288),
  'face height': (face) => above(face, 10, 152),
  'chin height': (face) => above(face, 17, 152),
  'forehead height': (face) => above(face, 10, 9),
  'eye height': (face) => above(face, 159, 145) + above(face, 386, 374),
  'eye width': (face) => between(face, 33, 133) + between(face, 263, 362),
  'eye distance': (face) => between(face, 133, 362),
  'eye slant': (face) => above(face, 33, 133) + above(face, 263, 362),
  'wing width': (face) => between(face, 129, 358),
  'bridge width': (face) => between(face, 217, 437),
  'nose length': (face) => above(face, 168, 2),
  'mouth width': (face) => between(face, 61, 291),
  'lip thickness': (face) => above(face, 0, 13) + above(face, 14, 17),
  'mouth opening': (face) => above(face, 13, 14),
  'corner height': (face) => above(face, 61, 13) + above(face, 291, 13),
  'upper lip height': (face) => above(face, 2, 0),
}

/** What a control at 1 does to a measure: at least and at most so much of a face width more. */
const EFFECTS: [keyof BeautySettings, string, number, number][] = [
  ['thin', 'jaw width', -0.15, -0.06],
  ['thin', 'cheek width', -0.09, -0.02],
  ['vShape', 'width beside the chin', -0.12, -0.03],
  ['narrow', 'cheek width', -0.13, -0.05],
  ['narrow', 'jaw width', -0.13, -0.05],
  ['short', 'face height', -0.14, -0.06],
  ['jaw', 'jaw angle width', -0.15, -0.07],
  ['cheekbones', 'cheek width', -0.14, -0.05],
  ['chin', 'chin height', 0.04, 0.09],
  ['forehead', 'forehead height', 0.04, 0.1],
  ['eyes', 'eye height', 0.015, 0.06],
  ['eyes', 'eye width', 0.05, 0.16],
  ['eyeDistance', 'eye distance', 0.03, 0.08],
  ['eyeCorners', 'eye slant', 0.03, 0.09],
  ['noseSlim', 'wing width', -0.09, -0.03],
  ['noseSlim', 'bridge width', -0.07, -0.015],
  ['noseWings', 'wing width', -0.09, -0.03],
  ['noseLength', 'nose length', 0.025, 0.06],
  ['mouthSize', 'mouth width', 0.04, 0.12],
  ['lips', 'lip thickness', 0.02, 0.07],
  ['smile', 'corner height', 0.03, 0.09],
  ['philtrum', 'upper lip height', 0.015, 0.05],
]
const SIGNED = new Set(['chin', 'forehead', 'eyeDistance', 'eyeCorners', 'noseLength', 'mouthSize', 'lips', 'philtrum'])

describe.each(POSES)('FaceWarp on %s', (_, face, part) => {
  it.each(EFFECTS)('%s changes the %s', (control, measure, least, most) => {
    const width = faceRegion(face, WIDTH, HEIGHT)!.faceWidth
    const change = (value: number): number => {
      const after = { ...warped(face, { [control]: value }).face }
      UPRIGHT_OF.set(after, face)
      return (measures[measure]!(after) - measures[measure]!(face)) / width
    }
    const full = change(1)
    expect(full).toBeGreaterThan(least > 0 ? part * least : least)
    expect(full).toBeLessThan(most < 0 ? part * most : most)
    // Little at 0.3, and the other way below 0.
    expect(change(0.3) / full).toBeGreaterThan(0.2)
    expect(change(0.3) / full).toBeLessThan(0.45)
    if (SIGNED.has(control)) expect(change(-1) / full).toBeLessThan(-0.5)
  })

  it('keeps the parts of the face that a control does not name', () => {
    const still = (shape: Shape, kept: readonly number[]): void => {
      const after = warped(face, shape).face.points
      const width = faceRegion(face, WIDTH, HEIGHT)!.faceWidth
      for (const index of kept) {
        const off = Math.hypot(
          after[3 * index]! - face.points[3 * index]!,
          after[3 * index + 1]! - face.points[3 * index + 1]!,
        )
        expect(off / width).toBeLessThan(0.012 / part)
      }
    }
    const outline = [10, 234, 454, 172, 397, 152]
    still({ eyes: 1, noseSlim: 1, noseWings: 1, lips: 1 }, outline)
    still({ eyes: 1 }, [61, 291, 0, 17, 2, 4])
    still({ thin: 1, jaw: 1, chin: 1 }, [33, 133, 263, 362, 168, 4, 2])
    still({ lips: 1 }, [2, 61, 291, 133])
    still({ smile: 1, mouthSize: 1 }, [33, 133, 168, 152])
  })
})

describe('FaceWarp', () => {
  it('opens no mouth and bends no teeth for fuller lips', () => {
    const after = warped(UPRIGHT, { lips: 1 }).face
    expect(measures['mouth opening']!(after) - measures['mouth opening']!(UPRIGHT)).toBeLessThan(0.012 * 200)
  })

  it('is asked for by each of its controls, and by no other', () => {
    expect(SHAPE_CONTROLS).toHaveLength(18)
    for (const id of SHAPE_CONTROLS) expect(FaceWarp.wants({ ...PLAIN_BEAUTY, [id]: 0.1 })).toBe(true)
    expect(FaceWarp.wants({ ...PLAIN_BEAUTY, smooth: 1, teeth: 1, eyeBright: 1, lipstick: 1 })).toBe(false)
  })

  it('fades as the head turns, until a profile is left as it is', () => {
    const moved = (yaw: number): number => {
      const face = turned(yaw)
      const after = warped(face, everything(1)).face.points
      let most = 0
      for (let i = 0; i < 468 * 3; i++) most = Math.max(most, Math.abs(after[i]! - face.points[i]!))
      return most
    }
    expect(moved(0.9)).toBeLessThan(moved(0.4))
    expect(moved(1.1)).toBeLessThan(0.5 * moved(0.4))
    expect(moved(1.35)).toBe(0)
  })

  it('gives back the very faces that nothing moves, and never writes to the old points', () => {
    const before = UPRIGHT.points.slice()
    expect(warped(UPRIGHT, {}).face).toBe(UPRIGHT)
    expect(warped(turned(1.4), everything(1)).face.points).toEqual(turned(1.4).points)
    const after = warped(UPRIGHT, everything(1)).face
    expect(UPRIGHT.points).toEqual(before)
    expect(after.points).not.toEqual(before)
    expect(after.box).toEqual(boxOfPoints(after.points))
    expect([2, 302, 1403].map((i) => after.points[i])).toEqual([2, 302, 1403].map((i) => before[i]))
  })

  it('moves no pixel beyond 1.3 face widths from the middle of the face', () => {
    for (const [, face] of [...POSES, ['', turned(0.3, 0.8)] as const]) {
      const { faceWidth, centre } = faceRegion(face, WIDTH, HEIGHT)!
      for (const value of [1, -1]) {
        const before = noisy()
        const after = warped(face, everything(value), before).frame
        let farthest = 0
        for (let i = 0; i < WIDTH * HEIGHT; i++)
          if (after.data[i] !== before.data[i])
            farthest = Math.max(farthest, Math.hypot((i % WIDTH) - centre[0], Math.floor(i / WIDTH) - centre[1]))
        expect(farthest).toBeLessThan(1.3 * faceWidth)
        expect(farthest).toBeGreaterThan(0.5 * faceWidth)
      }
    }
  })

  it('leaves straight lines straight beside the face', () => {
    // Upright and level bars on a wall, 0.8 face widths from the middle and farther.
    const { centre } = faceRegion(UPRIGHT, WIDTH, HEIGHT)!
    const before = grey()
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) if (x % 40 < 3 || y % 40 < 3) before.data[y * WIDTH + x] = 220
    for (const shape of [{ thin: 1, eyes: 1 }, { narrow: 1, cheekbones: 1 }, everything(1)]) {
      const after = warped(UPRIGHT, shape, before).frame
      for (let y = 0; y < HEIGHT; y++)
        for (let x = 0; x < WIDTH; x++)
          if (Math.abs(x - centre[0]) > 0.8 * 200 && after.data[y * WIDTH + x] !== before.data[y * WIDTH + x])
            throw new Error(`${x}, ${y}`)
    }
  })

  it('tells where the pixels went: a dot painted on a point lies on it afterwards', () => {
    const random = noise(5)
    for (const [, face] of [...POSES, ['', faceAt(30, 200, 220, 0.2)] as const]) {
      for (const shape of [{ thin: 1, eyes: 1 }, everything(1), everything(-1), everything(() => random())]) {
        for (const index of [33, 145, 61, 0, 291, 129, 152, 397, 10]) {
          const [x, y] = [face.points[3 * index]!, face.points[3 * index + 1]!]
          if (x < 8 || y < 8 || x > WIDTH - 8 || y > HEIGHT - 8) continue
          const result = warped(face, shape, dotAt(x, y))
          const [toX, toY] = [result.face.points[3 * index]!, result.face.points[3 * index + 1]!]
          const [foundX, foundY] = middleOfDot(result.frame)
          expect(Math.hypot(foundX - toX, foundY - toY), `${index}`).toBeLessThan(0.7)
        }
      }
    }
  })

  it('is steady: no point jumps while a face comes slowly nearer and leaves the frame', () => {
    let before: Float32Array | null = null
    let farthest = 0
    for (let step = 0; step <= 250; step++) {
      const face = faceAt(300 + step, 200 + 0.5 * step, 100 + 2 * step, 0.2)
      const { points } = warped(face, { thin: 0.7, eyes: 0.7, lips: 0.6, chin: 0.5, forehead: 0.5 }).face
      const moves = points.map((value, i) => value - face.points[i]!)
      if (before) for (const [i, move] of moves.entries()) farthest = Math.max(farthest, Math.abs(move - before[i]!))
      before = moves
    }
    expect(farthest).toBeLessThan(2)
  })

  it('folds nothing over, whatever is asked of whatever face', () => {
    const random = noise(17)
    const kernel = plainKernel(FOLD_WIDTH, FOLD_HEIGHT)
    const warp = new FaceWarp(kernel, FOLD_WIDTH, FOLD_HEIGHT)
    let least = Infinity
    let planned = 0
    for (let round = 0; round < 2000; round++) {
      const width = round % 10 === 0 ? 320 : 100 + 60 * random()
      const face = turned(1.3 * random(), 3.2 * random(), 160 + 180 * random(), 120 + 140 * random(), width)
      // A face that talks and frowns: no point is where it is on the canonical one.
      for (let i = 0; i < face.points.length; i++) face.points[i]! += 0.01 * width * random()
      const extreme = round % 3 === 0
      const shape = everything(() => (extreme ? Math.sign(random()) : random()))
      const region = faceRegion(face, FOLD_WIDTH, FOLD_HEIGHT)
      if (!region || !warp.plan(region, { ...PLAIN_BEAUTY, ...shape }, FOLD_WIDTH, FOLD_HEIGHT)) continue
      planned++
      least = Math.min(least, leastArea(warp))
      const after = warp.moved(face)
      for (let i = 0; i < 468 * 3; i += 3 * 13) expect(missOf(warp, face, after, i)).toBeLessThan(0.05)
    }
    expect(planned).toBeGreaterThan(1000)
    expect(least).toBeGreaterThan(0.2)
  })
})

/** All shape controls at one strength, or at any. */
function everything(value: number | (() => number)): Shape {
  return Object.fromEntries(
    SHAPE_CONTROLS.map((id) => {
      const strength = typeof value === 'number' ? value : value()
      return [id, SIGNED.has(id) ? strength : Math.abs(strength)]
    }),
  )
}

/** A soft white dot, so that its middle can be found to a fraction of a pixel. */
function dotAt(x: number, y: number): I420Frame {
  const frame = grey()
  for (let py = Math.floor(y) - 6; py <= y + 6; py++)
    for (let px = Math.floor(x) - 6; px <= x + 6; px++)
      frame.data[py * WIDTH + px] = 90 + Math.round(140 * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / 3))
  return frame
}

/** The brightest pixel, made finer by its surroundings. */
function middleOfDot({ data }: I420Frame): [number, number] {
  let brightest = 0
  for (let i = 0; i < WIDTH * HEIGHT; i++) if (data[i]! > data[brightest]!) brightest = i
  const [bx, by] = [brightest % WIDTH, Math.floor(brightest / WIDTH)]
  let [sum, sumX, sumY] = [0, 0, 0]
  for (let y = Math.max(by - 3, 0); y <= Math.min(by + 3, HEIGHT - 1); y++) {
    for (let x = Math.max(bx - 3, 0); x <= Math.min(bx + 3, WIDTH - 1); x++) {
      const light = Math.max(0, data[y * WIDTH + x]! - 130)
      sum += light
      sumX += light * x
      sumY += light * y
    }
  }
  return [sumX / sum, sumY / sum]
}

/** Smallest determinant at the corners of all cells: below 0 the picture would fold over. */
function leastArea({ grid: { moves, cell } }: FaceWarp): number {
  const { dx, dy, columns, rows } = moves
  let least = Infinity
  const corner = (h: number, v: number): void => {
    const xx = cell + dx[h + 1]! - dx[h]!
    const yx = dy[h + 1]! - dy[h]!
    const xy = dx[v + columns]! - dx[v]!
    const yy = cell + dy[v + columns]! - dy[v]!
    least = Math.min(least, (xx * yy - xy * yx) / (cell * cell))
  }
  for (let row = 0; row + 1 < rows; row++) {
    for (let a = row * columns; a + 1 < (row + 1) * columns; a++) {
      corner(a, a)
      corner(a, a + 1)
      corner(a + columns, a)
      corner(a + columns, a + 1)
    }
  }
  return least
}

/** How far the place from which the pixel at a moved point comes lies from where the point was. */
function missOf({ grid }: FaceWarp, before: Face, after: Face, i: number): number {
  const { moves, cell, left, top, right, bottom } = grid
  const [x, y] = [after.points[i]!, after.points[i + 1]!]
  if (x < 0 || y < 0 || x >= FOLD_WIDTH - 1 || y >= FOLD_HEIGHT - 1) return 0
  let [dx, dy] = [0, 0]
  if (x >= left && y >= top && x < right && y < bottom) {
    const [gx, gy] = [(x - left) / cell, (y - top) / cell]
    const a = Math.floor(gy) * moves.columns + Math.floor(gx)
    const mix = (plane: Float32Array): number => {
      const upper = plane[a]! + (plane[a + 1]! - plane[a]!) * (gx % 1)
      const lower = plane[a + moves.columns]! + (plane[a + moves.columns + 1]! - plane[a + moves.columns]!) * (gx % 1)
      return upper + (lower - upper) * (gy % 1)
    }
    ;[dx, dy] = [mix(moves.dx), mix(moves.dy)]
  }
  return Math.hypot(x + dx - before.points[i]!, y + dy - before.points[i + 1]!)
}
