import type { FaceRegion } from '../face-region'
import type { CellMoves, PixelKernel } from '../pixel-kernel'
import { cellError, type PushList } from './push'

/** Sides of a cell in pixels: the largest is taken that is fine enough for what is asked. */
const CELLS = [32, 16, 8, 4] as const
const SMALLEST_CELL = 4
/** A cell is fine enough when no place is off by more than the first in pixels, or the second in face widths. */
const MOST_ERROR = 0.2
const MOST_ERROR_WIDTHS = 0.001
/** No more cells on the width of a face: finer ones would cost more than they show. */
const MOST_CELLS = 80

/** Nodes of the largest grid of cells in a frame of this size. */
export function nodeCapacity(width: number, height: number): number {
  return (Math.ceil(width / SMALLEST_CELL) + 2) * (Math.ceil(height / SMALLEST_CELL) + 2)
}

/**
 * For each node of a grid of cells: from where in the old picture its pixel comes. Between the nodes this goes on
 * bilinearly. The nodes lie on multiples of the cell in the frame: the grid stands still while the face moves.
 */
export class NodeGrid {
  readonly moves: CellMoves
  /** Every second node, for the planes of colour of small cells; see `halve`. */
  readonly halved: CellMoves
  /** Side of a cell in pixels: a power of two. */
  cell: number = SMALLEST_CELL
  /** Step of the region that the grid was laid for. */
  step = 2
  left = 0
  top = 0
  /** Right and bottom end of the cells in the frame, exclusive. */
  right = 0
  bottom = 0

  /** For frames of this size, in pixels. */
  constructor(kernel: PixelKernel, width: number, height: number) {
    const moves = (nodes: number): CellMoves => ({
      dx: kernel.floats(nodes),
      dy: kernel.floats(nodes),
      columns: 0,
      rows: 0,
    })
    this.moves = moves(nodeCapacity(width, height))
    this.halved = moves(nodeCapacity(width / 2, height / 2))
  }

  /**
   * Lays the grid over all that the pushes can move within a region, with all nodes at rest.
   * @returns whether there is anything to move
   */
  fit(region: FaceRegion, pushes: readonly PushList[]): boolean {
    const cell = (this.cell = cellFor(region.faceWidth, pushes))
    this.step = region.step
    let slack = cell
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (const list of pushes) {
      for (let i = 0; i < list.count; i++) {
        const { x, y, width, height, mx, my } = list.at(i)
        // So far one group may carry the places on which the next one acts.
        slack = Math.max(slack, Math.abs(mx), Math.abs(my))
        left = Math.min(left, x - width)
        right = Math.max(right, x + width)
        top = Math.min(top, y - height)
        bottom = Math.max(bottom, y + height)
      }
    }
    // A cell is kept whole or left out at the borders of the region; a border of the frame may cut it.
    this.left = Math.max(Math.floor((left - slack) / cell), Math.ceil(region.left / cell)) * cell
    this.top = Math.max(Math.floor((top - slack) / cell), Math.ceil(region.top / cell)) * cell
    this.right = Math.min(Math.ceil((right + slack) / cell) * cell, region.right)
    this.bottom = Math.min(Math.ceil((bottom + slack) / cell) * cell, region.bottom)
    if (this.right - this.left < 2 * cell || this.bottom - this.top < 2 * cell) return false
    const { moves } = this
    moves.columns = Math.ceil((this.right - this.left) / cell) + 1
    moves.rows = Math.ceil((this.bottom - this.top) / cell) + 1
    moves.dx.fill(0, 0, moves.columns * moves.rows)
    moves.dy.fill(0, 0, moves.columns * moves.rows)
    return true
  }

  /** Fills `halved`: colour has half the pixels, and is moved in half the time in cells of as many pixels as luma. */
  halve(): CellMoves {
    const { moves, halved } = this
    halved.columns = (moves.columns >> 1) + 1
    halved.rows = (moves.rows >> 1) + 1
    for (let row = 0, to = 0; row < halved.rows; row++) {
      const from = Math.min(2 * row, moves.rows - 1) * moves.columns
      for (let column = 0; column < halved.columns; column++, to++) {
        const node = from + Math.min(2 * column, moves.columns - 1)
        halved.dx[to] = moves.dx[node]!
        halved.dy[to] = moves.dy[node]!
      }
    }
    return halved
  }
}

/** The largest cell that is fine enough for all pushes. */
function cellFor(faceWidth: number, pushes: readonly PushList[]): number {
  const most = Math.max(MOST_ERROR, MOST_ERROR_WIDTHS * faceWidth)
  let error = 0
  for (const list of pushes)
    for (let i = 0; i < list.count; i++) error = Math.max(error, cellError(list.at(i), SMALLEST_CELL))
  return (
    CELLS.find((cell) => error * (cell / SMALLEST_CELL) ** 2 <= most || cell / 2 < faceWidth / MOST_CELLS) ??
    SMALLEST_CELL
  )
}
