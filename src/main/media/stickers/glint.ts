import { planesOf, type I420Frame } from '../i420'

/** So fine that the nearest place of the table does. */
const SIDE = 192
/** Brightness of a star with four long and four short rays, 0..255, rows of `SIDE`. */
const STAR = star()
/** First and last column of each row in which there is light. */
const SPANS = spans()

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
  const scale = SIDE / (2 * radius)
  const shift = (radius - x + 0.5) * scale
  const shares = (strength * 256) | 0
  for (let row = top; row <= bottom; row++) {
    const line = Math.min(SIDE - 1, ((row + 0.5 - y + radius) * scale) | 0)
    const first = Math.max(left, Math.ceil((SPANS[line * 2]! - shift) / scale))
    const last = Math.min(right, Math.floor((SPANS[line * 2 + 1]! - shift) / scale))
    let u = ((first * scale + shift) * 65536) | 0
    const step = (scale * 65536) | 0
    const start = line * SIDE
    for (let at = row * width + first; at <= row * width + last; at++, u += step) {
      const share = Math.imul(STAR[start + (u >> 16)]!, shares)
      const under = plane[at]!
      plane[at] = under + ((Math.imul(value - under, share) + 32768) >> 16)
    }
  }
}

function spans(): Float32Array {
  const ends = new Float32Array(SIDE * 2)
  for (let row = 0; row < SIDE; row++) {
    const line = STAR.subarray(row * SIDE, (row + 1) * SIDE)
    ends[row * 2] = Math.max(
      0,
      line.findIndex((light) => light > 1),
    )
    ends[row * 2 + 1] = line.findLastIndex((light) => light > 1)
  }
  return ends
}

function star(): Uint8Array {
  const table = new Uint8Array(SIDE * SIDE)
  const middle = (SIDE - 1) / 2
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
      table[row * SIDE + column] = 255 * Math.min(1, light) * Math.min(1, Math.max(0, (1 - r) * 6))
    }
  }
  return table
}
