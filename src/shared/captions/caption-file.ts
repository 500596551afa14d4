import { z } from 'zod'
import { CAPTION_LIMITS, CaptionCue } from './caption-cue'

/** Captions out of a file of this computer. */
export const CaptionFile = z.object({
  /** For the menu: the language where the name of the file tells it, else that name. */
  label: z.string().max(80),
  /** BCP 47; empty: not known. */
  language: z.string().max(35),
  cues: z.array(CaptionCue).max(CAPTION_LIMITS.cues),
})
export type CaptionFile = z.infer<typeof CaptionFile>
