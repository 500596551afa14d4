import { EYE_CORNERS, LEFT_EYE, RIGHT_EYE } from '../mesh-indices'
import type { FacePart, PartGroup } from './part-moves'

const [RIGHT_UNIT, LEFT_UNIT] = EYE_CORNERS
const EYES: readonly FacePart[] = [
  { at: RIGHT_EYE, unit: RIGHT_UNIT, side: -1 },
  { at: LEFT_EYE, unit: LEFT_UNIT, side: 1 },
]
const OUTER_CORNERS: readonly FacePart[] = [
  { at: [RIGHT_UNIT[0]], unit: RIGHT_UNIT, side: -1 },
  { at: [LEFT_UNIT[0]], unit: LEFT_UNIT, side: 1 },
]

/** An eye is about 0.17 face widths wide. */
export const EYE_MOVES: PartGroup = {
  turn: [0.35, 0.65],
  moves: {
    eyes: [{ parts: EYES, reach: [1.05, 0.175], grow: [0.27, 0.31], firm: true }],
    eyeDistance: [{ parts: EYES, reach: [1.4, 0.23], move: [0.15, 0], firm: true }],
    eyeCorners: [{ parts: OUTER_CORNERS, reach: [0.75, 0.12], move: [0, 0.035] }],
  },
}
