import type { CellMoves } from '../pixel-kernel'

/**
 * Least determinant of the slope of a cell, from new to old places: an area grows to at most 1 / 0.3 of what it was,
 * and never folds over, because a bilinear cell has its least determinant at a corner.
 */
export const LEAST_AREA = 0.3

/** Inclusive ranges of nodes. */
export interface NodeRange {
  firstColumn: number
  lastColumn: number
  firstRow: number
  lastRow: number
}

/**
 * How much of some further moves can be added before the grid would fold over, 0..1: the largest s for which every
 * cell of moves + s * further keeps `LEAST_AREA`. The moves alone keep it.
 *
 * @param further x and y for each node; 0 outside of the range
 */
export function foldFreeShare(
  moves: CellMoves,
  furtherX: Float32Array,
  furtherY: Float32Array,
  range: NodeRange,
  cell: number,
): number {
  const { dx, dy, columns, rows } = moves
  const [firstRow, lastRow] = [Math.max(range.firstRow - 1, 0), Math.min(range.lastRow, rows - 2)]
  const [firstColumn, lastColumn] = [Math.max(range.firstColumn - 1, 0), Math.min(range.lastColumn, columns - 2)]
  // Cheap and on the safe side: the worst of each slope, as if all met in one cell.
  let [leastX, leastY, mostX, mostY] = [0, 0, 0, 0]
  for (let row = firstRow; row <= lastRow; row++) {
    for (let a = row * columns + firstColumn, end = row * columns + lastColumn; a <= end; a++) {
      const x = dx[a]! + furtherX[a]!
      const y = dy[a]! + furtherY[a]!
      const b = a + columns
      const xx = dx[a + 1]! + furtherX[a + 1]! - x
      const yx = Math.abs(dy[a + 1]! + furtherY[a + 1]! - y)
      const xy = Math.abs(dx[b]! + furtherX[b]! - x)
      const yy = dy[b]! + furtherY[b]! - y
      if (xx < leastX) leastX = xx
      if (yy < leastY) leastY = yy
      if (xy > mostX) mostX = xy
      if (yx > mostY) mostY = yx
    }
  }
  const [alongX, alongY] = [1 + leastX / cell, 1 + leastY / cell]
  if (alongX > 0 && alongY > 0 && alongX * alongY - (mostX * mostY) / (cell * cell) >= LEAST_AREA) return 1

  let share = 1
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const a = row * columns + column
      const b = a + columns
      // The four corners: an edge above or below with an edge left or right.
      for (let corner = 0; corner < 4; corner++) {
        const h = corner < 2 ? a : b
        const v = (corner & 1) === 0 ? a : a + 1
        const w = v + columns
        share = Math.min(
          share,
          firstBelow(
            1 + (dx[h + 1]! - dx[h]!) / cell,
            (dx[w]! - dx[v]!) / cell,
            (dy[h + 1]! - dy[h]!) / cell,
            1 + (dy[w]! - dy[v]!) / cell,
            (furtherX[h + 1]! - furtherX[h]!) / cell,
            (furtherX[w]! - furtherX[v]!) / cell,
            (furtherY[h + 1]! - furtherY[h]!) / cell,
            (furtherY[w]! - furtherY[v]!) / cell,
          ),
        )
      }
    }
  }
  return share
}

/** The first s in 0..1 at which det([a b; c d] + s [e f; g h]) falls to the least area; 1 when it does not. */
function firstBelow(a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number): number {
  const square = e * h - f * g
  const linear = a * h + d * e - b * g - c * f
  const rest = a * d - b * c - LEAST_AREA
  if (rest <= 0) return linear < 0 ? 0 : 1
  if (square === 0) return linear >= 0 ? 1 : Math.min(1, -rest / linear)
  const discriminant = linear * linear - 4 * square * rest
  if (discriminant <= 0) return 1
  // The smaller positive root, in the form that does not cancel (Press et al., Numerical Recipes, 5.6).
  const q = -0.5 * (linear + (linear < 0 ? -1 : 1) * Math.sqrt(discriminant))
  const [first, second] = [q / square, rest / q]
  const least = Math.min(first > 0 ? first : 1, second > 0 ? second : 1)
  return Math.min(1, least)
}
