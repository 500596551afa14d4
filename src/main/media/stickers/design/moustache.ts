import { MATERIALS } from '../model/material'
import { mixed, type Vec3 } from '../model/shape-builder'
import { sweep } from '../model/sweep'
import type { StickerDesign } from './sticker-design'

/** One half from the middle of the lip to the curled tip: place and half thickness, centimetres. */
const LINE: (readonly [...Vec3, number])[] = [
  [0.02, -2.62, 6.35, 0.42],
  [0.5, -2.75, 6.45, 0.66],
  [1.1, -2.95, 6.4, 0.78],
  [1.8, -3.2, 6.15, 0.72],
  [2.5, -3.4, 5.75, 0.6],
  [3.2, -3.4, 5.3, 0.47],
  [3.85, -3.1, 4.85, 0.35],
  [4.3, -2.55, 4.5, 0.25],
  [4.4, -1.95, 4.35, 0.17],
  [4.15, -1.5, 4.4, 0.1],
  [3.8, -1.5, 4.5, 0.04],
]

/** A waxed handlebar moustache. */
export const moustache: StickerDesign = (builder) => {
  builder.part({ material: { ...MATERIALS.satin, gloss: 0.1, rim: 0.1 }, anchor: 'lip', lift: 1.2 })
  for (const mirror of [false, true]) {
    builder.at(
      (x, y, z) => [x, y, z],
      () => {
        const path = Array.from({ length: 31 }, (_, i): Vec3 => {
          const [x, y, z] = along(i / 30)
          return [x, y, z]
        })
        sweep(builder, path, {
          radius: (t) => [along(t)[3], along(t)[3] * 0.62],
          axis: [0, 0, 1],
          sides: 22,
          // Strands: light and dark run along it.
          colour: (t, angle) =>
            mixed('#21130c', '#5a3620', 0.35 + 0.3 * Math.sin(angle * 7 + 3 * t) + 0.2 * Math.sin(angle * 4 - 5 * t)),
        })
      },
      mirror,
    )
  }
}

function along(t: number): readonly [number, number, number, number] {
  const place = t * (LINE.length - 1)
  const i = Math.min(Math.floor(place), LINE.length - 2)
  const f = place - i
  const [p, q, r, s] = [i - 1, i, i + 1, i + 2].map((k) => LINE[Math.min(Math.max(k, 0), LINE.length - 1)]!) as [
    ...[(typeof LINE)[number], (typeof LINE)[number]],
    ...[(typeof LINE)[number], (typeof LINE)[number]],
  ]
  return [0, 1, 2, 3].map(
    (k) =>
      0.5 *
      (2 * q[k]! +
        (r[k]! - p[k]!) * f +
        (2 * p[k]! - 5 * q[k]! + 4 * r[k]! - s[k]!) * f * f +
        (3 * q[k]! - p[k]! - 3 * r[k]! + s[k]!) * f * f * f),
  ) as unknown as readonly [number, number, number, number]
}
