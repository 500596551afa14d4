import { DITHER, EVERY_ROW, GLOW, LEAST_SHARE, REACH } from '../grid'
import { atPixel, cellRow } from './cell-row'

/** See `MattingKernel.weigh`. */
export function weigh(
  colours: Float32Array,
  mask: Float32Array,
  weighted: Float32Array,
  size: number,
  cells: number,
): void {
  for (let i = 0; i < cells; i++) {
    const light = colours[i]! / 255
    const square = light * light
    const share = Math.max(1 - 4 * mask[i]!, LEAST_SHARE) * (1 + GLOW * square * square)
    for (let n = 0; n < 3; n++) weighted[n * size + i] = share * colours[n * size + i]!
    weighted[3 * size + i] = share
  }
}

/** See `MattingKernel.disc`. */
export function disc(
  weighted: Float32Array,
  size: number,
  width: number,
  height: number,
  spans: Float32Array,
  radius: number,
  sums: Float32Array,
): void {
  const line = width + 2 * REACH
  const apart = radius < EVERY_ROW ? 1 : 2
  for (let n = 0; n < 4; n++) {
    const plane = weighted.subarray(n * size, n * size + width * height)
    sumRows(plane, width, height, line, sums)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0
        for (let dy = -radius; dy <= radius; dy += apart) {
          const row = y + dy
          if (row < 0 || row >= height) continue
          const at = row * line + REACH + x
          sum += sums[at + spans[dy + radius]!]! - sums[at - spans[dy + radius]! - 1]!
        }
        plane[y * width + x] = sum
      }
    }
  }
  for (let i = 0; i < width * height; i++) {
    const share = 1 / weighted[3 * size + i]!
    for (let n = 0; n < 3; n++) weighted[n * size + i]! *= share
  }
}

/** Sums from the start of each row on, with REACH more numbers at both ends. */
function sumRows(plane: Float32Array, width: number, height: number, line: number, sums: Float32Array): void {
  for (let y = 0; y < height; y++) {
    sums.fill(0, y * line, y * line + REACH)
    let sum = 0
    for (let x = 0; x < width; x++) sums[y * line + REACH + x] = sum = Math.fround(sum + plane[y * width + x]!)
    sums.fill(sum, y * line + REACH + width, (y + 1) * line)
  }
}

/** See `MattingKernel.enlarge`. */
export function enlarge(
  cells: Float32Array,
  columns: number,
  rows: number,
  step: number,
  pixels: Uint8Array,
  stride: number,
  height: number,
  scratch: Float32Array,
): void {
  for (let row = 0; row < height; row++) {
    cellRow(cells, 0, columns, rows, row, step, scratch, 0)
    for (let x = 0; x < Math.min(columns * step, stride); x++) {
      const value = atPixel(scratch, 0, x, step) + DITHER[(row & 3) * 4 + (x & 3)]!
      pixels[row * stride + x] = Math.min(Math.max(Math.floor(value + 0.5), 0), 255)
    }
  }
}
