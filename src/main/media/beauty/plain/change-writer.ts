import type { PixelPlane } from '../pixel-kernel'
import type { WorkingGrid } from '../working-grid'

/**
 * Fixed point that fits 16 bits, for eight numbers in one instruction of the fast kernel: gains of 2^14, offsets of
 * 2^6 (1/64 of a step of luma), products rounded as in Q15. Sums stay below 2^15 because both are cut to less than 1
 * and less than 256.
 */
const GAIN_ONE = 16384
const OFFSET_ONE = 64
const LIMIT = 16383

/** Writes gain and offset of a grid into the pixels, in integers. */
export class ChangeWriter {
  readonly #gains: Int16Array
  readonly #offsets: Int16Array
  readonly #rowGain: Int16Array
  readonly #rowOffset: Int16Array

  constructor(capacity: number, longestRow: number) {
    this.#gains = new Int16Array(capacity)
    this.#offsets = new Int16Array(capacity)
    this.#rowGain = new Int16Array(longestRow)
    this.#rowOffset = new Int16Array(longestRow)
  }

  /** See `PixelKernel.addChange`. */
  write(plane: PixelPlane, grid: WorkingGrid): void {
    const count = grid.width * grid.height
    round(grid.gain, this.#gains, count, GAIN_ONE)
    round(grid.offset, this.#offsets, count, OFFSET_ONE)
    const { start, stride, height, step } = plane
    // The value of a sample lies in the middle of its square: weights are odd numbers of half pixels.
    const halves = 2 * step
    const unit = 32768 / halves
    for (let y = 0; y < height; y++) {
      const place = 2 * y + 1 + step
      const below = Math.floor(place / halves)
      const upper = Math.max(below - 1, 0) * grid.width
      const lower = Math.min(below, grid.height - 1) * grid.width
      if (this.#mixRows(grid.width, upper, lower, (place - below * halves) * unit))
        this.#changeRow(plane, start + y * stride, grid.width)
    }
  }

  #changeRow({ pixels: data, width, step }: PixelPlane, row: number, columns: number): void {
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
    const rowGain = this.#rowGain
    const rowOffset = this.#rowOffset
    const unit = 16384 / step
    let x = 0
    for (let i = 0; i <= columns && x < width; i++) {
      const a = i > 0 ? i - 1 : 0
      const b = i < columns ? i : columns - 1
      const end = Math.min(width, i * step + (step >> 1))
      const gain = rowGain[a]!
      const offset = rowOffset[a]!
      const gainStep = rowGain[b]! - gain
      const offsetStep = rowOffset[b]! - offset
      if (gain === 0 && offset === 0 && gainStep === 0 && offsetStep === 0) {
        x = end
        continue
      }
      let weight = (2 * x + 1 + step - i * 2 * step) * unit
      for (; x < end; x++, weight += 2 * unit) {
        const value = data[row + x]!
        const product = product15(value << 7, gain + product15(gainStep, weight))
        pixels[row + x] = value + ((product + offset + product15(offsetStep, weight) + 32) >> 6)
      }
    }
  }

  /** Coefficients of one row of pixels between two rows of samples; false when all are 0. */
  #mixRows(columns: number, upper: number, lower: number, weight: number): boolean {
    const gains = this.#gains
    const offsets = this.#offsets
    let any = 0
    for (let i = 0; i < columns; i++) {
      const gain = gains[upper + i]!
      const offset = offsets[upper + i]!
      const mixedGain = gain + product15(gains[lower + i]! - gain, weight)
      const mixedOffset = offset + product15(offsets[lower + i]! - offset, weight)
      this.#rowGain[i] = mixedGain
      this.#rowOffset[i] = mixedOffset
      any |= mixedGain | mixedOffset
    }
    return any !== 0
  }
}

function round(from: Float32Array, to: Int16Array, count: number, one: number): void {
  for (let i = 0; i < count; i++) to[i] = Math.floor(Math.min(Math.max(from[i]! * one, -LIMIT), LIMIT) + 0.5)
}

/** The product of two numbers of which one is a share of 2^15, rounded. */
function product15(a: number, b: number): number {
  return (Math.imul(a, b) + 16384) >> 15
}
