import { ball } from '../model/lathe'
import { MATERIALS } from '../model/material'
import { stand } from '../model/placement'
import type { Placement, ShapeBuilder } from '../model/shape-builder'

/** Hair that fills an open hat from below: it hides the inside of the far wall. `radius` of the hat, centimetres. */
export function hairUnder(builder: ShapeBuilder, place: Placement, radius: number): void {
  const r = radius - 0.05
  builder.part({ material: MATERIALS.shade, hides: true })
  builder.at(place, () => {
    ball(builder, [r, 2.4, r], 20, () => '#000000')
    builder.at(stand({ at: [0, -3, 0] }), () => ball(builder, [r, 4, r], 20, () => '#000000'))
  })
}
