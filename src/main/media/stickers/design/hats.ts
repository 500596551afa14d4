import { ball, lathe } from '../model/lathe'
import { MATERIALS } from '../model/material'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder, type Vec3 } from '../model/shape-builder'
import { castShade } from './cast-shade'
import { hairUnder } from './hair-under'
import type { StickerDesign } from './sticker-design'

/** A black felt top hat with a satin band, worn a little askew. */
export const tophat: StickerDesign = (builder) => {
  const place = stand({ at: [0.3, 10.5, -2.6], pitch: 6, roll: -5 })
  castShade(builder, { top: 9.9, bottom: 6.8, radii: [7, 7], back: 2.5, strength: 0.5, lift: 1.2 })
  hairUnder(builder, place, 7.1)
  builder.part({ material: MATERIALS.felt })
  const profile = [
    { r: 0, y: -0.15 },
    { r: 7.2, y: -0.15 },
    { r: 9.4, y: 0.22 },
    { r: 10, y: 0.75 },
    { r: 10.2, y: 1 },
    { r: 10.05, y: 1.2 },
    { r: 9.5, y: 0.85 },
    { r: 8, y: 0.45 },
    { r: 6.65, y: 0.45, crease: true },
    { r: 6.5, y: 2.4 },
    { r: 6.45, y: 5 },
    { r: 6.6, y: 7.6 },
    { r: 6.95, y: 9.8 },
    { r: 6.9, y: 10.05 },
    { r: 6.5, y: 10.18 },
    { r: 4, y: 10.25 },
    { r: 0, y: 10.25 },
  ]
  builder.at(place, () =>
    builder.at(curled, () => lathe(builder, profile, 44, (stretch) => (stretch < 3 ? '#17161c' : '#26242d'))),
  )
  builder.part({ material: MATERIALS.satin })
  const band = [
    { r: 6.68, y: 0.5 },
    { r: 6.8, y: 0.75 },
    { r: 6.7, y: 3.1 },
    { r: 6.45, y: 3.3 },
  ]
  builder.at(place, () => lathe(builder, band, 44, () => '#a3122f'))
}

/** The brim rises at the sides and dips before and behind. */
function curled(x: number, y: number, z: number): Vec3 {
  const out = Math.min(1, Math.max(0, (Math.hypot(x, z) - 6.2) / 4))
  return [x, y + (2.3 * (x / 10) ** 2 - 0.5 * (z / 10) ** 2) * out, z]
}

const STRIPES = ['#ff5c8a', '#ffd34d', '#3fc3d8', '#8e6bf0', '#ff5c8a', '#ffd34d', '#3fc3d8', '#8e6bf0'] as const
const [ROWS, COLUMNS] = [12, 5]
const CONE = { radius: 4.3, height: 9.6, twist: 0.16 } as const

/** A striped paper cone with a frilled edge and a pompon. */
export const party: StickerDesign = (builder) => {
  const place = stand({ at: [1.1, 11.7, -2.4], pitch: -8, roll: -9 })
  hairUnder(builder, place, CONE.radius)
  builder.part({ material: MATERIALS.paper })
  builder.at(place, () => STRIPES.forEach((tone, i) => stripe(builder, i, tone)))
  builder.part({ material: MATERIALS.petal })
  builder.at(place, () => {
    for (let i = 0; i < 18; i++) {
      const angle = (2 * Math.PI * i) / 18
      builder.at(stand({ at: [Math.sin(angle) * 4.3, 0.05, Math.cos(angle) * 4.3] }), () =>
        ball(builder, [0.82, 0.72, 0.82], 10, (height) => mixed('#e8d9ff', '#ffffff', 0.5 + 0.5 * height)),
      )
    }
    for (const [x, y, z, r] of pompon)
      builder.at(stand({ at: [x, 9.7 + y, z] }), () =>
        ball(builder, [r, r, r], 10, (height) => mixed('#ff6f9c', '#ffd0df', 0.5 + 0.5 * height)),
      )
  })
}

/** One stripe of the cone, from edge to tip, that winds round it. */
function stripe(builder: ShapeBuilder, index: number, tone: string): void {
  const rows = Array.from({ length: ROWS + 1 }, (_, row) =>
    Array.from({ length: COLUMNS + 1 }, (_, column) => {
      const y = (CONE.height * row) / ROWS
      const angle = (2 * Math.PI * (index + column / COLUMNS)) / STRIPES.length + CONE.twist * y
      const r = CONE.radius * (1 - (0.98 * y) / CONE.height)
      return builder.vertex(Math.sin(angle) * r, y, Math.cos(angle) * r, tone)
    }),
  )
  for (let row = 0; row < ROWS; row++) {
    const [low, high] = [rows[row]!, rows[row + 1]!]
    for (let k = 0; k < COLUMNS; k++) builder.quad(low[k]!, low[k + 1]!, high[k + 1]!, high[k]!)
  }
}

/** Balls that make up the pompon: places round its middle, and radii. */
const pompon = [
  [0, 0, 0, 1.15],
  ...Array.from({ length: 14 }, (_, i) => {
    // Even points on a sphere (Vogel's spiral).
    const y = 1 - (2 * (i + 0.5)) / 14
    const angle = i * Math.PI * (3 - Math.sqrt(5))
    const r = Math.sqrt(1 - y * y)
    return [Math.cos(angle) * r * 0.85, y * 0.85, Math.sin(angle) * r * 0.85, 0.62] as const
  }),
] as const
