import { fractal2, smoothstep } from '../../demo/noise'
import { blend, lit, perColumn, ramp, rgb, type Painter, type Rgb } from './paint'

const SKY = [
  [0, rgb('#2b2a5e')],
  [0.22, rgb('#6a3d82')],
  [0.42, rgb('#c9587c')],
  [0.56, rgb('#f68a62')],
  [0.68, rgb('#ffc777')],
] as const
const SUN = rgb('#fff3d0')
const HAZE = rgb('#ffb070')
const NEAR = rgb('#2a1a3c')
const WATER = [
  [0.72, rgb('#f7a56a')],
  [0.82, rgb('#a9587c')],
  [1, rgb('#33265a')],
] as const
const HORIZON = 0.72
const SUN_U = 0.42
const SUN_V = 0.6

/** Evening over a lake between hills. */
export const sunset: Painter = (u, v, pixel) => {
  if (v >= HORIZON) return lake(u, v)
  let colour: Rgb = ramp(SKY, v)
  const distance = Math.hypot(u - SUN_U, v - SUN_V)
  const high = smoothstep(0.6, 0.3, v)
  const band = high === 0 ? 0 : smoothstep(0.52, 0.75, fractal2(u * 1.6 + 3, v * 9, 4, 11)) * high
  colour = blend(colour, ramp(SKY, Math.min(v + 0.3, 0.68)), band * 0.55)
  colour = lit(colour, HAZE, Math.exp(-distance / 0.28) * 0.75)
  colour = lit(colour, SUN, smoothstep(0.062 + pixel, 0.062 - pixel, distance) + Math.exp(-distance / 0.05) * 0.4)
  const ridges = ridgesAt(u)
  for (let layer = 0; layer < 4; layer++) {
    const near = (layer + 1) / 4
    const ridge = ridges[layer]!
    const cover = smoothstep(ridge - 0.004 - pixel, ridge + 0.004 + pixel, v)
    if (cover === 0) continue
    const hill = blend(ramp(SKY, 0.6), NEAR, near * near * 0.9 + 0.06)
    const light = Math.exp(-Math.abs(u - SUN_U) / 0.5) * (1 - near) * 0.5
    colour = blend(colour, lit(blend(hill, HAZE, smoothstep(ridge, HORIZON + 0.06, v) * 0.35), HAZE, light), cover)
  }
  return colour
}

const ridgesAt = perColumn((u) => [0, 1, 2, 3].map((layer) => ridgeAt(u, layer)))

function ridgeAt(u: number, layer: number): number {
  const rough = fractal2(u * (1.1 + layer * 0.7) + layer * 7.3, layer, 5, 40 + layer) - 0.5
  // The nearest hills stand at the sides and leave the middle free.
  const side = layer < 2 ? 0 : 0.1 * smoothstep(0.15, 0.9, Math.abs(u + 0.1 * (layer - 2)))
  return 0.655 + layer * 0.022 - rough * (0.22 - layer * 0.025) - side
}

function lake(u: number, v: number): Rgb {
  const depth = (v - HORIZON) / (1 - HORIZON)
  let colour: Rgb = ramp(WATER, v)
  const ripple = fractal2((u * 5) / (0.25 + depth), 26 * Math.sqrt(depth), 3, 61)
  colour = blend(colour, ramp(SKY, 0.5), (ripple - 0.5) * 0.5)
  const path = Math.exp(-((Math.abs(u - SUN_U) / (0.05 + 0.16 * depth)) ** 2))
  const glitter = smoothstep(0.42, 0.72, ripple)
  colour = lit(colour, SUN, path * (0.25 + 0.65 * glitter) * (1 - 0.55 * depth))
  return blend(colour, NEAR, smoothstep(0.004, 0, v - HORIZON) * 0.4)
}
