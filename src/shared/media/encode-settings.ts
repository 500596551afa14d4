import { z } from 'zod'

/** How much a live may send. `high` is for a fast line. */
export const Quality = z.enum(['saver', 'balanced', 'high'])
export type Quality = z.infer<typeof Quality>

/** How pictures are encoded. */
export const EncodeSettings = z.object({
  quality: Quality,
  /** `auto`: by the graphics chip where it can, else in software. */
  encoder: z.enum(['auto', 'software']),
})
export type EncodeSettings = z.infer<typeof EncodeSettings>

export const DEFAULT_ENCODE: EncodeSettings = { quality: 'balanced', encoder: 'auto' }

/** Bitrates for 1280x720 at 30 fps; the preset is that of x264. A low bitrate is worth more work for each picture. */
export const QUALITIES: Record<Quality, { label: string; kbps: number; preset: 'superfast' | 'veryfast' }> = {
  saver: { label: 'Saver', kbps: 1500, preset: 'veryfast' },
  balanced: { label: 'Balanced', kbps: 3500, preset: 'superfast' },
  high: { label: 'High', kbps: 6000, preset: 'superfast' },
}
