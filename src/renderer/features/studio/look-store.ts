import type { Settings, StudioClient } from '@shared/ipc/studio-schema'
import { DEFAULT_LOOK, type LookSettings, type LookSwatch } from '@shared/media/look-settings'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { useSettings } from '@/features/settings/settings-store'
import { latestOnly } from './latest-only'
import { notePictureChange } from './picture-history'

interface LookState {
  look: LookSettings
  /** Small pictures of each look; empty until they were asked for. */
  swatches: readonly LookSwatch[]
  importing: boolean

  changeLook: (change: Partial<LookSettings>) => void
  importCube: () => Promise<void>
  /** Draws the small pictures anew from the picture of now. */
  refreshSwatches: () => Promise<void>
}

const sendLook = latestOnly((look: LookSettings) => studioClient().look.set(look), tellProblem)

export const useLook = create<LookState>()((set, get) => ({
  look: DEFAULT_LOOK,
  swatches: [],
  importing: false,

  changeLook: (change) => {
    notePictureChange()
    const look = { ...get().look, ...change }
    set({ look })
    sendLook(look)
    useSettings.getState().remember({ look })
  },

  importCube: async () => {
    if (get().importing) return
    set({ importing: true })
    try {
      const look = await studioClient().look.importCube()
      if (look === null) return
      // Sliders may have been moved while the dialog was open.
      get().changeLook({ look: look.look, cube: look.cube })
      await get().refreshSwatches()
    } catch (error) {
      tellProblem(error)
    } finally {
      set({ importing: false })
    }
  },

  refreshSwatches: async () => {
    try {
      set({ swatches: await studioClient().look.getSwatches() })
    } catch {
      // The engine is not there (it says so itself): names without pictures are enough.
    }
  },
}))

/** Follows main and takes over what was saved. */
export function startLook(client: StudioClient, { look }: Settings): void {
  client.look.changed((changed) => useLook.setState({ look: changed }))
  useLook.setState({ look })
}
