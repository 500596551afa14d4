import type { CellMoves, PixelPlane } from '../pixel-kernel'

/** Positions are in 1/65536 pixel, the mix of columns in 1/128 and of rows in 1/256 (in 16 bits for the fast kernel). */
const FIXED = 65536

/** Moves the pixels of a grid of cells, bilinearly in the cell and between pixels. */
export class CellMover {
  readonly #copy: Uint8Array

  /** @param capacity most pixels of a plane */
  constructor(capacity: number) {
    this.#copy = new Uint8Array(capacity)
  }

  /** See `PixelKernel.moveCells`. */
  move(plane: PixelPlane, moves: CellMoves, cell: number, scale: number): void {
    const { pixels, start, stride, width, height } = plane
    const copy = this.#copy
    for (let y = 0; y < height; y++) {
      const from = start + y * stride
      copy.set(pixels.subarray(from, from + width), y * width)
    }
    const { dx: nx, dy: ny, columns, rows } = moves
    const bits = Math.log2(cell)
    const fixed = scale * FIXED
    // Just before the last column and row, so that both neighbours of a place are inside.
    const lastX = (width - 1) * FIXED - 1
    const lastY = (height - 1) * FIXED - 1
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const a = row * columns + column
        const b = a + columns
        const ax = (nx[a]! * fixed) | 0
        const bx = (nx[a + 1]! * fixed) | 0
        const cx = (nx[b]! * fixed) | 0
        const dx = (nx[b + 1]! * fixed) | 0
        const ay = (ny[a]! * fixed) | 0
        const by = (ny[a + 1]! * fixed) | 0
        const cy = (ny[b]! * fixed) | 0
        const dy = (ny[b + 1]! * fixed) | 0
        if ((ax | bx | cx | dx | ay | by | cy | dy) === 0) continue
        const x0 = column * cell
        const y0 = row * cell
        const x1 = Math.min(x0 + cell, width)
        const y1 = Math.min(y0 + cell, height)
        for (let y = y0; y < y1; y++) {
          const leftX = ax + (Math.imul(cx - ax, y - y0) >> bits)
          const leftY = ay + (Math.imul(cy - ay, y - y0) >> bits)
          const rightX = bx + (Math.imul(dx - bx, y - y0) >> bits)
          const rightY = by + (Math.imul(dy - by, y - y0) >> bits)
          let sx = x0 * FIXED + leftX
          let sy = y * FIXED + leftY
          const stepX = FIXED + ((rightX - leftX) >> bits)
          const stepY = (rightY - leftY) >> bits
          let at = start + y * stride + x0
          for (let x = x0; x < x1; x++, at++, sx += stepX, sy += stepY) {
            // Beside a border of the frame a place may lie outside: it takes the pixel of the border.
            const px = sx < 0 ? 0 : sx > lastX ? lastX : sx
            const py = sy < 0 ? 0 : sy > lastY ? lastY : sy
            const fx = (px >> 9) & 127
            const fy = ((py >> 8) & 255) << 7
            const from = (Math.imul(py >> 16, width) + (px >> 16)) | 0
            const p = copy[from]!
            const q = copy[from + width]!
            const upper = (p << 7) + Math.imul(copy[from + 1]! - p, fx)
            const lower = (q << 7) + Math.imul(copy[from + width + 1]! - q, fx)
            pixels[at] = (upper + ((Math.imul(lower - upper, fy) + 16384) >> 15) + 64) >> 7
          }
        }
      }
    }
  }
}
