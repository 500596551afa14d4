/** Samples of a plane of the frame. */
export interface TintPlane {
  data: Uint8Array
  /** Where the plane begins, and the length of its rows. */
  offset: number
  stride: number
  /** The part of the plane that may change; right and bottom exclusive. */
  left: number
  top: number
  right: number
  bottom: number
  /** A cell of the coarse grid is so many samples wide and high: 1, 2, 4 or 8. */
  step: number
}

/** One row of cells side by side: values at their corners, and what lies between them in one row of the plane. */
export class TintRun {
  /** Values at the corners above and below, in 65536ths. */
  above = new Int32Array(0)
  below = new Int32Array(0)
  #line = new Int32Array(0)

  /** Room for so many cells of at most `step` samples. */
  fit(cells: number, step: number): void {
    if (this.above.length < cells + 1) {
      this.above = new Int32Array(cells + 1)
      this.below = new Int32Array(cells + 1)
    }
    if (this.#line.length < cells * step) this.#line = new Int32Array(cells * step)
  }

  /**
   * Puts `cells` cells on a plane, the first sample at (x, y), bilinear between their corners; a step of 1 takes the
   * corner before. In whole numbers all the way: in floating point this takes twice as long.
   *
   * @param multiply luma grows by the value times itself, above black; else the value is added
   */
  put(plane: TintPlane, x: number, y: number, cells: number, multiply: boolean): void {
    const { data, step } = plane
    const last = Math.min(y + step, plane.bottom)
    const from = Math.max(plane.left - x, 0)
    const to = Math.min(cells * step, plane.right - x)
    const line = this.#line
    for (let row = Math.max(y, plane.top); row < last; row++) {
      this.#interpolate(cells, step, row - y)
      let at = plane.offset + row * plane.stride + x + from
      if (multiply) {
        for (let i = from; i < to; i++, at++) {
          const now = data[at]!
          const next = now + ((Math.imul(now - 16, line[i]!) + 32768) >> 16)
          data[at] = next > 255 ? 255 : next
        }
      } else {
        for (let i = from; i < to; i++, at++) {
          const next = data[at]! + ((line[i]! + 32768) >> 16)
          data[at] = next < 0 ? 0 : next > 255 ? 255 : next
        }
      }
    }
  }

  #interpolate(cells: number, step: number, row: number): void {
    const { above, below } = this
    const line = this.#line
    if (step === 1) {
      for (let i = 0; i < cells; i++) line[i] = above[i]!
      return
    }
    const shift = 31 - Math.clz32(step)
    const share = 2 * row + 1
    let value = above[0]! + (((below[0]! - above[0]!) * share) >> (shift + 1))
    for (let cell = 0, i = 0; cell < cells; cell++) {
      const a = above[cell + 1]!
      const next = a + (((below[cell + 1]! - a) * share) >> (shift + 1))
      const slope = (next - value) >> shift
      let now = value + (slope >> 1)
      for (const end = i + step; i < end; now += slope) line[i++] = now
      value = next
    }
  }
}
