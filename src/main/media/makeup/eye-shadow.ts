import { smoothStep } from '../beauty/face-region'
import type { Coverage } from './coverage'
import type { EyeShape } from './eye-shape'
import type { MakeupView } from './makeup-view'
import { drawSheet, weightTexture, type MeshSheet, type WeightTexture } from './textured-mesh'

/** One column beside the outer corner and nine along the lid; rows: lashes, lid, fold, brow. */
const COLUMNS = 10
const ROWS = 4
/** How high each row lies between lashes and brow, and how far along each column. */
const HEIGHTS = [0, 0.3, 0.58, 1] as const
/** Which two points of the brow's lower edge each column lies between, in halves. */
const BROW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
const TEXTURE = { width: 96, height: 64 }

/** Eye shadow: full on the lid, thinning out towards the brow, strongest at the outer corner. */
export class EyeShadow {
  readonly #points = new Float32Array(3 * COLUMNS * ROWS)
  readonly #weights = new Float32Array(COLUMNS * ROWS)
  readonly #sheet: MeshSheet = { triangles: grid(), uv: places(), texture: paint() }

  /** Lays the grid over the lid. */
  place(eye: EyeShape, { points, facing }: MakeupView): void {
    const { upper, lid, fold, beside, browBottom } = eye.points
    beside.forEach((index, row) => this.#put(points, facing, row, 0, index, index, 0))
    for (let column = 0; column < 9; column++) {
      this.#put(points, facing, 0, column + 1, upper[column]!, upper[column]!, 0)
      this.#put(points, facing, 1, column + 1, lid[column]!, lid[column]!, 0)
      this.#put(points, facing, 2, column + 1, fold[column]!, fold[column]!, 0)
      const halves = BROW_HALVES[column]!
      const from = browBottom[halves >> 1]!
      this.#put(points, facing, 3, column + 1, from, browBottom[(halves + 1) >> 1]!, (halves & 1) / 2)
    }
  }

  /** Lays the coverage out; what lies in the opening of the eye is left free. */
  draw(cover: Coverage, eye: EyeShape): void {
    drawSheet(cover, this.#sheet, this.#points, this.#weights)
    cover.fill(eye.opening, eye.opening.length / 2, -1)
    cover.clamp()
    cover.soften(false)
  }

  /** The grid's points of the newest `place`, x, y, z. */
  get points(): Float32Array {
    return this.#points
  }

  #put(points: Float32Array, facing: Float32Array, row: number, column: number, a: number, b: number, share: number) {
    const at = row * COLUMNS + column
    for (let axis = 0; axis < 3; axis++)
      this.#points[3 * at + axis] = points[3 * a + axis]! * (1 - share) + points[3 * b + axis]! * share
    this.#weights[at] = Math.min(facing[a]!, facing[b]!)
  }
}

/** All points of the grid. */
export const SHADOW_POINTS = Array.from({ length: COLUMNS * ROWS }, (_, index) => index)

function grid(): Uint16Array {
  const triangles: number[] = []
  for (let row = 0; row + 1 < ROWS; row++) {
    for (let column = 0; column + 1 < COLUMNS; column++) {
      const a = row * COLUMNS + column
      const b = a + COLUMNS
      triangles.push(a, a + 1, b, a + 1, b + 1, b)
    }
  }
  return Uint16Array.from(triangles)
}

function places(): Float32Array {
  const uv = new Float32Array(2 * COLUMNS * ROWS)
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      uv[2 * (row * COLUMNS + column)] = column === 0 ? 0 : 0.14 + (0.86 * (column - 1)) / 8
      uv[2 * (row * COLUMNS + column) + 1] = HEIGHTS[row]!
    }
  }
  return uv
}

function paint(): WeightTexture {
  return weightTexture(TEXTURE.width, TEXTURE.height, (s, t) => {
    const high = 1 - 0.35 * smoothStep(0.25, 0.55, t) - 0.65 * smoothStep(0.48, 0.95, t)
    // Rises to the outer side, as a brush leaves it.
    const outside = smoothStep(0.0, 0.17, s - 0.05 * t)
    const inside = 1 - 0.6 * smoothStep(0.6, 0.9, s) - 0.4 * smoothStep(0.86, 1, s)
    return high * outside * inside * (1 - 0.2 * smoothStep(0.2, 0.6, s))
  })
}
