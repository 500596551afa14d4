import type { Coverage } from './coverage'
import { LID_CURVE, type EyeShape } from './eye-shape'
import type { MakeupView } from './makeup-view'

/** In eye widths: thickness of the line at the outer and the inner corner, and reach of the wing. */
const THICK_OUTER = 0.05
const THICK_INNER = 0.012
const WING = 0.24
/** The line also covers the edge of the lid, so that no skin shows between it and the eye. */
const OVERLAP = 0.35
/** Where on the lid's curve the wing begins. */
const LEAVES = 2

const outline = new Float32Array(2 * (2 * LID_CURVE + 1))

/** Adds a line along the upper lashes, thin at the inner corner, with a wing in the direction of the brow's tail. */
export function drawLiner(cover: Coverage, eye: EyeShape, { points }: MakeupView, strength: number): void {
  const { upper, width3d, upX, upY, alongX, alongY } = eye
  const bold = 0.55 + 0.45 * strength
  let to = 0
  // Along the edge of the lid from the inner corner outwards.
  // It leaves the lid before the corner, whose bend would make a hook of the wing.
  for (let i = LID_CURVE - 1; i >= LEAVES; i--) {
    const down = OVERLAP * thickness(i) * width3d * bold * Math.min(1, (i - LEAVES) / 4)
    outline[to++] = upper[2 * i]! - upX * down
    outline[to++] = upper[2 * i + 1]! - upY * down
  }
  // The wing goes on from the lower lid towards the tail of the brow.
  const tail = 3 * eye.points.browTop[0]!
  const tx = points[tail]! - upper[0]!
  const ty = points[tail + 1]! - upper[1]!
  const far = Math.max(Math.hypot(tx, ty), 1)
  const reach = WING * width3d * (0.5 + 0.5 * strength)
  outline[to++] = upper[0]! + (0.55 * (tx / far) - 0.62 * alongX) * reach
  outline[to++] = upper[1]! + (0.55 * (ty / far) - 0.62 * alongY) * reach
  for (let i = LEAVES + 1; i < LID_CURVE; i++) {
    const rise = thickness(i) * width3d * bold
    outline[to++] = upper[2 * i]! + upX * rise
    outline[to++] = upper[2 * i + 1]! + upY * rise
  }
  cover.fill(outline, to >> 1, 1)
}

/** Of the line, in eye widths; `i` counts from the outer corner. */
function thickness(i: number): number {
  const t = i / (LID_CURVE - 1)
  return THICK_INNER + (THICK_OUTER - THICK_INNER) * (1 - t) * (1 - t * 0.3)
}
