import type { FaceRegion } from '../face-region'
import { BorderFade } from './border-fade'
import { foldFreeShare, type NodeRange } from './fold-guard'
import type { NodeGrid } from './node-grid'
import type { Push, PushList } from './push'

/** A push may be worked out on nodes of which so many lie within its half axis, and a cubic laid between them. */
const LEAST_REACH = 4.5
/** On a line of pushes their weights add up to about this; beside it less, and the moves become smaller. */
const FULL_WEIGHT = 2.2
/** Moves below this stay out, in pixels. */
const LEAST = 0.04

/**
 * Adds up pushes on the nodes of a grid, group by group. A group acts on the places to which those before it have
 * brought the picture: so a larger eye goes with a narrower face, and each group can be kept from folding by itself.
 */
export class MoveField {
  /** Moves of the present group, and the sum of its weights. All 0 between two groups. */
  readonly #x: Float32Array
  readonly #y: Float32Array
  readonly #weights: Float32Array
  readonly #fade: BorderFade
  readonly #range: NodeRange = { firstColumn: 0, lastColumn: 0, firstRow: 0, lastRow: 0 }
  /** Farthest that a node has been moved so far, in pixels, on either axis. */
  #farthest = 0
  #region!: FaceRegion
  #frameWidth = 0
  #frameHeight = 0

  /** @param capacity most nodes of a grid */
  constructor(capacity: number) {
    this.#fade = new BorderFade(capacity)
    this.#x = new Float32Array(capacity)
    this.#y = new Float32Array(capacity)
    this.#weights = new Float32Array(capacity)
  }

  /** What follows belongs to this region of a frame, on a grid at rest. */
  begin(region: FaceRegion, frameWidth: number, frameHeight: number): void {
    this.#farthest = 0
    this.#region = region
    this.#frameWidth = frameWidth
    this.#frameHeight = frameHeight
  }

  /**
   * Adds a group in which every push does its part.
   * @param leastArea see `foldFreeShare`; each group leaves some room for the next
   */
  addSum(grid: NodeGrid, pushes: PushList, leastArea: number): void {
    if (pushes.count === 0) return
    this.#openRange()
    for (let i = 0; i < pushes.count; i++) this.#push(grid, pushes.at(i), null, 1)
    this.#close(grid, leastArea)
  }

  /** Adds a group whose pushes are points of a line: where they overlap, their mean by weight counts. */
  addMean(grid: NodeGrid, pushes: PushList, leastArea: number): void {
    if (pushes.count === 0) return
    this.#openRange()
    const weights = this.#weights
    // Wide pushes are worked out on every second node, in a quarter of the time.
    const stride = isWide(pushes, grid.cell) ? 2 : 1
    for (let i = 0; i < pushes.count; i++) this.#push(grid, pushes.at(i), weights, stride)
    const { firstColumn, lastColumn, firstRow, lastRow } = this.#range
    const { columns } = grid.moves
    for (let row = firstRow; row <= lastRow; row += stride) {
      for (let column = firstColumn; column <= lastColumn; column += stride) {
        const node = row * columns + column
        const weight = weights[node]!
        if (weight === 0) continue
        weights[node] = 0
        // Goes over from a sum to the mean without a kink.
        const full = weight / FULL_WEIGHT
        const divide = FULL_WEIGHT * (full < 0.5 ? 1 : full < 1.5 ? 1 + 0.5 * (full - 0.5) * (full - 0.5) : full)
        this.#x[node]! /= divide
        this.#y[node]! /= divide
      }
    }
    if (stride === 2) this.#fillBetween(grid)
    this.#close(grid, leastArea)
  }

