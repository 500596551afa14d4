import { highlight, irradiance, toDisplay } from './lighting'
import { mix, smoothstep } from './noise'
import { Patch } from './patch'
import { Canvas, toTexture } from './texture'
import type { Texture } from './texture'

const LENGTH = 3.7
const HEIGHT = 6.6

/** The two ears, sheets that stand off the side of the head. */
export function buildEars(texelsPerCm: number): [Patch, Patch] {
  const ear = (side: -1 | 1): Patch =>
    new Patch(
      {
        columns: 4,
        rows: 6,
        place: (s, t) => {
          // s = 0 is the root beside the cheek, s = 1 the outer rim; the texture is painted that way round.
          const along = side < 0 ? 1 - s : s
          const lean = 0.3 * (0.5 - t)
          return [side * (6.75 + along * 2.25 + lean), 3.2 - t * HEIGHT, -2.3 - along * 2.4 - 0.3 * (0.5 - t)]
        },
      },
      paintEar(texelsPerCm, side),
    )
  return [ear(-1), ear(1)]
}

/** Outline of an ear: rim radius at a place, > 0 inside. x 0..1 from root to rim, y 0..1 from top to lobe. */
function insideEar(x: number, y: number): number {
  const upper = 1 - Math.pow(Math.max(0, (0.4 - y) / 0.4), 2.2)
  const lower = 1 - Math.pow(Math.max(0, (y - 0.36) / 0.64), 2.6)
  const reach = 0.97 * Math.sqrt(Math.max(0, upper)) * (0.28 + 0.72 * Math.pow(Math.max(0, lower), 0.8))
  const tail = y > 0.98 || y < 0.02 ? -1 : 0
  return reach - x + tail
}

function height(x: number, y: number): number {
  const edge = insideEar(x, y)
  const helix = 0.34 * smoothstep(0, 0.06, edge) * smoothstep(0.24, 0.12, edge) * smoothstep(0.86, 0.62, y)
  const anti =
    0.24 *
    smoothstep(0.22, 0.32, edge) *
    smoothstep(0.5, 0.36, edge) *
    smoothstep(0.12, 0.3, y) *
    smoothstep(0.8, 0.6, y)
  const concha = -0.5 * smoothstep(0.34, 0.1, Math.hypot((x - 0.24) * 1.1, (y - 0.52) * 1.25))
  const tragus = 0.3 * smoothstep(0.16, 0.04, Math.hypot((x - 0.06) * 1.2, y - 0.55))
  const lobe = 0.2 * smoothstep(0.26, 0.05, Math.hypot((x - 0.22) * 1.1, y - 0.86))
  const round = 0.2 * smoothstep(0, 0.12, edge)
  return helix + anti + concha + tragus + lobe + round
}

function paintEar(texelsPerCm: number, side: -1 | 1): Texture {
  const width = Math.ceil(LENGTH * texelsPerCm)
  const rows = Math.ceil(HEIGHT * texelsPerCm)
  const canvas = new Canvas(width, rows)
  const lamp = new Float32Array(3)
  const step = 0.012
  for (let py = 0; py < rows; py++) {
    for (let px = 0; px < width; px++) {
      const across = (px + 0.5) / width
      const x = side < 0 ? 1 - across : across
      const y = (py + 0.5) / rows
      const edge = insideEar(x, y)
      const here = height(x, y)
      const slopeX = ((height(x + step, y) - here) / step) * 0.5
      const slopeY = ((height(x, y + step) - here) / step) * 0.3
      // The sheet faces outwards and forwards; relief tilts it.
      const nx = side * 0.55 - side * slopeX
      const ny = slopeY + 0.05
      const nz = 0.8
      const length = Math.hypot(nx, ny, nz)
      const open = mix(1, 0.3, smoothstep(0.15, -0.35, here)) * mix(0.55, 1, smoothstep(0, 0.25, x))
      irradiance(nx / length, ny / length, nz / length, open * 0.8, open, lamp)
      const shine = highlight(nx / length, ny / length, nz / length) * 0.5 * open
      canvas.set(
        py * width + px,
        toDisplay(0.64 * lamp[0]! + shine),
        toDisplay(0.315 * lamp[1]! + shine),
        toDisplay(0.225 * lamp[2]! + shine),
        smoothstep(-0.01, 0.035, edge),
      )
    }
  }
  return toTexture(canvas)
}
