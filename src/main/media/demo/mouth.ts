import type { Camera } from './head-pose'
import { mix, smoothstep } from './noise'
import { Patch } from './patch'
import type { Target } from './raster'
import { Canvas, toTexture } from './texture'
import type { Texture } from './texture'

/** Widths of the upper teeth from the middle outwards, centimetres: incisors, canine, premolars. */
const UPPER_WIDTHS = [0.84, 0.66, 0.72, 0.66, 0.6] as const
const LOWER_WIDTHS = [0.54, 0.56, 0.62, 0.64, 0.6] as const
const TEETH_HALF = 3

/** What shows between the lips: throat, tongue and two rows of teeth; drawn before the skin. */
export class Mouth {
  private readonly cavity: Patch
  private readonly upper: Patch
  private readonly lower: Patch
  private readonly lowerRest: Float32Array
  private readonly cavityRest: Float32Array

  constructor(texelsPerCm: number) {
    this.cavity = new Patch(
      { columns: 4, rows: 4, place: (s, t) => [(s - 0.5) * 6, -3.2 - t * 2.6, 3.4] },
      paintCavity(texelsPerCm),
    )
    this.upper = new Patch(
      { columns: 12, rows: 1, place: (s, t) => teethPoint(s, -3.4 - t * 1.05) },
      paintTeeth(texelsPerCm, 1.05, UPPER_WIDTHS, false),
    )
    this.lower = new Patch(
      { columns: 12, rows: 1, place: (s, t) => teethPoint(s, -4.5 - t * 0.95) },
      paintTeeth(texelsPerCm, 0.95, LOWER_WIDTHS, true),
    )
    this.lowerRest = this.lower.positions.slice()
    this.cavityRest = this.cavity.positions.slice()
  }

  /** `drop` is how far the chin hangs below its resting place, centimetres. */
  draw(target: Target, camera: Camera, matrix: Float32Array, drop: number): void {
    for (let i = 0; i < this.lower.count; i++) {
      this.lower.positions[i * 3 + 1] = this.lowerRest[i * 3 + 1]! - drop * 0.92
      this.lower.positions[i * 3 + 2] = this.lowerRest[i * 3 + 2]! - drop * 0.2
    }
    for (let i = 0; i < this.cavity.count; i++) {
      const low = i / this.cavity.count
      this.cavity.positions[i * 3 + 1] = this.cavityRest[i * 3 + 1]! - drop * low
    }
    // Closed lips leave the teeth in the dark.
    const light = 0.3 + 0.7 * smoothstep(0.02, 0.4, drop)
    this.upper.vertices.gain.fill(light)
    this.lower.vertices.gain.fill(light)
    this.cavity.draw(target, camera, matrix)
    this.lower.draw(target, camera, matrix)
    this.upper.draw(target, camera, matrix)
  }
}

/** The arch of the jaw seen from in front. */
function teethPoint(s: number, y: number): [number, number, number] {
  const x = (s - 0.5) * 2 * TEETH_HALF
  return [x * 0.86, y, 4.75 - 0.2 * x * x]
}

function paintCavity(texelsPerCm: number): Texture {
  const width = Math.ceil(6 * texelsPerCm)
  const height = Math.ceil(2.6 * texelsPerCm)
  const canvas = new Canvas(width, height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = (x / width - 0.5) * 2
      const down = y / height
      const tongue = smoothstep(0.55, 0.85, down) * smoothstep(0.75, 0.3, Math.abs(across))
      const groove = 1 - 0.25 * smoothstep(0.05, 0, Math.abs(across))
      canvas.set(
        y * width + x,
        mix(0.13, 0.56 * groove, tongue),
        mix(0.045, 0.25 * groove, tongue),
        mix(0.05, 0.24 * groove, tongue),
      )
    }
  }
  return toTexture(canvas)
}

function paintTeeth(texelsPerCm: number, heightCm: number, widths: readonly number[], lower: boolean): Texture {
  const width = Math.ceil(2 * TEETH_HALF * texelsPerCm)
  const height = Math.ceil(heightCm * texelsPerCm)
  const canvas = new Canvas(width, height)
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const x = Math.abs((px + 0.5) / texelsPerCm - TEETH_HALF)
      // 0 at the gum, 1 at the biting edge.
      const t = lower ? 1 - (py + 0.5) / height : (py + 0.5) / height
      let from = 0
      let tooth = 0
      while (tooth < widths.length - 1 && x > from + widths[tooth]!) from += widths[tooth++]!
      const half = widths[tooth]! / 2
      const aside = Math.abs(x - from - half) / half
      const edge = 0.95 - 0.035 * (tooth % 2) - 0.1 * Math.pow(aside, 4)
      const solid = smoothstep(edge + 0.03, edge - 0.04, t)
      const gum = smoothstep(0.34, 0.24, t - 0.1 * (1 - aside * aside))
      const gap = 1 - 0.5 * smoothstep(0.86, 1, aside)
      const depth = 1 - 0.62 * smoothstep(0.4, 2.6, x)
      const level = depth * gap * (lower ? 0.72 : 0.9 - 0.12 * smoothstep(0.5, 0.2, t))
      canvas.set(
        py * width + px,
        mix(0.9 * level, 0.6 * depth, gum),
        mix(0.86 * level, 0.3 * depth, gum),
        mix(0.77 * level, 0.29 * depth, gum),
        solid * smoothstep(2.95, 2.6, x),
      )
    }
  }
  return toTexture(canvas)
}
