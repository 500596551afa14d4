import { z } from 'zod'

const strength = z.number().min(0).max(1)

/** Our own colour looks, in the order they are offered. */
export const OWN_LOOKS = [
  { id: 'clear', label: 'Clear' },
  { id: 'soft', label: 'Soft' },
  { id: 'rose', label: 'Rose' },
  { id: 'peach', label: 'Peach' },
  { id: 'warm', label: 'Warm' },
  { id: 'golden', label: 'Golden' },
  { id: 'cool', label: 'Cool' },
  { id: 'vivid', label: 'Vivid' },
  { id: 'film', label: 'Film' },
  { id: 'fade', label: 'Fade' },
  { id: 'teal', label: 'Teal' },
  { id: 'night', label: 'Night' },
  { id: 'sepia', label: 'Sepia' },
  { id: 'silver', label: 'Silver' },
  { id: 'noir', label: 'Noir' },
] as const
export type OwnLookId = (typeof OWN_LOOKS)[number]['id']

export const OwnLookId = z.enum(OWN_LOOKS.map(({ id }) => id) as [OwnLookId, ...OwnLookId[]])

/** `none` leaves the colours alone; `cube` is the imported .cube file. */
export const LookId = z.union([z.enum(['none', 'cube']), OwnLookId])
export type LookId = z.infer<typeof LookId>

/** A .cube file that was copied into the profile: its file name there without the ending, and its own name. */
export const ImportedCube = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/), name: z.string().min(1).max(80) })
export type ImportedCube = z.infer<typeof ImportedCube>

/** How the whole picture is coloured. */
export const LookSettings = z.object({
  look: LookId,
  /** 0 (picture untouched) to 1 (the look as it was made). */
  intensity: strength,
  /** How dark the corners get, 0 to 1. */
  vignette: strength,
  cube: ImportedCube.nullable(),
})
export type LookSettings = z.infer<typeof LookSettings>

export const DEFAULT_LOOK: LookSettings = { look: 'none', intensity: 0.8, vignette: 0, cube: null }

/** A small picture of what a look does: RGBA, tight rows. */
export const LookSwatch = z.object({
  id: LookId,
  width: z.number(),
  height: z.number(),
  pixels: z.instanceof(Uint8Array),
})
export type LookSwatch = z.infer<typeof LookSwatch>
