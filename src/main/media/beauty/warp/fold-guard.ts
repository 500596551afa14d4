import type { CellMoves } from '../pixel-kernel'

/** Inclusive ranges of nodes. */
export interface NodeRange {
  firstColumn: number
  lastColumn: number
  firstRow: number
  lastRow: number
}

/**
 * How much of some further moves can be added before the grid would fold over, 0..1: the largest s for which the
 * determinant of moves + s * further, from new to old places, is nowhere less than `leastArea`. The moves alone keep
 * it. A bilinear cell has its least determinant at a corner.
 *
 * @param furtherX, furtherY for each node; 0 outside of the range
 * @param leastArea above 0: an area grows to at most 1 / leastArea of what it was
 */
export function foldFreeShare(
  moves: CellMoves,
  furtherX: Float32Array,
  furtherY: Float32Array,
  range: NodeRange,
  cell: number,
  leastArea: number,
): number {
  const { dx, dy, columns, rows } = moves
  const [firstRow, lastRow] = [Math.max(range.firstRow - 1, 0), Math.min(range.lastRow, rows - 2)]
  const [firstColumn, lastColumn] = [Math.max(range.firstColumn - 1, 0), Math.min(range.lastColumn, columns - 2)]
  const least = leastArea * cell * cell
  for (let row = firstRow; row <= lastRow; row++) {
    const first = row * columns + firstColumn
    const last = row * columns + lastColumn
    // Cheap and on the safe side: the worst of each slope in a row of cells, as if all met in one.
    let leastX = 0
    let leastY = 0
    let mostX = 0
    let mostY = 0
    let x = dx[first]! + furtherX[first]!
    let y = dy[first]! + furtherY[first]!
    let lowX = dx[first + columns]! + furtherX[first + columns]!
    let lowY = dy[first + columns]! + furtherY[first + columns]!
    for (let a = first + 1; ; a++) {
      leastY = Math.min(leastY, lowY - y)
      mostX = Math.max(mostX, Math.abs(lowX - x))
      if (a > last + 1) break
      const nextX = dx[a]! + furtherX[a]!
      const nextY = dy[a]! + furtherY[a]!
      const nextLowX = dx[a + columns]! + furtherX[a + columns]!
      const nextLowY = dy[a + columns]! + furtherY[a + columns]!
      leastX = Math.min(leastX, nextX - x, nextLowX - lowX)
      mostY = Math.max(mostY, Math.abs(nextY - y), Math.abs(nextLowY - lowY))
      x = nextX
      y = nextY
      lowX = nextLowX
      lowY = nextLowY
    }
    const isSafe = leastX > -cell && leastY > -cell
    if (isSafe && (cell + leastX) * (cell + leastY) - mostX * mostY >= least) continue
    if (folds(moves, furtherX, furtherY, first, last, cell, least))
      return exactShare(moves, furtherX, furtherY, firstRow, lastRow, firstColumn, lastColumn, cell, leastArea)
  }
  return 1
}

/** Whether a cell of a row falls below the least area when all is added. */
function folds(
  { dx, dy, columns }: CellMoves,
  furtherX: Float32Array,
  furtherY: Float32Array,
  first: number,
  last: number,
  cell: number,
  least: number,
): boolean {
  let aX = dx[first]! + furtherX[first]!
  let aY = dy[first]! + furtherY[first]!
  let bX = dx[first + columns]! + furtherX[first + columns]!
  let bY = dy[first + columns]! + furtherY[first + columns]!
  for (let a = first; a <= last; a++) {
    const b = a + columns
    const cX = dx[a + 1]! + furtherX[a + 1]!
    const cY = dy[a + 1]! + furtherY[a + 1]!
    const eX = dx[b + 1]! + furtherX[b + 1]!
    const eY = dy[b + 1]! + furtherY[b + 1]!
    const [upperX, upperY, lowerX, lowerY] = [cell + cX - aX, cY - aY, cell + eX - bX, eY - bY]
    const [leftX, leftY, rightX, rightY] = [bX - aX, cell + bY - aY, eX - cX, cell + eY - cY]
    if (upperX * leftY - upperY * leftX < least || upperX * rightY - upperY * rightX < least) return true
    if (lowerX * leftY - lowerY * leftX < least || lowerX * rightY - lowerY * rightX < least) return true
    aX = cX
    aY = cY
    bX = eX
    bY = eY
  }
  return false
}

/** From the cells themselves; takes three times as long. */
function exactShare(
  moves: CellMoves,
  furtherX: Float32Array,
  furtherY: Float32Array,
  firstRow: number,
  lastRow: number,
  firstColumn: number,
  lastColumn: number,
  cell: number,
  leastArea: number,
): number {
  let share = 1
  for (let row = firstRow; row <= lastRow; row++) {
    const start = row * moves.columns
    for (let a = start + firstColumn; a <= start + lastColumn; a++) {
      const b = a + moves.columns
      // Most cells lie where nothing further moves.
      const corners = furtherX[a]! !== 0 || furtherX[a + 1]! !== 0 || furtherX[b]! !== 0 || furtherX[b + 1]! !== 0
      if (corners || furtherY[a]! !== 0 || furtherY[a + 1]! !== 0 || furtherY[b]! !== 0 || furtherY[b + 1]! !== 0)
        share = Math.min(share, cellShare(moves, furtherX, furtherY, a, cell, leastArea))
    }
  }
  return share
}

/** How much of the further moves one cell can take: its four corners are an edge above or below with one at a side. */
function cellShare(
  { dx, dy, columns }: CellMoves,
  furtherX: Float32Array,
  furtherY: Float32Array,
  a: number,
  cell: number,
  leastArea: number,
): number {
  let share = 1
  for (let corner = 0; corner < 4; corner++) {
    const h = corner < 2 ? a : a + columns
    const v = (corner & 1) === 0 ? a : a + 1
    const w = v + columns
    share = Math.min(
      share,
      firstBelow(
        leastArea,
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
  return share
}

/** The first s in 0..1 at which det([a b; c d] + s [e f; g h]) falls to the least area; 1 when it does not. */
function firstBelow(
  leastArea: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): number {
  const square = e * h - f * g
  const linear = a * h + d * e - b * g - c * f
  const rest = a * d - b * c - leastArea
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
