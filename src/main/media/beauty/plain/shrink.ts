import type { PixelPlane } from '../pixel-kernel'

/** One hard edge (the rim of glasses) counts no more than hair does. */
const ROUGHEST = 128

/** See `PixelKernel.shrink`. */
export function shrink({ pixels, start, stride, width, height, step }: PixelPlane, target: Float32Array): void {
  let at = 0
  for (let y = 0; y < height; y += step) {
    const rows = Math.min(step, height - y)
    let x = 0
    if (step === 4 && rows === 4) {
      // The common case written out: half the time of the loops below.
      for (let a = start + y * stride; x + 4 <= width; x += 4, a += 4, at++) {
        const b = a + 2 * stride
        target[at] =
          (fourOf(pixels, a) + fourOf(pixels, a + stride) + fourOf(pixels, b) + fourOf(pixels, b + stride)) / 16
      }
    }
    for (; x < width; x += step, at++) {
      const columns = Math.min(step, width - x)
      let sum = 0
      for (let row = 0; row < rows; row++) {
        const from = start + (y + row) * stride + x
        for (let i = from; i < from + columns; i++) sum += pixels[i]!
      }
      target[at] = sum / (rows * columns)
    }
  }
}

/** See `PixelKernel.shrinkTexture`. */
export function shrinkTexture(
  { pixels, start, stride, width, height, step }: PixelPlane,
  means: Float32Array,
  texture: Float32Array,
): void {
  let at = 0
  for (let y = 0; y < height; y += step) {
    const rows = Math.min(step, height - y)
    for (let x = 0; x < width; x += step, at++) {
      const columns = Math.min(step, width - x)
      let sum = 0
      let squares = 0
      for (let row = 0; row < rows; row++) {
        const from = start + (y + row) * stride + x
        for (let i = from; i < from + columns; i++) {
          const value = pixels[i]!
          sum += value
          squares += value * value
        }
      }
      const mean = sum / (rows * columns)
      means[at] = mean
      texture[at] = Math.min(squares / (rows * columns) - mean * mean, ROUGHEST)
    }
  }
}

function fourOf(data: Uint8Array, at: number): number {
  return data[at]! + data[at + 1]! + data[at + 2]! + data[at + 3]!
}
