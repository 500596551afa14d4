import { readFileSync } from 'node:fs'
import { DemoPresenter } from '../demo/demo-presenter'
import type { CanonicalFace } from '../demo/head-mesh'
import { boxOfPoints, type Face } from '../face/face'
import { i420Size, planesOf, type I420Frame } from '../i420'
import { noise } from './portrait'

/** A picture with one face whose true points are known. */
export interface BeautyPicture {
  name: string
  frame: I420Frame
  face: Face
}

const mesh = JSON.parse(
  readFileSync(new URL('../../../../resources/models/canonical-face.json', import.meta.url), 'utf8'),
) as CanonicalFace
export const [PICTURE_WIDTH, PICTURE_HEIGHT] = [1280, 720]
const FPS = 30
const CLOCK = Date.UTC(2026, 0, 1)
let presenter: DemoPresenter | undefined

/** A frame of the demo presenter, with a face a fifth of the width. */
export function presenterPicture(index: number, name = `presenter ${index}`): BeautyPicture {
  presenter ??= new DemoPresenter({ width: PICTURE_WIDTH, height: PICTURE_HEIGHT, fps: FPS, mesh })
  const size = { width: PICTURE_WIDTH, height: PICTURE_HEIGHT }
  const frame = { ...size, data: new Uint8Array(i420Size(PICTURE_WIDTH, PICTURE_HEIGHT)) }
  presenter.draw(index, CLOCK, frame)
  const points = presenter.landmarks(index)
  return { name, frame, face: { score: 1, box: boxOfPoints(points), points } }
}

/** Of the first 20 seconds, the frame in which `measure` is largest. */
export function presenterFrame(measure: (points: Float32Array) => number): number {
  presenterPicture(0)
  let [best, most] = [0, -Infinity]
  for (let index = 0; index < 20 * FPS; index += 5) {
    const value = measure(presenter!.landmarks(index))
    if (value > most) [best, most] = [index, value]
  }
  return best
}

/** Lean of the head: difference of height of the eyes over their distance. */
export function leanOf(points: Float32Array): number {
  const dx = points[3 * 263]! - points[3 * 33]!
  return Math.abs(points[3 * 263 + 1]! - points[3 * 33 + 1]!) / dx
}

/** Opening of the mouth over its width. */
export function openingOf(points: Float32Array): number {
  const distance = (a: number, b: number): number =>
    Math.hypot(points[3 * a]! - points[3 * b]!, points[3 * a + 1]! - points[3 * b + 1]!)
  return distance(13, 14) / distance(78, 308)
}

/** The same picture in other light or skin: luma and colour by formulas, and grain of some luma. */
export function changed(
  picture: BeautyPicture,
  name: string,
  luma: (value: number) => number,
  colour: number,
  grain = 0,
): BeautyPicture {
  const data = picture.frame.data.slice()
  const count = picture.frame.width * picture.frame.height
  const random = noise(9)
  for (let i = 0; i < data.length; i++) {
    const value = i < count ? luma(data[i]!) : 128 + colour * (data[i]! - 128)
    const added = grain * (i < count ? 1 : 0.4) * (random() + random())
    data[i] = Math.min(Math.max(Math.round(value + added), 16), 235)
  }
  return { ...picture, name, frame: { ...picture.frame, data } }
}

/** Dark frames around both eyes, with a bridge. */
function withGlasses(picture: BeautyPicture): BeautyPicture {
  const frame = { ...picture.frame, data: picture.frame.data.slice() }
  const { y, u, v } = planesOf(frame)
  const { points } = picture.face
  const width = Math.abs(points[3 * 454]! - points[3 * 234]!)
  const eyes = [33, 263].map((outer, i) => {
    const inner = i === 0 ? 133 : 362
    return [(points[3 * outer]! + points[3 * inner]!) / 2, (points[3 * outer + 1]! + points[3 * inner + 1]!) / 2]
  })
  const rim = { across: 0.19 * width, up: 0.14 * width }
  for (let row = 0; row < frame.height; row++) {
    for (let column = 0; column < frame.width; column++) {
      const onRim = eyes.some(([x, cy]) => {
        const distance = Math.hypot((column - x!) / rim.across, (row - cy!) / rim.up)
        return Math.abs(distance - 1) < 0.06
      })
      const [left, right] = [eyes[0]![0]! + rim.across, eyes[1]![0]! - rim.across]
      const onBridge = column > left && column < right && Math.abs(row - eyes[0]![1]!) < 0.012 * width
      if (!onRim && !onBridge) continue
      y[row * frame.width + column] = 34
      const half = (row >> 1) * (frame.width / 2) + (column >> 1)
      u[half] = v[half] = 128
    }
  }
  return { ...picture, name: 'glasses', frame }
}

/** Eight and more faces: skin tones, light, grain, glasses, a leaning head, an open mouth. */
export function beautyPictures(): BeautyPicture[] {
  const plain = presenterPicture(0, 'plain')
  const lean = presenterPicture(presenterFrame(leanOf), 'leaning')
  const open = presenterPicture(presenterFrame(openingOf), 'talking')
  const gamma =
    (power: number) =>
    (value: number): number =>
      16 + 219 * (Math.max(value - 16, 0) / 219) ** power
  return [
    plain,
    lean,
    open,
    changed(plain, 'dark skin', (value) => 16 + 0.5 * (value - 16), 0.85),
    changed(open, 'very dark skin', (value) => 16 + 0.32 * (value - 16), 0.65),
    changed(plain, 'pale skin', gamma(0.65), 0.75),
    changed(lean, 'dim and noisy', (value) => 16 + 0.4 * (value - 16), 0.5, 3),
    changed(plain, 'grain', (value) => value, 1, 8),
    withGlasses(plain),
  ]
}
