import { SKIN_SAMPLES } from '../beauty/mesh-indices'
import { sortFirst } from '../beauty/sort-first'
import type { I420Frame } from '../i420'
import type { MakeupView } from './makeup-view'

/** What the skin of one face looks like in this light. */
export interface FaceTone {
  luma: number
  u: number
  v: number
}

const lumas = new Float32Array(SKIN_SAMPLES.length)
const us = new Float32Array(SKIN_SAMPLES.length)
const vs = new Float32Array(SKIN_SAMPLES.length)

/**
 * Middle half of some places where skin is seldom covered; places turned away from the camera do not count.
 * False when none can be seen; then `out` keeps what it had.
 */
export function measureTone(frame: I420Frame, { points, facing, region }: MakeupView, out: FaceTone): boolean {
  // As large as fits between eye, nose and mouth, against noise.
  const reach = Math.max(1, Math.round(0.012 * region.faceWidth))
  let count = 0
  for (const index of SKIN_SAMPLES) {
    const x = Math.floor(points[3 * index]!)
    const y = Math.floor(points[3 * index + 1]!)
    if (facing[index]! < 0.3 || x < reach || y < reach || x >= frame.width - reach || y >= frame.height - reach)
      continue
    meanAround(frame, x, y, reach, count++)
  }
  if (count === 0) return false
  out.luma = middle(lumas, count)
  out.u = middle(us, count)
  out.v = middle(vs, count)
  return true
}

function meanAround({ data, width, height }: I420Frame, x: number, y: number, reach: number, to: number): void {
  const half = width >> 1
  const chroma = width * height
  let [luma, u, v, count] = [0, 0, 0, 0]
  for (let row = y - reach; row <= y + reach; row += 2) {
    for (let column = x - reach; column <= x + reach; column += 2) {
      const at = chroma + (row >> 1) * half + (column >> 1)
      luma += data[row * width + column]!
      u += data[at]!
      v += data[at + (chroma >> 2)]!
      count++
    }
  }
  lumas[to] = luma / count
  us[to] = u / count
  vs[to] = v / count
}

function middle(values: Float32Array, count: number): number {
  sortFirst(values, count)
  const cut = Math.floor(count / 4)
  let sum = 0
  for (let i = cut; i < count - cut; i++) sum += values[i]!
  return sum / (count - 2 * cut)
}

/**
 * Tells the skin of one face from what lies before it, by colour: less light scales luma and chroma alike, so that
 * chroma is judged against what the skin would have at this luma.
 */
export class SkinGate {
  #perLuma = 0
  #axisU = 0
  #axisV = 0
  #chroma = 0
  #darkFrom = 0
  #perDark = 0

  fit({ luma, u, v }: FaceTone): void {
    const chroma = Math.hypot(u - 128, v - 128)
    const light = Math.max(luma - 16, 8)
    this.#perLuma = 1 / light
    this.#axisU = chroma > 1 ? (u - 128) / chroma : 0
    this.#axisV = chroma > 1 ? (v - 128) / chroma : 1
    this.#chroma = chroma
    this.#darkFrom = 16 + 0.16 * light
    this.#perDark = 1 / (0.24 * light)
  }

  /** 0 (something else) to 1 (skin). */
  of(y: number, u: number, v: number): number {
    const du = u - 128
    const dv = v - 128
    // Comparisons, as Math.min and Math.max also look for NaN and -0: this is run for each sample of the skin.
    const bright = (y - 16) * this.#perLuma
    const shade = bright < 0.35 ? 0.35 : bright > 1.15 ? 1.15 : bright
    const expected = this.#chroma * shade
    const along = du * this.#axisU + dv * this.#axisV - expected
    const aside = Math.abs(dv * this.#axisU - du * this.#axisV)
    // Of the two ways to be off, which is further: compared crosswise, for one division instead of two.
    const across = 0.36 * expected + 5
    const reach = along < 0 ? 0.5 * expected + 3 : 0.9 * expected + 5
    const length = Math.abs(along)
    const colour = 2 - 1.4 * (length * across > aside * reach ? length / reach : aside / across)
    if (!(colour > 0)) return 0
    const light = (y - this.#darkFrom) * this.#perDark
    return light <= 0 ? 0 : (colour < 1 ? colour : 1) * (light < 1 ? light : 1)
  }
}
