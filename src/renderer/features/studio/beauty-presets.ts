import { DEFAULT_BEAUTY, type BeautySettings } from '@shared/media/beauty-settings'

export type PresetName = 'natural' | 'soft' | 'glamour' | 'off'

/** Looks that can be picked with one press. `off` shows the plain picture and keeps the sliders where they are. */
export const PRESETS: readonly { value: PresetName; label: string; change: Partial<BeautySettings> }[] = [
  { value: 'off', label: 'Off', change: { enabled: false } },
  { value: 'soft', label: 'Soft', change: { enabled: true, smooth: 0.25, whiten: 0.2, thin: 0.15, eyes: 0.1 } },
  { value: 'natural', label: 'Natural', change: { ...DEFAULT_BEAUTY, enabled: true } },
  { value: 'glamour', label: 'Glamour', change: { enabled: true, smooth: 0.7, whiten: 0.55, thin: 0.55, eyes: 0.45 } },
]

/** The preset that these settings are, or null when the sliders stand elsewhere. */
export function presetOf(beauty: BeautySettings): PresetName | null {
  if (!beauty.enabled) return 'off'
  const match = PRESETS.find(
    ({ value, change }) =>
      value !== 'off' &&
      (['smooth', 'whiten', 'thin', 'eyes'] as const).every(
        (key) => Math.abs((change[key] ?? -1) - beauty[key]) < 0.005,
      ),
  )
  return match?.value ?? null
}
