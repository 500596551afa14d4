import { z } from 'zod'

/** Side of the square picture that the check looks at, pixels. */
export const COVER_SIDE = 224

/** How likely a picture is each of these, 0 to 1, together 1 (classes of nsfwjs). */
export const CoverClasses = z.object({
  drawing: z.number(),
  hentai: z.number(),
  neutral: z.number(),
  porn: z.number(),
  sexy: z.number(),
})
export type CoverClasses = z.infer<typeof CoverClasses>

/** The label that the check gives a cover, as people's rules name it; null: nothing to veil. */
export type CoverLabel = 'nudity' | 'sexual' | null

/** The model is right about nine times in ten: what is veiled must be rather sure of it. */
export function coverLabel({ hentai, porn, sexy }: CoverClasses): CoverLabel {
  if (hentai + porn >= 0.7) return 'nudity'
  return hentai + porn + sexy >= 0.8 ? 'sexual' : null
}
