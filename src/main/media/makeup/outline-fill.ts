/** Lines sampled in each row of an outline: lips and lids are nearly level, where two would show as steps. */
const LINES = 4
/** Crossings kept of one line; an outline of the make-up crosses a line six times at most, a broken one more. */
const MOST = 12

/**
 * Fills closed outlines into planes of coverage (even-odd rule), with the covered share of each sample: exact along a
 * row, from four lines across. Each edge is visited once, so that a long outline costs no more than what it crosses.
 */
export class OutlineFill {
  #crossings = new Float32Array(0)
  #counts = new Uint8Array(0)

  /**
   * Adds `value` times the coverage.
   *
   * @param outline `count` corners, x, y in pixels; sample (0, 0) spans `step` pixels from (left, top) on
   */
  fill(
    plane: Float32Array,
    width: number,
    height: number,
    outline: Float32Array,
    count: number,
    value: number,
    left: number,
    top: number,
    step: number,
  ): void {
    let [low, high] = [Infinity, -Infinity]
    for (let i = 0; i < count; i++) {
      const y = outline[2 * i + 1]!
      if (y < low) low = y
      if (y > high) high = y
    }
    const first = Math.max(0, Math.floor((low - top) / step))
    const last = Math.min(height - 1, Math.floor((high - top) / step))
    if (!(last >= first)) return
    const lines = (last - first + 1) * LINES
    this.#clear(lines)
    const scale = LINES / step
    const offset = first * LINES + 0.5
    for (let i = 0, j = count - 1; i < count; j = i++) {
      this.#cross(
        (outline[2 * j]! - left) / step,
        (outline[2 * j + 1]! - top) * scale - offset,
        (outline[2 * i]! - left) / step,
        (outline[2 * i + 1]! - top) * scale - offset,
        lines,
      )
    }
    for (let line = 0; line < lines; line++) {
      const found = this.#counts[line]! & ~1
      if (found === 0) continue
      this.#sort(line * MOST, found)
      const row = (first + ((line / LINES) | 0)) * width
      for (let i = line * MOST; i < line * MOST + found; i += 2)
        addSpan(plane, row, width, this.#crossings[i]!, this.#crossings[i + 1]!, value / LINES)
    }
  }

  #clear(lines: number): void {
    if (this.#counts.length < lines) {
      this.#counts = new Uint8Array(lines)
      this.#crossings = new Float32Array(lines * MOST)
    } else this.#counts.fill(0, 0, lines)
  }

  /** Notes where an edge crosses the lines, which lie at whole numbers of y. */
  #cross(x0: number, y0: number, x1: number, y1: number, lines: number): void {
    if (y0 > y1) {
      this.#cross(x1, y1, x0, y0, lines)
      return
    }
    const from = Math.max(0, Math.ceil(y0))
    const to = Math.min(lines, Math.ceil(y1))
    if (from >= to) return
    const slope = (x1 - x0) / (y1 - y0)
    let x = x0 + (from - y0) * slope
    for (let line = from; line < to; line++, x += slope) {
      const count = this.#counts[line]!
      if (count >= MOST) continue
      this.#crossings[line * MOST + count] = x
      this.#counts[line] = count + 1
    }
  }

  #sort(start: number, count: number): void {
    const values = this.#crossings
    for (let i = start + 1; i < start + count; i++) {
      const value = values[i]!
      let at = i
      for (; at > start && values[at - 1]! > value; at--) values[at] = values[at - 1]!
      values[at] = value
    }
  }
}

function addSpan(plane: Float32Array, row: number, width: number, from: number, to: number, value: number): void {
  const left = from > 0 ? from : 0
  const right = to < width ? to : width
  if (!(right > left)) return
  const first = left | 0
  const last = right | 0
  if (first === last) {
    plane[row + first]! += (right - left) * value
    return
  }
  plane[row + first]! += (first + 1 - left) * value
  for (let i = row + first + 1; i < row + last; i++) plane[i]! += value
  if (last < width) plane[row + last]! += (right - last) * value
}
