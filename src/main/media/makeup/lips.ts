import { smoothStep } from '../beauty/face-region'
import { LIPS_OUTER } from '../beauty/mesh-indices'
import type { I420Frame } from '../i420'
import { boxOf, Coverage } from './coverage'
import { follow, type FaceMemory } from './face-memory'
import type { FaceTone } from './face-tone'
import type { MakeupView } from './makeup-view'
import { pigmentLuma, type Pigment } from './pigment'
import { smoothCurve } from './smooth-curve'

/** The opening of the mouth, from the right corner along the lower lip. */
export const LIPS_INNER = [
  78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
] as const
/** Points one above the other on the inner edges: between them lies the line of a closed mouth. */
const MOUTH_LINE = [
  [81, 178],
  [82, 87],
  [13, 14],
  [312, 317],
  [311, 402],
] as const
const RIGHT_CORNER = 61
const LEFT_CORNER = 291
/** Points by which each half of the lips is judged to look at the camera. */
const RIGHT_HALF = [185, 40, 146, 91] as const
const LEFT_HALF = [409, 270, 375, 321] as const
/** At strength 1: share of the way to the pigment's luma and chroma. */
const COVER = 0.88
const STAIN = 0.88
/** Skin around the mouth: what covers the lips covers some of it as well. */
const AROUND = [164, 165, 391, 92, 322, 57, 287, 43, 273, 106, 335, 18, 83, 313] as const
/** How much of the strength lips get that look like the skin around them and have no line between. */
const HIDDEN = 0.06
/** How fast the judgement follows, a picture. */
const PACE = 0.3

const box = new Float32Array(4)
const curve = new Float32Array(2 * 3 * LIPS_OUTER.length)

/** Mean colour of the lips, by cover. */
interface LipColour {
  luma: number
  u: number
  v: number
}

/**
 * Lipstick: chroma goes to the pigment's in the lips' own light, luma to its luma, while contrast and gloss stay. What
 * is not coloured like these lips is not painted: teeth, tongue in shade, a finger, a cup.
 */
export class Lips {
  readonly #cover = new Coverage()
  readonly #lips: LipColour = { luma: 0, u: 0, v: 0 }

