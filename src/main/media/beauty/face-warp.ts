import { middleOf, smoothStep, type FaceRegion } from './face-region'
import { EYE_CORNERS, JAW, LEFT_EYE, NOSE_TIP, RIGHT_EYE } from './mesh-indices'
import type { CellMoves, PixelKernel } from './pixel-kernel'
import type { RegionPlanes } from './region-planes'

/** Farthest a point of the jaw moves, as a share of its distance from the middle of the face (media.md 3.1). */
const THIN = 0.13
/** How far around a point of the jaw the picture moves with it, in face widths. */
const JAW_REACH = 0.24
/** How much the middle of an eye grows, and how far around it, in widths of the eye (media.md 3.1). */
const ENLARGE = 0.45
const EYE_REACH = 0.95
/** Over so many cells the movement ends at the border of the region. */
const TAPER = 3
const EYES = [
  { corners: EYE_CORNERS[0], outline: RIGHT_EYE },
  { corners: EYE_CORNERS[1], outline: LEFT_EYE },
]
/** Samples of the working grid along one side of a cell. */
const CELL = 4

/**
 * Moves parts of a face: for each node of a grid of cells it is known from where in the old picture its pixel comes,
 * and between the nodes this goes on bilinearly. Nodes at the border of the region stand still, and cells whose nodes
 * all stand still keep their pixels.
 */
export class FaceWarp {
  readonly #moves: CellMoves
  /** Of the pushes on a node: their weights. */
  readonly #weights: Float32Array

  /** For frames of this size, in pixels. */
  constructor(kernel: PixelKernel, width: number, height: number) {
    const nodes = nodeCapacity(width, height)
    this.#moves = { dx: kernel.floats(nodes), dy: kernel.floats(nodes), columns: 0, rows: 0 }
    this.#weights = new Float32Array(nodes)
  }

  /** @param thin, eyes strengths, 0..1 */
  apply(kernel: PixelKernel, planes: RegionPlanes, region: FaceRegion, thin: number, eyes: number): void {
    if (thin <= 0 && eyes <= 0) return
    const cell = CELL * region.step
    const moves = this.#moves
    moves.columns = Math.ceil((region.right - region.left) / cell) + 1
    moves.rows = Math.ceil((region.bottom - region.top) / cell) + 1
    const nodes = moves.columns * moves.rows
    moves.dx.fill(0, 0, nodes)
    moves.dy.fill(0, 0, nodes)
    if (thin > 0) this.#thin(region, thin, cell)
    if (eyes > 0) this.#enlarge(region, eyes, cell)
    this.#taper()
    kernel.moveCells(planes.y, moves, cell, 1)
    kernel.moveCells(planes.u, moves, cell >> 1, 0.5)
    kernel.moveCells(planes.v, moves, cell >> 1, 0.5)
  }

  #thin(region: FaceRegion, thin: number, cell: number): void {
    const { points, across, faceWidth } = region
    const { dx, dy, columns, rows } = this.#moves
    const weights = this.#weights
    weights.fill(0, 0, columns * rows)
    const mx = points[NOSE_TIP * 3]!
    const my = points[NOSE_TIP * 3 + 1]!
    for (const index of JAW) {
      const x = points[index * 3]!
      const y = points[index * 3 + 1]!
      const move = THIN * thin * ((x - mx) * across[0] + (y - my) * across[1])
      this.#around(region, cell, x, y, JAW_REACH * faceWidth, (node, near) => {
        weights[node]! += near
        dx[node]! += near * move * across[0]
        dy[node]! += near * move * across[1]
      })
    }
    for (let node = 0; node < columns * rows; node++) {
      if (weights[node]! <= 1) continue
      dx[node]! /= weights[node]!
      dy[node]! /= weights[node]!
    }
  }

  #enlarge(region: FaceRegion, eyes: number, cell: number): void {
    const { points } = region
    const { dx, dy } = this.#moves
    const grow = ENLARGE * eyes
    for (const { corners, outline } of EYES) {
      const [outer, inner] = corners
      const width = Math.hypot(points[outer * 3]! - points[inner * 3]!, points[outer * 3 + 1]! - points[inner * 3 + 1]!)
      const [x, y] = middleOf(points, outline)
      this.#around(region, cell, x, y, Math.max(EYE_REACH * width, 1), (node, near, rx, ry) => {
        dx[node]! -= grow * near * rx
        dy[node]! -= grow * near * ry
      })
    }
  }

  /** Visits the nodes nearer to a place than `reach` pixels, with (1 - d²/reach²)² and how far they lie from it. */
  #around(
    { left, top }: FaceRegion,
    cell: number,
    x: number,
    y: number,
    reach: number,
    visit: (node: number, near: number, rx: number, ry: number) => void,
  ): void {
    const { columns, rows } = this.#moves
    const firstColumn = Math.max(0, Math.ceil((x - reach - left) / cell))
    const lastColumn = Math.min(columns - 1, Math.floor((x + reach - left) / cell))
    const firstRow = Math.max(0, Math.ceil((y - reach - top) / cell))
    const lastRow = Math.min(rows - 1, Math.floor((y + reach - top) / cell))
    for (let row = firstRow; row <= lastRow; row++) {
      const ry = top + row * cell - y
      for (let column = firstColumn; column <= lastColumn; column++) {
        const rx = left + column * cell - x
        const far = (rx * rx + ry * ry) / (reach * reach)
        if (far < 1) visit(row * columns + column, (1 - far) * (1 - far), rx, ry)
      }
    }
  }

  /** The movement ends at the border of the region. */
  #taper(): void {
    const { dx, dy, columns, rows } = this.#moves
    for (let row = 0; row < rows; row++) {
      const rowEdge = Math.min(row, rows - 1 - row)
      for (let column = 0; column < columns; column++) {
        const edge = Math.min(rowEdge, column, columns - 1 - column)
        if (edge >= TAPER) {
          // Inside nothing changes: on to the last columns.
          column = Math.max(column, columns - 1 - TAPER)
          continue
        }
        const node = row * columns + column
        const fade = smoothStep(0, TAPER, edge)
        dx[node]! *= fade
        dy[node]! *= fade
      }
    }
  }
}

/** Nodes of the largest grid of cells in a frame of this size. */
export function nodeCapacity(width: number, height: number): number {
  return (Math.ceil(width / 8) + 2) * (Math.ceil(height / 8) + 2)
}
