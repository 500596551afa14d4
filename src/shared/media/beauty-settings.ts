import { z } from 'zod'

const strength = z.number().min(0).max(1)

/** How strongly a face is retouched. Every strength is 0 (picture untouched) to 1. */
export const BeautySettings = z.object({
  enabled: z.boolean(),
  /** Skin smoothing. */
  smooth: strength,
  /** Skin whitening. */
  whiten: strength,
  /** Face thinning along the jaw. */
  thin: strength,
  /** Eye enlarging. */
  eyes: strength,
})
export type BeautySettings = z.infer<typeof BeautySettings>

/** What a new person sees: visible, still natural (first values of media.md 3.1 and 3.3). */
export const DEFAULT_BEAUTY: BeautySettings = { enabled: true, smooth: 0.4, whiten: 0.35, thin: 0.35, eyes: 0.2 }
