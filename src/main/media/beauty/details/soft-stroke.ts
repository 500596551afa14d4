/** Part of a grid around a line: places in the grid, and how near each lies to the line. Reused from frame to frame. */
export class SoftStroke {
  #width = 0
  /** Columns and rows of the grid, right and bottom exclusive. */
  left = 0
  top = 0
  right = 0
  bottom = 0
  /** 0..1 for each of them, row by row: (1 - distance² / reach²)². */
  near = new Float32Array(0)

  /**
   * Takes a line of points.
   *
   * @param line x, y of each point, in samples of the grid; sample (0, 0) spans 0..1
   * @param reach how far it reaches, in samples
   */
  draw(line: Float32Array, reach: number, width: number, height: number): void {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (let i = 0; i < line.length; i += 2) {
      left = Math.min(left, line[i]!)
      right = Math.max(right, line[i]!)
      top = Math.min(top, line[i + 1]!)
      bottom = Math.max(bottom, line[i + 1]!)
    }
    this.left = Math.min(Math.max(Math.floor(left - reach), 0), width)
    this.top = Math.min(Math.max(Math.floor(top - reach), 0), height)
    this.right = Math.max(Math.min(Math.ceil(right + reach), width), this.left)
    this.bottom = Math.max(Math.min(Math.ceil(bottom + reach), height), this.top)
    this.#width = this.right - this.left
    const count = this.#width * (this.bottom - this.top)
    if (this.near.length < count) this.near = new Float32Array(2 * count)
    else this.near.fill(0, 0, count)
    for (let i = 0; i + 3 < line.length; i += 2)
      this.#addSegment(line[i]!, line[i + 1]!, line[i + 2]!, line[i + 3]!, reach)
  }

  #addSegment(ax: number, ay: number, bx: number, by: number, reach: number): void {
    const near = this.near
    const dx = bx - ax
    const dy = by - ay
    const over = 1 / Math.max(dx * dx + dy * dy, 1e-6)
    const square = 1 / (reach * reach)
    const first = Math.max(Math.floor(Math.min(ax, bx) - reach), this.left)
    const last = Math.min(Math.ceil(Math.max(ax, bx) + reach), this.right)
    const end = Math.min(Math.ceil(Math.max(ay, by) + reach), this.bottom)
    for (let y = Math.max(Math.floor(Math.min(ay, by) - reach), this.top); y < end; y++) {
      const py = y + 0.5 - ay
      const row = (y - this.top) * this.#width - this.left
      for (let x = first; x < last; x++) {
        const px = x + 0.5 - ax
        const t = Math.min(Math.max((px * dx + py * dy) * over, 0), 1)
        const ex = px - t * dx
        const ey = py - t * dy
        const far = 1 - (ex * ex + ey * ey) * square
        if (far > 0 && far * far > near[row + x]!) near[row + x] = far * far
      }
    }
  }
}

/** Some points of a mesh in samples of a grid. */
export function placeLine(
  line: Float32Array,
  points: Float32Array,
  indices: readonly number[],
  left: number,
  top: number,
  step: number,
): Float32Array {
  for (let i = 0; i < indices.length; i++) {
    line[2 * i] = (points[indices[i]! * 3]! - left) / step
    line[2 * i + 1] = (points[indices[i]! * 3 + 1]! - top) / step
  }
  return line
}
