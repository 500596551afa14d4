import { MATERIALS } from '../model/material'
import { smoothLoop } from '../model/outlines'
import { pillow, type Vec2 } from '../model/pillow'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder, type Vec3 } from '../model/shape-builder'
import { sweep } from '../model/sweep'
import { animalNose, blush, whiskers } from './animal-face'
import type { StickerDesign } from './sticker-design'

const [FUR, FUR_LIGHT, FUR_TIP] = ['#5a4a4f', '#8d7a80', '#3c3036']
const HEIGHT = 6.4
const HALF = 3.1

/** Soft grey ears with pink insides that twitch, a pink nose, whiskers. */
export const cat: StickerDesign = (builder) => {
  for (const mirror of [false, true]) {
    const pivot = [mirror ? -5 : 5, 10.3, -1] as const
    const sway = { pivot, angle: mirror ? 0.13 : -0.13, periodMs: mirror ? 4300 : 3400, phase: mirror ? 0.4 : 0 }
    builder.part({ material: MATERIALS.fur, blend: true, sway })
    builder.at(stand({ at: [5.0, 10.2, -1], roll: -21, pitch: -8, yaw: 14 }), () => ear(builder), mirror)
    builder.part({ material: MATERIALS.fur, blend: true, lift: 0.1, sway })
    builder.at(stand({ at: [5.0, 10.2, -1], roll: -21, pitch: -8, yaw: 14 }), () => tufts(builder), mirror)
  }
  blush(builder, '#ff7f98', 0.5)
  animalNose(builder, 2.2, '#e8718c', '#ffb3c1')
  whiskers(builder, '#fdf8f4', 5.2)
}

function ear(builder: ShapeBuilder): void {
  const outline = smoothLoop(
    [
      [HALF, -0.2],
      [HALF * 0.94, HEIGHT * 0.3],
      [HALF * 0.5, HEIGHT * 0.76],
      [0.28, HEIGHT * 0.985],
      [-0.28, HEIGHT * 0.985],
      [-HALF * 0.56, HEIGHT * 0.74],
      [-HALF * 0.98, HEIGHT * 0.3],
      [-HALF, -0.2],
      [0, -0.9],
    ] satisfies Vec2[],
    3,
  )
  pillow(builder, outline, {
    centre: [0, HEIGHT * 0.34],
    front: [
      { s: 1, z: 0, colour: FUR },
      { s: 0.96, z: 0.34, colour: FUR_LIGHT },
      { s: 0.87, z: 0.45, colour: FUR_LIGHT },
      { s: 0.78, z: 0.28, colour: FUR },
      { s: 0.745, z: 0.14, colour: '#e7a0ab', crease: true },
      { s: 0.6, z: -0.3, colour: '#f2b3bb' },
      { s: 0.4, z: -0.65, colour: '#e391a0' },
      { s: 0.2, z: -0.85, colour: '#cc7488' },
      { s: 0, z: -0.9, colour: '#c06a7e' },
    ],
    back: [
      { s: 1, z: 0, colour: FUR },
      { s: 0.8, z: -0.9, colour: FUR },
      { s: 0.45, z: -1.6, colour: FUR_TIP },
      { s: 0, z: -1.9, colour: FUR_TIP },
    ],
    fade: (_, y) => Math.min(1, Math.max(0, (y + 0.5) / 1.1)),
  })
}

/** Light hair that grows from the inner corner over the pink. */
function tufts(builder: ShapeBuilder): void {
  const strands: (readonly [number, number, number])[] = [
    [-1.9, 2.6, 0.55],
    [-1.45, 3.4, 0.25],
    [-0.9, 2.9, 0.1],
    [-0.3, 2.3, 0],
    [1.7, 2.2, -0.5],
    [1.25, 2.8, -0.25],
  ]
  for (const [x, length, lean] of strands) {
    const path = Array.from({ length: 6 }, (_, i): Vec3 => {
      const t = i / 5
      return [x + lean * t * 2 + 0.2 * t * t, 0.3 + length * t, 0.3 + 0.35 * Math.sin(Math.PI * t * 0.8)]
    })
    sweep(builder, path, {
      radius: (t) => [0.34 * (1 - t) + 0.02, 0.16 * (1 - t) + 0.02],
      axis: [0, 0, 1],
      sides: 6,
      colour: (t) => mixed('#d9c9c6', '#fffaf5', t),
      alpha: (t) => Math.min(1, t * 3 + 0.2),
    })
  }
}
