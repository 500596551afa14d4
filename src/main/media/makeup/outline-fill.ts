/** Lines sampled in each row of an outline: lips and lids are nearly level, where two would show as steps. */
const LINES = 4
/** Crossings kept of one line; an outline of the make-up crosses a line six times at most, a broken one more. */
const MOST = 12

/** Where outlines are filled in; `Coverage` says what each means. */
export interface FillTarget {
  readonly plane: Float32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
  readonly step: number
}

/**
 * Fills closed outlines into planes of coverage (even-odd rule), with the covered share of each sample: exact along a
 * row, from four lines across. Each edge is visited once, so that a long outline costs no more than what it crosses.
 */
export class OutlineFill {
  #crossings = new Float32Array(0)
  #counts = new Uint8Array(0)
  /** By how much each sample of a row is covered more than the one before. */
  #edges = new Float64Array(0)

  /**
   * Adds `value` times the coverage.
   *
   * @param outline `count` corners, x, y in pixels
   */
  fill(target: FillTarget, outline: Float32Array, count: number, value: number): void {
    const { width, height, left, top, step } = target
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
    let x0 = (outline[2 * count - 2]! - left) / step
    let y0 = (outline[2 * count - 1]! - top) * scale - offset
    for (let i = 0; i < count; i++) {
      const x1 = (outline[2 * i]! - left) / step
      const y1 = (outline[2 * i + 1]! - top) * scale - offset
      if (y0 < y1) this.#cross(x0, y0, x1, y1, lines)
      else this.#cross(x1, y1, x0, y0, lines)
      x0 = x1
      y0 = y1
    }
    if (this.#edges.length < width + 2) this.#edges = new Float64Array(width + 2)
    for (let row = first; row <= last; row++) this.#fillRow(target, row, (row - first) * LINES, value / LINES)
  }

  /** Adds what the lines of a row cover; edges are gathered first, so that each sample is visited once. */
  #fillRow({ plane, starts, ends, width }: FillTarget, row: number, line: number, value: number): void {
    const crossings = this.#crossings
    const edges = this.#edges
    let begin = width
    let end = 0
    for (let i = line; i < line + LINES; i++) {
      const found = this.#counts[i]! & ~1
      if (found === 0) continue
      const from = i * MOST
      if (found > 2 || crossings[from]! > crossings[from + 1]!) this.#sort(from, found)
      for (let k = from; k < from + found; k += 2) {
        addEdge(edges, crossings[k]!, width, value)
        addEdge(edges, crossings[k + 1]!, width, -value)
      }
      begin = Math.min(begin, within(crossings[from]!, width) | 0)
      end = Math.max(end, (within(crossings[from + found - 1]!, width) | 0) + 1)
    }
    if (begin >= end) return
    const rest = Math.min(end, width)
    let cover = 0
    for (let i = begin, at = row * width + begin; i < rest; i++, at++) {
      cover += edges[i]!
      edges[i] = 0
      plane[at]! += cover
    }
    edges[rest] = edges[rest + 1] = 0
    if (begin < starts[row]!) starts[row] = begin
    if (rest > ends[row]!) ends[row] = rest
  }

  #clear(lines: number): void {
    if (this.#counts.length < lines) {
      this.#counts = new Uint8Array(lines)
      this.#crossings = new Float32Array(lines * MOST)
    } else this.#counts.fill(0, 0, lines)
  }

  /** Notes where an edge, its upper end first, crosses the lines, which lie at whole numbers of y. */
  #cross(x0: number, y0: number, x1: number, y1: number, lines: number): void {
    const from = Math.max(0, Math.ceil(y0))
    const to = Math.min(lines, Math.ceil(y1))
    if (!(from < to)) return
    const counts = this.#counts
    const crossings = this.#crossings
    const slope = (x1 - x0) / (y1 - y0)
    let x = x0 + (from - y0) * slope
    for (let line = from; line < to; line++, x += slope) {
      const count = counts[line]!
      if (count >= MOST) continue
      crossings[line * MOST + count] = x
      counts[line] = count + 1
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

/** Everything right of `x` is covered by `value` more: the sample that holds it in part. */
function addEdge(edges: Float64Array, x: number, width: number, value: number): void {
  const place = within(x, width)
  const sample = place | 0
  const share = place - sample
  edges[sample]! += value * (1 - share)
  edges[sample + 1]! += value * share
}

function within(x: number, width: number): number {
  return x > 0 ? (x < width ? x : width) : 0
}
