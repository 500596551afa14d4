import { smoothstep } from '../../demo/noise'
import { blend, lit, rgb, type Painter, type Rgb } from './paint'

const DARK = rgb('#101218')
const WALL = rgb('#3b4150')
const TEAL = rgb('#19b8c9')
const ROSE = rgb('#e0487f')
const TUBE_TEAL = rgb('#c9fbff')
const TUBE_ROSE = rgb('#ffd3e2')
const FLOOR = rgb('#191b22')

/** A dark creator's studio: a lit wall of wooden slats, two light tubes, a hint of floor. */
export const studio: Painter = (u, v) => {
  const spot = Math.exp(-((u * u) / 0.55 + (v - 0.42) ** 2 / 0.3))
  let colour: Rgb = blend(DARK, WALL, 0.12 + 0.88 * spot)
  // Slats: a soft groove every 5 % of the height, out of focus.
  const groove = 0.5 + 0.5 * Math.cos((u * 2 * Math.PI) / 0.052)
  const wall = smoothstep(0.86, 0.78, v)
  const shade = 1 - 0.3 * wall * smoothstep(0.5, 1, groove)
  colour = [colour[0] * shade, colour[1] * shade, colour[2] * shade]
  colour = blend(colour, FLOOR, smoothstep(0.8, 0.9, v) * 0.75)
  // The tubes throw coloured light on the wall beside them.
  colour = lit(colour, TEAL, glow(u + 0.68, v, 0.33) * 0.62 * shade)
  colour = lit(colour, ROSE, glow(u - 0.7, v, 0.33) * 0.62 * shade)
  colour = lit(colour, TUBE_TEAL, tube(u + 0.68 + 0.02 * (v - 0.5), v))
  return lit(colour, TUBE_ROSE, tube(u - 0.7 + 0.03 * (v - 0.5), v))
}

function glow(distance: number, v: number, width: number): number {
  const fade = smoothstep(1.05, 0.55, v) * smoothstep(-0.35, 0.25, v)
  return Math.exp(-Math.abs(distance) / (width * 0.55)) * fade
}

function tube(distance: number, v: number): number {
  const along = smoothstep(0.1, 0.125, v) * smoothstep(0.76, 0.735, v)
  const core = smoothstep(0.02, 0.009, Math.abs(distance)) * along
  const halo = 0.5 * Math.exp(-((distance / 0.035) ** 2)) * smoothstep(0.02, 0.16, v) * smoothstep(0.85, 0.7, v)
  return Math.min(core + halo, 1)
}
