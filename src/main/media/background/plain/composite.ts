import { atPixel, cellRow } from './cell-row'

/** See `MattingKernel.composite`. */
export function composite(
  pixels: Uint8Array,
  backdrop: Uint8Array,
  alpha: Uint8Array,
  stride: number,
  height: number,
  person: Float32Array,
  behind: Float32Array,
  columns: number,
  rows: number,
  step: number,
  scratch: Float32Array,
): void {
  const length = columns + 8
  for (let row = 0; row < height; row++) {
    cellRow(person, 0, columns, rows, row, step, scratch, 0)
    cellRow(behind, 0, columns, rows, row, step, scratch, length)
    for (let x = 0; x < Math.min(columns * step, stride); x++) {
      const at = row * stride + x
      const cover = alpha[at]! / 255
      if (cover === 1) continue
      const below = backdrop[at]!
      if (cover === 0) {
        pixels[at] = below
        continue
      }
      const mean = atPixel(scratch, 0, x, step)
      const rest = pixels[at]! - cover * mean - (1 - cover) * atPixel(scratch, length, x, step)
      const own = Math.min(Math.max(mean + cover * rest, 0), 255)
      pixels[at] = Math.floor(below + cover * (own - below) + 0.5)
    }
  }
}
