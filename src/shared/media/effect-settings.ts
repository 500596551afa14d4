import { z } from 'zod'

const strength = z.number().min(0).max(1)

/** What a face can wear, in the order it is offered. */
export const STICKERS = [
  { id: 'glasses', label: 'Glasses' },
  { id: 'sunglasses', label: 'Sunglasses' },
  { id: 'hearts', label: 'Heart glasses' },
  { id: 'cat', label: 'Cat' },
  { id: 'bunny', label: 'Bunny' },
  { id: 'dog', label: 'Puppy' },
  { id: 'horns', label: 'Horns' },
  { id: 'crown', label: 'Crown' },
  { id: 'party', label: 'Party hat' },
  { id: 'tophat', label: 'Top hat' },
  { id: 'flowers', label: 'Flower wreath' },
  { id: 'moustache', label: 'Moustache' },
] as const
export type StickerId = (typeof STICKERS)[number]['id']
export const StickerId = z.enum(STICKERS.map(({ id }) => id) as [StickerId, ...StickerId[]])

/** What stands behind the person. `picture` needs an imported one. */
export const BackgroundMode = z.enum(['none', 'blur', 'colour', 'picture', 'studio', 'sunset', 'aurora', 'paper'])
export type BackgroundMode = z.infer<typeof BackgroundMode>

/** A picture that was copied into the profile: its file name there without the ending, and its own name. */
export const ImportedPicture = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/), name: z.string().min(1).max(80) })
export type ImportedPicture = z.infer<typeof ImportedPicture>

/** What is put on and behind a person, apart from the retouch. */
export const EffectSettings = z.object({
  /** All at once; each face wears them. */
  stickers: z.array(StickerId).max(STICKERS.length),
  /** Sparkles around the face, 0 to 1. */
  sparkles: strength,
  background: z.object({
    mode: BackgroundMode,
    /** How strongly `blur` blurs. */
    blur: strength,
    /** Of `colour`, `#rrggbb`. */
    colour: z.string().regex(/^#[0-9a-f]{6}$/),
    picture: ImportedPicture.nullable(),
  }),
})
export type EffectSettings = z.infer<typeof EffectSettings>

/** A small picture of what an effect does: RGBA, tight rows. */
export const EffectThumbnail = z.object({
  kind: z.enum(['sticker', 'background']),
  /** Of the sticker, or the mode of the background. */
  id: z.string(),
  width: z.number(),
  height: z.number(),
  pixels: z.instanceof(Uint8Array),
})
export type EffectThumbnail = z.infer<typeof EffectThumbnail>

export const DEFAULT_EFFECTS: EffectSettings = {
  stickers: [],
  sparkles: 0,
  background: { mode: 'none', blur: 0.5, colour: '#1fa35c', picture: null },
}
