import { BEAUTY_PRESETS, sameBeauty, type BeautyPresetId } from '@shared/media/beauty-presets'
import type { BeautySettings } from '@shared/media/beauty-settings'

export type PresetName = BeautyPresetId | 'off'

/** Looks that can be picked with one press. `off` shows the plain picture and keeps the sliders where they are. */
export const PRESETS: readonly { value: PresetName; label: string; change: Partial<BeautySettings> }[] = [
  { value: 'off', label: 'Off', change: { enabled: false } },
  ...BEAUTY_PRESETS.map(({ id, label, beauty }) => ({ value: id, label, change: beauty })),
]

/** The preset that these settings are, or null when the sliders stand elsewhere. */
export function presetOf(beauty: BeautySettings): PresetName | null {
  if (!beauty.enabled) return 'off'
  return BEAUTY_PRESETS.find((preset) => sameBeauty(preset.beauty, beauty))?.id ?? null
}
