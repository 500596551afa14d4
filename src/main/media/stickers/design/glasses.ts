import { MATERIALS } from '../model/material'
import { heart, smoothLoop, superellipse } from '../model/outlines'
import type { Vec2 } from '../model/pillow'
import { mixed } from '../model/shape-builder'
import { eyewear } from './eyewear'
import type { StickerDesign } from './sticker-design'

/** Round tortoise-shell frames with clear lenses. */
export const glasses: StickerDesign = (builder) =>
  eyewear(builder, {
    outline: superellipse(2.85, 2.5, 2.4, 36),
    lens: [3.5, 2.2],
    rim: [0.25, 0.24],
    material: MATERIALS.acetate,
    colour: (height) => mixed('#7a3d1c', '#2a1310', height * 1.15),
    temple: '#2c1410',
    glint: 0.22,
    reach: 1,
    tint: null,
    hinge: 1.3,
    bridge: { y: 0.75, arch: 0.35, radius: 0.22 },
  })

/** Large dark frames; the lenses are darkest at the top. */
export const sunglasses: StickerDesign = (builder) =>
  eyewear(builder, {
    outline: wayfarer(),
    lens: [3.42, 2.2],
    rim: [0.29, 0.3],
    material: MATERIALS.acetate,
    colour: () => '#17171b',
    temple: '#17171b',
    glint: 0.34,
    reach: 1,
    tint: { top: '#0d0f16', bottom: '#4a3a3a', opacity: [0.97, 0.78] },
    hinge: 1.5,
    bridge: { y: 1, arch: 0.2, radius: 0.3 },
  })

/** Heart-shaped party glasses in glossy pink. */
export const hearts: StickerDesign = (builder) =>
  eyewear(builder, {
    outline: heart(40).map(([x, y]): Vec2 => [x * 3.3, y * 3.15]),
    lens: [3.72, 2.2],
    rim: [0.34, 0.36],
    material: { ...MATERIALS.acetate, gloss: 0.8 },
    colour: (height) => mixed('#e01e63', '#ff4f8b', height),
    temple: '#f0367a',
    glint: 0.4,
    reach: 0.62,
    tint: { top: '#d81b60', bottom: '#ff8fb6', opacity: [0.72, 0.42] },
    hinge: 1.3,
    bridge: { y: 0.7, arch: 0.2, radius: 0.28 },
  })

function wayfarer(): Vec2[] {
  const corners: Vec2[] = [
    [3.2, 1.35],
    [2.85, 2.12],
    [0.6, 1.98],
    [-1.7, 1.78],
    [-2.62, 1.3],
    [-2.6, 0.2],
    [-2.2, -1.2],
    [-1.2, -2.15],
    [0.4, -2.3],
    [1.9, -1.85],
    [2.9, -0.5],
  ]
  return smoothLoop(corners, 4)
}
