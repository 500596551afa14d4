import { MATERIALS } from '../model/material'
import type { ShapeBuilder } from '../model/shape-builder'

interface CastShade {
  /** Heights on the head: darkest under the hat, gone at the lower one. Centimetres. */
  top: number
  bottom: number
  /** Half axes of the forehead's curve, and how far back its middle lies. */
  radii: readonly [number, number]
  back: number
  /** Opacity where it is darkest. */
  strength: number
  lift: number
}

const COLUMNS = 14
const HALF_TURN = 1.15

/** The soft shadow of a hat on the forehead, a curved strip that fades downwards and to the sides. */
export function castShade(builder: ShapeBuilder, { top, bottom, radii, back, strength, lift }: CastShade): void {
  builder.part({ material: MATERIALS.shade, blend: true, soft: false, lift })
  const rows = [1, 0.75, 0.5, 0.25, 0].map((height) =>
    Array.from({ length: COLUMNS + 1 }, (_, i) => {
      const angle = HALF_TURN * ((2 * i) / COLUMNS - 1)
      const side = 1 - (angle / HALF_TURN) ** 2
      // Brown rather than black: light comes through skin.
      return builder.vertex(
        Math.sin(angle) * radii[0],
        bottom + (top - bottom) * height,
        Math.cos(angle) * radii[1] - back,
        '#1c0d08',
        strength * height ** 1.5 * side,
      )
    }),
  )
  for (let row = 0; row + 1 < rows.length; row++) {
    const [upper, lower] = [rows[row]!, rows[row + 1]!]
    for (let k = 0; k < COLUMNS; k++) builder.quad(lower[k]!, lower[k + 1]!, upper[k + 1]!, upper[k]!)
  }
}
