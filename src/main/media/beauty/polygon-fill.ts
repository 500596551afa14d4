import { sortFirst } from './sort-first'

/** Lines sampled in each row; along a row the covered length is exact. */
const LINES_PER_ROW = 2
/** Crossings of one line with an outline; an outline of n corners has at most n. */
const crossings = new Float64Array(64)

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
  const last = Math.min(height - 1, Math.floor(bottom))
  for (let row = Math.max(0, Math.floor(top)); row <= last; row++) {
    for (let line = 0; line < LINES_PER_ROW; line++) {
      const count = findCrossings(outline, row + (line + 0.5) / LINES_PER_ROW)
      for (let i = 0; i + 1 < count; i += 2)
        addSpan(plane, row * width, width, crossings[i]!, crossings[i + 1]!, value / LINES_PER_ROW)
    }
  }
}

/** Where the outline crosses the line y, from left to right; returns how often. */
function findCrossings(outline: Float32Array, y: number): number {
  let count = 0
  for (let i = 0, j = outline.length - 2; i < outline.length; j = i, i += 2) {
    const yi = outline[i + 1]!
    const yj = outline[j + 1]!
    if (yi <= y === yj <= y) continue
    crossings[count++] = outline[i]! + ((y - yi) / (yj - yi)) * (outline[j]! - outline[i]!)
  }
  sortFirst(crossings, count)
  return count
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
