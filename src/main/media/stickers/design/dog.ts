import { MATERIALS } from '../model/material'
import { smoothLoop } from '../model/outlines'
import { pillow, roundRings, type Vec2 } from '../model/pillow'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder } from '../model/shape-builder'
import { animalNose, puff } from './animal-face'
import type { StickerDesign } from './sticker-design'

const [COAT, LIGHT, DARK] = ['#9a5a30', '#c98a52', '#54301c']

/** Floppy ears that hang over the temples, a muzzle and a big wet nose. */
export const dog: StickerDesign = (builder) => {
  for (const mirror of [false, true]) {
    const pivot = [mirror ? -5.6 : 5.6, 11.2, 0] as const
    const sway = { pivot, angle: mirror ? 0.12 : -0.1, periodMs: mirror ? 3700 : 4600, phase: mirror ? 0.3 : 0 }
    builder.part({ material: MATERIALS.fur, blend: true, sway })
    builder.at(stand({ at: [5.7, 11.3, 0.4], yaw: 26, roll: 6 }), () => ear(builder), mirror)
  }
  builder.part({ material: MATERIALS.fur, anchor: 'nose', lift: 0.6 })
  for (const side of [-1, 1]) puff(builder, [side * 1.5, -2.0, 5.75], [1.85, 1.3, 1.05], '#ecd9c3', '#fffaf2')
  freckles(builder)
  animalNose(builder, 3, '#17131a', '#4d4650')
}

function ear(builder: ShapeBuilder): void {
  const outline = smoothLoop(
    [
      [2.6, 0.9],
      [0.9, 1.75],
      [-1.2, 1.45],
      [-2.9, 0],
      [-2.3, -1.7],
      [-0.3, -3.2],
      [0.5, -6],
      [0.9, -8.8],
      [2.1, -10.3],
      [3.8, -9.8],
      [4.7, -7],
      [4.4, -2.8],
    ] satisfies Vec2[],
    3,
  )
  // Lighter where it folds over at the top, dark towards the tip.
  const tone = (s: number) => (x: number, y: number) => mixed(s > 0.9 ? COAT : LIGHT, DARK, (1.2 - y + 0.25 * x) / 9)
  pillow(builder, outline, {
    centre: [1.4, -2.9],
    front: [1, 0.93, 0.72, 0.38, 0].map((s) => ({
      s,
      z: 1.25 * Math.sqrt(1 - s * s) - 0.25 * (1 - s),
      colour: tone(s),
    })),
    back: roundRings(-0.5, 2, DARK),
    fade: (x, y) => Math.min(1, Math.max(0, (x + 2.7 - 0.5 * y * Number(y < 0)) / 1.6)),
  })
}

function freckles(builder: ShapeBuilder): void {
  for (const side of [-1, 1])
    for (const [x, y] of [
      [1.1, -1.75],
      [1.75, -2.05],
      [1.25, -2.5],
    ] as const)
      puff(builder, [side * x, y, 6.78 - 0.2 * Math.abs(x - 1.4)], [0.15, 0.15, 0.1], DARK, DARK)
}
