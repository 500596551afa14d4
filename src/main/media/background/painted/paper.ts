import { hash01, noise2, smoothstep } from '../../demo/noise'
import { blend, rgb, type Painter, type Rgb } from './paint'

const BASE_TOP = rgb('#fbf3ea')
const BASE_BOTTOM = rgb('#f3e3d6')
const SHADOW = rgb('#7a4f52')

/** A sheet: below the line through `v` at the middle with this slope, wavy. Sheets lie one over the other. */
const SHEETS = [
  { colour: rgb('#f7d9c9'), v: 0.57, slope: -0.3, wave: 0.08, turn: 3.1, phase: 0.4 },
  { colour: rgb('#f0b9a6'), v: 0.76, slope: -0.24, wave: 0.07, turn: 3.7, phase: 2.1 },
  { colour: rgb('#a9c3b5'), v: 0.88, slope: 0.26, wave: 0.07, turn: 2.9, phase: 4.2 },
  { colour: rgb('#6f9a94'), v: 1.0, slope: 0.3, wave: 0.06, turn: 3.5, phase: 0.9 },
] as const
const SUN = { colour: rgb('#f6c873'), u: -0.52, v: 0.3, radius: 0.15 }

/** Sheets of coloured paper, cut into waves, each with its shadow on the one behind. */
export const paper: Painter = (u, v, pixel) => {
  let colour: Rgb = blend(BASE_TOP, BASE_BOTTOM, v)
  colour = lay(colour, SUN.colour, SUN.radius - Math.hypot(u - SUN.u, v - SUN.v), shadowOf(u, v), pixel)
  for (const sheet of SHEETS) {
    const inside = (x: number, y: number): number => y - sheet.v - sheet.slope * x - waveOf(sheet, x)
    // The light comes from above on the left: the shadow falls upwards of no sheet, but beside its edge.
    colour = lay(colour, sheet.colour, inside(u, v), inside(u - 0.008, v + 0.022), pixel)
  }
  const fibre = noise2(u * 110, v * 110, 31) - 0.5 + 0.6 * (hash01(Math.floor(u * 720), Math.floor(v * 720), 32) - 0.5)
  const grain = 1 + 0.022 * fibre
  return [colour[0] * grain, colour[1] * grain, colour[2] * grain]
}

function waveOf({ wave, turn, phase }: (typeof SHEETS)[number], u: number): number {
  return wave * Math.sin(u * turn + phase) + 0.3 * wave * Math.sin(u * turn * 2.3 + phase * 1.7)
}

function shadowOf(u: number, v: number): number {
  return SUN.radius - Math.hypot(u - 0.008 - SUN.u, v - 0.018 - SUN.v)
}

/** Lays a sheet over what is there: its shadow first, soft, then the sheet with a light cut edge. */
function lay(under: Rgb, colour: Rgb, inside: number, shadow: number, pixel: number): Rgb {
  const shade = smoothstep(-0.035, 0.02, shadow) * 0.3
  const dark = blend(under, [under[0] * SHADOW[0] * 1.6, under[1] * SHADOW[1] * 1.6, under[2] * SHADOW[2] * 1.6], shade)
  const edge = smoothstep(0.006, 0.001, inside) * 0.35
  const sheet = blend(colour, [1, 1, 1], edge)
  return blend(dark, sheet, smoothstep(-pixel, pixel, inside))
}
