import { ball } from '../model/lathe'
import { MATERIALS } from '../model/material'
import { smoothLoop } from '../model/outlines'
import { pillow, type Vec2 } from '../model/pillow'
import { stand } from '../model/placement'
import { mixed, type ShapeBuilder, type Vec3 } from '../model/shape-builder'
import { sweep } from '../model/sweep'
import type { StickerDesign } from './sticker-design'

const PETAL = smoothLoop(
  [
    [0.16, 0.1],
    [0.5, 0.5],
    [0.46, 0.95],
    [0.12, 1.1],
    [-0.12, 1.1],
    [-0.46, 0.95],
    [-0.5, 0.5],
    [-0.16, 0.1],
  ] satisfies Vec2[],
  2,
)
const LEAF = smoothLoop(
  [
    [0.1, 0],
    [0.42, 0.55],
    [0.02, 1.5],
    [-0.02, 1.5],
    [-0.42, 0.55],
    [-0.1, 0],
  ] satisfies Vec2[],
  2,
)
/** Inside and outside of the petals, and the heart of the flower. */
const TONES = [
  ['#fff1f4', '#ff9fb8', '#f7c948'],
  ['#ffffff', '#f3ecff', '#f2b632'],
  ['#ffe3d1', '#ff9a76', '#8a4b2a'],
  ['#f3e2ff', '#b58cf0', '#ffe08a'],
] as const
/** Place on the wreath in degrees from the middle of the forehead, size in centimetres, tones. */
const FLOWERS: (readonly [number, number, number])[] = [
  [0, 1.95, 0],
  [24, 1.6, 1],
  [46, 1.85, 3],
  [68, 1.55, 2],
  [90, 1.75, 0],
  [-24, 1.65, 2],
  [-47, 1.9, 1],
  [-69, 1.55, 0],
  [-91, 1.75, 3],
]

/** A wreath of blossoms and leaves along the hairline. */
export const flowers: StickerDesign = (builder) => {
  builder.part({ material: MATERIALS.petal, lift: 1.4 })
  const vine = Array.from({ length: 40 }, (_, i) => onWreath((360 * i) / 40, 0).at)
  sweep(builder, vine, { radius: () => [0.22, 0.22], axis: [0, 1, 0], sides: 5, closed: true, colour: () => '#4f7d3a' })
  for (let i = 0; i < 22; i++) {
    const angle = -97 + 194 * (i / 21)
    const tilt = (i % 2 === 0 ? 62 : -118) + ((i * 37) % 30)
    builder.at(onWreath(angle, 0.25).place(tilt, 1.45), () => leaf(builder))
  }
  for (const [angle, size, tones] of FLOWERS)
    builder.at(onWreath(angle, 0.55).place(angle * 1.7, size), () => blossom(builder, TONES[tones]!))
}

/** A point of the wreath that lies round the head, `out` centimetres off it. */
function onWreath(degrees: number, out: number) {
  const angle = (degrees * Math.PI) / 180
  const at: Vec3 = [
    Math.sin(angle) * (8.35 + out),
    9.1 - 1.3 * (1 - Math.cos(angle)) + 0.35 * Math.cos(2 * angle),
    -3.9 + Math.cos(angle) * (8.3 + out),
  ]
  // Blossoms look outwards and a little up.
  const place = (roll: number, scale: number) => stand({ at, roll, pitch: -24, yaw: degrees * 0.92, scale })
  return { at, place }
}

function blossom(builder: ShapeBuilder, [inner, outer, heart]: readonly [string, string, string]): void {
  for (let i = 0; i < 5; i++) {
    builder.at(stand({ at: [0, 0, 0.05 * (i % 2)], roll: 72 * i }), () =>
      pillow(builder, PETAL, {
        centre: [0, 0.6],
        front: [
          { s: 1, z: 0.2, colour: outer },
          { s: 0.6, z: 0.3, colour: mixed(outer, inner, 0.6) },
          { s: 0, z: 0.16, colour: inner },
        ],
      }),
    )
  }
  builder.at(stand({ at: [0, 0, 0.3] }), () =>
    ball(builder, [0.3, 0.3, 0.22], 8, (height) => mixed(heart, '#fff3c4', 0.3 + 0.3 * height)),
  )
}

function leaf(builder: ShapeBuilder): void {
  pillow(builder, LEAF, {
    centre: [0, 0.6],
    front: [
      { s: 1, z: 0, colour: '#3f7a35' },
      { s: 0.6, z: 0.1, colour: '#62a34c' },
      { s: 0, z: 0.06, colour: '#86c267' },
    ],
  })
}
