import { setImmediate as nextTurn } from 'node:timers/promises'
import { OWN_LOOKS, type LookId, type LookSwatch } from '@shared/media/look-settings'
import { planesOf, type I420Frame, type RgbImage } from '../i420'
import { unit, type ColourMap } from './colour-map'
import { mapPicture } from './frame-look'
import { OWN_LOOK_MAPS } from './own-looks'

const SIZE = { width: 96, height: 72 }
/** The crop is this many face heights high: head and shoulders. */
const FACES_HIGH = 2.2
/** How long a frame is waited for; a source gives one every 33 ms. */
const WAIT_MS = 500

/** Box of a face in pixels: x, y, width, height. */
type Box = readonly [number, number, number, number]

/** Catches one unfinished frame of the running source when a sample is wanted. */
export class LookSample {
  #waiting: ((sample: RgbImage) => void)[] = []

  /** A sample of the next frame; of the painted chart when none comes. */
  take(): Promise<RgbImage> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== taker)
        resolve(paintChart())
      }, WAIT_MS)
      const taker = (sample: RgbImage): void => {
        clearTimeout(timer)
        resolve(sample)
      }
      this.#waiting.push(taker)
    })
  }

  /** Call with each frame before it is changed; costs nothing while no sample is wanted. */
  offer(frame: I420Frame, face: Box | undefined): void {
    if (this.#waiting.length === 0) return
    const sample = cropSample(frame, face)
    for (const take of this.#waiting.splice(0)) take(sample)
  }
}

/** What each look does to a sample, at full strength: the plain one, ours, and the imported one. */
export async function renderSwatches(sample: RgbImage, cube: ColourMap | null): Promise<LookSwatch[]> {
  const looks: [LookId, ColourMap | null][] = [
    ['none', null],
    ...OWN_LOOKS.map(({ id }): [LookId, ColourMap] => [id, OWN_LOOK_MAPS[id]]),
  ]
  if (cube) looks.push(['cube', cube])
  const swatches: LookSwatch[] = []
  for (const [id, map] of looks) {
    const image = { ...sample, data: sample.data.slice() }
    if (map) mapPicture(image, map, 1)
    swatches.push({ id, width: image.width, height: image.height, pixels: withAlpha(image) })
    await nextTurn() // frames of the show go first
  }
  return swatches
}

/** The part of a frame around a face, or its middle, in swatch size. */
export function cropSample(frame: I420Frame, face: Box | undefined): RgbImage {
  const aspect = SIZE.width / SIZE.height
  const whole = Math.min(frame.height, frame.width / aspect)
  const height = Math.min(whole, face ? Math.max(face[3] * FACES_HIGH, SIZE.height) : whole)
  const [cx, cy] = face ? [face[0] + face[2] / 2, face[1] + face[3] / 2] : [frame.width / 2, frame.height / 2]
  const left = Math.min(Math.max(0, cx - (height * aspect) / 2), frame.width - height * aspect)
  const top = Math.min(Math.max(0, cy - height / 2), frame.height - height)
  const step = height / SIZE.height
  const { y, u, v } = planesOf(frame)
  const data = new Uint8Array(SIZE.width * SIZE.height * 3)
  // Four points a pixel are enough against jagged edges in so small a picture.
  for (let at = 0; at < data.length; at += 3) {
    const [column, row] = [(at / 3) % SIZE.width, Math.floor(at / 3 / SIZE.width)]
    let [light, blue, red] = [0, 0, 0]
    for (let point = 0; point < 4; point++) {
      const px = Math.min(frame.width - 1, Math.floor(left + (column + 0.25 + 0.5 * (point & 1)) * step))
      const py = Math.min(frame.height - 1, Math.floor(top + (row + 0.25 + 0.5 * (point >> 1)) * step))
      const cell = (py >> 1) * (frame.width / 2) + (px >> 1)
      light += y[py * frame.width + px]!
      blue += u[cell]!
      red += v[cell]!
    }
    const l = 1.164384 * (light / 4 - 16)
    const [du, dv] = [blue / 4 - 128, red / 4 - 128]
    data[at] = Math.round(unit((l + 1.596027 * dv) / 255) * 255)
    data[at + 1] = Math.round(unit((l - 0.391762 * du - 0.812968 * dv) / 255) * 255)
    data[at + 2] = Math.round(unit((l + 2.017232 * du) / 255) * 255)
  }
  return { ...SIZE, data }
}

/** While nothing is open: sky, leaves and sand, and skin in the middle, from light to dark. */
export function paintChart(): RgbImage {
  const { width, height } = SIZE
  const data = new Uint8Array(width * height * 3)
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 3) {
      const [x, y] = [column / width, row / height]
      const sky = y < 0.5
      const shade = sky ? 0.75 + 0.4 * y : 0.35 + 0.6 * (y - 0.5) + 0.25 * x
      const ground = sky ? [150, 190, 235] : x < 0.5 ? [110, 150, 80] : [225, 195, 150]
      const inside = Math.hypot((x - 0.5) * 1.35, y - 0.52) < 0.34
      const light = inside ? 1.05 - 0.75 * (x - 0.25) : shade
      const base = inside ? [232, 178, 150] : ground
      for (let channel = 0; channel < 3; channel++) data[at + channel] = Math.min(255, base[channel]! * light)
    }
  }
  return { width, height, data }
}

/** RGB with every pixel opaque. */
export function withAlpha({ width, height, data }: RgbImage): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(width * height * 4).fill(255)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) pixels.set(data.subarray(from, from + 3), to)
  return pixels
}
