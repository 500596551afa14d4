import { z } from 'zod'
import type { SceneCollection, ScenePlace } from './scene'
import { currentScene } from './scene-edit'

/** Longest side of a picture of an alert, pixels. */
export const ALERT_SIDE = 512

/** RGBA, not premultiplied, row after row. */
export const AlertPicture = z
  .object({
    width: z.int().min(2).max(ALERT_SIDE),
    height: z.int().min(2).max(ALERT_SIDE),
    data: z.instanceof(Uint8Array),
  })
  .refine(({ width, height, data }) => data.length === 4 * width * height, 'The picture has another size.')
export type AlertPicture = z.infer<typeof AlertPicture>

/** How a gift moves through the place of the alerts. */
export const AlertMotion = z.enum(['pop', 'cross', 'climb', 'rise'])
export type AlertMotion = z.infer<typeof AlertMotion>

/** A gift to be drawn into the picture of the show, once. */
export const GiftAlert = z.object({
  /** Of giver and gift: a further one in the same combo replaces what is shown of it. */
  key: z.string().min(1).max(160),
  gift: AlertPicture,
  /** Who gave what, as it is to be read. */
  banner: AlertPicture,
  motion: AlertMotion,
  /** Length of the gift's animation, milliseconds. */
  showMs: z.int().min(500).max(6_000),
  /** Where more wait than can be shown, the least is left out. */
  worth: z.number().min(0),
})
export type GiftAlert = z.infer<typeof GiftAlert>

/** Where the chosen scene draws alerts; null: it does not. They lie in front of everything else. */
export function alertPlace(scenes: SceneCollection): ScenePlace | null {
  const item = currentScene(scenes).items.find(({ source, visible }) => source.kind === 'gifts' && visible)
  return item?.place ?? null
}
