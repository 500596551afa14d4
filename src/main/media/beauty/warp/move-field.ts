import { smoothStep, type FaceRegion } from '../face-region'
import { foldFreeShare, type NodeRange } from './fold-guard'
import type { NodeGrid } from './node-grid'
import type { Push, PushList } from './push'

/** Nothing moves farther from the middle of a face than the second, all within the first; in face widths. */
const FADE_FROM = 1.05
const FADE_TO = 1.25
/** Over so many face widths a move ends at a border of the region. */
const BORDER = 0.12

/**
 * Adds up pushes on the nodes of a grid, group by group. A group acts on the places to which those before it have
 * brought the picture: so a larger eye goes with a narrower face, and each group can be kept from folding by itself.
 */
export class MoveField {
  /** Moves of the present group, and the sum of its weights. All 0 between two groups. */
  readonly #x: Float32Array
  readonly #y: Float32Array
  readonly #weights: Float32Array
  readonly #range: NodeRange = { firstColumn: 0, lastColumn: 0, firstRow: 0, lastRow: 0 }
  /** Farthest that a node has been moved so far, in pixels, on either axis. */
  #farthest = 0
  #region!: FaceRegion
  #frameWidth = 0
  #frameHeight = 0

  /** @param capacity most nodes of a grid */
  constructor(capacity: number) {
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

  /** Adds a group in which every push does its part. */
  addSum(grid: NodeGrid, pushes: PushList): void {
    if (pushes.count === 0) return
    this.#openRange()
    for (let i = 0; i < pushes.count; i++) this.#push(grid, pushes.at(i), null)
    this.#close(grid)
  }

  /** Adds a group whose pushes are points of a line: where they overlap, their mean by weight counts. */
  addMean(grid: NodeGrid, pushes: PushList): void {
    if (pushes.count === 0) return
    this.#openRange()
    const weights = this.#weights
    for (let i = 0; i < pushes.count; i++) this.#push(grid, pushes.at(i), weights)
    const { firstColumn, lastColumn, firstRow, lastRow } = this.#range
    const { columns } = grid.moves
    for (let row = firstRow; row <= lastRow; row++) {
      for (let node = row * columns + firstColumn, end = row * columns + lastColumn; node <= end; node++) {
        const weight = weights[node]!
        weights[node] = 0
        if (weight <= 0.5) continue
        // Goes over from 1 to the weight without a kink.
        const divide = weight < 1.5 ? 1 + 0.5 * (weight - 0.5) * (weight - 0.5) : weight
        this.#x[node]! /= divide
        this.#y[node]! /= divide
      }
    }
    this.#close(grid)
  }

  #openRange(): void {
    this.#range.firstColumn = this.#range.firstRow = Infinity
    this.#range.lastColumn = this.#range.lastRow = -Infinity
  }

