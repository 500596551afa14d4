import { ball } from '../model/lathe'
import { MATERIALS } from '../model/material'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder } from '../model/shape-builder'
import { castShade } from './cast-shade'
import { hairUnder } from './hair-under'
import type { StickerDesign } from './sticker-design'

const POINTS = 8
const SEGMENTS = POINTS * 10
const [RADIUS, FLARE] = [6.1, 0.85]
const GEMS = ['#e0164d', '#1465d8', '#12a06a', '#a02bd6'] as const

/** A golden crown with a jewelled band and a pearl on each point. */
export const crown: StickerDesign = (builder) => {
  const place = stand({ at: [0, 10.6, -2.7], pitch: -9 })
  hairUnder(builder, place, RADIUS)
  castShade(builder, { top: 12, bottom: 9, radii: [6, 5.9], back: 2.9, strength: 0.42, lift: 2.5 })
  builder.part({ material: MATERIALS.gold, lift: 2.5 })
  builder.at(place, () => {
    wall(builder)
    for (const y of [0.1, 1.75]) torus(builder, y, RADIUS + 0.06 + (y / 5) * FLARE, 0.24)
  })
  builder.part({ material: { ...MATERIALS.gem, mirror: 0.25 }, lift: 2.5 })
  builder.at(place, () => {
    for (let i = 0; i < POINTS; i++) {
      const angle = (2 * Math.PI * i) / POINTS
      pearl(builder, angle)
      gem(builder, angle, GEMS[i % GEMS.length]!, 0.72)
      gem(builder, angle + Math.PI / POINTS, '#fff4d8', 0.34)
    }
  })
}

/** Height of the upper edge over the band. */
function edge(angle: number): number {
  const share = Math.abs(((angle * POINTS) / (2 * Math.PI)) % 1)
  const near = Math.abs(share < 0.5 ? share : 1 - share) * 2
  return 2.3 + 3 * (1 - near) ** 1.55
}

function wall(builder: ShapeBuilder): void {
  const levels = [0, 0.5, 1]
  const at = (angle: number, level: number, inset: number): number => {
    const y = edge(angle) * level
    const r = RADIUS + FLARE * (y / 5) - inset
    const tone = mixed('#d9971c', '#ffd765', 0.25 + 0.6 * level)
    return builder.vertex(Math.sin(angle) * r, y, Math.cos(angle) * r, tone)
  }
  const rows = [0, 0.3].map((inset) =>
    levels.map((level) => Array.from({ length: SEGMENTS }, (_, k) => at((2 * Math.PI * k) / SEGMENTS, level, inset))),
  )
  const [outside, inside] = [rows[0]!, rows[1]!]
  for (let k = 0; k < SEGMENTS; k++) {
    const next = (k + 1) % SEGMENTS
    for (let l = 0; l + 1 < levels.length; l++) {
      builder.quad(outside[l]![k]!, outside[l]![next]!, outside[l + 1]![next]!, outside[l + 1]![k]!)
      builder.quad(inside[l]![next]!, inside[l]![k]!, inside[l + 1]![k]!, inside[l + 1]![next]!)
    }
    builder.quad(outside.at(-1)![k]!, outside.at(-1)![next]!, inside.at(-1)![next]!, inside.at(-1)![k]!)
  }
}

function torus(builder: ShapeBuilder, y: number, radius: number, thick: number): void {
  const [around, sides] = [40, 6]
  const rings = Array.from({ length: around }, (_, i) => {
    const angle = (2 * Math.PI * i) / around
    return Array.from({ length: sides }, (_, k) => {
      const turn = (2 * Math.PI * k) / sides
      const r = radius + thick * Math.cos(turn)
      return builder.vertex(Math.sin(angle) * r, y + thick * Math.sin(turn), Math.cos(angle) * r, '#ffcf52')
    })
  })
  for (let i = 0; i < around; i++) {
    const [a, b] = [rings[i]!, rings[(i + 1) % around]!]
    for (let k = 0; k < sides; k++) builder.quad(a[k]!, b[k]!, b[(k + 1) % sides]!, a[(k + 1) % sides]!)
  }
}

function pearl(builder: ShapeBuilder, angle: number): void {
  const y = edge(angle) + 0.3
  const r = RADIUS + FLARE * (y / 5) - 0.15
  builder.at(stand({ at: [Math.sin(angle) * r, y, Math.cos(angle) * r] }), () =>
    ball(builder, [0.52, 0.52, 0.52], 10, () => '#f4ead9'),
  )
}

function gem(builder: ShapeBuilder, angle: number, tone: string, size: number): void {
  const y = 0.95
  const r = RADIUS + FLARE * (y / 5) + 0.05
  const place = stand({ at: [Math.sin(angle) * r, y, Math.cos(angle) * r], yaw: (angle * 180) / Math.PI })
  builder.at(place, () =>
    ball(builder, [size, size * 0.82, size * 0.55], size > 0.5 ? 12 : 8, (height) =>
      mixed(tone, '#ffffff', 0.12 + 0.2 * height),
    ),
  )
}
