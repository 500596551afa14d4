/** The part of a plane of the frame that may be tinted, in samples. A tint is laid on in rows of cells. */
export class TintPlane {
  data: Uint8Array = new Uint8Array(0)
  /** Where the plane begins, and the length of its rows. */
  offset = 0
  stride = 0
  /** Right and bottom exclusive. */
  left = 0
  top = 0
  right = 0
  bottom = 0
  /** A cell of the coarse grid is so many samples wide and high: 1, 2, 4 or 8. */
  step = 1

  fit(
    data: Uint8Array,
    offset: number,
    stride: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    step: number,
  ): void {
    this.data = data
    this.offset = offset
    this.stride = stride
    this.left = left
    this.top = top
    this.right = right
    this.bottom = bottom
    this.step = step
  }

  /**
   * Luma in a row of cells grows by the value times itself, above black: bilinear between the values at the corners. In
   * whole numbers all the way: in floating point this takes twice as long.
   *
   * @param grid values in 65536ths, rows of `stride`; the upper left corner of the first cell is `first`
   * @param column, row of the sample whose middle that corner is; -1 at the border
   */
  multiply(grid: Int32Array, first: number, cells: number, stride: number, column: number, row: number): void {
    const { data, step, left, right } = this
    const x = left + column * step + (step >> 1)
    const y = this.top + row * step + (step >> 1)
    const bottom = Math.min(y + step, this.bottom)
    const shift = 31 - Math.clz32(step)
    for (let line = Math.max(y, this.top); line < bottom; line++) {
      const start = this.offset + line * this.stride
      const share = 2 * (line - y) + 1
      let value = mixed(grid[first]!, grid[first + stride]!, share, shift)
      for (let cell = 1, from = x; cell <= cells; cell++, from += step) {
        const next = mixed(grid[first + cell]!, grid[first + cell + stride]!, share, shift)
        const slope = (next - value) >> shift
        let now = value + (slope >> 1)
        value = next
        const end = start + Math.min(from + step, right)
        let at = start + from
        for (const inside = start + left; at < inside; at++) now += slope
        for (; at < end; at++, now += slope) {
          const luma = data[at]!
          const result = luma + ((Math.imul(luma - 16, now) + 32768) >> 16)
          data[at] = result < 0 ? 0 : result > 255 ? 255 : result
        }
      }
    }
  }

  /** Chroma in a row of cells moves by the value; see `multiply`. A step of 1 takes the corner before. */
  add(grid: Int32Array, first: number, cells: number, stride: number, column: number, row: number): void {
    const { data, step, left, right } = this
    const x = left + column * step + (step >> 1)
    const y = this.top + row * step + (step >> 1)
    if (step === 1) {
      if (y < this.top || y >= this.bottom) return
      const start = this.offset + y * this.stride + x
      const end = Math.min(cells, right - x)
      for (let i = Math.max(left - x, 0); i < end; i++) data[start + i] = moved(data[start + i]!, grid[first + i]!)
      return
    }
    const bottom = Math.min(y + step, this.bottom)
    const shift = 31 - Math.clz32(step)
    for (let line = Math.max(y, this.top); line < bottom; line++) {
      const start = this.offset + line * this.stride
      const share = 2 * (line - y) + 1
      let value = mixed(grid[first]!, grid[first + stride]!, share, shift)
      for (let cell = 1, from = x; cell <= cells; cell++, from += step) {
        const next = mixed(grid[first + cell]!, grid[first + cell + stride]!, share, shift)
        const slope = (next - value) >> shift
        let now = value + (slope >> 1)
        value = next
        const end = start + Math.min(from + step, right)
        let at = start + from
        for (const inside = start + left; at < inside; at++) now += slope
        for (; at < end; at++, now += slope) data[at] = moved(data[at]!, now)
      }
    }
  }
}

/** Between two values one above the other; `share` in parts of twice the step, whose logarithm is `shift`. */
function mixed(above: number, below: number, share: number, shift: number): number {
  return above + (((below - above) * share) >> (shift + 1))
}

function moved(chroma: number, by: number): number {
  const result = chroma + ((by + 32768) >> 16)
  return result < 0 ? 0 : result > 255 ? 255 : result
}
