import type { BeautySettings } from '@shared/media/beauty-settings'

/** What changes skin over its whole region, in one pass. */
const SKIN = [
  ...(['smooth', 'whiten', 'rosy', 'tone', 'blemishes'] as const),
  ...(['wrinkles', 'smileLines', 'underEye', 'shine'] as const),
]
/** What changes pixels of small parts. */
const DETAILS = ['sharpen', 'eyeBright', 'teeth'] as const
type Retouch = (typeof SKIN)[number] | (typeof DETAILS)[number]

/** Strengths of the retouch of one face: 0..1, tone -1..1. */
export type RetouchStrengths = Record<Retouch, number>

/** Whether anything of the retouch is asked for. */
export function wantsRetouch(settings: RetouchStrengths): boolean {
  return wantsSkin(settings) || DETAILS.some((name) => settings[name] > 0)
}

/** Whether anything is asked for that changes skin. */
export function wantsSkin(settings: RetouchStrengths): boolean {
  return SKIN.some((name) => settings[name] !== 0)
}

/** Fills `strengths` with those of a face that gets `trust` of what is asked, 0..1. */
export function scaleStrengths(strengths: RetouchStrengths, settings: BeautySettings, trust: number): void {
  for (const name of SKIN) strengths[name] = settings[name] * trust
  for (const name of DETAILS) strengths[name] = settings[name] * trust
}
