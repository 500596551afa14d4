import type { FaceRegion } from '../face-region'
import type { CellMoves, PixelKernel } from '../pixel-kernel'
import type { PushList } from './push'

/** Samples of the working grid along one side of a cell: 30 to 80 cells lie on the width of a face. */
const CELL_STEPS = 2
const SMALLEST_CELL = 2 * CELL_STEPS

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
  /** Side of a cell in pixels: a power of two. */
  cell = SMALLEST_CELL
  /** Step of the region that the grid was laid for. */
  step = CELL_STEPS
  left = 0
  top = 0
  /** Right and bottom end of the cells in the frame, exclusive. */
  right = 0
  bottom = 0

  /** For frames of this size, in pixels. */
  constructor(kernel: PixelKernel, width: number, height: number) {
    const nodes = nodeCapacity(width, height)
    this.moves = { dx: kernel.floats(nodes), dy: kernel.floats(nodes), columns: 0, rows: 0 }
  }

  /**
   * Lays the grid over all that the pushes can move within a region, with all nodes at rest.
   * @returns whether there is anything to move
   */
  fit(region: FaceRegion, pushes: readonly PushList[]): boolean {
    const cell = (this.cell = CELL_STEPS * region.step)
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
}