  #openRange(): void {
    this.#range.firstColumn = this.#range.firstRow = Infinity
    this.#range.lastColumn = this.#range.lastRow = -Infinity
  }

  /** Fills the nodes between the even ones: first along the even rows, then between them. */
  #fillBetween({ moves: { columns, rows } }: NodeGrid): void {
    const range = this.#range
    if (range.lastColumn < range.firstColumn) return
    const [evenFirst, evenLast] = [range.firstRow, range.lastRow]
    range.firstColumn = Math.max(range.firstColumn - 1, 0)
    range.lastColumn = Math.min(range.lastColumn + 1, columns - 1)
    range.firstRow = Math.max(range.firstRow - 1, 0)
    range.lastRow = Math.min(range.lastRow + 1, rows - 1)
    const { firstColumn, lastColumn, firstRow, lastRow } = range
    for (let row = evenFirst; row <= evenLast; row += 2)
      for (let column = firstColumn | 1; column <= lastColumn; column += 2)
        this.#fill(row * columns, column, columns - 1, 1)
    for (let row = firstRow | 1; row <= lastRow; row += 2)
      for (let column = firstColumn; column <= lastColumn; column++) this.#fill(column, row, rows - 1, columns)
  }

  /** A cubic through two even nodes on both sides; at the border of the grid its last ones count twice. */
  #fill(start: number, odd: number, last: number, pitch: number): void {
    const lastEven = last & ~1
    const a = start + Math.max(odd - 3, 0) * pitch
    const b = start + (odd - 1) * pitch
    const c = start + Math.min(odd + 1, lastEven) * pitch
    const d = start + Math.min(odd + 3, lastEven) * pitch
    const node = start + odd * pitch
    this.#x[node] = (9 * (this.#x[b]! + this.#x[c]!) - this.#x[a]! - this.#x[d]!) / 16
    this.#y[node] = (9 * (this.#y[b]! + this.#y[c]!) - this.#y[a]! - this.#y[d]!) / 16
  }

  /** Adds one push to the group: the pixel at a node comes from where the push has taken it away. */
  #push({ left, top, cell, moves }: NodeGrid, push: Push, weights: Float32Array | null, stride: 1 | 2): void {
    const { dx, dy, columns, rows } = moves
    const { x, y, ax, ay, ux, uy, mx, my, sxx, sxy, syy, weight, firm } = push
    const [sumX, sumY, range] = [this.#x, this.#y, this.#range]
    const slack = this.#farthest
    const pitch = stride * cell
    const firstColumn = Math.max(0, Math.ceil((x - push.width - slack - left) / pitch) * stride)
    const lastColumn = Math.min(columns - 1, Math.floor((x + push.width + slack - left) / cell))
    const firstRow = Math.max(0, Math.ceil((y - push.height - slack - top) / pitch) * stride)
    const lastRow = Math.min(rows - 1, Math.floor((y + push.height + slack - top) / cell))
    if (firstColumn > lastColumn || firstRow > lastRow) return
    range.firstColumn = Math.min(range.firstColumn, firstColumn)
    range.lastColumn = Math.max(range.lastColumn, stride === 1 ? lastColumn : lastColumn & ~1)
    range.firstRow = Math.min(range.firstRow, firstRow)
    range.lastRow = Math.max(range.lastRow, stride === 1 ? lastRow : lastRow & ~1)
    const stretches = sxx !== 0 || sxy !== 0 || syy !== 0
    for (let row = firstRow; row <= lastRow; row += stride) {
      const nodeY = top + row * cell - y
      for (let column = firstColumn; column <= lastColumn; column += stride) {
        const node = row * columns + column
        const rx = left + column * cell - x + dx[node]!
        const ry = nodeY + dy[node]!
        const p = ax * rx + ay * ry
        const q = ux * rx + uy * ry
        const far = p * p + q * q
        if (far >= 1) continue
        const rest = firm ? 1 - far * far : 1 - far
        const near = weight * rest * rest
        if (stretches) {
          sumX[node]! -= near * (mx + sxx * rx + sxy * ry)
          sumY[node]! -= near * (my + sxy * rx + syy * ry)
        } else {
          sumX[node]! -= near * mx
          sumY[node]! -= near * my
        }
        if (weights) weights[node]! += near
      }
    }
  }

  /** Takes the group over into the grid, faded towards the borders and as far as nothing folds. */
  #close(grid: NodeGrid, leastArea: number): void {
    const range = this.#range
    if (range.lastColumn < range.firstColumn) return
    const [x, y] = [this.#x, this.#y]
    this.#fade.apply(x, y, grid, range, this.#region, this.#frameWidth, this.#frameHeight)
    const { dx, dy, columns } = grid.moves
    const share = foldFreeShare(grid.moves, x, y, range, grid.cell, leastArea)
    let farthest = this.#farthest
    for (let row = range.firstRow; row <= range.lastRow; row++) {
      for (let node = row * columns + range.firstColumn, end = row * columns + range.lastColumn; node <= end; node++) {
        if (x[node] === 0 && y[node] === 0) continue
        let toX = dx[node]! + share * x[node]!
        let toY = dy[node]! + share * y[node]!
        // What nobody sees is not worth the time of moving it.
        if (Math.abs(toX) < LEAST && Math.abs(toY) < LEAST) toX = toY = 0
        dx[node] = toX
        dy[node] = toY
        x[node] = y[node] = 0
        farthest = Math.max(farthest, Math.abs(toX), Math.abs(toY))
      }
    }
    this.#farthest = farthest
  }
}

/** Whether twice the cell is still fine for all pushes of a line. */
function isWide(pushes: PushList, cell: number): boolean {
  for (let i = 0; i < pushes.count; i++) {
    const { width, height } = pushes.at(i)
    if (Math.min(width, height) < LEAST_REACH * 2 * cell) return false
  }
  return true
}
