import type { Camera } from './head-pose'
import { irradiance, highlight, toDisplay } from './lighting'
import { fractal2, mix, noise2, smoothstep } from './noise'
import { Patch } from './patch'
import type { Target } from './raster'
import { Canvas, toTexture } from './texture'
import type { Texture } from './texture'

const LEFT = -25
const RIGHT = 25
const TOP = -5
const BOTTOM = -25
const COLUMNS = 30
const ROWS = 24
/** The part that follows the head ends on lines of the grid. */
const NECK_ZONE = { half: 8.35, bottom: -15 } as const
const STILL = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)

/** Neck, shoulders and sweater: one sheet whose top goes with the head and whose bottom stays and breathes. */
export class Bust {
  /** What goes with the head, and what only breathes: see `BreathingRoom`. */
  private readonly neck: Patch
  private readonly body: Patch
  private readonly posed: Float32Array

  /** @param texture as `paintBust` gives it */
  constructor(texture: Texture) {
    const part = (isNeck: boolean): Patch =>
      new Patch(
        {
          columns: COLUMNS,
          rows: ROWS,
          place: (s, t) => {
            const x = mix(LEFT, RIGHT, s)
            const y = mix(TOP, BOTTOM, t)
            return [x, y, depth(x, y)]
          },
          hidden: (x, y) => (Math.abs(x) < NECK_ZONE.half && y > NECK_ZONE.bottom) !== isNeck,
        },
        texture,
      )
    this.neck = part(true)
    this.body = part(false)
    this.posed = new Float32Array(this.neck.count * 3)
  }

  /** Shoulders and sweater. */
  drawBody(target: Target, camera: Camera, breath: number): void {
    this.draw(this.body, target, camera, STILL, breath)
  }

  /** Neck and collar; `headMatrix` poses the head, `breath` lifts the chest, centimetres. */
  drawNeck(target: Target, camera: Camera, headMatrix: Float32Array, breath: number): void {
    this.draw(this.neck, target, camera, headMatrix, breath)
  }

  private draw(patch: Patch, target: Target, camera: Camera, headMatrix: Float32Array, breath: number): void {
    const rest = patch.positions
    for (let i = 0; i < patch.count; i++) {
      const x = rest[i * 3]!
      const y = rest[i * 3 + 1]!
      const z = rest[i * 3 + 2]!
      const follow = 0.9 * smoothstep(-14.4, -5, y) * smoothstep(NECK_ZONE.half - 0.4, 6, Math.abs(x))
      const lift = breath * smoothstep(-9, -14, y)
      for (let k = 0; k < 3; k++) {
        const head =
          headMatrix[k * 4]! * x + headMatrix[k * 4 + 1]! * y + headMatrix[k * 4 + 2]! * z + headMatrix[k * 4 + 3]!
        this.posed[i * 3 + k] = mix(rest[i * 3 + k]!, head, follow) + (k === 1 ? lift : 0)
      }
    }
    patch.draw(target, camera, STILL, this.posed)
  }
}

function neckHalf(y: number): number {
  return 5.35 + 0.03 * Math.pow(Math.max(0, -8 - y), 2)
}

/** Height of the shoulder line. */
function shoulder(x: number): number {
  const away = Math.abs(x)
  if (away < 4.5) return -9
  const slope = -9.6 - 2.6 * smoothstep(4.5, 8, away) - 0.155 * Math.max(0, away - 6)
  return slope - 9 * Math.pow(Math.max(0, (away - 16.5) / 6.5), 2.6)
}

function neckline(x: number): number {
  return -14.4 + 0.062 * x * x - 0.004 * Math.pow(Math.abs(x), 3) * 0.1
}

function depth(x: number, y: number): number {
  const neck = Math.abs(x) < neckHalf(y) ? -5.2 + 5.4 * Math.sqrt(1 - Math.pow(x / neckHalf(y), 2)) : -5.2
  const chest = -4 + 5 * smoothstep(shoulder(x), shoulder(x) - 8, y) - 0.012 * x * x
  return Math.max(neck, chest)
}

/** Neck, shoulders and pullover. */
export function paintBust(texelsPerCm: number): Texture {
  const width = Math.ceil((RIGHT - LEFT) * texelsPerCm)
  const rows = Math.ceil((TOP - BOTTOM) * texelsPerCm)
  const canvas = new Canvas(width, rows)
  const lamp = new Float32Array(3)
  const soft = 0.8 / texelsPerCm
  for (let py = 0; py < rows; py++) {
    for (let px = 0; px < width; px++) {
      const x = LEFT + (px + 0.5) / texelsPerCm
      const y = TOP - (py + 0.5) / texelsPerCm
      const line = shoulder(x)
      const onNeck = smoothstep(neckHalf(y) + soft, neckHalf(y) - soft, Math.abs(x))
      const onBody = smoothstep(line + soft, line - soft, y)
      const alpha = Math.max(onNeck, onBody)
      if (alpha <= 0) continue
      const cloth = smoothstep(neckline(x) + soft, neckline(x) - soft, y)
      if (cloth < 1) paintNeck(canvas, py * width + px, x, y, lamp, alpha)
      if (cloth > 0) paintCloth(canvas, py * width + px, x, y, lamp, Math.min(alpha, cloth))
    }
  }
  return toTexture(canvas)
}

