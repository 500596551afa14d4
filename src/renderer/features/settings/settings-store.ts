import { DEFAULT_SETTINGS, type AppInfo, type Settings, type StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

/** How long changes are gathered before they are saved, milliseconds: a slider makes sixty a second. */
const SAVE_AFTER_MS = 400

interface SettingsState {
  settings: Settings
  info: AppInfo | null
  /** Applies a change at once and saves it a moment later. */
  remember: (change: Partial<Settings>) => void
}

let unsaved: Partial<Settings> = {}
let saving: ReturnType<typeof setTimeout> | undefined

function save(): void {
  const change = unsaved
  unsaved = {}
  studioClient().settings.set(change).catch(tellProblem)
}

export const useSettings = create<SettingsState>()((set) => ({
  settings: DEFAULT_SETTINGS,
  info: null,
  remember: (change) => {
    set(({ settings }) => ({ settings: { ...settings, ...change } }))
    unsaved = { ...unsaved, ...change }
    clearTimeout(saving)
    saving = setTimeout(save, SAVE_AFTER_MS)
  },
}))

/** Fetches what is saved and who we are. */
export async function startSettings(client: StudioClient): Promise<Settings> {
  const [settings, info] = await Promise.all([client.settings.get(), client.app.getInfo()])
  useSettings.setState({ settings, info })
  return settings
}
