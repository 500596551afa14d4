import { smoothStep } from '../beauty/face-region'
import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { EyeShape } from './eye-shape'
import type { EyeMemory } from './face-memory'
import { follow } from './face-memory'
import { IRIS_RADIUS, IrisFinder, type FoundIris } from './iris-finder'
import type { Pigment } from './pigment'

/** In radii of the iris: where the pupil ends, the ring of the limbus begins, and the lens fades into the white. */
const PUPIL = 0.36
const IRIS_FROM = 0.5
const LIMBUS = 0.78
const EDGE = 0.98
const END = 1.1
/** At strength 1: share of the way to the lens's luma and chroma. */
const COVER = 0.7
const STAIN = 0.8
/** Luma of the white of an eye in good light. */
const WELL_LIT = 160
/** What a lens gets where no iris could be told from the white. */
const UNSURE = 0.3
const FIBRES = 96

/** Coloured lenses: a ring of fibres with a dark rim, inside the opening; pupil, highlights and the white stay. */
export class Lenses {
  readonly #finder = new IrisFinder()
  readonly #iris: FoundIris = { along: 0, up: 0, luma: 0, white: 0, sure: 0 }
  readonly #fibres = fibres()

  /** @param cover the opening of the eye, with one sample for each pixel @param strength 0..1 */
  paint(frame: I420Frame, eye: EyeShape, cover: Coverage, pigment: Pigment, strength: number, memory: EyeMemory): void {
    if (eye.open <= 0) return
    this.#find(frame, eye, cover, memory)
    const amount = strength * eye.open * (UNSURE + (1 - UNSURE) * memory.sure)
    this.#stain(frame, eye, cover, pigment, amount, memory)
  }

  /** Noise is evened out over time, a glance is followed at once; a blink leaves the iris where it was. */
  #find(frame: I420Frame, eye: EyeShape, cover: Coverage, memory: EyeMemory): void {
    const iris = this.#iris
    this.#finder.find(frame, eye, cover, iris)
    const known = !Number.isNaN(memory.along)
    if (known && eye.open < 0.6) return
    const moved = known ? Math.hypot(iris.along - memory.along, iris.up - memory.up) : 0
    const share = Math.min(0.2 + 7 * moved, 1)
    memory.along = follow(memory.along, iris.along, share)
    memory.up = follow(memory.up, iris.up, share)
    memory.sure = follow(memory.sure, iris.sure, 0.3)
  }

  #stain(
    { data, width, height }: I420Frame,
    eye: EyeShape,
    cover: Coverage,
    pigment: Pigment,
    strength: number,
    memory: EyeMemory,
  ): void {
    const { plane, left, top, width: w, height: h } = cover
    const { luma, white } = this.#iris
    const cx = eye.middleX + memory.along * eye.width * eye.alongX + memory.up * eye.width3d * eye.upX
    const cy = eye.middleY + memory.along * eye.width * eye.alongY + memory.up * eye.width3d * eye.upY
    const acrossScale = 1 / (IRIS_RADIUS * eye.width)
    const upScale = 1 / (IRIS_RADIUS * eye.width3d)
    const reach = END * IRIS_RADIUS * eye.width3d + 2
    const light = Math.min(Math.max((white - 16) / (WELL_LIT - 16), 0.25), 1.05)
    const body = 0.92 * (pigment.y - 16) * light
    const inkU = (pigment.u - 128) / Math.max(pigment.y - 16, 4)
    const inkV = (pigment.v - 128) / Math.max(pigment.y - 16, 4)
    const dark = Math.max(luma - 16, 8)
    // Brighter than the iris by much of the way to the white: a highlight, or the white itself.
    const gap = Math.max(white - luma, 24)
    const half = width >> 1
    const uAt = width * height
    const vAt = uAt + (uAt >> 2)
    const fromX = Math.max(0, (Math.floor(cx - reach) - left) & ~1)
    const fromY = Math.max(0, (Math.floor(cy - reach) - top) & ~1)
    for (let y = fromY; y < Math.min(h, cy + reach - top); y += 2) {
      for (let x = fromX; x < Math.min(w, cx + reach - left); x += 2) {
        let stain = 0
        let after = 0
        for (let k = 0; k < 4; k++) {
          const px = x + (k & 1)
          const py = y + (k >> 1)
          const pixel = (top + py) * width + left + px
          const value = data[pixel]!
          after += value / 4
          const inside = plane[py * w + px]!
          if (inside <= 0) continue
          const dx = left + px + 0.5 - cx
          const dy = top + py + 0.5 - cy
          const s = (dx * eye.alongX + dy * eye.alongY) * acrossScale
          const t = (dx * eye.upX + dy * eye.upY) * upScale
          const r = Math.sqrt(s * s + t * t)
          if (r >= END) continue
          const ring = smoothStep(PUPIL, IRIS_FROM, r) * (1 - smoothStep(EDGE - 0.08, END, r))
          const free = 1 - smoothStep(luma + 0.55 * gap, luma + 0.95 * gap, value)
          const amount = strength * inside * ring * free
          if (amount <= 0.003) continue
          const turn = ((angle(t, s) / (2 * Math.PI) + 0.5) * FIBRES) | 0
          // Light falls in from above and gathers on the far side; the upper lid throws a shade.
          const depth = (1.08 - 0.3 * t - 0.25 * smoothStep(0.3, 0.9, t)) * (1 - 0.5 * smoothStep(LIMBUS, EDGE, r))
          const own = Math.min(Math.max((value - 16) / dark, 0.55), 1.6)
          const target = 16 + body * depth * this.#fibres[turn]! * (0.55 + 0.45 * own)
          const painted = (value + (target - value) * COVER * amount + 0.5) | 0
          data[pixel] = painted
          after += (painted - value) / 4
          stain += amount / 4
        }
        if (stain <= 0) continue
        const cell = ((top + y) >> 1) * half + ((left + x) >> 1)
        const ink = Math.min(Math.max(after - 16, 0), 1.1 * (pigment.y - 16))
        const share = STAIN * stain
        data[uAt + cell] = (data[uAt + cell]! + (128 + inkU * ink - data[uAt + cell]!) * share + 0.5) | 0
        data[vAt + cell] = (data[vAt + cell]! + (128 + inkV * ink - data[vAt + cell]!) * share + 0.5) | 0
      }
    }
  }
}

/** Lighter and darker threads round the iris, from -180 to 180 degrees. */
function fibres(): Float32Array {
  return Float32Array.from({ length: FIBRES + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / FIBRES - Math.PI
    return 1 + 0.1 * Math.sin(17 * turn) + 0.08 * Math.sin(29 * turn + 1.3) + 0.05 * Math.sin(7 * turn + 0.4)
  })
}

/**
 * As Math.atan2, six times as fast and within 2e-8: a polynomial for the eighth of the circle below 45 degrees
 * (Abramowitz and Stegun 1964, 4.4.50).
 */
function angle(y: number, x: number): number {
  const ax = Math.abs(x)
  const ay = Math.abs(y)
  const z = Math.min(ax, ay) / Math.max(ax, ay, 1e-9)
  const q = z * z
  let turn = 0.0429096138 + q * (-0.0161657367 + q * 0.0028662257)
  turn = -0.1420889944 + q * (0.1065626393 + q * (-0.07528964 + q * turn))
  turn = z * (1 + q * (-0.3333314528 + q * (0.1999355085 + q * turn)))
  if (ay > ax) turn = Math.PI / 2 - turn
  if (x < 0) turn = Math.PI - turn
  return y < 0 ? -turn : turn
}
