import type { BeautySettings } from '@shared/media/beauty-settings'
import { smoothStep } from '../face-region'
import type { FacePose } from './face-pose'
import type { PushList } from './push'

/** The outline of the face from the forehead down to the chin: the right side and its twins on the left. */
const RIGHT = [10, 109, 67, 103, 54, 21, 162, 127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152] as const
const LEFT = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152] as const

/** Moves of the points of the outline at strength 1: inwards as a share of the half width there, up in face widths. */
interface OutlineMove {
  inwards?: readonly number[]
  up?: readonly number[]
}

/**
 * One row for each control, one column for each point of `RIGHT`:
 * forehead 0-4, temple 5-6, cheekbone 7-9, jaw 10-13, beside the chin 14-17, chin 18.
 */
// prettier-ignore
export const OUTLINE_MOVES = {
  thin:       { inwards: [0, 0, 0, 0, 0, 0, 0, 0.02, 0.07, 0.11, 0.13, 0.14, 0.14, 0.14, 0.13, 0.12, 0.1, 0.08, 0] },
  vShape:     { inwards: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.01, 0.04, 0.09, 0.14, 0.17, 0.19, 0.19, 0.17, 0.12, 0],
                up:      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.005, -0.01, -0.015, -0.02, -0.02] },
  narrow:     { inwards: [0, 0, 0.02, 0.05, 0.07, 0.08, 0.09, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.09, 0.08, 0.07, 0.06, 0.04, 0] },
  short:      { up:      [-0.04, -0.04, -0.035, -0.025, -0.015, 0, 0, 0, 0, 0, 0, 0.015, 0.03, 0.04, 0.05, 0.055, 0.06, 0.06, 0.06] },
  jaw:        { inwards: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.03, 0.09, 0.14, 0.15, 0.13, 0.09, 0.05, 0.02, 0, 0] },
  cheekbones: { inwards: [0, 0, 0, 0, 0, 0.02, 0.06, 0.1, 0.11, 0.1, 0.05, 0.01, 0, 0, 0, 0, 0, 0, 0] },
  chin:       { up:      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.015, -0.035, -0.055, -0.065, -0.07] },
  forehead:   { up:      [0.08, 0.08, 0.075, 0.06, 0.035, 0.01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
} as const satisfies Partial<Record<keyof BeautySettings, OutlineMove>>
const CONTROLS = Object.entries(OUTLINE_MOVES) as [keyof typeof OUTLINE_MOVES, OutlineMove][]

/** How far around a point of the outline the picture goes with it, in face widths: across, and up or down. */
const REACH_ACROSS = 0.25
const REACH_UP = 0.25
/** The forehead and the chin, which move up and down, have more room to do so. */
const REACH_ENDS = 0.31
/** Points that lie close, or reach far, count less: the sum of their weights is about the same everywhere. */
const WEIGHT = [0.9, 0.85, 0.85, 0.85, 0.85, 1, 1, 1.05, 1, 1.05, 1.15, 1.1, 0.9, 0.75, 0.55, 0.5, 0.55, 0.55, 0.6]
/** So many points on both sides of a moved one are held. */
const HELD = 2
/** The mesh ends below the hairline: its uppermost points are taken so much higher, in face widths. */
const HAIRLINE = [0.08, 0.08, 0.07, 0.05, 0.03]
/** Ears go with the cheeks: there the points are taken so much farther out, as a share of the half width. */
const EAR = [0, 0, 0, 0, 0, 0, 0.04, 0.08, 0.09, 0.09, 0.08, 0.04]
/** All controls together move a point by no more than this: a share of the half width, and face widths. */
const MOST_INWARDS = 0.18
const MOST_UP = 0.09
/** Visible width at which the outline is left alone, and from which on all is done: about 70 and 50 degrees. */
const TURN_NONE = 0.35
const TURN_FULL = 0.65

/** Adds the moves of the outline that the settings ask for: thinning, jaw, cheekbones, chin, forehead. */
export function addOutlineMoves(pushes: PushList, pose: FacePose, settings: BeautySettings): void {
  if (!CONTROLS.some(([id]) => settings[id] !== 0)) return
  const strength = pose.strength * smoothStep(TURN_NONE, TURN_FULL, pose.visible)
  if (strength <= 0) return
  for (let i = 0; i < RIGHT.length; i++) {
    inwards[i] = softLimit(total(settings, 'inwards', i), MOST_INWARDS) * strength
    rises[i] = softLimit(total(settings, 'up', i), MOST_UP) * strength * pose.unitUp
  }
  for (let i = 0; i < RIGHT.length; i++) {
    if (!isNearMoved(i)) continue
    addPoint(pushes, pose, i, RIGHT[i]!, LEFT[i]!)
    if (RIGHT[i] !== LEFT[i]) addPoint(pushes, pose, i, LEFT[i]!, RIGHT[i]!)
  }
}

/** Of each row, for the present face: a share of the half width, and pixels. */
const inwards = new Float64Array(RIGHT.length)
const rises = new Float64Array(RIGHT.length)

/** A point that stands still is needed only where it holds the surroundings of one that moves. */
function isNearMoved(row: number): boolean {
  for (let i = Math.max(0, row - HELD); i <= Math.min(RIGHT.length - 1, row + HELD); i++)
    if (inwards[i] !== 0 || rises[i] !== 0) return true
  return false
}

function total(settings: BeautySettings, kind: keyof OutlineMove, point: number): number {
  let sum = 0
  for (const [id, moves] of CONTROLS) sum += settings[id] * (moves[kind]?.[point] ?? 0)
  return sum
}

function addPoint(pushes: PushList, pose: FacePose, row: number, index: number, twin: number): void {
  const { points, up, unitAcross, unitUp } = pose
  const reachUp = row < 5 || row > 13 ? REACH_ENDS : REACH_UP
  const ear = EAR[row] ?? 0
  const lift = (HAIRLINE[row] ?? 0) * unitUp
  const x = points[index * 3]!
  const y = points[index * 3 + 1]!
  // Towards the twin: the same on both sides of a turned head, and straight across a tilted one.
  const halfX = (points[twin * 3]! - x) / 2
  const halfY = (points[twin * 3 + 1]! - y) / 2
  const mx = inwards[row]! * halfX + rises[row]! * up[0]
  const my = inwards[row]! * halfY + rises[row]! * up[1]
  const push = pushes.add(
    pose,
    x + lift * up[0] - ear * halfX,
    y + lift * up[1] - ear * halfY,
    mx,
    my,
    REACH_ACROSS * unitAcross,
    reachUp * unitUp,
  )
  push.weight = WEIGHT[row]!
}

/** Nearly the value while it is small, never more than `most`. */
export function softLimit(value: number, most: number): number {
  const share = value / most
  return value / Math.sqrt(Math.sqrt(1 + share * share * share * share))
}