function paintNeck(canvas: Canvas, index: number, x: number, y: number, lamp: Float32Array, alpha: number): void {
  const half = neckHalf(y)
  const turn = Math.max(-1, Math.min(1, x / half))
  const flat = smoothstep(-10.5, -14, y)
  let nx = turn * mix(1, 0.45, flat)
  // The two muscles from ear to breastbone, the hollow between the collar bones and the bones themselves.
  const muscle = Math.abs(x) - mix(4.4, 0.9, smoothstep(-5, -13.5, y))
  nx += 0.34 * Math.sign(x) * Math.exp(-muscle * muscle * 1.6) * Math.sign(muscle) * Math.min(1, Math.abs(muscle) * 2)
  const bone = y + 12.9 - 0.1 * Math.abs(x)
  let ny = 0.12 + 0.5 * flat * Math.sign(bone) * Math.exp(-bone * bone * 2.2) * smoothstep(0.6, 2, Math.abs(x))
  ny -= 0.1 * smoothstep(-9, -5, y)
  const nz = Math.sqrt(Math.max(0.08, 1 - turn * turn * mix(1, 0.2, flat)))
  const length = Math.hypot(nx, ny, nz)
  const hollow = smoothstep(1.3, 0.2, Math.hypot(x, (y + 13.2) * 1.2))
  // Shadow of chin and jaw: the key lamp stands to the left and above, so it falls to the right.
  const chin = smoothstep(-12.6, -9.2, y - 0.16 * x + 0.9 * turn * turn)
  const open = (1 - 0.68 * chin) * (1 - 0.25 * hollow)
  irradiance(nx / length, ny / length, nz / length, (1 - 0.85 * chin) * 0.95, open, lamp)
  const mottle = 1 + 0.14 * (fractal2(x * 1.1, y * 1.1, 3, 101) - 0.5) + 0.07 * (noise2(x * 9, y * 9, 103) - 0.5)
  const lines = 1 - 0.1 * smoothstep(0.12, 0, Math.abs(y + 10.6 + 0.02 * x * x)) * smoothstep(4.6, 3, Math.abs(x))
  const shine = highlight(nx / length, ny / length, nz / length) * 0.35 * (1 - chin)
  const level = mottle * lines
  canvas.over(
    index,
    toDisplay(0.63 * level * lamp[0]! + shine),
    toDisplay(0.36 * level * lamp[1]! + shine),
    toDisplay(0.255 * level * lamp[2]! + shine),
    alpha,
  )
}

function paintCloth(canvas: Canvas, index: number, x: number, y: number, lamp: Float32Array, alpha: number): void {
  const below = neckline(x) - y
  const drop = shoulder(x) - y
  const band = smoothstep(1.5, 1.4, below)
  // Shoulders are round: facing up at their line, forwards below it.
  let ny = 0.85 * smoothstep(5.5, 0, drop) + 0.06
  let nx = (x / 24) * 0.9
  const fold = (a: number, b: number): number => fractal2(a * 0.17 + b * 0.05, b * 0.12 - a * 0.04, 3, 111)
  const step = 0.4
  const folds = fold(x, y)
  nx -= ((fold(x + step, y) - folds) / step) * 1.7 * (1 - band)
  ny -= ((fold(x, y + step) - folds) / step) * 1.7 * (1 - band)
  // Knitting: rows of stitches; ribs across the collar.
  const rib = Math.sin(Math.atan2(x, below + 9) * 95)
  const stitch = Math.sin(x * 13 + Math.sin(y * 20) * 0.9)
  nx += mix(0.12 * stitch, 0.3 * rib, band)
  ny += band * 0.5 * smoothstep(0.75, 0, below) - band * 0.35 * smoothstep(0.8, 1.5, below)
  const nz = 0.8
  const length = Math.hypot(nx, ny, nz)
  const shadow =
    smoothstep(6.5, 0, Math.hypot(x - 1.5, (y + 14) * 1.2)) * 0.35 + 0.4 * smoothstep(0.5, 0, Math.abs(below - 1.55))
  irradiance(nx / length, ny / length, nz / length, 1 - shadow, 1 - 0.5 * shadow, lamp)
  const yarn = 0.86 + 0.28 * noise2(x * 14, y * 14, 113)
  const fuzz = 0.05 * Math.pow(1 - nz / length, 2)
  canvas.over(
    index,
    toDisplay(0.055 * yarn * lamp[0]! + fuzz),
    toDisplay(0.15 * yarn * lamp[1]! + fuzz),
    toDisplay(0.18 * yarn * lamp[2]! + fuzz),
    alpha,
  )
}
