import { COVER_FROM, COVER_TO, NEAR, NEAR_LESS } from '../grid'
import { atPixel, cellRow } from './cell-row'

/** See `MattingKernel.matte`. */
export function matte(
  y: Uint8Array,
  u: Uint8Array,
  v: Uint8Array,
  stride: number,
  height: number,
  lines: Float32Array,
  size: number,
  settled: Uint8Array,
  columns: number,
  rows: number,
  step: number,
  alpha: Uint8Array,
  scratch: Float32Array,
): void {
  const gain = 255 / (COVER_TO - COVER_FROM)
  const length = columns + 8
  for (let row = 0; row < height; row++) {
    const top = Math.min(Math.max(Math.floor((row + 0.5) / step - 0.5), 0), rows - 1)
    const bottom = Math.min(top + 1, rows - 1)
    for (let n = 0; n < 5; n++) cellRow(lines, n * size, columns, rows, row, step, scratch, n * length)
    // Four cells at a time, because the fast loops decide for four at once.
    for (let first = 0; first < columns; first += 4) {
      const last = Math.min(first + 4, columns)
      const clear = sameAll(settled, top * columns, bottom * columns, first, last)
      for (let x = first * step; x < Math.min(last * step, stride); x++) {
        const at = row * stride + x
        if (clear !== 128) {
          alpha[at] = clear
          continue
        }
        const chroma = (row >> 1) * (stride >> 1) + (x >> 1)
        const cover =
          atPixel(scratch, 0, x, step) * y[at]! +
          atPixel(scratch, length, x, step) * u[chroma]! +
          atPixel(scratch, 2 * length, x, step) * v[chroma]! +
          atPixel(scratch, 3 * length, x, step)
        const mean = NEAR * atPixel(scratch, 4 * length, x, step)
        const most = mean - NEAR_LESS
        const least = mean - NEAR + 1 + NEAR_LESS
        const near = Math.max(Math.min(cover, most), least)
        alpha[at] = Math.min(Math.max(Math.floor((near - COVER_FROM) * gain + 0.5), 0), 255)
      }
    }
  }
}

function sameAll(settled: Uint8Array, top: number, bottom: number, first: number, last: number): number {
  const value = settled[top + first]!
  for (let k = first; k < last; k++) if (settled[top + k] !== value || settled[bottom + k] !== value) return 128
  return value
}

/** See `MattingKernel.halve`. */
export function halve(alpha: Uint8Array, stride: number, height: number, half: Uint8Array): void {
  for (let row = 0; row < height >> 1; row++) {
    for (let x = 0; x < stride >> 1; x++) {
      const at = 2 * row * stride + 2 * x
      half[row * (stride >> 1) + x] = (alpha[at]! + alpha[at + 1]! + alpha[at + stride]! + alpha[at + stride + 1]!) >> 2
    }
  }
}