  /** @param strength 0..1 */
  paint(
    frame: I420Frame,
    view: MakeupView,
    tone: FaceTone,
    pigment: Pigment,
    strength: number,
    memory: FaceMemory,
  ): void {
    const cover = this.#cover
    boxOf(box, view.points, LIPS_OUTER)
    if (!cover.fit(box, 4, 1, frame.width, frame.height)) return
    this.#layOut(view)
    if (!this.#measure(frame)) return
    memory.lips = follow(memory.lips, this.#seen(frame, view, tone), PACE)
    this.#stain(frame, tone, pigment, strength * memory.lips)
  }

  #layOut(view: MakeupView): void {
    const cover = this.#cover
    const outer = smoothCurve(view.points, LIPS_OUTER, true, 3, curve)
    cover.fill(curve, outer, 1)
    const inner = smoothCurve(view.points, LIPS_INNER, true, 3, curve)
    cover.fill(curve, inner, -1)
    cover.clamp()
    // The vermilion border is about a fiftieth of the lips' width soft.
    cover.soften(view.region.faceWidth > 200)
    if (view.region.faceWidth > 500) cover.soften(false)
    this.#fadeTurned(view)
  }

  /** The half of the lips that is turned away fades out along the line between the corners. */
  #fadeTurned({ points, facing }: MakeupView): void {
    const right = least(facing, RIGHT_HALF)
    const left = least(facing, LEFT_HALF)
    if (right >= 1 && left >= 1) return
    const { plane, width, height, left: x0, top: y0 } = this.#cover
    const ax = points[3 * RIGHT_CORNER]!
    const ay = points[3 * RIGHT_CORNER + 1]!
    const dx = points[3 * LEFT_CORNER]! - ax
    const dy = points[3 * LEFT_CORNER + 1]! - ay
    const scale = 1 / Math.max(dx * dx + dy * dy, 1)
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const t = Math.min(Math.max(((x0 + x - ax) * dx + (y0 + y - ay) * dy) * scale, 0), 1)
        plane[i]! *= right + (left - right) * t
      }
    }
  }

  /** False when too little of the lips is in the picture. */
  #measure({ data, width, height }: I420Frame): boolean {
    const { plane, left, top, width: w, height: h } = this.#cover
    const lips = this.#lips
    const half = width >> 1
    const chroma = width * height
    let [sum, luma, u, v] = [0, 0, 0, 0]
    for (let y = 0; y < h; y += 2) {
      for (let x = this.#cover.startOfTwo(y), end = this.#cover.endOfTwo(y); x < end; x += 2) {
        const cover = plane[y * w + x]!
        if (cover < 0.5) continue
        const at = chroma + ((top + y) >> 1) * half + ((left + x) >> 1)
        sum += cover
        luma += cover * data[(top + y) * width + left + x]!
        u += cover * data[at]!
        v += cover * data[at + (chroma >> 2)]!
      }
    }
    if (sum < 4) return false
    lips.luma = luma / sum
    lips.u = u / sum
    lips.v = v / sum
    return true
  }

  /**
   * Whether these are lips: their hue is the skin's or redder, and they differ from what is around them in colour or have
   * a line or an opening between them. A hand differs in neither, a cloth in hue.
   */
  #seen(frame: I420Frame, { points }: MakeupView, tone: FaceTone): number {
    const { luma, u, v } = this.#lips
    const [su, sv, lu, lv] = [tone.u - 128, tone.v - 128, u - 128, v - 128]
    const skin = Math.hypot(su, sv)
    const own = Math.hypot(lu, lv)
    let hue = 1
    if (skin > 5) {
      const sine = (su * lv - sv * lu) / (skin * Math.max(own, 3))
      // Redder than skin is one way round the wheel, greener the other.
      hue = 1 - (sine < 0 ? smoothStep(0.8, 0.97, -sine) : smoothStep(0.3, 0.5, sine))
      hue *= smoothStep(0.15, 0.45, (su * lu + sv * lv) / (skin * skin) / shadeOf(luma, tone))
    }
    let line = 0
    for (const [a, b] of MOUTH_LINE) {
      const x = Math.floor((points[3 * a]! + points[3 * b]!) / 2)
      const y = Math.floor((points[3 * a + 1]! + points[3 * b + 1]!) / 2)
      if (x >= 0 && y >= 0 && x < frame.width && y < frame.height)
        line += Math.abs(frame.data[y * frame.width + x]! - luma) / MOUTH_LINE.length
    }
    const light = Math.max(luma - 16, 8)
    const differs = this.#contrast(frame, points) + line / (0.3 * light)
    return hue * (HIDDEN + (1 - HIDDEN) * smoothStep(0.3, 0.9, differs))
  }

  /** How much the lips differ from what is around them: about 1 for most people. */
  #contrast({ data, width, height }: I420Frame, points: Float32Array): number {
    const chroma = width * height
    let [luma, u, v, count] = [0, 0, 0, 0]
    for (const index of AROUND) {
      const x = Math.floor(points[3 * index]!)
      const y = Math.floor(points[3 * index + 1]!)
      if (x < 0 || y < 0 || x >= width || y >= height) continue
      const cell = chroma + (y >> 1) * (width >> 1) + (x >> 1)
      luma += data[y * width + x]!
      u += data[cell]!
      v += data[cell + (chroma >> 2)]!
      count++
    }
    if (count === 0) return 1
    const lips = this.#lips
    const shade = Math.abs(lips.luma - luma / count) / (0.35 * Math.max(luma / count - 16, 8))
    return shade + Math.hypot(lips.u - u / count, lips.v - v / count) / 7
  }

  #stain(frame: I420Frame, tone: FaceTone, pigment: Pigment, strength: number): void {
    const { data, width, height } = frame
    const { plane, left, top, width: w, height: h } = this.#cover
    const lips = this.#lips
    const light = Math.max(lips.luma - 16, 4)
    const target = Math.min(pigmentLuma(pigment, tone), 16 + 1.12 * light)
    const change = COVER * strength * (Math.max((target - 16) / light, 0.35) - 1)
    const gloss = lips.luma + 0.25 * light
    const lipU = lips.u - 128
    const lipV = lips.v - 128
    const saturation = lipU * lipU + lipV * lipV
    // A grey film has no hue to tell lips by.
    const colourful = saturation > 36
    const inkU = (pigment.u - 128) / Math.max(pigment.y - 16, 4)
    const inkV = (pigment.v - 128) / Math.max(pigment.y - 16, 4)
    const half = width >> 1
    const uAt = width * height
    const vAt = uAt + (uAt >> 2)
    for (let y = 0; y < h; y += 2) {
      for (let x = this.#cover.startOfTwo(y), end = this.#cover.endOfTwo(y); x < end; x += 2) {
        const i = y * w + x
        const mean = (plane[i]! + plane[i + 1]! + plane[i + w]! + plane[i + w + 1]!) / 4
        if (mean <= 0.002) continue
        const at = (top + y) * width + left + x
        const cell = ((top + y) >> 1) * half + ((left + x) >> 1)
        const du = data[uAt + cell]! - 128
        const dv = data[vAt + cell]! - 128
        const before = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4
        let gate = 1
        if (colourful) {
          const shade = Math.min(Math.max((before - 16) / light, 0.4), 1.1)
          const share = (du * lipU + dv * lipV) / (saturation * shade)
          const aside = Math.abs(du * lipV - dv * lipU) / saturation
          gate = smoothStep(0.2, 0.5, share) * (1 - smoothStep(0.6, 1, aside))
          if (gate <= 0) continue
        }
        // Gloss lies on top of the pigment: what is brighter keeps its distance.
        const amount = change * gate
        const after =
          (data[at] = stained(data[at]!, amount * plane[i]!, gloss)) +
          (data[at + 1] = stained(data[at + 1]!, amount * plane[i + 1]!, gloss)) +
          (data[at + width] = stained(data[at + width]!, amount * plane[i + w]!, gloss)) +
          (data[at + width + 1] = stained(data[at + width + 1]!, amount * plane[i + w + 1]!, gloss))
        const shine = Math.min(Math.max((before - gloss) / light, 0), 1)
        const stain = STAIN * strength * gate * mean * (1 - 0.6 * shine)
        const ink = Math.min(Math.max(after / 4 - 16, 0), 1.05 * (pigment.y - 16))
        data[uAt + cell] = (128.5 + du + (inkU * ink - du) * stain) | 0
        data[vAt + cell] = (128.5 + dv + (inkV * ink - dv) * stain) | 0
      }
    }
  }
}

function stained(luma: number, amount: number, gloss: number): number {
  return (luma + amount * ((luma < gloss ? luma : gloss) - 16) + 0.5) | 0
}

function shadeOf(luma: number, tone: FaceTone): number {
  return Math.min(Math.max((luma - 16) / Math.max(tone.luma - 16, 8), 0.35), 1)
}

function least(facing: Float32Array, indices: readonly number[]): number {
  let value = 1
  for (const index of indices) value = Math.min(value, facing[index]!)
  return value
}
