/** The studio's lamps. Directions point from the subject to the lamp, x right, y up, z to the camera. */
interface Lamp {
  direction: readonly [number, number, number]
  colour: readonly [number, number, number]
  /** How far light creeps round the terminator, per channel: skin scatters red farthest. */
  wrap: readonly [number, number, number]
}

const unit = (x: number, y: number, z: number): [number, number, number] => {
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length]
}

export const KEY: Lamp = { direction: unit(-0.72, 0.5, 0.62), colour: [1.22, 1.1, 0.97], wrap: [0.34, 0.2, 0.14] }
const FILL: Lamp = { direction: unit(0.85, 0.12, 0.62), colour: [0.16, 0.185, 0.22], wrap: [0.4, 0.3, 0.25] }
const RIM: Lamp = { direction: unit(0.86, 0.38, -0.32), colour: [0.62, 0.56, 0.5], wrap: [0.06, 0.02, 0] }
const SKY: readonly [number, number, number] = [0.19, 0.19, 0.2]
const FLOOR: readonly [number, number, number] = [0.19, 0.15, 0.125]

/**
 * Light that reaches a surface with the given unit normal, linear RGB into `out`. `keyVisibility` 0..1 is the share
 * of the key lamp that is not in shadow, `openness` 0..1 the share of the surroundings that is seen.
 */
export function irradiance(
  nx: number,
  ny: number,
  nz: number,
  keyVisibility: number,
  openness: number,
  out: Float32Array,
): void {
  const key = KEY.direction[0] * nx + KEY.direction[1] * ny + KEY.direction[2] * nz
  const fill = FILL.direction[0] * nx + FILL.direction[1] * ny + FILL.direction[2] * nz
  const rim = RIM.direction[0] * nx + RIM.direction[1] * ny + RIM.direction[2] * nz
  const up = ny * 0.5 + 0.5
  for (let c = 0; c < 3; c++) {
    out[c] =
      KEY.colour[c]! * wrapped(key, KEY.wrap[c]!) * keyVisibility +
      FILL.colour[c]! * wrapped(fill, FILL.wrap[c]!) * openness +
      RIM.colour[c]! * wrapped(rim, RIM.wrap[c]!) * openness +
      (SKY[c]! * up + FLOOR[c]! * (1 - up)) * openness
  }
}

/** Wrapped Lambert term, energy kept roughly constant (GPU Gems 1, chapter 16). */
function wrapped(cosine: number, wrap: number): number {
  const lit = (cosine + wrap) / (1 + wrap)
  return lit > 0 ? lit / (1 + wrap * 0.5) : 0
}

/** A lamp's half vector toward a viewer straight ahead, and its share of the mirror-like light. */
const GLOSS = [
  { lamp: KEY, strength: 1 },
  { lamp: FILL, strength: 0.25 },
  { lamp: RIM, strength: 0.5 },
].map(({ lamp, strength }) => {
  const [x, y, z] = lamp.direction
  return { half: unit(x, y, z + 1), strength }
})

/** Mirror-like light of all lamps, two Blinn-Phong lobes (exponents 16 and 48): skin and the oil on it. */
export function highlight(nx: number, ny: number, nz: number): number {
  const grazing = 1 - Math.max(0, Math.min(1, nz))
  let sum = 0
  for (const { half, strength } of GLOSS) {
    const cosine = nx * half[0] + ny * half[1] + nz * half[2]
    if (cosine <= 0) continue
    const p2 = cosine * cosine
    const p4 = p2 * p2
    const p16 = p4 * p4 * p4 * p4
    sum += strength * (p16 + p16 * p16 * p16)
  }
  return 0.075 * (0.5 + 1.5 * grazing * grazing * grazing) * sum
}

/** Linear light to display value: a gentle filmic shoulder, then gamma 2.2. */
export function toDisplay(linear: number): number {
  return Math.pow(Math.max(0, linear) / (1 + 0.12 * linear), 1 / 2.2)
}

/** Display value (0..1) to linear light, gamma 2.2 as in `toDisplay`. */
export function toLinear(display: number): number {
  return Math.pow(display, 2.2)
}
