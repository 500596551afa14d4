import { readFileSync } from 'node:fs'
import { PLAIN_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS } from '@shared/media/effect-settings'
import { describe, expect, test } from 'vitest'
import { LEFT_BROW, LEFT_EYE, LIPS_OUTER, OVAL, RIGHT_BROW, RIGHT_EYE } from '../beauty/mesh-indices'
import { DemoPresenter } from '../demo/demo-presenter'
import type { CanonicalFace } from '../demo/head-mesh'
import { boxOfPoints, type Face } from '../face/face'
import { i420Size, planesOf, type I420Frame } from '../i420'
import { faceAt, noise } from '../testing/portrait'
import { LEFT_EYE_POINTS, RIGHT_EYE_POINTS, type EyePoints } from './eye-points'
import { faceSurfaceOf } from './face-surface'
import { LIPS_INNER } from './lips'
import { MakeUp } from './makeup'

const [WIDTH, HEIGHT] = [960, 540]
const canonical = JSON.parse(
  readFileSync(new URL('../../../../resources/models/canonical-face.json', import.meta.url), 'utf8'),
) as CanonicalFace
const surface = faceSurfaceOf(canonical)
const presenter = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: 30, mesh: canonical })
const CONTROLS = ['lipstick', 'blush', 'contour', 'brows', 'eyeShadow', 'eyeLiner', 'lashes', 'lenses'] as const
type Control = (typeof CONTROLS)[number]
const ALL = strengths(1)

interface Shot {
  frame: I420Frame
  face: Face
}

function shot(index: number): Shot {
  const frame = { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
  presenter.draw(index, 0, frame)
  return { frame, face: faceOf(presenter.landmarks(index)) }
}

function faceOf(points: Float32Array): Face {
  return { score: 1, box: boxOfPoints(points), points }
}

function strengths(value: number): BeautySettings {
  return { ...PLAIN_BEAUTY, ...Object.fromEntries(CONTROLS.map((id) => [id, value])) }
}

function only(id: Control, value = 1, colour?: string): BeautySettings {
  const colours = { ...PLAIN_BEAUTY.colours, ...(colour === undefined ? {} : { [id]: colour }) }
  return { ...PLAIN_BEAUTY, [id]: value, colours }
}

function paint(frame: I420Frame, faces: Face[], beauty: BeautySettings, makeUp = new MakeUp(surface)): I420Frame {
  const copy = { ...frame, data: frame.data.slice() }
  const settings = { beauty, effects: DEFAULT_EFFECTS }
  makeUp.apply({ frame: copy, faces, settings, timeMs: 0, hurried: false })
  return copy
}

function same(a: I420Frame, b: I420Frame): boolean {
  return Buffer.compare(a.data, b.data) === 0
}

/** Distance in pixels to an outline of the mesh; below 0 inside. */
function distanceTo(face: Face, indices: readonly number[], x: number, y: number): number {
  let crossed = 0
  let least = Infinity
  indices.forEach((index, i) => {
    const before = indices[(i + indices.length - 1) % indices.length]!
    const [ax, ay] = [face.points[3 * before]!, face.points[3 * before + 1]!]
    const [bx, by] = [face.points[3 * index]!, face.points[3 * index + 1]!]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) crossed++
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const t = length > 0 ? Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0), 1) : 0
    least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
  })
  return crossed % 2 === 1 ? -least : least
}

/** Pixels whose luma or chroma differs. */
function changed(a: I420Frame, b: I420Frame): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = []
  const chroma = a.width * a.height
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const cell = chroma + (y >> 1) * (a.width / 2) + (x >> 1)
      const luma = y * a.width + x
      if (
        a.data[luma] !== b.data[luma] ||
        a.data[cell] !== b.data[cell] ||
        a.data[cell + chroma / 4] !== b.data[cell + chroma / 4]
      )
        found.push({ x, y })
    }
  }
  return found
}

/** Mean luma, U and V of the pixels inside of an outline by so many pixels at least. */
function meanInside(frame: I420Frame, face: Face, indices: readonly number[], depth = 1): [number, number, number] {
  const { y: luma, u, v } = planesOf(frame)
  const sums = [0, 0, 0, 0]
  eachPixel(face, indices, (x, y, distance) => {
    if (distance > -depth) return
    const cell = (y >> 1) * (frame.width / 2) + (x >> 1)
    sums[0]! += luma[y * frame.width + x]!
    sums[1]! += u[cell]!
    sums[2]! += v[cell]!
    sums[3]!++
  })
  return [sums[0]! / sums[3]!, sums[1]! / sums[3]!, sums[2]! / sums[3]!]
}

