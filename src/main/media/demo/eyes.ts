import type { Camera } from './head-pose'
import { hash01, fractal2, mix, noise2, smoothstep } from './noise'
import { Patch } from './patch'
import type { Target } from './raster'
import { Canvas, toTexture } from './texture'
import type { Texture } from './texture'

const CENTRE = { x: 3.13, y: 2.62, z: 2.42 } as const
const RADIUS = 1.32
const IRIS = 0.6
/** Half the size of the drawn piece of eyeball; lids hide its rim. */
const HALF_WIDTH = 1.75
const HALF_HEIGHT = 1.05
/** How far the texture goes on beyond the piece, so that the eye can turn. */
const TURN = 0.7

/** Both eyeballs: drawn before the skin, whose lids then cover them. */
export class Eyes {
  private readonly balls: { patch: Patch; baseU: Float32Array; baseV: Float32Array }[]
  private readonly glints: Patch[]
  private readonly texelsPerCm: number

  constructor(texelsPerCm: number) {
    this.texelsPerCm = texelsPerCm
    const texture = paintEyeball(texelsPerCm)
    const glint = paintGlint()
    const span = 2 * HALF_WIDTH * texelsPerCm
    const rise = 2 * HALF_HEIGHT * texelsPerCm
    this.balls = [-1, 1].map((side) => {
      const patch = new Patch({ columns: 10, rows: 8, place: (s, t) => ballPoint(side, s, t) }, texture)
      const { u, v, gain } = patch.vertices
      for (let i = 0; i < patch.count; i++) {
        const s = (i % 11) / 10
        const t = Math.floor(i / 11) / 8
        u[i] = TURN * texelsPerCm + s * span
        v[i] = TURN * texelsPerCm + t * rise
        const height = (0.5 - t) * 2 * HALF_HEIGHT
        const lidShade = 1 - 0.5 * smoothstep(0.02, 0.48, height)
        const corner = 1 - 0.25 * smoothstep(0.6, 1.5, Math.abs(s - 0.5) * 2 * HALF_WIDTH)
        gain[i] = lidShade * corner * (side < 0 ? 1 : 0.9)
      }
      return { patch, baseU: u.slice(), baseV: v.slice() }
    })
    this.glints = [-1, 1].map(
      (side) =>
        new Patch(
          {
            columns: 1,
            rows: 1,
            place: (s, t) => [side * CENTRE.x - 0.21 + (s - 0.5) * 0.3, CENTRE.y + 0.15 - (t - 0.5) * 0.34, 3.85],
          },
          glint,
        ),
    )
  }

  /** `gazeX` and `gazeY` in radians, right and up. */
  draw(target: Target, camera: Camera, matrix: Float32Array, gazeX: number, gazeY: number): void {
    const shiftU = -gazeX * RADIUS * this.texelsPerCm
    const shiftV = gazeY * RADIUS * this.texelsPerCm
    for (const { patch, baseU, baseV } of this.balls) {
      for (let i = 0; i < patch.count; i++) {
        patch.vertices.u[i] = baseU[i]! + shiftU
        patch.vertices.v[i] = baseV[i]! + shiftV
      }
      patch.draw(target, camera, matrix)
    }
    for (const glint of this.glints) glint.draw(target, camera, matrix)
  }
}

function ballPoint(side: number, s: number, t: number): [number, number, number] {
  const x = (s - 0.5) * 2 * HALF_WIDTH
  const y = (0.5 - t) * 2 * HALF_HEIGHT
  const bulge = Math.sqrt(Math.max(0.1, RADIUS * RADIUS - (x * x + y * y) * 0.5))
  return [side * CENTRE.x + x, CENTRE.y + y, CENTRE.z + bulge]
}

function paintEyeball(texelsPerCm: number): Texture {
  const width = Math.ceil(2 * (HALF_WIDTH + TURN) * texelsPerCm)
  const height = Math.ceil(2 * (HALF_HEIGHT + TURN) * texelsPerCm)
  const canvas = new Canvas(width, height)
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const x = (px + 0.5 - width / 2) / texelsPerCm
      const y = (height / 2 - py - 0.5) / texelsPerCm
      const r = Math.hypot(x, y)
      const angle = Math.atan2(y, x)
      const soft = 0.7 / texelsPerCm
      // Sclera: not white, veined and pinker towards the corners.
      const veins = smoothstep(0.56, 0.8, fractal2(x * 5 + 9, y * 9, 3, 81)) * smoothstep(0.75, 1.5, Math.abs(x))
      const pink = smoothstep(0.7, 1.6, Math.abs(x))
      let red = mix(0.83, 0.76, pink)
      let green = mix(0.8, 0.6, pink) - 0.2 * veins
      let blue = mix(0.79, 0.57, pink) - 0.2 * veins
      const inIris = smoothstep(IRIS + soft * 2, IRIS - soft * 2.5, r)
      if (inIris > 0) {
        const t = r / IRIS
        const fibre =
          0.72 + 0.7 * (noise2(angle * 13 + 60, t * 2.2, 83) - 0.35) + 0.25 * (hash01(Math.floor(angle * 40)) - 0.5)
        const warm = smoothstep(0.78, 0.42, t)
        const limbus = 1 - 0.75 * smoothstep(0.76, 1.02, t)
        // Light enters from above left and gathers on the far side of the iris.
        const caustic = 1 + 0.75 * Math.max(0, (x * 0.6 - y * 0.8) / IRIS) * smoothstep(0.35, 0.7, t)
        const level = fibre * limbus * caustic
        const pupil = smoothstep(0.4 - soft * 2, 0.4 + soft * 2, t)
        red = mix(red, mix(0.23, 0.42, warm) * level * pupil + 0.012, inIris)
        green = mix(green, mix(0.34, 0.27, warm) * level * pupil + 0.012, inIris)
        blue = mix(blue, mix(0.33, 0.12, warm) * level * pupil + 0.014, inIris)
      }
      const round = 1 - 0.16 * smoothstep(0.5, 1.5, r)
      canvas.set(py * width + px, red * round, green * round, blue * round)
    }
  }
  return toTexture(canvas)
}

/** The soft box mirrored in the cornea. */
function paintGlint(): Texture {
  const size = 16
  const canvas = new Canvas(size, size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = (p: number): number => smoothstep(2, 6, p) * smoothstep(14, 10, p)
      canvas.set(y * size + x, 1, 1, 0.98, 0.92 * inside(x + 0.5) * inside(y + 0.5))
    }
  }
  return toTexture(canvas)
}