  /** Adds one push to the group: the pixel at a node comes from where the push has taken it away. */
  #push({ left, top, cell, moves }: NodeGrid, push: Push, weights: Float32Array | null): void {
    const { dx, dy, columns, rows } = moves
    const { x, y, ax, ay, ux, uy, mx, my, sxx, sxy, syy, firm } = push
    const [sumX, sumY, range] = [this.#x, this.#y, this.#range]
    const slack = this.#farthest
    const firstColumn = Math.max(0, Math.ceil((x - push.width - slack - left) / cell))
    const lastColumn = Math.min(columns - 1, Math.floor((x + push.width + slack - left) / cell))
    const firstRow = Math.max(0, Math.ceil((y - push.height - slack - top) / cell))
    const lastRow = Math.min(rows - 1, Math.floor((y + push.height + slack - top) / cell))
    if (firstColumn > lastColumn || firstRow > lastRow) return
    range.firstColumn = Math.min(range.firstColumn, firstColumn)
    range.lastColumn = Math.max(range.lastColumn, lastColumn)
    range.firstRow = Math.min(range.firstRow, firstRow)
    range.lastRow = Math.max(range.lastRow, lastRow)
    const stretches = sxx !== 0 || sxy !== 0 || syy !== 0
    for (let row = firstRow; row <= lastRow; row++) {
      const nodeY = top + row * cell - y
      for (let column = firstColumn; column <= lastColumn; column++) {
        const node = row * columns + column
        const rx = left + column * cell - x + dx[node]!
        const ry = nodeY + dy[node]!
        const p = ax * rx + ay * ry
        const q = ux * rx + uy * ry
        const far = p * p + q * q
        if (far >= 1) continue
        const rest = firm ? 1 - far * far : 1 - far
        const near = rest * rest
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
  #close(grid: NodeGrid): void {
    const range = this.#range
    if (range.lastColumn < range.firstColumn) return
    const [x, y] = [this.#x, this.#y]
    this.#fade(grid)
    const { dx, dy, columns } = grid.moves
    const share = foldFreeShare(grid.moves, x, y, range, grid.cell)
    let farthest = this.#farthest
    for (let row = range.firstRow; row <= range.lastRow; row++) {
      for (let node = row * columns + range.firstColumn, end = row * columns + range.lastColumn; node <= end; node++) {
        const toX = dx[node]! + share * x[node]!
        const toY = dy[node]! + share * y[node]!
        dx[node] = toX
        dy[node] = toY
        x[node] = y[node] = 0
        farthest = Math.max(farthest, Math.abs(toX), Math.abs(toY))
      }
    }
    this.#farthest = farthest
  }

  /**
   * Moves end at the borders of the region and far from the face. At a border of the frame they only do not cross it:
   * there is nothing behind that could come in.
   */
  #fade({ left, top, cell, moves }: NodeGrid): void {
    const region = this.#region
    const { centre, faceWidth } = region
    const [x, y, range] = [this.#x, this.#y, this.#range]
    const border = BORDER * faceWidth
    const [fadeFrom, fadeTo] = [FADE_FROM * faceWidth, FADE_TO * faceWidth]
    const fromLeft = left + range.firstColumn * cell
    const fromTop = top + range.firstRow * cell
    const toRight = left + range.lastColumn * cell
    const toBottom = top + range.lastRow * cell
    const farX = Math.max(centre[0] - fromLeft, toRight - centre[0])
    const farY = Math.max(centre[1] - fromTop, toBottom - centre[1])
    const isInside =
      Math.min(fromLeft - region.left, fromTop - region.top) >= border &&
      Math.min(region.right - toRight, region.bottom - toBottom) >= border + cell
    if (isInside && farX * farX + farY * farY <= fadeFrom * fadeFrom) return
    // How far the borders of the region are that lie inside of the frame; a cell that one of them cuts stands still.
    const [ownLeft, ownTop] = [region.left > 0 ? region.left : -Infinity, region.top > 0 ? region.top : -Infinity]
    const ownRight = region.right < this.#frameWidth ? region.right - cell : Infinity
    const ownBottom = region.bottom < this.#frameHeight ? region.bottom - cell : Infinity
    const fade = (low: number, high: number, at: number): number => smoothStep(0, border, Math.min(at - low, high - at))
    for (let row = range.firstRow; row <= range.lastRow; row++) {
      const atY = top + row * cell
      const ownY = fade(ownTop, ownBottom, atY)
      const frameY = fade(0, this.#frameHeight, atY)
      const { columns } = moves
      for (let column = range.firstColumn; column <= range.lastColumn; column++) {
        const node = row * columns + column
        if (x[node] === 0 && y[node] === 0) continue
        const atX = left + column * cell
        const far = Math.hypot(atX - centre[0], atY - centre[1])
        const share = ownY * fade(ownLeft, ownRight, atX) * (1 - smoothStep(fadeFrom, fadeTo, far))
        x[node]! *= share * fade(0, this.#frameWidth, atX)
        y[node]! *= share * frameY
      }
    }
  }
}
