import { smoothStep } from '../beauty/face-region'
import type { I420Frame } from '../i420'
import { boxOf, Coverage } from './coverage'
import type { EyePoints } from './eye-points'
import type { FaceTone } from './face-tone'
import type { MakeupView } from './makeup-view'
import { pigmentLuma, type Pigment } from './pigment'
import { drawSheet, weightTexture, type MeshSheet, type WeightTexture } from './textured-mesh'

const COLUMNS = 5
const TEXTURE = { width: 160, height: 40 }
/** The mesh's brow is a little narrower than a brow: growth away from its middle line. */
const GROWTH = 0.18
/** At strength 1: share of the way to the pigment where there is hair, and on bare skin. */
const HAIR = 0.78
const SKIN = 0.28

const ALL = Array.from({ length: 2 * COLUMNS }, (_, index) => index)
const box = new Float32Array(4)

/** Brows: hairs take the pigment, gaps are filled with fine strokes, nothing becomes lighter. */
export class Brows {
  readonly #cover = new Coverage()
  readonly #points = new Float32Array(3 * 2 * COLUMNS)
  readonly #weights = new Float32Array(2 * COLUMNS)
  readonly #sheet: MeshSheet = { triangles: grid(), uv: places(), texture: paintStrokes() }

  /** @param strength 0..1 */
  paint(frame: I420Frame, view: MakeupView, eye: EyePoints, tone: FaceTone, pigment: Pigment, strength: number): void {
    this.#place(view, eye)
    boxOf(box, this.#points, ALL)
    const cover = this.#cover
    if (!cover.fit(box, 2, 1, frame.width, frame.height)) return
    drawSheet(cover, this.#sheet, this.#points, this.#weights)
    this.#stain(frame, tone, pigment, strength)
  }

  #place({ points, facing }: MakeupView, { browBottom, browTop }: EyePoints): void {
    for (let column = 0; column < COLUMNS; column++) {
      const low = browBottom[column]!
      const high = browTop[column]!
      for (let axis = 0; axis < 3; axis++) {
        const a = points[3 * low + axis]!
        const b = points[3 * high + axis]!
        this.#points[3 * column + axis] = a + (a - b) * GROWTH
        this.#points[3 * (COLUMNS + column) + axis] = b + (b - a) * GROWTH
      }
      this.#weights[column] = this.#weights[COLUMNS + column] = Math.min(facing[low]!, facing[high]!)
    }
  }

  #stain({ data, width, height }: I420Frame, tone: FaceTone, pigment: Pigment, strength: number): void {
    const { plane, left, top, width: w, height: h } = this.#cover
    const skin = Math.max(tone.luma - 16, 8)
    const target = Math.min(pigmentLuma(pigment, tone), 16 + 0.55 * skin)
    const shade = Math.min((target - 16) / Math.max(pigment.y - 16, 4), 1)
    // Skin shines through between the hairs.
    const skinShare = (0.4 * (target - 16)) / skin
    const inkU = (pigment.u - 128) * shade + (tone.u - 128) * skinShare
    const inkV = (pigment.v - 128) * shade + (tone.v - 128) * skinShare
    const half = width >> 1
    const uAt = width * height
    const vAt = uAt + (uAt >> 2)
    const skinU = tone.u - 128
    const skinV = tone.v - 128
    const saturation = Math.max(skinU * skinU + skinV * skinV, 60)
    for (let y = 0; y < h; y += 2) {
      for (let x = this.#cover.startOfTwo(y), end = this.#cover.endOfTwo(y); x < end; x += 2) {
        const i = y * w + x
        const sum = plane[i]! + plane[i + 1]! + plane[i + w]! + plane[i + w + 1]!
        if (sum <= 0.01) continue
        const cell = ((top + y) >> 1) * half + ((left + x) >> 1)
        const du = data[uAt + cell]! - 128
        const dv = data[vAt + cell]! - 128
        // Hair and skin lie between grey and the skin's hue: a hat or a coloured frame does not.
        const aside = Math.abs(du * skinV - dv * skinU) / saturation
        const against = -(du * skinU + dv * skinV) / saturation
        const gate = (1 - smoothStep(0.35, 0.7, aside)) * (1 - smoothStep(0.2, 0.5, against))
        if (gate <= 0) continue
        const at = (top + y) * width + left + x
        let painted = 0
        for (let k = 0; k < 4; k++) {
          const pixel = at + (k & 1) + (k >> 1) * width
          const value = data[pixel]!
          if (value <= target) continue
          const hair = Math.min(Math.max((tone.luma - value) / (0.5 * skin), 0), 1)
          const amount = (SKIN + (HAIR - SKIN) * hair) * gate * strength * plane[i + (k & 1) + (k >> 1) * w]!
          data[pixel] = (value + (target - value) * amount + 0.5) | 0
          painted += amount
        }
        const stain = (0.8 * painted) / 4
        data[uAt + cell] = (128.5 + du + (inkU - du) * stain) | 0
        data[vAt + cell] = (128.5 + dv + (inkV - dv) * stain) | 0
      }
    }
  }
}

function grid(): Uint16Array {
  const triangles: number[] = []
  for (let a = 0; a + 1 < COLUMNS; a++) {
    const b = a + COLUMNS
    triangles.push(a, a + 1, b, a + 1, b + 1, b)
  }
  return Uint16Array.from(triangles)
}

function places(): Float32Array {
  return Float32Array.from(ALL.flatMap((i) => [(i % COLUMNS) / (COLUMNS - 1), i < COLUMNS ? 1 : 0]))
}

/** Strokes from the lower edge up and outwards, denser along the middle; thin at the tail, soft at the inner end. */
function paintStrokes(): WeightTexture {
  return weightTexture(TEXTURE.width, TEXTURE.height, (s, t) => {
    const edge = 1 - Math.abs(2 * t - 1)
    // The tail (s = 0) is a third as high as the arch.
    const body = smoothStep(0.1, 0.55, edge - 0.35 * smoothStep(0.35, 0, s))
    const ends = smoothStep(0.0, 0.1, s) * (1 - 0.85 * smoothStep(0.72, 1, s))
    const slant = 46 * s + 5.5 * t * (0.4 + 0.6 * s)
    const stroke = 0.5 + 0.5 * Math.sin(2 * Math.PI * slant + 1.7 * Math.sin(9 * s + 3 * t))
    return body * ends * (0.62 + 0.38 * stroke)
  })
}
