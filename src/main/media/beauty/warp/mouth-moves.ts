import type { FacePart, PartGroup } from './part-moves'

/** From corner to corner, about 0.32 face widths. */
const UNIT = [61, 291] as const
const MOUTH: readonly FacePart[] = [{ at: [61, 291, 0, 17], unit: UNIT, side: 1 }]
const CORNERS: readonly FacePart[] = [
  { at: [61], unit: UNIT, side: -1 },
  { at: [291], unit: UNIT, side: 1 },
]

export const MOUTH_MOVES: PartGroup = {
  turn: [0.45, 0.75],
  moves: {
    mouthSize: [{ parts: MOUTH, reach: [1.05, 0.26], grow: [0.28, 0.28] }],
    smile: [{ parts: CORNERS, reach: [0.42, 0.14], move: [0.06, 0.035] }],
    philtrum: [{ parts: MOUTH, reach: [1.4, 0.17], move: [0, -0.045] }],
  },
}
