import { MATERIALS } from '../model/material'
import { smoothLoop } from '../model/outlines'
import { pillow, roundRings, type Vec2 } from '../model/pillow'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder } from '../model/shape-builder'
import { animalNose, puff } from './animal-face'
import type { StickerDesign } from './sticker-design'

const [COAT, LIGHT, DARK] = ['#a8683a', '#d39a62', '#6f3f22']

/** Floppy ears that hang over the temples, a muzzle and a big wet nose. */
export const dog: StickerDesign = (builder) => {
  for (const mirror of [false, true]) {
    const pivot = [mirror ? -5.6 : 5.6, 11.2, 0] as const
    const sway = { pivot, angle: mirror ? 0.12 : -0.1, periodMs: mirror ? 3700 : 4600, phase: mirror ? 0.3 : 0 }
    builder.part({ material: MATERIALS.fur, blend: true, sway })
    builder.at(stand({ at: [5.3, 11.2, 0.2], yaw: 24 }), () => builder.at(flop, () => ear(builder)), mirror)
  }
  builder.part({ material: MATERIALS.fur, anchor: 'nose', lift: 0.6 })
  for (const side of [-1, 1]) puff(builder, [side * 1.25, -2.05, 6.15], 1.42, '#ecd9c3', '#fffaf2')
  freckles(builder)
  animalNose(builder, 3, '#17131a', '#4d4650')
}

/** The ear rises from its root, turns over and hangs. */
function flop(x: number, y: number, z: number): readonly [number, number, number] {
  const turn = Math.min(y / 2.3, 1.9)
  const hang = y - 2.3 * Math.min(y / 2.3, 1.9)
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  // x of the model runs along the head, y outwards along the ear, z off its surface.
  const out = 2.3 * sin + hang * cos * -0.15 + z * sin
  const up = y < 0 ? y : 2.3 * (1 - cos) * -0.55 + 1.1 * sin - hang * 0.98 + z * cos * 0.6
  return [out * 1.25 + 0.25 * x, up, x * 0.75 + z * 0.8]
}

function ear(builder: ShapeBuilder): void {
  const outline = smoothLoop(
    [
      [2.1, -0.6],
      [2.6, 3],
      [3.1, 7],
      [2.6, 10.2],
      [0.3, 11.8],
      [-2.2, 10.2],
      [-2.9, 7],
      [-2.5, 3],
      [-2.1, -0.6],
      [0, -1],
    ] satisfies Vec2[],
    4,
  )
  pillow(builder, outline, {
    centre: [0, 5.6],
    front: roundRings(1, 6, (s) => mixed(LIGHT, COAT, 0.3 + 0.7 * s)),
    back: roundRings(-0.6, 3, (s) => mixed(DARK, COAT, s)),
    fade: (_, y) => Math.min(1, Math.max(0, (y + 0.6) / 1.2)),
  })
}

function freckles(builder: ShapeBuilder): void {
  for (const side of [-1, 1])
    for (const [x, y] of [
      [1.1, -1.75],
      [1.75, -2.05],
      [1.25, -2.5],
    ] as const)
      puff(builder, [side * x, y, 7.42 - 0.26 * (x - 1) - 0.12 * Math.abs(y + 2.05)], 0.13, DARK, DARK)
}
