import { fractal2, hash01, noise2, smoothstep } from '../../demo/noise'
import { blend, lit, perColumn, ramp, rgb, type Painter, type Rgb } from './paint'

const SKY = [
  [0, rgb('#060a1d')],
  [0.5, rgb('#0b1d38')],
  [0.85, rgb('#16414f')],
] as const
const GREEN = rgb('#3df59b')
const TEAL = rgb('#1fc8b4')
const VIOLET = rgb('#8a4bea')
const STAR = rgb('#eaf2ff')
const SNOW = rgb('#14283c')
const TREE = rgb('#03070f')

/** Northern lights over a snowy forest. */
export const aurora: Painter = (u, v, pixel) => {
  let colour: Rgb = ramp(SKY, v)
  colour = lit(colour, STAR, stars(u, v) * smoothstep(0.75, 0.35, v))
  colour = curtain(colour, u, v, 0.47, 0.36, 3, 1)
  colour = curtain(colour, u, v, 0.6, 0.28, 8, 0.75)
  colour = curtain(colour, u + 0.4, v, 0.32, 0.26, 15, 0.5)
  colour = lit(colour, TEAL, 0.16 * Math.exp(-(((v - 0.72) / 0.2) ** 2)))
  const far = 0.8 - 0.045 * fractal2(u * 2.2, 1, 4, 70)
  colour = blend(colour, SNOW, smoothstep(far - 0.006, far + 0.006, v) * 0.85)
  const trees = treeLine(u)
  return blend(colour, TREE, smoothstep(trees - 1.5 * pixel, trees + 1.5 * pixel, v))
}

/** Light that hangs down from a wavy line: sharp below, fading upwards, in rays. */
function curtain(under: Rgb, u: number, v: number, foot: number, height: number, seed: number, strength: number): Rgb {
  const wave = 0.2 * (fractal2(u * 0.9, 0.3, 2, seed) - 0.5) + 0.05 * Math.sin(u * 4 + seed)
  const up = (foot + wave - v) / height
  if (up < -0.25 || up > 1.6) return under
  const fold = u * 3 + 1.4 * noise2(u * 1.3, 0, seed + 2) + 0.25 * up
  const rays = 0.45 + 0.55 * fractal2(fold * 2.2, up * 0.35, 3, seed + 3)
  const patch = smoothstep(0.3, 0.7, noise2(u * 1.1, 5, seed + 5))
  const light = smoothstep(-0.2, 0.06, up) * Math.exp(-Math.max(up, 0) * 2.1) * rays * (0.25 + 0.75 * patch) * strength
  return lit(under, blend(blend(TEAL, GREEN, smoothstep(-0.15, 0.2, up)), VIOLET, smoothstep(0.35, 1.1, up)), light)
}

function stars(u: number, v: number): number {
  const cell = 0.028
  const [i, j] = [Math.floor(u / cell), Math.floor(v / cell)]
  if (hash01(i, j, 90) > 0.3) return 0
  const [x, y] = [(i + 0.2 + 0.6 * hash01(i, j, 91)) * cell, (j + 0.2 + 0.6 * hash01(i, j, 92)) * cell]
  const size = 0.0012 + 0.0016 * hash01(i, j, 93) ** 4
  return smoothstep(size * 1.9, size * 0.4, Math.hypot(u - x, v - y)) * (0.35 + 0.65 * hash01(i, j, 94))
}

const treeLine = perColumn(firs)

/** Firs: the highest of the triangles that stand at a place; tall at the sides, low in the middle. */
function firs(u: number): number {
  let top = 0.93 - 0.02 * fractal2(u * 3, 2, 3, 80)
  const gap = 0.032
  const at = Math.floor(u / gap)
  for (let n = at - 3; n <= at + 3; n++) {
    const x = (n + hash01(n, 81)) * gap
    const side = smoothstep(0.05, 0.85, Math.abs(x))
    const height = (0.05 + 0.12 * hash01(n, 82)) * (0.5 + 1.1 * side)
    const half = height * (0.2 + 0.06 * hash01(n, 83))
    const off = Math.abs(u - x) / half
    if (off >= 1) continue
    // Branches: the edge steps in and out on its way up.
    const branch = 0.14 * Math.abs(((off * 5.5 + hash01(n, 84)) % 1) - 0.5)
    top = Math.min(top, 0.945 - height * Math.min(1, Math.max(0, 1 - off + branch)))
  }
  return top
}
