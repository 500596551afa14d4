import { OutlineFill } from './outline-fill'

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
  readonly #filler = new OutlineFill()
  /** The two rows above, as they were. */
  #rows = new Float32Array(0)

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
    this.#filler.fill(this.plane, this.width, this.height, outline, count, value, this.left, this.top, this.step)
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

  /** Softens edges along both axes: by weights 1 4 6 4 1, or 1 2 1 where `wide` is false. */
  soften(wide: boolean): void {
    const { plane, width, height } = this
    const far = wide ? 1 / 16 : 0
    const near = wide ? 4 / 16 : 1 / 4
    const own = wide ? 6 / 16 : 1 / 2
    // What lies before has its new value already: the old one is carried along. Nothing is painted at the borders.
    for (let y = 0; y < height; y++) {
      let second = 0
      let first = 0
      let value = plane[y * width]!
      let next = plane[y * width + 1]!
      for (let i = y * width, end = i + width - 2; i < end; i++) {
        const after = plane[i + 2]!
        plane[i] = far * (second + after) + near * (first + next) + own * value
        second = first
        first = value
        value = next
        next = after
      }
    }
    if (this.#rows.length < 2 * width) this.#rows = new Float32Array(2 * width)
    const rows = this.#rows
    rows.fill(0, 0, 2 * width)
    for (let y = 0; y < height - 2; y++) {
      for (let x = 0, i = y * width; x < width; x++, i++) {
        const value = plane[i]!
        const first = rows[x]!
        plane[i] = far * (rows[width + x]! + plane[i + 2 * width]!) + near * (first + plane[i + width]!) + own * value
        rows[width + x] = first
        rows[x] = value
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