function eachPixel(face: Face, indices: readonly number[], visit: (x: number, y: number, distance: number) => void) {
  const points = Float32Array.from(indices.flatMap((index) => [...face.points.subarray(3 * index, 3 * index + 3)]))
  const [left, top, width, height] = boxOfPoints(points)
  for (let y = Math.max(0, Math.floor(top)); y <= Math.min(HEIGHT - 1, top + height); y++)
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(WIDTH - 1, left + width); x++)
      visit(x, y, distanceTo(face, indices, x + 0.5, y + 0.5))
}

function lidToBrow({ upper, lid, fold, browBottom, beside }: EyePoints): number[] {
  return [...upper, lid[8]!, fold[8]!, ...[...browBottom].reverse(), beside[3], beside[2], beside[0]]
}

/** Where each control may paint: outlines of the mesh, and pixels around them in face widths. */
const REGIONS: Record<Control, { outlines: readonly (readonly number[])[]; margin: number }> = {
  lipstick: { outlines: [LIPS_OUTER], margin: 0.02 },
  blush: { outlines: [OVAL], margin: 0.01 },
  contour: { outlines: [OVAL], margin: 0.01 },
  brows: {
    outlines: [RIGHT_EYE_POINTS, LEFT_EYE_POINTS].map((eye) => [...eye.browTop, ...[...eye.browBottom].reverse()]),
    margin: 0.025,
  },
  eyeShadow: { outlines: [lidToBrow(RIGHT_EYE_POINTS), lidToBrow(LEFT_EYE_POINTS)], margin: 0.02 },
  eyeLiner: { outlines: [RIGHT_EYE, LEFT_EYE], margin: 0.06 },
  lashes: { outlines: [RIGHT_EYE, LEFT_EYE], margin: 0.06 },
  lenses: { outlines: [RIGHT_EYE, LEFT_EYE], margin: 0.012 },
}

const still = shot(40)
const faceWidth = still.face.box[2]
/** Of the first ten seconds: the one with the mouth widest open, and the one with the eyes shut. */
const gap = (index: number, a: number, b: number): number => {
  const points = presenter.landmarks(index)
  return points[3 * b + 1]! - points[3 * a + 1]!
}
const frames = Array.from({ length: 300 }, (_, index) => index)
const wideOpen = shot(frames.reduce((best, each) => (gap(each, 13, 14) > gap(best, 13, 14) ? each : best)))
const shut = shot(frames.reduce((best, each) => (gap(each, 159, 145) < gap(best, 159, 145) ? each : best)))

describe.each(CONTROLS)('%s', (id) => {
  const { outlines, margin } = REGIONS[id]

  test('paints its part of the face and nothing else', () => {
    const pixels = changed(still.frame, paint(still.frame, [still.face], only(id)))
    expect(pixels.length).toBeGreaterThan(100)
    // A cell of chroma is two pixels wide.
    const far = pixels.filter(({ x, y }) =>
      outlines.every((outline) => distanceTo(still.face, outline, x + 0.5, y + 0.5) > margin * faceWidth + 1.5),
    )
    expect(far).toEqual([])
  })

  test('does more with more strength, and nothing at 0', () => {
    const totals = [0, 0.25, 0.5, 0.75, 1].map((strength) => {
      const after = paint(still.frame, [still.face], only(id, strength))
      return after.data.reduce((sum, value, i) => sum + Math.abs(value - still.frame.data[i]!), 0)
    })
    expect(totals[0]).toBe(0)
    for (let i = 1; i < totals.length; i++) expect(totals[i]!).toBeGreaterThan(1.15 * totals[i - 1]!)
  })
})

