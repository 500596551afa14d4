import type { Settings, StudioClient } from '@shared/ipc/studio-schema'
import { DEFAULT_EFFECTS, type EffectSettings, type EffectThumbnail } from '@shared/media/effect-settings'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useSettings } from '@/features/settings/settings-store'
import { latestOnly } from './latest-only'
import { notePictureChange } from './picture-history'

interface EffectsState {
  effects: EffectSettings
  /** Small pictures of stickers and backgrounds; empty until they were asked for. */
  thumbnails: readonly EffectThumbnail[]
  importing: boolean
  changeEffects: (change: Partial<EffectSettings>) => void
  changeBackground: (change: Partial<EffectSettings['background']>) => void
  /** By the system's dialog; the picture is chosen as the background at once. */
  importPicture: () => Promise<void>
  /** Draws the small pictures anew. */
  refreshThumbnails: () => Promise<void>
}

const sendEffects = latestOnly((effects: EffectSettings) => studioClient().effects.set(effects), tellProblem)

export const useEffects = create<EffectsState>()((set, get) => ({
  effects: DEFAULT_EFFECTS,
  thumbnails: [],
  importing: false,

  changeEffects: (change) => {
    notePictureChange()
    const effects = { ...get().effects, ...change }
    set({ effects })
    sendEffects(effects)
    useSettings.getState().remember({ effects })
  },

  changeBackground: (change) => {
    get().changeEffects({ background: { ...get().effects.background, ...change } })
  },

  importPicture: async () => {
    if (get().importing) return
    set({ importing: true })
    try {
      const effects = await studioClient().effects.importBackground()
      if (effects === null) return
      get().changeBackground({ mode: 'picture', picture: effects.background.picture })
      await get().refreshThumbnails()
    } catch (error) {
      tellProblem(error)
    } finally {
      set({ importing: false })
    }
  },

  refreshThumbnails: async () => {
    try {
      set({ thumbnails: await studioClient().effects.getThumbnails() })
    } catch {
      // The engine is not there (it says so itself): names without pictures are enough.
    }
  },
}))

/** Follows main and takes over what was saved. */
export function startEffects(client: StudioClient, { effects }: Settings): void {
  client.effects.changed((changed) => useEffects.setState({ effects: changed }))
  useEffects.setState({ effects })
}
