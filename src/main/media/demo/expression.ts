import { LANDMARK_COUNT } from './head-mesh'
import type { HeadMesh } from './head-mesh'
import { LEFT_EYE, LIP_CORNERS, LOWER_LIP, RIGHT_EYE, UPPER_LIP } from './face-regions'
import { smoothstep } from './noise'

/** What the face does; everything at 0 is the resting face with closed lips and open eyes. */
export interface Expression {
  /** 0 closed lips .. 1 wide open. */
  mouth: number
  /** -1 rounded lips (o, u) .. 1 spread (e, i). */
  spread: number
  /** 0 .. 1 raised corners. */
  smile: number
  /** 0 open .. 1 shut. */
  blink: number
  /** -1 lowered .. 1 raised. */
  brows: number
}

/** How far the chin drops at `mouth` 1, centimetres. */
export const JAW_DROP = 1.35
/** Height of the line between the lips in the canonical face, centimetres. */
const MOUTH_LINE = -4.34

/** One direction in which vertices move; `amounts` holds x, y, z for each control vertex. */
type Field = Float32Array

/** Displaces the control vertices of the resting head. Fields are computed once; applying is a weighted sum. */
export class ExpressionRig {
  private readonly neutral: Float32Array
  private readonly jaw: Field
  private readonly lips: Field
  private readonly smile: Field
  private readonly brows: Field
  private readonly blink: Field

  constructor(private readonly head: HeadMesh) {
    const points = head.positions
    this.neutral = points.slice(0, head.controls * 3)
    closeLips(this.neutral)
    openEyes(this.neutral)
    this.jaw = jawField(head.controls, this.neutral)
    this.lips = lipField(head.controls, this.neutral)
    this.smile = smileField(head.controls, this.neutral)
    this.brows = browField(head.controls, this.neutral)
    this.blink = blinkField(head.controls, this.neutral)
  }

  /** Writes the positions of all vertices of the head, midpoints included. */
  apply(expression: Expression, out: Float32Array): void {
    const { neutral, jaw, lips, smile, brows, blink, head } = this
    const { mouth, spread, smile: smiling, brows: raised, blink: shut } = expression
    const values = head.controls * 3
    for (let i = 0; i < values; i++) {
      out[i] =
        neutral[i]! + jaw[i]! * mouth + lips[i]! * spread + smile[i]! * smiling + brows[i]! * raised + blink[i]! * shut
    }
    const { parents, offsets, total, controls } = head
    for (let i = controls, m = 0; i < total; i++, m++) {
      const a = parents[m * 2]! * 3
      const b = parents[m * 2 + 1]! * 3
      out[i * 3] = (out[a]! + out[b]!) * 0.5 + offsets[m * 3]!
      out[i * 3 + 1] = (out[a + 1]! + out[b + 1]!) * 0.5 + offsets[m * 3 + 1]!
      out[i * 3 + 2] = (out[a + 2]! + out[b + 2]!) * 0.5 + offsets[m * 3 + 2]!
    }
  }
}

/** The canonical face parts its lips by half a centimetre: brings them together, less so towards the lip borders. */
function closeLips(points: Float32Array): void {
  const upper = UPPER_LIP[3]
  const lower = LOWER_LIP[3]
  for (let column = 0; column < upper.length; column++) {
    const top = upper[column]! * 3
    const bottom = lower[column]! * 3
    const middle = points[top + 1]! * 0.5 + points[bottom + 1]! * 0.5
    const up = middle + 0.035 - points[top + 1]!
    const down = middle - 0.015 - points[bottom + 1]!
    const follow = [0.35, 0.6, 0.85, 1]
    for (let row = 0; row < 4; row++) {
      points[UPPER_LIP[row]![column]! * 3 + 1]! += up * follow[row]!
      points[LOWER_LIP[row]![column]! * 3 + 1]! += down * follow[row]!
    }
  }
}

/** The canonical eyes are narrow; a friendly, awake face opens them a quarter more. */
function openEyes(points: Float32Array): void {
  for (const eye of [LEFT_EYE, RIGHT_EYE]) {
    eye.upper.forEach((top, column) => {
      const bottom = eye.lower[column]!
      const gap = points[top * 3 + 1]! - points[bottom * 3 + 1]!
      points[top * 3 + 1]! += gap * 0.2
      points[bottom * 3 + 1]! -= gap * 0.08
      points[eye.lid[column]! * 3 + 1]! += gap * 0.1
    })
  }
}