test('colours go where they were asked to go', () => {
  const before = (indices: readonly number[]) => meanInside(still.frame, still.face, indices)
  const after = (id: Control, indices: readonly number[], colour?: string) =>
    meanInside(paint(still.frame, [still.face], only(id, 1, colour)), still.face, indices)
  const cheek = [50, 123, 116, 117, 118]
  expect(after('lipstick', LIPS_OUTER, '#b3273f')[2]).toBeGreaterThan(before(LIPS_OUTER)[2] + 10)
  expect(after('lipstick', LIPS_OUTER, '#3040b0')[1]).toBeGreaterThan(before(LIPS_OUTER)[1] + 10)
  expect(after('lipstick', LIPS_OUTER, '#3a1018')[0]).toBeLessThan(before(LIPS_OUTER)[0] - 10)
  expect(after('blush', cheek)[2]).toBeGreaterThan(before(cheek)[2] + 4)
  expect(after('contour', [137, 147, 187, 123])[0]).toBeLessThan(before([137, 147, 187, 123])[0] - 4)
  for (const brow of [RIGHT_BROW, LEFT_BROW])
    expect(after('brows', brow, '#1c1715')[0]).toBeLessThan(before(brow)[0] - 4)
  for (const eye of [RIGHT_EYE_POINTS, LEFT_EYE_POINTS]) {
    const lid = lidToBrow(eye)
    expect(after('eyeShadow', lid, '#3f5d7d')[1]).toBeGreaterThan(before(lid)[1] + 3)
    expect(after('eyeShadow', lid)[0]).toBeLessThan(before(lid)[0] - 3)
  }
  for (const eye of [RIGHT_EYE, LEFT_EYE]) {
    expect(after('lenses', eye, '#5a7fa8')[1]).toBeGreaterThan(before(eye)[1] + 2)
    expect(after('lenses', eye, '#8a6a3f')[1]).toBeLessThan(before(eye)[1] - 1)
  }
  for (const id of ['eyeLiner', 'lashes'] as const) {
    const { y } = planesOf(paint(still.frame, [still.face], only(id)))
    expect(y.every((value, i) => value <= still.frame.data[i]!)).toBe(true)
  }
})

test('teeth and the inside of an open mouth keep every pixel', () => {
  const after = paint(wideOpen.frame, [wideOpen.face], only('lipstick'))
  let count = 0
  eachPixel(wideOpen.face, LIPS_INNER, (x, y, distance) => {
    if (distance > -2.5) return
    count++
    expect(after.data[y * WIDTH + x]).toBe(wideOpen.frame.data[y * WIDTH + x])
  })
  expect(count).toBeGreaterThan(100)
})

test('a shut eye gets no lens', () => {
  expect(same(paint(shut.frame, [shut.face], only('lenses')), shut.frame)).toBe(true)
  expect(same(paint(still.frame, [still.face], only('lenses')), still.frame)).toBe(false)
})

test('lips keep their light: what was brighter stays brighter', () => {
  const after = paint(still.frame, [still.face], only('lipstick'))
  const pairs: [number, number][] = []
  eachPixel(still.face, LIPS_OUTER, (x, y, distance) => {
    if (distance < -3) pairs.push([still.frame.data[y * WIDTH + x]!, after.data[y * WIDTH + x]!])
  })
  expect(rankCorrelation(pairs)).toBeGreaterThan(0.9)
})

test('skin keeps its texture under blush and contour', () => {
  const after = paint(still.frame, [still.face], { ...only('blush'), contour: 1 })
  const rough = (frame: I420Frame): number => {
    let sum = 0
    eachPixel(still.face, [50, 123, 147, 187, 205], (x, y, distance) => {
      // Against the slope of the paint itself: the bend between neighbours, not their difference.
      const at = y * WIDTH + x
      if (distance < 0) sum += Math.abs(2 * frame.data[at]! - frame.data[at - 1]! - frame.data[at + 1]!)
    })
    return sum
  }
  expect(rough(after)).toBeGreaterThan(0.75 * rough(still.frame))
  expect(rough(after)).toBeLessThan(1.15 * rough(still.frame))
})

test('nothing outside of the face changes', () => {
  const [left, top, width, height] = still.face.box
  const far = changed(still.frame, paint(still.frame, [still.face], ALL)).filter(
    ({ x, y }) => x < left - 2 || y < top - 2 || x > left + width + 2 || y > top + height + 2,
  )
  expect(far).toEqual([])
})

test('it is not wanted when off or at 0, and then leaves every byte', () => {
  const makeUp = new MakeUp(surface)
  for (const beauty of [PLAIN_BEAUTY, { ...ALL, enabled: false }]) {
    expect(makeUp.wants({ beauty, effects: DEFAULT_EFFECTS })).toBe(false)
    expect(same(paint(still.frame, [still.face], beauty), still.frame)).toBe(true)
  }
  expect(makeUp.wants({ beauty: only('blush', 0.1), effects: DEFAULT_EFFECTS })).toBe(true)
})

