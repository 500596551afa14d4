import type { I420Frame } from '../i420'
import { middleOf, smoothStep, type FaceRegion } from './face-region'
import { EYE_CORNERS, JAW, LEFT_EYE, NOSE_TIP, RIGHT_EYE } from './mesh-indices'

/** Farthest a point of the jaw moves, as a share of its distance from the middle of the face (media.md 3.1). */
const THIN = 0.13
/** How far around a point of the jaw the picture moves with it, in face widths. */
const JAW_REACH = 0.24
/** How much the middle of an eye grows, and how far around it, in widths of the eye (media.md 3.1). */
const ENLARGE = 0.45
const EYE_REACH = 0.95
/** Over so many cells the movement ends at the border of the region. */
const TAPER = 3
/** Positions are in 1/65536 pixel, the mix of neighbours in 1/256. */
const FIXED = 65536

/** A place around which the picture moves: by (moveX, moveY), or away from it by `grow`. */
interface Push {
  x: number
  y: number
  radius: number
  moveX: number
  moveY: number
  grow: number
}

/**
 * Moves parts of a face: for each node of a grid of cells it is known from where in the old picture its pixel comes,
 * and between the nodes this goes on bilinearly. Nodes at the border of the region stand still, and cells whose nodes
 * all stand still keep their pixels.
 */
export class FaceWarp {
  readonly #dx: Float32Array
  readonly #dy: Float32Array
  readonly #copy: Uint8Array

  constructor(width: number, height: number) {
    const nodes = (Math.ceil(width / 8) + 2) * (Math.ceil(height / 8) + 2)
    this.#dx = new Float32Array(nodes)
    this.#dy = new Float32Array(nodes)
    this.#copy = new Uint8Array(width * height)
  }

  /** @param thin, eyes strengths, 0..1 */
  apply(frame: I420Frame, region: FaceRegion, thin: number, eyes: number): void {
    const pushes = [...(thin > 0 ? jawPushes(region, thin) : []), ...(eyes > 0 ? eyePushes(region, eyes) : [])]
    if (pushes.length === 0) return
    const cell = 4 * region.step
    const columns = Math.ceil((region.right - region.left) / cell) + 1
    const rows = Math.ceil((region.bottom - region.top) / cell) + 1
    this.#bend(region, pushes, cell, columns, rows)
    const { width, height, data } = frame
    const { left, top, right, bottom } = region
    const luma = width * height
    this.#move(data, 0, width, left, top, right, bottom, cell, columns, rows, 1)
    for (const start of [luma, luma + (luma >> 2)])
      this.#move(data, start, width >> 1, left >> 1, top >> 1, right >> 1, bottom >> 1, cell >> 1, columns, rows, 0.5)
  }

  #bend(region: FaceRegion, pushes: Push[], cell: number, columns: number, rows: number): void {
    const nx = this.#dx
    const ny = this.#dy
    for (let row = 0; row < rows; row++) {
      const y = region.top + row * cell
      const rowEdge = Math.min(row, rows - 1 - row)
      for (let column = 0; column < columns; column++) {
        const x = region.left + column * cell
        let [jawX, jawY, sum, dx, dy] = [0, 0, 0, 0, 0]
        for (const push of pushes) {
          const rx = x - push.x
          const ry = y - push.y
          const square = (rx * rx + ry * ry) / (push.radius * push.radius)
          if (square >= 1) continue
          const near = (1 - square) * (1 - square)
          if (push.grow > 0) {
            dx -= push.grow * near * rx
            dy -= push.grow * near * ry
          } else {
            sum += near
            jawX += near * push.moveX
            jawY += near * push.moveY
          }
        }
        const share = sum > 1 ? 1 / sum : 1
        const fade = smoothStep(0, TAPER, Math.min(rowEdge, column, columns - 1 - column))
        const at = row * columns + column
        nx[at] = (dx + jawX * share) * fade
        ny[at] = (dy + jawY * share) * fade
      }
    }
  }

  #move(
    data: Uint8Array,
    start: number,
    stride: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    cell: number,
    columns: number,
    rows: number,
    scale: number,
  ): void {
    const width = right - left
    const height = bottom - top
    const copy = this.#copy
    for (let y = 0; y < height; y++) {
      const from = start + (top + y) * stride + left
      copy.set(data.subarray(from, from + width), y * width)
    }
    const nx = this.#dx
    const ny = this.#dy
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
          let at = start + (top + y) * stride + left + x0
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
            data[at] = ((upper << 8) + Math.imul(lower - upper, (py >> 8) & 255) + 32768) >> 16
          }
        }
      }
    }
  }
}

function jawPushes({ points, across, faceWidth }: FaceRegion, thin: number): Push[] {
  const [mx, my] = [points[NOSE_TIP * 3]!, points[NOSE_TIP * 3 + 1]!]
  return JAW.map((index) => {
    const x = points[index * 3]!
    const y = points[index * 3 + 1]!
    const side = (x - mx) * across[0] + (y - my) * across[1]
    const move = THIN * thin * side
    return { x, y, radius: JAW_REACH * faceWidth, moveX: move * across[0], moveY: move * across[1], grow: 0 }
  })
}

function eyePushes({ points }: FaceRegion, eyes: number): Push[] {
  return EYE_CORNERS.map(([outer, inner], i) => {
    const width = Math.hypot(points[outer * 3]! - points[inner * 3]!, points[outer * 3 + 1]! - points[inner * 3 + 1]!)
    const [x, y] = middleOf(points, i === 0 ? RIGHT_EYE : LEFT_EYE)
    return { x, y, radius: Math.max(EYE_REACH * width, 1), moveX: 0, moveY: 0, grow: ENLARGE * eyes }
  })
}
