/** Lines sampled in each row; along a row the covered length is exact. */
const LINES_PER_ROW = 2
/** An outline of n corners crosses a line at most n times. */
const MOST_CORNERS = 64
/** Where each line of the present outline is crossed, and how often; larger when a plane asks for it. */
let crossings = new Float32Array(0)
let counts = new Uint8Array(0)

/**
 * Adds `value` times the covered share of each sample inside of a closed outline (even-odd rule), clipped to the plane.
 *
 * @param outline x, y of each corner, at most 64; sample (0, 0) spans 0..1
 */
export function fillPolygon(
  plane: Float32Array,
  width: number,
  height: number,
  outline: Float32Array,
  value: number,
): void {
  let [top, bottom] = [Infinity, -Infinity]
  for (let i = 1; i < outline.length; i += 2) {
    top = Math.min(top, outline[i]!)
    bottom = Math.max(bottom, outline[i]!)
  }
  const first = Math.max(0, Math.floor(top))
  const last = Math.min(height - 1, Math.floor(bottom))
  if (!(last >= first)) return
  findCrossings(outline, first, (last - first + 1) * LINES_PER_ROW)
  let line = 0
  for (let row = first; row <= last; row++) {
    for (let part = 0; part < LINES_PER_ROW; part++, line++) {
      const from = line * MOST_CORNERS
      const count = counts[line]!
      for (let i = from; i + 1 < from + count; i += 2)
        addSpan(plane, row * width, width, crossings[i]!, crossings[i + 1]!, value / LINES_PER_ROW)
    }
  }
}

/** Fills `crossings` and `counts`, from left to right in each line: every edge is walked once. */
function findCrossings(outline: Float32Array, row: number, lines: number): void {
  if (counts.length < lines) {
    counts = new Uint8Array(2 * lines)
    crossings = new Float32Array(2 * lines * MOST_CORNERS)
  } else counts.fill(0, 0, lines)
  for (let i = 0, j = outline.length - 2; i < outline.length; j = i, i += 2) {
    // In lines, of which the first lies in the middle of its share of the first row.
    const yi = (outline[i + 1]! - row) * LINES_PER_ROW - 0.5
    const yj = (outline[j + 1]! - row) * LINES_PER_ROW - 0.5
    const slope = (outline[j]! - outline[i]!) / (yj - yi)
    const end = Math.min(lines, Math.ceil(Math.max(yi, yj)))
    for (let line = Math.max(0, Math.ceil(Math.min(yi, yj))); line < end; line++)
      insert(line, outline[i]! + (line - yi) * slope)
  }
}

function insert(line: number, x: number): void {
  const from = line * MOST_CORNERS
  let at = from + counts[line]!++
  for (; at > from && crossings[at - 1]! > x; at--) crossings[at] = crossings[at - 1]!
  crossings[at] = x
}

function addSpan(plane: Float32Array, row: number, width: number, from: number, to: number, value: number): void {
  const left = Math.max(0, from)
  const right = Math.min(width, to)
  if (!(right > left)) return
  const first = Math.floor(left)
  const last = Math.floor(right)
  if (first === last) {
    plane[row + first]! += (right - left) * value
    return
  }
  plane[row + first]! += (first + 1 - left) * value
  for (let x = first + 1; x < last; x++) plane[row + x]! += value
  if (last < width) plane[row + last]! += (right - last) * value
}
