import type { CellMoves, PixelPlane } from '../pixel-kernel'

/** Positions are in 1/65536 pixel, the mix of neighbours in 1/256. */
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
    // Just before the last column and row, so that both neighbours of a place are inside.
    const lastX = (width - 1) * FIXED - 1
    const lastY = (height - 1) * FIXED - 1
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const a = row * columns + column
        const b = a + columns
        const ax = nx[a]! * scale
        const bx = nx[a + 1]! * scale
        const cx = nx[b]! * scale
        const dx = nx[b + 1]! * scale
        const ay = ny[a]! * scale
        const by = ny[a + 1]! * scale
        const cy = ny[b]! * scale
        const dy = ny[b + 1]! * scale
        if (ax === 0 && bx === 0 && cx === 0 && dx === 0 && ay === 0 && by === 0 && cy === 0 && dy === 0) continue
        const x0 = column * cell
        const y0 = row * cell
        const x1 = Math.min(x0 + cell, width)
        const y1 = Math.min(y0 + cell, height)
        for (let y = y0; y < y1; y++) {
          const t = (y - y0) / cell
          const leftX = ax + (cx - ax) * t
          const leftY = ay + (cy - ay) * t
          const rightX = bx + (dx - bx) * t
          const rightY = by + (dy - by) * t
          let sx = Math.round((x0 + leftX) * FIXED)
          let sy = Math.round((y + leftY) * FIXED)
          const stepX = Math.round((1 + (rightX - leftX) / cell) * FIXED)
          const stepY = Math.round(((rightY - leftY) / cell) * FIXED)
          let at = start + y * stride + x0
          for (let x = x0; x < x1; x++, at++, sx += stepX, sy += stepY) {
            // Beside a border of the frame a place may lie outside: it takes the pixel of the border.
            const px = sx < 0 ? 0 : sx > lastX ? lastX : sx
            const py = sy < 0 ? 0 : sy > lastY ? lastY : sy
            const fx = (px >> 8) & 255
            const from = (Math.imul(py >> 16, width) + (px >> 16)) | 0
            const p = copy[from]!
            const q = copy[from + width]!
            const upper = (p << 8) + Math.imul(copy[from + 1]! - p, fx)
            const lower = (q << 8) + Math.imul(copy[from + width + 1]! - q, fx)
            pixels[at] = ((upper << 8) + Math.imul(lower - upper, (py >> 8) & 255) + 32768) >> 16
          }
        }
      }
    }
  }
}
