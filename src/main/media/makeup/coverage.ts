import { fillPolygon } from '../beauty/polygon-fill'

/** Lines sampled in each row of an outline: lips and lids are nearly level, where two would show as steps. */
const LINES = 4

/**
 * How much of each sample is painted, 0..1, over a box of the frame. A sample stands for step x step pixels. The memory
 * is kept and grows with the largest box.
 */
export class Coverage {
  plane = new Float32Array(0)
  left = 0
  top = 0
  /** In samples. */
  width = 0
  height = 0
  step = 1
  #corners = new Float32Array(128)
  #row = new Float32Array(0)

  /**
   * Takes a box of the frame, in pixels, cut at the frame and widened to even numbers and whole samples, and clears it.
   * @returns false when nothing of it is in the frame
   */
  fit(box: Float32Array, margin: number, step: number, frameWidth: number, frameHeight: number): boolean {
    const unit = Math.max(step, 2)
    const left = Math.max(0, Math.floor((box[0]! - margin) / unit) * unit)
    const top = Math.max(0, Math.floor((box[1]! - margin) / unit) * unit)
    const right = Math.min(frameWidth, Math.ceil((box[2]! + margin) / unit) * unit)
    const bottom = Math.min(frameHeight, Math.ceil((box[3]! + margin) / unit) * unit)
    if (!(right - left >= 2 && bottom - top >= 2)) return false
    this.left = left
    this.top = top
    this.step = step
    this.width = Math.ceil((right - left) / step)
    this.height = Math.ceil((bottom - top) / step)
    const count = this.width * this.height
    if (this.plane.length < count) this.plane = new Float32Array(count)
    else this.plane.fill(0, 0, count)
    return true
  }

  /** Adds `value` times the covered share of a closed outline: `count` corners, x, y in pixels of the frame. */
  fill(outline: Float32Array, count: number, value: number): void {
    if (this.#corners.length < 2 * count) this.#corners = new Float32Array(2 * count)
    for (let i = 0; i < count; i++) {
      this.#corners[2 * i] = (outline[2 * i]! - this.left) / this.step
      this.#corners[2 * i + 1] = (outline[2 * i + 1]! - this.top) / this.step
    }
    fillPolygon(this.plane, this.width, this.height, this.#corners, value, 2 * count, LINES)
  }

  /** Brings all samples to 0..1. */
  clamp(): void {
    const { plane } = this
    const count = this.width * this.height
    for (let i = 0; i < count; i++) {
      const value = plane[i]!
      if (value < 0) plane[i] = 0
      else if (value > 1) plane[i] = 1
    }
  }

  /** Softens edges by one sample: weights 1 2 1 along both axes. */
  soften(): void {
    const { plane, width, height } = this
    for (let y = 0; y < height; y++) {
      let before = plane[y * width]!
      for (let i = y * width, end = i + width - 1; i < end; i++) {
        const value = plane[i]!
        plane[i] = (before + value + value + plane[i + 1]!) / 4
        before = value
      }
    }
    if (this.#row.length < width) this.#row = new Float32Array(width)
    const above = this.#row
    for (let x = 0; x < width; x++) above[x] = plane[x]!
    for (let y = 0; y < height - 1; y++) {
      for (let x = 0, i = y * width; x < width; x++, i++) {
        const value = plane[i]!
        plane[i] = (above[x]! + value + value + plane[i + width]!) / 4
        above[x] = value
      }
    }
  }
}

/** Widens `box` (left, top, right, bottom) to hold some points of the mesh; `first` begins a new one. */
export function boxOf(box: Float32Array, points: Float32Array, indices: readonly number[], first = true): void {
  if (first) {
    box[0] = box[1] = Infinity
    box[2] = box[3] = -Infinity
  }
  for (const index of indices) {
    const x = points[3 * index]!
    const y = points[3 * index + 1]!
    if (x < box[0]!) box[0] = x
    if (y < box[1]!) box[1] = y
    if (x > box[2]!) box[2] = x
    if (y > box[3]!) box[3] = y
  }
}
