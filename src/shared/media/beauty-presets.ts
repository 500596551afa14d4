import { BEAUTY_CONTROLS, DEFAULT_BEAUTY, MAKEUP_COLOURS, PLAIN_BEAUTY, type BeautySettings } from './beauty-settings'

/** Looks of a face that can be picked with one press. */
export const BEAUTY_PRESETS = [
  {
    id: 'soft',
    label: 'Soft',
    beauty: {
      ...PLAIN_BEAUTY,
      ...{ smooth: 0.25, whiten: 0.2, blemishes: 0.2, wrinkles: 0.1, underEye: 0.2, teeth: 0.1 },
      ...{ thin: 0.15, eyes: 0.1, eyeBright: 0.1 },
    },
  },
  { id: 'natural', label: 'Natural', beauty: DEFAULT_BEAUTY },
  {
    id: 'glamour',
    label: 'Glamour',
    beauty: {
      ...PLAIN_BEAUTY,
      ...{ smooth: 0.65, whiten: 0.5, rosy: 0.2, blemishes: 0.6, wrinkles: 0.5, smileLines: 0.5, underEye: 0.55 },
      ...{ thin: 0.45, vShape: 0.25, eyes: 0.4, eyeBright: 0.4, noseSlim: 0.2, teeth: 0.4 },
      ...{ lipstick: 0.5, blush: 0.35, contour: 0.2, brows: 0.3, eyeShadow: 0.35, eyeLiner: 0.3, lashes: 0.4 },
    },
  },
] as const satisfies readonly { id: string; label: string; beauty: BeautySettings }[]
export type BeautyPresetId = (typeof BEAUTY_PRESETS)[number]['id']

/** Whether two settings look the same; being on or off is not compared. */
export function sameBeauty(a: BeautySettings, b: BeautySettings): boolean {
  return (
    BEAUTY_CONTROLS.every(({ id }) => Math.abs(a[id] - b[id]) < 0.005) &&
    (Object.keys(MAKEUP_COLOURS) as (keyof typeof MAKEUP_COLOURS)[]).every((id) => a.colours[id] === b.colours[id])
  )
}
