import { ball, lathe } from '../model/lathe'
import { MATERIALS } from '../model/material'
import { stand } from '../model/placement'
import { mixed } from '../model/shape-builder'
import type { StickerDesign } from './sticker-design'

/** A black felt top hat with a satin band, worn a little askew. */
export const tophat: StickerDesign = (builder) => {
  const place = stand({ at: [0.35, 10.1, -3], pitch: -9, roll: -5 })
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
    { r: 6.45, y: 4.5 },
    { r: 6.6, y: 6.8 },
    { r: 6.95, y: 8.6 },
    { r: 6.9, y: 8.85 },
    { r: 6.5, y: 8.98 },
    { r: 4, y: 9.05 },
    { r: 0, y: 9.05 },
  ]
  builder.at(place, () => lathe(builder, profile, 44, (stretch) => (stretch < 3 ? '#17161c' : '#26242d')))
  builder.part({ material: MATERIALS.satin })
  const band = [
    { r: 6.68, y: 0.5 },
    { r: 6.8, y: 0.75 },
    { r: 6.72, y: 2.35 },
    { r: 6.55, y: 2.55 },
  ]
  builder.at(place, () => lathe(builder, band, 44, () => '#a3122f'))
}

const [ROWS, AROUND] = [13, 44]

/** A striped paper cone with dots, a frilled edge and a pompon. */
export const party: StickerDesign = (builder) => {
  const place = stand({ at: [1.1, 11.7, -2.4], pitch: -8, roll: -9 })
  builder.part({ material: MATERIALS.paper })
  const cone = Array.from({ length: ROWS + 1 }, (_, i) => ({
    r: 4.3 * (1 - i / (ROWS + 0.25)),
    y: (9.6 * i) / ROWS,
    crease: true,
  }))
  const colours = ['#ff5c8a', '#ffd34d', '#3fc3d8', '#8e6bf0']
  builder.at(place, () => {
    lathe(builder, cone, AROUND, (stretch, angle) => {
      // Stripes wind up the cone; both ends of a stretch share its colour, so that they keep sharp edges.
      const turn = Math.round((angle * AROUND) / (2 * Math.PI))
      return colours[Math.floor((((turn + stretch * 2) % AROUND) / AROUND) * 8) % 4]!
    })
  })
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
