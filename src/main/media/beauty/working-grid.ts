import type { I420Frame } from '../i420'
import type { FaceRegion } from './face-region'

/** Fixed point of the coefficients: 1 is 1024. */
const ONE = 1024
const ONE_BITS = 10
/** Larger than any coefficient (255 * 1024): what is above 0 can be rounded by cutting off. */
const LARGE = 1 << 20

/**
 * The small planes on which a face is worked out: one sample stands for step x step pixels. Every change of the
 * picture ends as two planes, gain and offset, and one pass over the pixels: Y += gain * Y + offset, both enlarged
 * bilinearly. That keeps the pixel loop short, and 0 leaves a pixel exactly as it is.
 */
export class WorkingGrid {
  readonly capacity: number
  readonly longestRow: number
  /** Size of the grid of the present face. */
  width = 0
  height = 0
  readonly luma: Float32Array
  readonly u: Float32Array
  readonly v: Float32Array
  /** 0..1: bare skin of the face, for smoothing. */
  readonly skin: Float32Array
  /** 0..1: skin of face, ears and neck, fading outwards, for tone. */
  readonly tone: Float32Array
  /** 0..1: the samples that look like skin, for means over skin only. */
  readonly weight: Float32Array
  readonly gain: Float32Array
  readonly offset: Float32Array
  readonly scratch: Float32Array[]
  readonly #gains: Int32Array
  readonly #offsets: Int32Array
  readonly #rowGain: Int32Array
  readonly #rowOffset: Int32Array

  /** For faces of any size in a frame of this size. */
  constructor(frameWidth: number, frameHeight: number) {
    this.longestRow = Math.ceil(frameWidth / 2) + 1
    this.capacity = this.longestRow * (Math.ceil(frameHeight / 2) + 1)
    const plane = (): Float32Array => new Float32Array(this.capacity)
    this.luma = plane()
    this.u = plane()
    this.v = plane()
    this.skin = plane()
    this.tone = plane()
    this.weight = plane()
    this.gain = plane()
    this.offset = plane()
    this.scratch = Array.from({ length: 6 }, plane)
    this.#gains = new Int32Array(this.capacity)
    this.#offsets = new Int32Array(this.capacity)
    this.#rowGain = new Int32Array(this.longestRow)
    this.#rowOffset = new Int32Array(this.longestRow)
  }

  /** Fills luma, u and v with the means of the frame in the region. */
  read(frame: I420Frame, { left, top, right, bottom, step }: FaceRegion): void {
    this.width = Math.ceil((right - left) / step)
    this.height = Math.ceil((bottom - top) / step)
    const { width, height, data } = frame
    const lumaSize = width * height
    const half = width >> 1
    shrink(data, 0, width, left, top, right, bottom, step, this.luma)
    const box = [left >> 1, top >> 1, right >> 1, bottom >> 1, step >> 1] as const
    shrink(data, lumaSize, half, ...box, this.u)
    shrink(data, lumaSize + (lumaSize >> 2), half, ...box, this.v)
  }

  /** Y += gain * Y + offset in the region. */
  writeLuma(frame: I420Frame, { left, top, right, bottom, step }: FaceRegion): void {
    this.#round()
    this.#apply(frame.data, 0, frame.width, left, top, right, bottom, step)
  }

  /** U or V += gain * value + offset in the region; 128 is colourless, as in the frame. */
  writeChroma(frame: I420Frame, { left, top, right, bottom, step }: FaceRegion, plane: 'u' | 'v'): void {
    const lumaSize = frame.width * frame.height
    const start = plane === 'u' ? lumaSize : lumaSize + (lumaSize >> 2)
    this.#round()
    this.#apply(frame.data, start, frame.width >> 1, left >> 1, top >> 1, right >> 1, bottom >> 1, step >> 1)
  }

  #round(): void {
    const count = this.width * this.height
    const { gain, offset } = this
    const gains = this.#gains
    const offsets = this.#offsets
    for (let i = 0; i < count; i++) {
      gains[i] = ((gain[i]! * ONE + LARGE + 0.5) | 0) - LARGE
      offsets[i] = ((offset[i]! * ONE + LARGE + 0.5) | 0) - LARGE
    }
  }

  #apply(
    data: Uint8Array,
    start: number,
    stride: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    step: number,
  ): void {
    const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
    const columns = this.width
    const lastRow = this.height - 1
    const rowGain = this.#rowGain
    const rowOffset = this.#rowOffset
    // The value of a sample lies in the middle of its square: weights are odd numbers of half pixels.
    const halves = 2 * step
    const shift = (ONE_BITS + 2 * Math.log2(halves)) | 0
    const half = 1 << (shift - 1)
    for (let y = top; y < bottom; y++) {
      const place = 2 * (y - top) + 1 + step
      const below = Math.floor(place / halves)
      const upper = Math.max(below - 1, 0) * columns
      const lower = Math.min(below, lastRow) * columns
      if (!this.#mixRows(upper, lower, place - below * halves, halves)) continue
      const row = start + y * stride
      let x = left
      for (let i = 0; i <= columns && x < right; i++) {
        const a = i > 0 ? i - 1 : 0
        const b = i < columns ? i : columns - 1
        const end = Math.min(right, left + i * step + (step >> 1))
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
        const first = 2 * (x - left) + 1 + step - i * halves
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

  /** Coefficients of one row of pixels between two rows of samples; false when all are 0. */
  #mixRows(upper: number, lower: number, weight: number, halves: number): boolean {
    const gains = this.#gains
    const offsets = this.#offsets
    const rowGain = this.#rowGain
    const rowOffset = this.#rowOffset
    const rest = halves - weight
    let any = 0
    for (let i = 0; i < this.width; i++) {
      const gain = gains[upper + i]! * rest + gains[lower + i]! * weight
      const offset = offsets[upper + i]! * rest + offsets[lower + i]! * weight
      rowGain[i] = gain
      rowOffset[i] = offset
      any |= gain | offset
    }
    return any !== 0
  }
}

/** Means of step x step samples; squares that reach over the border count what is there. */
function shrink(
  data: Uint8Array,
  start: number,
  stride: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  step: number,
  target: Float32Array,
): void {
  let at = 0
  for (let y = top; y < bottom; y += step) {
    const rows = Math.min(step, bottom - y)
    let begin = left
    if (step === 4 && rows === 4) {
      // The common case written out: half the time of the loops below.
      for (let a = start + y * stride + left; begin + 4 <= right; begin += 4, a += 4, at++) {
        const b = a + 2 * stride
        target[at] = (fourOf(data, a) + fourOf(data, a + stride) + fourOf(data, b) + fourOf(data, b + stride)) / 16
      }
    }
    for (let x = begin; x < right; x += step, at++) {
      const columns = Math.min(step, right - x)
      let sum = 0
      for (let row = 0; row < rows; row++) {
        const from = start + (y + row) * stride + x
        for (let i = from; i < from + columns; i++) sum += data[i]!
      }
      target[at] = sum / (rows * columns)
    }
  }
}

function fourOf(data: Uint8Array, at: number): number {
  return data[at]! + data[at + 1]! + data[at + 2]! + data[at + 3]!
}
