import { DEFAULT_BEAUTY } from '@shared/media/beauty-settings'
import { DEFAULT_EFFECTS, STICKERS, type StickerId } from '@shared/media/effect-settings'
import { describe, expect, it } from 'vitest'
import { DemoPresenter } from '../demo/demo-presenter'
import { boxOfPoints, type Face } from '../face/face'
import { i420Size, type I420Frame } from '../i420'
import { noise } from '../testing/portrait'
import { HEAD, posedFace, rotation } from '../testing/posed-face'
import { Stickers } from './stickers'

const [WIDTH, HEIGHT] = [640, 480]
const ALL: StickerId[] = STICKERS.map(({ id }) => id)

function grey(level = 150, width = WIDTH, height = HEIGHT): I420Frame {
  const data = new Uint8Array(i420Size(width, height)).fill(128)
  data.fill(level, 0, width * height)
  return { width, height, data }
}

function wear(stickers: StickerId[], faces: readonly Face[], frame = grey(), timeMs = 0, effect = new Stickers(HEAD)) {
  const settings = { beauty: DEFAULT_BEAUTY, effects: { ...DEFAULT_EFFECTS, stickers } }
  effect.apply({ frame, faces, settings, timeMs, hurried: false })
  return { frame, region: effect.lastRegion }
}

function isSame(a: I420Frame, b: I420Frame): boolean {
  return Buffer.compare(a.data, b.data) === 0
}

/** Pixels whose luma differs, in a part of the frame. */
function changed(a: I420Frame, b: I420Frame, within: (x: number, y: number) => boolean = () => true): number {
  let count = 0
  for (let i = 0; i < a.width * a.height; i++)
    if (a.data[i] !== b.data[i] && within(i % a.width, Math.floor(i / a.width))) count++
  return count
}

/** Middle of what was drawn, weighted by how much luma changed. */
function middleOf(plain: I420Frame, drawn: I420Frame): [number, number] {
  let [x, y, sum] = [0, 0, 0]
  for (let i = 0; i < plain.width * plain.height; i++) {
    const weight = Math.abs(plain.data[i]! - drawn.data[i]!)
    x += weight * (i % plain.width)
    y += weight * Math.floor(i / plain.width)
    sum += weight
  }
  return [x / sum, y / sum]
}

const at = (face: Face, point: number): [number, number] => [face.points[point * 3]!, face.points[point * 3 + 1]!]

