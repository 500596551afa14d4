import { MATERIALS } from '../model/material'
import { smoothLoop } from '../model/outlines'
import { pillow, type Vec2 } from '../model/pillow'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder } from '../model/shape-builder'
import { animalNose, blush, puff, whiskers } from './animal-face'
import type { StickerDesign } from './sticker-design'

const HEIGHT = 12.5
const HALF = 2.35
const [WHITE, SHADE] = ['#fbf4ef', '#e3d3cf']

/** Tall white ears, one with a bent tip, and a pink nose. */
export const bunny: StickerDesign = (builder) => {
  for (const mirror of [false, true]) {
    const pivot = [mirror ? -3.5 : 3.5, 10.4, -1.2] as const
    const sway = { pivot, angle: mirror ? 0.08 : -0.1, periodMs: mirror ? 5100 : 3900, phase: mirror ? 0.55 : 0.1 }
    builder.part({ material: MATERIALS.fur, blend: true, sway })
    builder.at(
      stand({ at: [3.3, 10.6, -1.4], roll: -11, pitch: -6, yaw: 8 }),
      () => builder.at(mirror ? straight : bent, () => ear(builder)),
      mirror,
    )
  }
  blush(builder, '#ff93ab', 0.45)
  builder.part({ material: MATERIALS.fur, anchor: 'nose', lift: 0.6 })
  for (const side of [-1, 1]) puff(builder, [side * 1.02, -1.72, 6.1], [1.25, 0.86, 0.75], SHADE, WHITE)
  animalNose(builder, 1.5, '#f0829b', '#ffc0cd')
  whiskers(builder, '#ffffff', 4.2)
}

function straight(x: number, y: number, z: number): readonly [number, number, number] {
  return [x + 0.012 * y * y, y, z - 0.01 * y * y]
}

/** The upper third folds to the side and to the front. */
function bent(x: number, y: number, z: number): readonly [number, number, number] {
  const over = Math.max(0, y - 7.4)
  const turn = Math.min(over / 3.4, 1.35)
  const arm = over - 3.4 * Math.min(over / 3.4, 1.35)
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const bend = 3.4
  const px = x * cos + (over > 0 ? bend * (1 - cos) + arm * sin : 0)
  const py = Math.min(y, 7.4) - x * sin * 0.9 + (over > 0 ? bend * sin + arm * cos : 0)
  return [px + 0.008 * y * y, py, z + 0.1 * over]
}

function ear(builder: ShapeBuilder): void {
  const outline = smoothLoop(
    [
      [HALF * 0.62, -0.4],
      [HALF * 0.9, HEIGHT * 0.25],
      [HALF, HEIGHT * 0.52],
      [HALF * 0.82, HEIGHT * 0.78],
      [HALF * 0.36, HEIGHT * 0.96],
      [-HALF * 0.2, HEIGHT * 0.985],
      [-HALF * 0.74, HEIGHT * 0.84],
      [-HALF, HEIGHT * 0.55],
      [-HALF * 0.88, HEIGHT * 0.25],
      [-HALF * 0.6, -0.4],
      [0, -0.8],
    ] satisfies Vec2[],
    3,
  )
  pillow(builder, outline, {
    centre: [0, HEIGHT * 0.48],
    front: [
      { s: 1, z: 0, colour: SHADE },
      { s: 0.95, z: 0.42, colour: WHITE },
      { s: 0.84, z: 0.6, colour: WHITE },
      { s: 0.72, z: 0.4, colour: mixed(WHITE, '#f6c3cb', 0.35) },
      { s: 0.66, z: 0.2, colour: '#f7bcc6' },
      { s: 0.45, z: -0.15, colour: '#f5aab8' },
      { s: 0.22, z: -0.35, colour: '#ec93a5' },
      { s: 0, z: -0.42, colour: '#e88b9e' },
    ],
    back: [
      { s: 1, z: 0, colour: SHADE },
      { s: 0.75, z: -0.8, colour: SHADE },
      { s: 0.35, z: -1.3, colour: WHITE },
      { s: 0, z: -1.4, colour: WHITE },
    ],
    fade: (_, y) => Math.min(1, Math.max(0, (y + 0.5) / 1.3)),
  })
}
