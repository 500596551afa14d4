import type { FaceRegion } from '../face-region'
import { UNDER_EYES } from '../mesh-indices'
import type { WorkingGrid } from '../working-grid'
import { placeLine, SoftStroke } from './soft-stroke'

/** How far around the line under an eye the picture changes, in face widths. */
const REACH = 0.075
/** Share of the difference to the cheek that goes, of luma and colour; the most of luma, as a share of the cheek's. */
const LIFT = 0.75
const MOST = 0.25
const RECOLOUR = 0.6
/** Added on top, in luma: a little light, as concealer gives. */
const GLOW = 2
/** Share of the wide creases that goes. */
const CREASES = 0.6

const line = new Float32Array(2 * UNDER_EYES[0].line.length)

/** The place under one eye: its samples with how much of each changes, and the cheek below it. */
interface UnderEye {
  readonly line: readonly number[]
  readonly cheek: readonly number[]
  places: Int32Array
  shares: Float32Array
  count: number
  luma: number
  u: number
  v: number
}

/** The skin under both eyes, which goes towards the light and the colour of the cheek below it. */
export class UnderEyes {
  readonly #stroke = new SoftStroke()
  readonly #eyes = UNDER_EYES.map((eye): UnderEye => ({
    ...eye,
    ...{ places: new Int32Array(0), shares: new Float32Array(0), count: 0, luma: 0, u: 0, v: 0 },
  }))

  /** Finds both places; creases there are lifted through `grid.lines`. @param strength 0..1 */
  place(grid: WorkingGrid, region: FaceRegion, strength: number): void {
    const { points, left, top, step, faceWidth } = region
    for (const eye of this.#eyes) {
      eye.count = 0
      if (!readCheek(grid, region, eye)) continue
      const reach = (REACH * faceWidth) / step
      this.#stroke.draw(placeLine(line, points, eye.line, left, top, step), reach, grid.width, grid.height)
      this.#collect(grid, eye, strength)
    }
  }

  /** After luma was changed: adds to its offset. */
  lift({ luma, offset }: WorkingGrid): void {
    for (const { places, shares, count, luma: cheek } of this.#eyes) {
      const most = MOST * cheek
      for (let i = 0; i < count; i++) {
        const at = places[i]!
        offset[at]! += shares[i]! * (GLOW + LIFT * Math.min(Math.max(cheek - luma[at]!, 0), most))
      }
    }
  }

  /** After U or V was changed: adds to its gain and offset. */
  recolour({ gain, offset }: WorkingGrid, plane: 'u' | 'v'): void {
    for (const eye of this.#eyes) {
      const { places, shares, count } = eye
      const cheek = eye[plane]
      for (let i = 0; i < count; i++) {
        const at = places[i]!
        const share = RECOLOUR * shares[i]!
        // First this, then what is there already.
        const kept = 1 + gain[at]!
        offset[at]! += kept * share * cheek
        gain[at] = kept * (1 - share) - 1
      }
    }
  }

  #collect({ width, skin, lines }: WorkingGrid, eye: UnderEye, strength: number): void {
    const { near, left, top, right, bottom } = this.#stroke
    const size = (right - left) * (bottom - top)
    if (eye.places.length < size) {
      eye.places = new Int32Array(2 * size)
      eye.shares = new Float32Array(2 * size)
    }
    const { places, shares } = eye
    let count = 0
    let i = 0
    for (let y = top; y < bottom; y++) {
      for (let at = y * width + left, end = y * width + right; at < end; at++, i++) {
        const share = strength * near[i]!
        if (share <= 0) continue
        lines[at] = Math.max(lines[at]!, CREASES * share)
        if (skin[at]! <= 0) continue
        places[count] = at
        shares[count++] = share * skin[at]!
      }
    }
    eye.count = count
  }
}

/** False when the cheek lies outside of the region, or is no skin (a mask, a hand, a beard). */
function readCheek(grid: WorkingGrid, { points, left, top, step }: FaceRegion, eye: UnderEye): boolean {
  const { width, height, luma, u, v, skin } = grid
  let weight = 0
  eye.luma = eye.u = eye.v = 0
  for (const index of eye.cheek) {
    const x = Math.floor((points[index * 3]! - left) / step)
    const y = Math.floor((points[index * 3 + 1]! - top) / step)
    if (x < 0 || y < 0 || x >= width || y >= height) continue
    const at = y * width + x
    const share = skin[at]!
    weight += share
    eye.luma += share * luma[at]!
    eye.u += share * u[at]!
    eye.v += share * v[at]!
  }
  if (weight < 0.4) return false
  eye.luma /= weight
  eye.u /= weight
  eye.v /= weight
  return true
}
