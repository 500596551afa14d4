import type { BeautySettings } from '@shared/media/beauty-settings'

/** What changes skin over its whole region, in one pass. */
const SKIN = [
  ...(['smooth', 'whiten', 'rosy', 'tone', 'blemishes'] as const),
  ...(['wrinkles', 'smileLines', 'underEye', 'shine'] as const),
]
/** What changes pixels of small parts. */
const DETAILS = ['sharpen', 'eyeBright', 'teeth'] as const

/** Strengths of the retouch of one face: 0..1, tone -1..1; and whether any of them is for skin. */
export type RetouchStrengths = Record<(typeof SKIN)[number] | (typeof DETAILS)[number], number> & { skin: boolean }

/** The strengths of a face that gets `trust` of what is asked, 0..1; null when nothing is asked. */
export function retouchStrengths(settings: BeautySettings, trust: number): RetouchStrengths | null {
  const skin = SKIN.some((name) => settings[name] !== 0)
  if (!skin && DETAILS.every((name) => settings[name] <= 0)) return null
  const strengths = Object.fromEntries([...SKIN, ...DETAILS].map((name) => [name, settings[name] * trust]))
  return { ...(strengths as Omit<RetouchStrengths, 'skin'>), skin }
}
