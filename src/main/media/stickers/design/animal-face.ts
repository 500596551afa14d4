import { MATERIALS } from '../model/material'
import { ball } from '../model/lathe'
import { pillow, roundRings, type Vec2 } from '../model/pillow'
import { smoothLoop } from '../model/outlines'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder, type Vec3 } from '../model/shape-builder'
import { sweep } from '../model/sweep'

/** A small soft nose, a rounded triangle: its width in centimetres and two tones. */
export function animalNose(builder: ShapeBuilder, width: number, tone: string, light: string): void {
  const outline = smoothLoop(
    [
      [1, 0.42],
      [0.62, 0.72],
      [0, 0.66],
      [-0.62, 0.72],
      [-1, 0.42],
      [-0.62, -0.3],
      [0, -0.8],
      [0.62, -0.3],
    ] satisfies Vec2[],
    4,
  )
  builder.part({ material: MATERIALS.wet, anchor: 'nose', lift: 1 })
  builder.at(stand({ at: [0, -0.55, 7.15], pitch: 8, scale: width / 2 }), () =>
    pillow(builder, outline, { front: roundRings(0.75, 5, (s) => mixed(light, tone, s * 1.1)) }),
  )
}

/** Three fine whiskers on each cheek, bent down a little. */
export function whiskers(builder: ShapeBuilder, tone: string, reach: number): void {
  builder.part({ material: MATERIALS.satin, anchor: 'nose', lift: 2.4 })
  for (const mirror of [false, true]) {
    builder.at(
      (x, y, z) => [x, y, z],
      () => {
        for (let i = 0; i < 3; i++) {
          const path = Array.from({ length: 9 }, (_, k): Vec3 => {
            const t = k / 8
            const drop = [0.9, -0.1, -1.1][i]! * t * reach * 0.2 - 0.7 * t * t
            return [2.7 + 0.35 * (i % 2) + t * reach, -1.35 - 0.62 * i + drop, 5.9 - 0.35 * (i % 2) - 2.6 * t * t]
          })
          sweep(builder, path, {
            radius: (t) => [0.085 * (1 - t) + 0.02, 0.085 * (1 - t) + 0.02],
            axis: [0, 0, 1],
            sides: 5,
            colour: () => tone,
          })
        }
      },
      mirror,
    )
  }
}

/** Rosy round cheeks that fade out. */
export function blush(builder: ShapeBuilder, tone: string, strength: number): void {
  for (const mirror of [false, true]) {
    builder.part({ material: { ...MATERIALS.shade, glow: 0.35 }, lift: 1.2, blend: true, soft: false })
    builder.at(
      stand({ at: [4.7, -1.2, 4.15], yaw: 38, pitch: -4 }),
      () => {
        const count = 16
        const outline = Array.from({ length: count }, (_, i): Vec2 => {
          const angle = (2 * Math.PI * i) / count
          return [1.75 * Math.cos(angle), 1.3 * Math.sin(angle)]
        })
        pillow(builder, outline, {
          front: [1, 0.66, 0.33, 0].map((s) => ({ s, z: 0.4 * (1 - s * s), colour: tone })),
          fade: (x, y) => strength * (1 - Math.min(1, (x / 1.75) ** 2 + (y / 1.3) ** 2)) ** 1.2,
        })
      },
      mirror,
    )
  }
}

/** An egg of fluff with a lighter top; `radii` are its half axes. */
export function puff(builder: ShapeBuilder, at: Vec3, radii: Vec3, tone: string, light: string): void {
  builder.at(stand({ at, roll: at[0] < 0 ? 18 : -18 }), () =>
    ball(builder, radii, 16, (height) => mixed(tone, light, 0.5 + 0.5 * height)),
  )
}