describe('Stickers', () => {
  it('changes no byte without a sticker, without a face, and on a face that is hardly present or tiny', () => {
    expect(isSame(wear([], [posedFace()]).frame, grey())).toBe(true)
    expect(isSame(wear(ALL, []).frame, grey())).toBe(true)
    expect(isSame(wear(ALL, [posedFace({ score: 0.5 })]).frame, grey())).toBe(true)
    expect(isSame(wear(ALL, [posedFace({ scale: 0.8 })]).frame, grey())).toBe(true)
    expect(isSame(wear(ALL, [posedFace({ x: -900 })]).frame, grey())).toBe(true)
  })

  it('draws each sticker, something of its own, and nothing outside of its region', () => {
    const pictures = ALL.map((id) => ({ id, ...wear([id], [posedFace({ yaw: 20 })]) }))
    for (const { id, frame, region } of pictures) {
      expect(changed(grey(), frame), id).toBeGreaterThan(900)
      const [left, top, right, bottom] = region
      const isOutside = (x: number, y: number): boolean => x < left || y < top || x >= right || y >= bottom
      expect(changed(grey(), frame, isOutside), id).toBe(0)
      let wrong = 0
      for (let i = 0; i < (WIDTH * HEIGHT) / 4; i++) {
        if (!isOutside(2 * (i % (WIDTH / 2)), 2 * Math.floor(i / (WIDTH / 2)))) continue
        if (frame.data[WIDTH * HEIGHT + i] !== 128 || frame.data[1.25 * WIDTH * HEIGHT + i] !== 128) wrong++
      }
      expect(wrong, id).toBe(0)
    }
    pictures.forEach(({ frame }, i) => {
      for (const other of pictures.slice(i + 1)) expect(changed(frame, other.frame)).toBeGreaterThan(900)
    })
  })

  it('draws the same for the same picture and time, whatever was drawn before, and in any order of choosing', () => {
    const first = wear(['cat', 'glasses'], [posedFace()], grey(), 1234).frame
    const effect = new Stickers(HEAD)
    wear(['tophat'], [posedFace({ scale: 20 })], grey(), 99, effect)
    expect(isSame(wear(['glasses', 'cat'], [posedFace()], grey(), 1234, effect).frame, first)).toBe(true)
  })

  it('fades in with the presence of the face', () => {
    const counts = [0.55, 0.65, 0.8].map((score) => {
      const { frame } = wear(['sunglasses'], [posedFace({ score })])
      return frame.data.subarray(0, WIDTH * HEIGHT).reduce((sum, value) => sum + Math.abs(value - 150), 0)
    })
    expect(counts[0]).toBeLessThan(0.3 * counts[2]!)
    expect(counts[1]).toBeLessThan(0.8 * counts[2]!)
    expect(counts[0]).toBeGreaterThan(0)
  })

  it('dresses every face in the picture', () => {
    const [left, right] = [posedFace({ x: 160, scale: 9 }), posedFace({ x: 480, scale: 9, roll: 90 })]
    const { frame } = wear(['glasses'], [left, right])
    expect(changed(grey(), frame, (x) => x < 320)).toBeGreaterThan(500)
    expect(changed(grey(), frame, (x) => x >= 320)).toBeGreaterThan(500)
  })

  it('turns with the head: upside down it is the same picture upside down', () => {
    const upright = middleOf(grey(), wear(['moustache'], [posedFace()]).frame)
    const turned = middleOf(grey(), wear(['moustache'], [posedFace({ roll: 180 })]).frame)
    expect(upright[1] - 240).toBeGreaterThan(20)
    expect(turned[1] - 240).toBeCloseTo(240 - upright[1], 0)
  })

  it('mirrors with a mirrored picture', () => {
    const frame = wear(['party'], [posedFace({ yaw: 15 })]).frame
    const mirrored = wear(['party'], [posedFace({ yaw: 15, mirrored: true })]).frame
    const drawn = changed(grey(), frame)
    // The lamp stays where it is, so the outline is compared, not the shading.
    let both = 0
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const other = i - (i % WIDTH) + WIDTH - 1 - (i % WIDTH)
      if (frame.data[i] !== 150 && mirrored.data[other] !== 150) both++
    }
    expect(both).toBeGreaterThan(0.93 * drawn)
    expect(changed(grey(), mirrored)).toBeLessThan(1.07 * drawn)
    expect(changed(frame, mirrored)).toBeGreaterThan(0.2 * drawn)
  })

  it('is dim in a dim room', () => {
    const white = (level: number): number => {
      const { frame } = wear(['bunny'], [posedFace()], grey(level))
      return frame.data.subarray(0, WIDTH * HEIGHT).reduce((most, value) => Math.max(most, value), 0)
    }
    expect(white(45)).toBeLessThan(0.65 * white(180))
  })

  it('hides the far temple of the glasses behind a turned head and shows the near one', () => {
    // Looking down as well, so that the temples do not lie behind the lenses.
    for (const yaw of [-40, 40]) {
      const face = posedFace({ yaw, pitch: 25, scale: 16 })
      const { frame } = wear(['glasses'], [face])
      const r = rotation(yaw, 25, 0)
      const drawnAt = (side: number): number[] =>
        [-0.3, -1.2].map((z) => {
          const [x, y] = [side * 7.7, 3.4]
          const near = 16 / (1 - (r[6]! * x + r[7]! * y + r[8]! * (z - 5)) / 62)
          const px = 320 + near * (r[0]! * x + r[1]! * y + r[2]! * z)
          const py = 240 - near * (r[3]! * x + r[4]! * y + r[5]! * z)
          return changed(grey(), frame, (u, v) => Math.abs(u - px) < 9 && Math.abs(v - py) < 9)
        })
      const nearSide = yaw > 0 ? -1 : 1
      for (const count of drawnAt(nearSide)) expect(count).toBeGreaterThan(40)
      expect(drawnAt(-nearSide)).toEqual([0, 0])
    }
  })

  it('stays where the eyes are in all poses of the demo presenter', () => {
    const mesh = {
      vertices: Array.from({ length: 468 }, (_, i) => [...HEAD.positions.subarray(i * 3, i * 3 + 3), 0, 0]),
      triangles: Array.from({ length: HEAD.triangles.length / 3 }, (_, i) => [
        ...HEAD.triangles.subarray(i * 3, i * 3 + 3),
      ]),
    }
    const presenter = new DemoPresenter({ width: WIDTH, height: HEIGHT, fps: 30, mesh })
    for (let n = 0; n < 900; n += 60) {
      const points = presenter.landmarks(n)
      const face = { score: 1, box: boxOfPoints(points), points }
      const { frame } = wear(['hearts'], [face])
      const [x, y] = bridgeOf(grey(), frame, face)
      const [bx, by] = at(face, 168)
      const width = Math.hypot(at(face, 454)[0] - at(face, 234)[0], at(face, 454)[1] - at(face, 234)[1])
      expect(Math.hypot(x - bx, y - by)).toBeLessThan(0.02 * width)
    }
  })

  it('follows the root of the nose of a face that is not built like the canonical one, in both directions', () => {
    const face = posedFace({ scale: 14, yaw: 10 })
    const [x, y] = middleOf(grey(), wear(['hearts'], [face]).frame)
    for (const [dx, dy] of [
      [8, 0],
      [-6, 5],
    ] as const) {
      const points = face.points.slice()
      points[168 * 3]! += dx
      points[168 * 3 + 1]! += dy
      const [mx, my] = middleOf(grey(), wear(['hearts'], [{ ...face, points }]).frame)
      // Less than 1 % of the face's width of 214 pixels beside it.
      expect(Math.hypot(mx - x - dx, my - y - dy)).toBeLessThan(2.1)
    }
  })

  it('stands still: noise of 0.3 px in the points moves it by less than half a pixel', () => {
    const random = noise(11)
    const still = posedFace({ scale: 14, yaw: 12 })
    for (const id of ['glasses', 'tophat', 'bunny'] as const) {
      const middles = Array.from({ length: 24 }, () => {
        // Three even numbers make nearly normal noise of standard deviation 0.3.
        const points = still.points.map((value) => value + 0.3 * (random() + random() + random()))
        return middleOf(grey(), wear([id], [{ ...still, points }]).frame)
      })
      for (const axis of [0, 1] as const) {
        const mean = middles.reduce((sum, m) => sum + m[axis], 0) / middles.length
        const rms = Math.sqrt(middles.reduce((sum, m) => sum + (m[axis] - mean) ** 2, 0) / middles.length)
        expect(rms).toBeLessThan(0.5)
      }
    }
  })

  it('survives any face, whole or broken, in a picture of any size, and stays inside of it', () => {
    const random = noise(3)
    const effect = new Stickers(HEAD)
    for (let i = 0; i < 120; i++) {
      const [width, height] = [
        2 + 2 * Math.floor(150 * Math.abs(random())),
        2 + 2 * Math.floor(100 * Math.abs(random())),
      ]
      const size = i420Size(width, height)
      // What lies behind the frame in the same memory must stay as it is.
      const memory = new Uint8Array(size + 4096).fill(77)
      const frame = { width, height, data: memory.subarray(2048, 2048 + size) }
      const face = posedFace({
        x: width * (0.5 + random()),
        y: height * (0.5 + random()),
        scale: 30 * Math.abs(random()) ** 2,
        yaw: 180 * random(),
        pitch: 180 * random(),
        roll: 180 * random(),
        mirrored: random() > 0,
      })
      const spoil = [
        () => 1,
        () => 1 + random(),
        () => (random() > 0.95 ? Number.NaN : 1),
        () => 1e9 * random(),
        () => 0,
      ]
      for (let k = 0; k < face.points.length; k++) face.points[k]! *= spoil[i % spoil.length]!()
      if (i % 11 === 0) face.points = face.points.subarray(0, 30)
      wear([ALL[i % ALL.length]!, ALL[(i * 5) % ALL.length]!], [face], frame, 1e6 * random(), effect)
      expect(memory.subarray(0, 2048).every((byte) => byte === 77)).toBe(true)
      expect(memory.subarray(2048 + size).every((byte) => byte === 77)).toBe(true)
    }
  })
})

/** Middle of the drawn pixels in a narrow strip round point 168: the height at which the bridge of the glasses lies. */
function bridgeOf(plain: I420Frame, drawn: I420Frame, face: Face): [number, number] {
  const [bx, by] = at(face, 168)
  const reach = 0.035 * Math.hypot(at(face, 454)[0] - at(face, 234)[0], at(face, 454)[1] - at(face, 234)[1])
  let [x, y, count] = [0, 0, 0]
  for (let i = 0; i < plain.width * plain.height; i++) {
    const [px, py] = [i % plain.width, Math.floor(i / plain.width)]
    if (Math.abs(px + 0.5 - bx) > reach || Math.abs(py + 0.5 - by) > 3 * reach || plain.data[i] === drawn.data[i])
      continue
    x += px + 0.5
    y += py + 0.5
    count++
  }
  return [x / count, y / count]
}