test('the same pictures give the same result, also after a reset', () => {
  const makeUp = new MakeUp(surface)
  const run = (): I420Frame[] =>
    [40, 41, 42].map((index) => {
      const { frame, face } = shot(index)
      return paint(frame, [face], ALL, makeUp)
    })
  const first = run()
  makeUp.reset()
  run().forEach((frame, i) => expect(same(frame, first[i]!)).toBe(true))
})

test('points that tremble by 0.3 pixels do not make the paint flicker', () => {
  const random = noise(3)
  const makeUp = new MakeUp(surface)
  let last: I420Frame | null = null
  const means: number[] = []
  const painted = changed(still.frame, paint(still.frame, [still.face], ALL))
  for (let round = 0; round < 8; round++) {
    // Uniform between -0.52 and 0.52: standard deviation 0.3.
    const points = still.face.points.map((value) => value + 0.52 * random())
    const now = paint(still.frame, [faceOf(points)], ALL, makeUp)
    if (last) {
      const before = last
      const sum = painted.reduce(
        (total, { x, y }) => total + Math.abs(now.data[y * WIDTH + x]! - before.data[y * WIDTH + x]!),
        0,
      )
      means.push(sum / painted.length)
    }
    last = now
  }
  // Levels of 255, mean over all painted pixels at full strength of everything.
  expect(Math.max(...means)).toBeLessThan(0.9)
})

describe('what lies before the mouth', () => {
  const tone = meanInside(still.frame, still.face, [50, 205, 207, 187, 123])
  const covered = (luma: number, u: number, v: number): I420Frame => {
    const frame = { ...still.frame, data: still.frame.data.slice() }
    const planes = planesOf(frame)
    const random = noise(5)
    const [cx, cy] = [still.face.points[3 * 13]!, still.face.points[3 * 13 + 1]!]
    for (let y = Math.floor(cy - 0.2 * faceWidth); y < cy + 0.2 * faceWidth; y++) {
      for (let x = Math.floor(cx - 0.3 * faceWidth); x < cx + 0.3 * faceWidth; x++) {
        planes.y[y * WIDTH + x] = luma + 4 * random() + 3 * Math.sin(x / 9)
        planes.u[(y >> 1) * (WIDTH / 2) + (x >> 1)] = u
        planes.v[(y >> 1) * (WIDTH / 2) + (x >> 1)] = v
      }
    }
    return frame
  }
  const change = (frame: I420Frame): number => {
    const before = meanInside(frame, still.face, LIPS_OUTER)
    const after = meanInside(paint(frame, [still.face], only('lipstick')), still.face, LIPS_OUTER)
    return Math.hypot(after[0] - before[0], after[1] - before[1], after[2] - before[2])
  }

  test.each([
    ['a hand', tone, 0.25],
    ['a blue mask', [150, 150, 110], 0.05],
    ['a white mask', [200, 128, 128], 0.05],
    ['a black microphone', [30, 128, 128], 0.1],
  ] as const)('%s is hardly painted', (_, [luma, u, v], share) => {
    expect(change(covered(luma, u, v))).toBeLessThan(share * change(still.frame))
  })
})

test('a hand before the eyes gets hardly any liner, lashes or lenses', () => {
  const [luma, u, v] = meanInside(still.frame, still.face, [50, 205, 207, 187, 123])
  const hand = { ...still.frame, data: still.frame.data.slice() }
  const planes = planesOf(hand)
  const middle = Math.round(still.face.points[3 * 168 + 1]!)
  for (let y = middle - 40; y < middle + 50; y++) planes.y.fill(luma, y * WIDTH + 330, y * WIDTH + 650)
  for (let y = (middle - 40) >> 1; y < (middle + 50) >> 1; y++) {
    planes.u.fill(u, (y * WIDTH) / 2 + 165, (y * WIDTH) / 2 + 325)
    planes.v.fill(v, (y * WIDTH) / 2 + 165, (y * WIDTH) / 2 + 325)
  }
  const change = (frame: I420Frame): number => {
    const after = paint(frame, [still.face], { ...only('eyeLiner'), lashes: 1, lenses: 1 })
    return after.data.reduce((sum, value, i) => sum + Math.abs(value - frame.data[i]!), 0)
  }
  expect(change(hand)).toBeLessThan(0.2 * change(still.frame))
})

