import { planesOf, type I420Frame } from '../i420'

const SIDE = 65
/** Brightness of a star with four long and four short rays, -1..1 about its middle, rows of `SIDE`. */
const STAR = star()

/**
 * Lays a glint over the frame: light is added, so that it never darkens (screen blending).
 * @param radius of the longest rays, pixels
 * @param strength 0..1
 * @param tint U and V of its light, 0..255
 */
export function drawGlint(
  frame: I420Frame,
  [x, y]: readonly [number, number],
  radius: number,
  strength: number,
  tint: readonly [number, number],
): void {
  const { width, height } = frame
  const planes = planesOf(frame)
  lay(planes.y, width, height, x, y, radius, strength, 235)
  lay(planes.u, width / 2, height / 2, x / 2, y / 2, radius / 2, strength * 0.8, tint[0])
  lay(planes.v, width / 2, height / 2, x / 2, y / 2, radius / 2, strength * 0.8, tint[1])
}

function lay(
  plane: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  radius: number,
  strength: number,
  value: number,
): void {
  const left = Math.max(0, Math.ceil(x - radius - 0.5))
  const right = Math.min(width - 1, Math.floor(x + radius - 0.5))
  const top = Math.max(0, Math.ceil(y - radius - 0.5))
  const bottom = Math.min(height - 1, Math.floor(y + radius - 0.5))
  // The last column and row of the table are only looked at from the side.
  const scale = (SIDE - 2) / (2 * radius)
  for (let row = top; row <= bottom; row++) {
    const v = (row + 0.5 - y + radius) * scale
    const line = Math.floor(v)
    const fv = v - line
    let u = (left + 0.5 - x + radius) * scale
    for (let at = row * width + left; at <= row * width + right; at++, u += scale) {
      const column = u | 0
      const cell = line * SIDE + column
      const upper = STAR[cell]! + (STAR[cell + 1]! - STAR[cell]!) * (u - column)
      const lower = STAR[cell + SIDE]! + (STAR[cell + SIDE + 1]! - STAR[cell + SIDE]!) * (u - column)
      const share = strength * (upper + (lower - upper) * fv)
      if (share > 0.004) {
        const under = plane[at]!
        plane[at] = under + (value - under) * share + 0.5
      }
    }
  }
}

function star(): Float32Array {
  const table = new Float32Array(SIDE * SIDE)
  const middle = (SIDE - 2) / 2
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const u = Math.abs(column - middle) / middle
      const v = Math.abs(row - middle) / middle
      const r = Math.hypot(u, v)
      const ray = (along: number, across: number): number =>
        Math.max(0, 1 - along) ** 2 * Math.exp(-((across / (0.012 + 0.05 * Math.max(0, 1 - along))) ** 2))
      const [p, q] = [(u + v) / Math.SQRT2, Math.abs(u - v) / Math.SQRT2]
      const halo = 0.3 * Math.max(0, 1 - r / 0.75) ** 2.5
      const light = Math.exp(-((r / 0.13) ** 2)) + ray(u, v) + ray(v, u) + 0.4 * ray(p * 1.9, q * 1.4) + halo
      table[row * SIDE + column] = Math.min(1, light) * Math.min(1, Math.max(0, (1 - r) * 6))
    }
  }
  return table
}
