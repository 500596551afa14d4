/**
 * A row of cells as it lies at a row of pixels, bilinear; cell k stands at `row[k + 1]`, and the first and the last are
 * there twice, so that every pixel has a neighbour to each side.
 */
export function cellRow(
  cells: Float32Array,
  start: number,
  columns: number,
  rows: number,
  y: number,
  step: number,
  row: Float32Array,
  to: number,
): void {
  const place = Math.min(Math.max((y + 0.5) / step - 0.5, 0), rows - 1)
  const top = Math.floor(place)
  const bottom = Math.min(top + 1, rows - 1)
  const share = place - top
  for (let k = 0; k < columns; k++) {
    const upper = cells[start + top * columns + k]!
    row[to + k + 1] = upper + (cells[start + bottom * columns + k]! - upper) * share
  }
  row[to] = row[to + 1]!
  row[to + columns + 1] = row[to + columns]!
}

/** The value of such a row at pixel x. */
export function atPixel(row: Float32Array, from: number, x: number, step: number): number {
  const cell = Math.floor(x / step)
  const place = ((x % step) + 0.5) / step - 0.5
  const middle = row[from + cell + 1]!
  return place < 0 ? middle - place * (row[from + cell]! - middle) : middle + place * (row[from + cell + 2]! - middle)
}
