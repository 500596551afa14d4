/**
 * Mean over a square of (2 radius + 1)² samples, in place, with the samples of the edge repeated outwards. The cost
 * does not depend on the radius. Applied twice it comes near a Gaussian of sigma = radius * sqrt(2/3).
 */
export class BoxBlur {
  readonly #rows: Float32Array
  readonly #columns: Float64Array

  /** @param capacity most samples of a plane, @param longestRow most samples of one row */
  constructor(capacity: number, longestRow: number) {
    this.#rows = new Float32Array(capacity)
    this.#columns = new Float64Array(longestRow)
  }

  /** A radius that does not fit into the plane is cut to what fits. */
  apply(plane: Float32Array, width: number, height: number, radius: number): void {
    meanAlongRows(plane, this.#rows, width, height, Math.min(radius, (width - 1) >> 1))
    this.#meanAlongColumns(plane, width, height, Math.min(radius, (height - 1) >> 1))
  }

  /** Goes down row by row with a running sum for every column, which reads memory in order. */
  #meanAlongColumns(to: Float32Array, width: number, height: number, radius: number): void {
    const from = this.#rows
    const columns = this.#columns
    const scale = 1 / (2 * radius + 1)
    for (let x = 0; x < width; x++) {
      let sum = from[x]! * (radius + 1)
      for (let y = 0; y < radius; y++) sum += from[y * width + x]!
      columns[x] = sum
    }
    for (let y = 0; y < height; y++) {
      const row = y * width
      const entering = Math.min(y + radius, height - 1) * width
      const leaving = Math.max(y - radius - 1, 0) * width
      for (let x = 0; x < width; x++) {
        // The window of row y - 1 still holds its upper edge, the one of the first row has it once too often.
        const sum = columns[x]! + from[entering + x]! - from[leaving + x]!
        columns[x] = sum
        to[row + x] = sum * scale
      }
    }
  }
}

function meanAlongRows(from: Float32Array, to: Float32Array, width: number, height: number, radius: number): void {
  const scale = 1 / (2 * radius + 1)
  for (let y = 0; y < height; y++) {
    const start = y * width
    const end = start + width
    const first = from[start]!
    const last = from[end - 1]!
    let sum = first * (radius + 1)
    for (let i = start; i < start + radius; i++) sum += from[i]!
    let at = start
    for (const stop = start + radius; at <= stop; at++) {
      sum += from[at + radius]! - first
      to[at] = sum * scale
    }
    for (const stop = end - radius; at < stop; at++) {
      sum += from[at + radius]! - from[at - radius - 1]!
      to[at] = sum * scale
    }
    for (; at < end; at++) {
      sum += last - from[at - radius - 1]!
      to[at] = sum * scale
    }
  }
}
