import { smoothStep } from '../beauty/face-region'
import type { I420Frame } from '../i420'
import { boxOf, type Coverage } from './coverage'
import type { SkinGate } from './face-tone'
import type { EyePoints } from './eye-points'
import type { MakeupView } from './makeup-view'
import { smoothCurve } from './smooth-curve'

/** Points of a lid's curve: eight spans in three parts, and the end. */
export const LID_CURVE = 25
/** Height by width at which an eye is shut, and from which on it is open. */
const SHUT = 0.09
const OPEN = 0.19

/** One eye in the picture: its lids as curves, its axes and how far it is open. Laid out once. */
export class EyeShape {
  /** x, y from the outer to the inner corner. */
  readonly upper = new Float32Array(2 * LID_CURVE)
  readonly lower = new Float32Array(2 * LID_CURVE)
  /** The opening: upper lid, then back along the lower one; 48 corners. */
  readonly opening = new Float32Array(2 * (2 * LID_CURVE - 2))
  readonly box = new Float32Array(4)
  /** Pixels from corner to corner in the picture, and in space. */
  width = 0
  width3d = 0
  /** Unit vectors: outer to inner corner, and at right angles to it towards the brow. */
  alongX = 1
  alongY = 0
  upX = 0
  upY = -1
  middleX = 0
  middleY = 0
  /** Height of the opening by its width in space; about 0.3 in a calm face. */
  height = 0
  /** 0 shut to 1 open. */
  open = 0
  /** 0 (turned away) to 1. */
  facing = 0

  constructor(readonly points: EyePoints) {}

  /** False when the eye cannot be seen. */
  fit({ points, facing, region }: MakeupView): boolean {
    const { upper, lower } = this.points
    const outer = 3 * upper[0]!
    const inner = 3 * upper[8]!
    const dx = points[inner]! - points[outer]!
    const dy = points[inner + 1]! - points[outer + 1]!
    const dz = points[inner + 2]! - points[outer + 2]!
    this.facing = 1
    for (const index of [upper[0]!, upper[4]!, upper[8]!]) this.facing = Math.min(this.facing, facing[index]!)
    this.width = Math.hypot(dx, dy)
    if (!(this.facing > 0) || this.width < 4) return false
    // Depth that makes an eye much longer than it looks is a wrong guess of the model.
    this.width3d = Math.min(Math.hypot(this.width, dz), 1.35 * this.width, 0.3 * region.faceWidth)
    this.alongX = dx / this.width
    this.alongY = dy / this.width
    const side = this.alongY * region.up[0] - this.alongX * region.up[1] < 0 ? -1 : 1
    this.upX = this.alongY * side
    this.upY = -this.alongX * side
    this.middleX = (points[outer]! + points[inner]!) / 2
    this.middleY = (points[outer + 1]! + points[inner + 1]!) / 2
    smoothCurve(points, upper, false, 3, this.upper)
    smoothCurve(points, lower, false, 3, this.lower)
    this.#close()
    boxOf(this.box, points, upper)
    boxOf(this.box, points, lower, false)
    let gap = 0
    for (const i of [3, 4, 5]) {
      const a = 3 * upper[i]!
      const b = 3 * lower[i]!
      gap += (points[a]! - points[b]!) * this.upX + (points[a + 1]! - points[b + 1]!) * this.upY
    }
    this.height = gap / 3 / this.width3d
    this.open = smoothStep(SHUT, OPEN, this.height)
    return true
  }

  /**
   * 0..1: whether an eye can be seen in the covered opening. A shut eye tells nothing; in an open one that is skin all
   * over, a hand lies before it.
   */
  seen({ data, width, height }: I420Frame, cover: Coverage, gate: SkinGate): number {
    if (this.open < 0.3) return NaN
    const { plane, left, top, width: w, height: h } = cover
    const chroma = width * height
    let [sum, skin] = [0, 0]
    for (let y = 0; y < h; y += 2) {
      for (let x = cover.startOfTwo(y), end = cover.endOfTwo(y); x < end; x += 2) {
        const weight = plane[y * w + x]!
        if (weight < 0.6) continue
        const cell = chroma + ((top + y) >> 1) * (width >> 1) + ((left + x) >> 1)
        sum += weight
        skin += weight * gate.of(data[(top + y) * width + left + x]!, data[cell]!, data[cell + (chroma >> 2)]!)
      }
    }
    return sum > 3 ? 1 - smoothStep(0.72, 0.92, skin / sum) : NaN
  }

  #close(): void {
    const { opening, upper, lower } = this
    opening.set(upper)
    for (let i = LID_CURVE - 2, to = 2 * LID_CURVE; i > 0; i--) {
      opening[to++] = lower[2 * i]!
      opening[to++] = lower[2 * i + 1]!
    }
  }
}
