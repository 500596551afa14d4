import type { PixelPlane } from '../pixel-kernel'
import type { WorkingGrid } from '../working-grid'

/** Fixed point of the coefficients: 1 is 1024. */
const ONE = 1024
const ONE_BITS = 10
/** Larger than any coefficient (255 * 1024): what is above 0 can be rounded by cutting off. */
const LARGE = 1 << 20

/** Writes gain and offset of a grid into the pixels, in integers. */
export class ChangeWriter {
  readonly #gains: Int32Array
  readonly #offsets: Int32Array
  readonly #rowGain: Int32Array
  readonly #rowOffset: Int32Array

  constructor(capacity: number, longestRow: number) {
    this.#gains = new Int32Array(capacity)
    this.#offsets = new Int32Array(capacity)
    this.#rowGain = new Int32Array(longestRow)
    this.#rowOffset = new Int32Array(longestRow)
  }

  /** See `PixelKernel.addChange`. */
  write(plane: PixelPlane, grid: WorkingGrid): void {
    this.#round(grid)
    const { pixels: data, start, stride, width, height, step } = plane
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
    const columns = grid.width
    const rowGain = this.#rowGain
    const rowOffset = this.#rowOffset
    // The value of a sample lies in the middle of its square: weights are odd numbers of half pixels.
    const halves = 2 * step
    const shift = (ONE_BITS + 2 * Math.log2(halves)) | 0
    const half = 1 << (shift - 1)
    for (let y = 0; y < height; y++) {
      const place = 2 * y + 1 + step
      const below = Math.floor(place / halves)
      const upper = Math.max(below - 1, 0) * columns
      const lower = Math.min(below, grid.height - 1) * columns
      if (!this.#mixRows(columns, upper, lower, place - below * halves, halves)) continue
      const row = start + y * stride
      let x = 0
      for (let i = 0; i <= columns && x < width; i++) {
        const a = i > 0 ? i - 1 : 0
        const b = i < columns ? i : columns - 1
        const end = Math.min(width, i * step + (step >> 1))
        const gainA = rowGain[a]!
        const offsetA = rowOffset[a]!
        const gainB = rowGain[b]!
        const offsetB = rowOffset[b]!
        if (gainA === 0 && offsetA === 0 && gainB === 0 && offsetB === 0) {
          x = end
          continue
        }
        const gainStep = (2 * (gainB - gainA)) | 0
        const offsetStep = (2 * (offsetB - offsetA)) | 0
        const first = 2 * x + 1 + step - i * halves
        let gain = (gainA * halves + (gainB - gainA) * first) | 0
        let offset = (offsetA * halves + (offsetB - offsetA) * first + half) | 0
        for (let at = row + x, to = row + end; at < to; at++) {
          const value = data[at]!
          pixels[at] = value + ((Math.imul(value, gain) + offset) >> shift)
          gain = (gain + gainStep) | 0
          offset = (offset + offsetStep) | 0
        }
        x = end
      }
    }
  }

  #round({ width, height, gain, offset }: WorkingGrid): void {
    const count = width * height
    const gains = this.#gains
    const offsets = this.#offsets
    for (let i = 0; i < count; i++) {
      gains[i] = ((gain[i]! * ONE + LARGE + 0.5) | 0) - LARGE
      offsets[i] = ((offset[i]! * ONE + LARGE + 0.5) | 0) - LARGE
    }
  }

  /** Coefficients of one row of pixels between two rows of samples; false when all are 0. */
  #mixRows(columns: number, upper: number, lower: number, weight: number, halves: number): boolean {
    const gains = this.#gains
    const offsets = this.#offsets
    const rowGain = this.#rowGain
    const rowOffset = this.#rowOffset
    const rest = halves - weight
    let any = 0
    for (let i = 0; i < columns; i++) {
      const gain = gains[upper + i]! * rest + gains[lower + i]! * weight
      const offset = offsets[upper + i]! * rest + offsets[lower + i]! * weight
      rowGain[i] = gain
      rowOffset[i] = offset
      any |= gain | offset
    }
    return any !== 0
  }
}
