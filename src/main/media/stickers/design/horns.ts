import { MATERIALS } from '../model/material'
import { mixed, type Vec3 } from '../model/shape-builder'
import { sweep } from '../model/sweep'
import type { StickerDesign } from './sticker-design'

const STEPS = 30

/** Two lacquered red horns, curved and ringed, dark at the tips. */
export const horns: StickerDesign = (builder) => {
  for (const mirror of [false, true]) {
    builder.part({ material: MATERIALS.horn, blend: true })
    builder.at(
      (x, y, z) => [x, y, z],
      () => {
        const path = Array.from({ length: STEPS + 1 }, (_, i): Vec3 => {
          const t = i / STEPS
          const turn = -0.5 + 2.0 * t
          return [
            4.2 + 3.1 * (Math.cos(turn) - Math.cos(-0.5)) + 2.2 * t * (1 - t),
            9.9 + 4.6 * t + 1.5 * Math.sin(turn * 0.9),
            0.9 + 1.6 * t * (1 - t) - 0.6 * t,
          ]
        })
        sweep(builder, path, {
          radius: (t) => {
            const ridge = 1 + 0.055 * Math.cos(t * 2 * Math.PI * 9) * (1 - t)
            const thick = 1.42 * (1 - t) ** 0.72 * ridge + 0.03
            return [thick, thick]
          },
          axis: [0, 0, 1],
          sides: 18,
          colour: (t) =>
            mixed(
              t < 0.55 ? '#c3162a' : '#8e1022',
              t < 0.55 ? '#8e1022' : '#2a070c',
              t < 0.55 ? t / 0.55 : (t - 0.55) / 0.45,
            ),
          alpha: (t) => Math.min(1, t / 0.1),
        })
      },
      mirror,
    )
  }
}