/** The share of a vertex in the drop of the jaw: 1 on chin and lower lip, 0.3 at the corners, 0 above. */
function jawShare(index: number, x: number, y: number): number {
  const inRow = (rows: readonly (readonly number[])[]): boolean => rows.some((row) => row.includes(index))
  const across = Math.min(1, Math.abs(x) / 2.5)
  if (LIP_CORNERS.left.includes(index as 61) || LIP_CORNERS.right.includes(index as 291)) return 0.38
  if (inRow(UPPER_LIP)) return 0.38 * across * across - 0.1 * (1 - across)
  if (inRow(LOWER_LIP)) return 1 - 0.62 * across * across * across
  const band = 0.4 + 3.2 * smoothstep(1.5, 5, Math.abs(x))
  const side = 1 - 0.75 * smoothstep(4.5, 7.6, Math.abs(x))
  return smoothstep(MOUTH_LINE + band, MOUTH_LINE - band, y) * side
}

function jawField(controls: number, points: Float32Array): Field {
  const field = new Float32Array(controls * 3)
  for (let i = 0; i < controls; i++) {
    const x = points[i * 3]!
    const y = points[i * 3 + 1]!
    const z = points[i * 3 + 2]!
    const share = jawShare(i, x, y)
    // A turn about the joint before the ear: down in proportion to the distance in front of it, back below it.
    field[i * 3] = -0.03 * x * share
    field[i * 3 + 1] = -JAW_DROP * share * Math.max(0, (z + 3) / 8.5)
    field[i * 3 + 2] = (-JAW_DROP * share * Math.max(0, 0.5 - y)) / 22
  }
  return field
}

function nearLips(x: number, y: number): number {
  return smoothstep(3.6, 1, Math.hypot(x * 0.85, (y - MOUTH_LINE) * 1.3))
}

function lipField(controls: number, points: Float32Array): Field {
  const field = new Float32Array(controls * 3)
  for (let i = 0; i < controls; i++) {
    const x = points[i * 3]!
    const y = points[i * 3 + 1]!
    const near = i < LANDMARK_COUNT ? nearLips(x, y) : 0
    field[i * 3] = 0.16 * x * near
    field[i * 3 + 1] = -0.1 * (y - MOUTH_LINE) * near
    field[i * 3 + 2] = -0.22 * near
  }
  return field
}

function smileField(controls: number, points: Float32Array): Field {
  const field = new Float32Array(controls * 3)
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const x = points[i * 3]!
    const y = points[i * 3 + 1]!
    const corner = smoothstep(2.4, 0, Math.hypot(Math.abs(x) - 2.6, (y - MOUTH_LINE) * 0.9))
    const cheek = smoothstep(2.6, 0, Math.hypot(Math.abs(x) - 4, y + 1.2))
    field[i * 3] = Math.sign(x) * (0.34 * corner + 0.05 * cheek)
    field[i * 3 + 1] = 0.42 * corner + 0.26 * cheek
    field[i * 3 + 2] = -0.2 * corner + 0.14 * cheek
  }
  return field
}

function browField(controls: number, points: Float32Array): Field {
  const field = new Float32Array(controls * 3)
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    const x = points[i * 3]!
    const y = points[i * 3 + 1]!
    const brow = smoothstep(3.3, 4.4, y) * smoothstep(8, 5.2, y) * smoothstep(6.6, 3.5, Math.abs(x))
    field[i * 3 + 1] = 0.38 * brow
  }
  return field
}

function blinkField(controls: number, points: Float32Array): Field {
  const field = new Float32Array(controls * 3)
  for (const eye of [LEFT_EYE, RIGHT_EYE]) {
    eye.upper.forEach((top, column) => {
      const bottom = eye.lower[column]!
      const gap = points[bottom * 3 + 1]! - points[top * 3 + 1]!
      const depth = points[bottom * 3 + 2]! - points[top * 3 + 2]!
      const middle = 1 - Math.abs(column - 3) / 4.5
      field[top * 3 + 1] = gap * 0.88
      field[top * 3 + 2] = depth * 0.88 + 0.1 * middle
      field[bottom * 3 + 1] = -gap * 0.1
      const lid = eye.lid[column]!
      field[lid * 3 + 1] = gap * 0.5
      field[lid * 3 + 2] = 0.06 * middle
      field[eye.crease[column]! * 3 + 1] = gap * 0.06
    })
  }
  return field
}
