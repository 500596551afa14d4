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
  /** For each row where paint begins, and where it ends (exclusive); nothing outside is painted. */
  starts = new Int32Array(0)
  ends = new Int32Array(0)
  readonly #filler = new OutlineFill()
  #other = new Float32Array(0)

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
    if (this.starts.length < this.height) {
      this.starts = new Int32Array(this.height)
      this.ends = new Int32Array(this.height)
    }
    this.clear()
    return true
  }

  /** Takes all paint away. */
  clear(): void {
    this.plane.fill(0, 0, this.width * this.height)
    this.starts.fill(this.width, 0, this.height)
    this.ends.fill(0, 0, this.height)
  }

  /** Adds `value` times the covered share of a closed outline: `count` corners, x, y in pixels of the frame. */
  fill(outline: Float32Array, count: number, value: number): void {
    this.#filler.fill(this, outline, count, value)
  }

  /** Where paint begins in a row and the one below it, an even number: planes of chroma are half as fine. */
  startOfTwo(row: number): number {
    return Math.min(this.starts[row]!, this.starts[row + 1]!) & ~1
  }

  /** Where it ends (exclusive). */
  endOfTwo(row: number): number {
    return Math.max(this.ends[row]!, this.ends[row + 1]!)
  }

  /** Brings all samples to 0..1. */
  clamp(): void {
    const { plane, width, height, starts, ends } = this
    for (let y = 0; y < height; y++) {
      for (let i = y * width + starts[y]!, end = y * width + ends[y]!; i < end; i++) {
        const value = plane[i]!
        if (value < 0) plane[i] = 0
        else if (value > 1) plane[i] = 1
      }
    }
  }

  /** Softens edges along both axes: by weights 1 4 6 4 1, or 1 2 1 where `wide` is false. */
  soften(wide: boolean): void {
    const far = wide ? 1 / 16 : 0
    const near = wide ? 4 / 16 : 1 / 4
    const own = wide ? 6 / 16 : 1 / 2
    this.#softenRows(far, near, own)
    this.#softenColumns(far, near, own)
  }

  /** From the plane to the other one; the last two samples of a row stay as they are. */
  #softenRows(far: number, near: number, own: number): void {
    const { plane, width, height, starts, ends } = this
    if (this.#other.length < plane.length) this.#other = new Float32Array(plane.length)
    const other = this.#other
    other.fill(0, 0, width * height)
    for (let y = 0; y < height; y++) {
      if (starts[y]! >= ends[y]!) continue
      const from = (starts[y] = Math.max(starts[y]! - 2, 0))
      const to = (ends[y] = Math.min(ends[y]! + 2, width))
      const row = y * width
      // What is carried along need not be read again.
      let second = 0
      let first = 0
      let value = plane[row + from]!
      let next = plane[row + from + 1]!
      let i = row + from
      for (const end = row + Math.min(to, width - 2); i < end; i++) {
        const after = plane[i + 2]!
        other[i] = far * (second + after) + near * (first + next) + own * value
        second = first
        first = value
        value = next
        next = after
      }
      for (; i < row + to; i++) other[i] = plane[i]!
    }
  }

  /** From the other plane back; the last two rows stay as they are. Paint grows by two rows up and down. */
  #softenColumns(far: number, near: number, own: number): void {
    const { plane, width, height, starts, ends } = this
    const other = this.#other
    // Of the present row and the two above, as they were.
    let [start, startAbove] = [width, width]
    let [end, endAbove] = [0, 0]
    for (let y = 0; y < height; y++) {
      const startFar = startAbove
      startAbove = start
      start = starts[y]!
      const endFar = endAbove
      endAbove = end
      end = ends[y]!
      const row = y * width
      if (y >= height - 2) {
        for (let i = row + start; i < row + end; i++) plane[i] = other[i]!
        continue
      }
      const from = Math.min(startFar, startAbove, start, starts[y + 1]!, starts[y + 2]!)
      const to = Math.max(endFar, endAbove, end, ends[y + 1]!, ends[y + 2]!)
      starts[y] = from
      ends[y] = to
      // Above the first row nothing is painted.
      const above = y > 0 ? width : 0
      const aboveFar = y > 1 ? 2 * width : 0
      const nearAbove = y > 0 ? near : 0
      const farAbove = y > 1 ? far : 0
      for (let i = row + from; i < row + to; i++) {
        plane[i] =
          farAbove * other[i - aboveFar]! +
          far * other[i + 2 * width]! +
          nearAbove * other[i - above]! +
          near * other[i + width]! +
          own * other[i]!
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
