import { smoothStep } from '../beauty/face-region'
import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { EyeShape } from './eye-shape'

/** The eye is looked at on a grid of its own: cells along its width and across. */
const ALONG = 28
const ACROSS = 20
/** A visible iris is 11.7 mm wide (Hashemi et al. 2015), an eye opening about 29 mm from corner to corner. */
export const IRIS_RADIUS = 0.5 * (11.7 / 28.5)
const RADIUS = IRIS_RADIUS * ALONG
const RING = 1.4 * RADIUS
/** How far the middle of the iris may lie from the middle of the eye, in cells. */
const REACH_ALONG = 8
const REACH_ACROSS = 3
/** Contrast of iris to white below which nothing was found, and from which on it is sure. */
const UNSURE = 0.06
const SURE = 0.2

/** Where the iris is. */
export interface FoundIris {
  /** From the middle of the eye in widths of the eye: along to the inner corner, up. */
  along: number
  up: number
  /** Luma inside and around it. */
  luma: number
  white: number
  /** 0..1 */
  sure: number
}

/** Finds the darkest disc of the size of an iris in an opening. */
export class IrisFinder {
  /** Sums along each row, from its start to before each cell: cover, and cover times luma. */
  readonly #covers = new Float32Array(ACROSS * (ALONG + 1))
  readonly #lumas = new Float32Array(ACROSS * (ALONG + 1))
  readonly #scores = new Float32Array(9)
  readonly #disc = { cover: 0, luma: 0 }
  readonly #outer = { cover: 0, luma: 0 }

  /** @param cover the opening of the eye, with one sample for each pixel */
  find(frame: I420Frame, eye: EyeShape, cover: Coverage, out: FoundIris): void {
    this.#read(frame, eye, cover)
    let [bestX, bestY, best] = [0, 0, -Infinity]
    for (let y = -REACH_ACROSS + 1; y < REACH_ACROSS; y += 2) {
      for (let x = -REACH_ALONG; x <= REACH_ALONG; x += 2) {
        const score = this.#score(x, y)
        if (score > best) [bestX, bestY, best] = [x, y, score]
      }
    }
    const [x, y] = this.#refine(bestX, bestY)
    const score = this.#score(x, y)
    const contrast = this.#contrast()
    const sure = smoothStep(UNSURE, SURE, contrast) * (score > -1 ? 1 : 0)
    // Where there is nothing to be found the middle of the eye stands in.
    out.along = (sure * x) / ALONG
    out.up = (sure * -y) / ALONG
    out.sure = sure
    out.luma = this.#disc.cover > 0 ? this.#disc.luma / this.#disc.cover : 16
    const ring = this.#outer.cover - this.#disc.cover
    out.white = ring > 1 ? (this.#outer.luma - this.#disc.luma) / ring : out.luma
  }

  #read({ data, width, height }: I420Frame, eye: EyeShape, cover: Coverage): void {
    const { plane, left, top, width: w, height: h } = cover
    const stepAlong = eye.width / ALONG
    const stepAcross = eye.width3d / ALONG
    for (let row = 0; row < ACROSS; row++) {
      const down = (row + 0.5 - ACROSS / 2) * stepAcross
      let [covers, lumas] = [0, 0]
      let to = row * (ALONG + 1)
      this.#covers[to] = this.#lumas[to] = 0
      for (let column = 0; column < ALONG; column++) {
        const along = (column + 0.5 - ALONG / 2) * stepAlong
        const x = Math.floor(eye.middleX + along * eye.alongX - down * eye.upX)
        const y = Math.floor(eye.middleY + along * eye.alongY - down * eye.upY)
        const inside = x >= left && y >= top && x < left + w && y < top + h && x < width && y < height
        if (inside) {
          const weight = plane[(y - top) * w + x - left]!
          covers += weight
          lumas += weight * data[y * width + x]!
        }
        this.#covers[++to] = covers
        this.#lumas[to] = lumas
      }
    }
  }

  /** The contrast of a disc to what surrounds it, less for one that is hardly seen or far from the middle. */
  #score(x: number, y: number): number {
    const disc = this.#gather(this.#disc, x, y, RADIUS)
    this.#gather(this.#outer, x, y, RING)
    const full = Math.PI * RADIUS * RADIUS
    if (disc.cover < 0.12 * full) return -2
    const far = (0.35 * x * x) / (ALONG * ALONG) + (1.1 * y * y) / (ALONG * ALONG)
    return this.#contrast() * Math.sqrt(Math.min(disc.cover / (0.75 * full), 1)) - far
  }

  #contrast(): number {
    const ring = this.#outer.cover - this.#disc.cover
    if (ring < 2 || this.#disc.cover < 2) return 0
    const around = (this.#outer.luma - this.#disc.luma) / ring
    return (around - this.#disc.luma / this.#disc.cover) / Math.max(around - 16, 24)
  }

  #gather(out: { cover: number; luma: number }, x: number, y: number, radius: number) {
    out.cover = out.luma = 0
    const cx = x + ALONG / 2
    const cy = y + ACROSS / 2
    const first = Math.max(0, Math.ceil(cy - radius - 0.5))
    const last = Math.min(ACROSS - 1, Math.floor(cy + radius - 0.5))
    for (let row = first; row <= last; row++) {
      const dy = row + 0.5 - cy
      const reach = Math.sqrt(Math.max(radius * radius - dy * dy, 0))
      const from = Math.min(Math.max(cx - reach, 0), ALONG)
      const to = Math.min(Math.max(cx + reach, 0), ALONG)
      const at = row * (ALONG + 1)
      out.cover += between(this.#covers, at, to) - between(this.#covers, at, from)
      out.luma += between(this.#lumas, at, to) - between(this.#lumas, at, from)
    }
    return out
  }

  /** To a fraction of a cell: the top of a parabola through three scores along each axis. */
  #refine(x: number, y: number): [number, number] {
    const scores = this.#scores
    for (let pass = 0; pass < 2; pass++) {
      const step = pass === 0 ? 1 : 0.5
      let [dx, dy, best] = [0, 0, -Infinity]
      for (let i = 0; i < 9; i++) {
        const score = this.#score(x + ((i % 3) - 1) * step, y + (Math.floor(i / 3) - 1) * step)
        scores[i] = score
        if (score > best) [dx, dy, best] = [((i % 3) - 1) * step, (Math.floor(i / 3) - 1) * step, score]
      }
      if (pass === 1 && dx === 0 && dy === 0)
        return [x + step * top(scores[3]!, scores[4]!, scores[5]!), y + step * top(scores[1]!, scores[4]!, scores[7]!)]
      x += dx
      y += dy
    }
    return [x, y]
  }
}

function between(sums: Float32Array, row: number, at: number): number {
  const whole = Math.min(at | 0, ALONG - 1)
  const value = sums[row + whole]!
  return value + (sums[row + whole + 1]! - value) * (at - whole)
}

/** Where the parabola through three values a step apart is highest, in steps from the middle one. */
function top(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after
  return bend < -1e-6 ? Math.min(Math.max((before - after) / (2 * bend), -0.5), 0.5) : 0
}
