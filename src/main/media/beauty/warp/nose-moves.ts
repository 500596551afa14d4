import type { FacePart, PartGroup } from './part-moves'

/** From wing to wing, about 0.23 face widths. */
const UNIT = [129, 358] as const
const BASE: readonly FacePart[] = [{ at: [1, 2], unit: UNIT, side: 1 }]
const BRIDGE: readonly FacePart[] = [{ at: [197, 5], unit: UNIT, side: 1 }]
const TIP: readonly FacePart[] = [{ at: [1, 2], unit: UNIT, side: 1 }]

/** A nose stands out of the face: narrowing one that is seen from the side would bend its ridge. */
export const NOSE_MOVES: PartGroup = {
  turn: [0.6, 0.88],
  moves: {
    noseSlim: [
      { parts: BASE, reach: [1.1, 0.17], grow: [-0.3, 0] },
      { parts: BRIDGE, reach: [0.75, 0.17], grow: [-0.3, 0] },
    ],
    noseWings: [{ parts: BASE, reach: [1.05, 0.11], grow: [-0.4, 0] }],
    noseLength: [{ parts: TIP, reach: [0.95, 0.17], move: [0, -0.038] }],
  },
}