test('of a face in profile only the near side is painted', () => {
  const front = faceAt(480, 270, 240)
  const turn = (75 * Math.PI) / 180
  const points = front.points.slice()
  for (let i = 0; i < points.length; i += 3) {
    const [x, z] = [front.points[i]! - 480, front.points[i + 2]!]
    points[i] = 480 + x * Math.cos(turn) + z * Math.sin(turn)
    points[i + 2] = z * Math.cos(turn) - x * Math.sin(turn)
  }
  const face = faceOf(points)
  const skin = { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
  planesOf(skin).y.fill(150)
  planesOf(skin).u.fill(113)
  planesOf(skin).v.fill(148)
  const pixels = changed(skin, paint(skin, [face], { ...only('blush'), contour: 1, eyeShadow: 1, brows: 1 }))
  const side = (index: number): number =>
    pixels.filter(({ x, y }) => Math.hypot(x - points[3 * index]!, y - points[3 * index + 1]!) < 5).length
  const [near, far] = points[3 * 50 + 2]! < points[3 * 280 + 2]! ? [50, 280] : [280, 50]
  expect(side(near)).toBeGreaterThan(20)
  expect(side(far)).toBe(0)
})

test('a face of 40 pixels is left alone, and one of 60 gets less than one of 100', () => {
  const change = (width: number): number => {
    const face = faceAt(480, 270, width)
    const skin = { width: WIDTH, height: HEIGHT, data: new Uint8Array(i420Size(WIDTH, HEIGHT)) }
    planesOf(skin).y.fill(150)
    planesOf(skin).u.fill(113)
    planesOf(skin).v.fill(148)
    const [before, after] = [skin, paint(skin, [face], only('contour'))]
    return meanInside(before, face, [137, 147, 187, 123], 0)[0] - meanInside(after, face, [137, 147, 187, 123], 0)[0]
  }
  expect(change(40)).toBe(0)
  expect(change(60)).toBeGreaterThan(0)
  expect(change(60)).toBeLessThan(0.7 * change(100))
})

test('two faces are painted as each would be alone', () => {
  const small = {
    ...still.face,
    points: still.face.points.map((value, i) => (i % 3 === 0 ? value * 0.5 + 20 : value * 0.5)),
  }
  small.box = boxOfPoints(small.points)
  const skin = { ...still.frame, data: still.frame.data.slice() }
  const both = paint(skin, [still.face, small], only('contour'))
  expect(same(both, paint(paint(skin, [still.face], only('contour')), [small], only('contour')))).toBe(true)
})

test('any face may come: turned, mirrored, cut off, huge, broken; frames of any even size', () => {
  const random = noise(11)
  const makeUp = new MakeUp(surface)
  for (let round = 0; round < 60; round++) {
    const width = 2 * Math.floor(20 + 150 * (random() + 1))
    const height = 2 * Math.floor(20 + 100 * (random() + 1))
    const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
    for (let i = 0; i < frame.data.length; i++) frame.data[i] = 128 + 100 * random()
    const face = faceAt(width * random() * 1.2, height * random() * 1.2, 60 + 300 * (random() + 1), 4 * random())
    if (round % 3 === 0) for (let i = 0; i < face.points.length; i += 3) face.points[i] = width - face.points[i]!
    if (round % 7 === 0) for (let i = 0; i < face.points.length; i++) face.points[i]! += 40 * random()
    if (round % 11 === 0) face.points[3 * Math.floor(200 * (random() + 1))] = round % 2 ? NaN : Infinity
    face.box = boxOfPoints(face.points)
    const after = paint(frame, [face], ALL, makeUp)
    expect(after.data).toHaveLength(frame.data.length)
    const [left, top, w, h] = face.box
    const pad = 0.1 * Math.max(w, h) + 4
    const outside = changed(frame, after).filter(
      ({ x, y }) => x < left - pad || y < top - pad || x > left + w + pad || y > top + h + pad,
    )
    expect(outside).toEqual([])
  }
})

/** Spearman's, equal values sharing their rank. */
function rankCorrelation(pairs: [number, number][]): number {
  const ranks = (axis: 0 | 1): number[] => {
    const order = pairs.map((_, i) => i).sort((a, b) => pairs[a]![axis] - pairs[b]![axis])
    const out = new Array<number>(pairs.length)
    for (let i = 0; i < order.length;) {
      let end = i
      while (end < order.length && pairs[order[end]!]![axis] === pairs[order[i]!]![axis]) end++
      for (let k = i; k < end; k++) out[order[k]!] = (i + end - 1) / 2
      i = end
    }
    return out
  }
  const [a, b] = [ranks(0), ranks(1)]
  const mean = (pairs.length - 1) / 2
  const sum = (x: number[], y: number[]): number =>
    x.reduce((total, value, i) => total + (value - mean) * (y[i]! - mean), 0)
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b))
}
