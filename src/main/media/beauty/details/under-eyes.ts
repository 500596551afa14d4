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

/** The skin under both eyes, which goes towards the light and the colour of the cheek below it. */
export class UnderEyes {
  readonly #eyes = UNDER_EYES.map(({ line, cheek }) => ({
    indices: line,
    cheek,
    stroke: new SoftStroke(),
    luma: 0,
    u: 0,
    v: 0,
    seen: false,
  }))
  #strength = 0

  /** Finds both places; creases there are lifted through `grid.lines`. @param strength 0..1 */
  place(grid: WorkingGrid, region: FaceRegion, strength: number): void {
    this.#strength = strength
    const { points, left, top, step, faceWidth } = region
    for (const eye of this.#eyes) {
      eye.seen = this.#readCheek(grid, region, eye)
      if (!eye.seen) continue
      const { stroke } = eye
      stroke.draw(
        placeLine(line, points, eye.indices, left, top, step),
        (REACH * faceWidth) / step,
        grid.width,
        grid.height,
      )
      for (let y = stroke.top; y < stroke.bottom; y++) {
        for (let x = stroke.left; x < stroke.right; x++) {
          const at = y * grid.width + x
          const crease = CREASES * strength * stroke.at(x, y)
          if (crease > grid.lines[at]!) grid.lines[at] = crease
        }
      }
    }
  }

  /** After luma was changed: adds to its gain and offset. */
  lift({ width, luma, skin, offset }: WorkingGrid): void {
    for (const eye of this.#eyes) {
      if (!eye.seen) continue
      const { stroke } = eye
      const most = MOST * eye.luma
      for (let y = stroke.top; y < stroke.bottom; y++) {
        for (let x = stroke.left; x < stroke.right; x++) {
          const at = y * width + x
          const share = this.#strength * stroke.at(x, y) * skin[at]!
          if (share > 0) offset[at]! += share * (GLOW + LIFT * Math.min(Math.max(eye.luma - luma[at]!, 0), most))
        }
      }
    }
  }

  /** After U or V was changed: adds to its gain and offset. */
  recolour({ width, skin, gain, offset }: WorkingGrid, plane: 'u' | 'v'): void {
    for (const eye of this.#eyes) {
      if (!eye.seen) continue
      const { stroke } = eye
      for (let y = stroke.top; y < stroke.bottom; y++) {
        for (let x = stroke.left; x < stroke.right; x++) {
          const at = y * width + x
          const share = RECOLOUR * this.#strength * stroke.at(x, y) * skin[at]!
          if (share <= 0) continue
          // First this, then what is there already.
          offset[at]! += (1 + gain[at]!) * share * eye[plane]
          gain[at] = (1 + gain[at]!) * (1 - share) - 1
        }
      }
    }
  }

  /** False when the cheek lies outside of the region, or is no skin (a mask, a hand, a beard). */
  #readCheek(
    { width, height, luma, u, v, skin }: WorkingGrid,
    { points, left, top, step }: FaceRegion,
    eye: { cheek: readonly number[]; luma: number; u: number; v: number },
  ): boolean {
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
}
