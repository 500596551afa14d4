import type { StudioClient } from '@shared/ipc/studio-schema'
import { REPLAY_MS } from '@shared/media/saved-file'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { useToasts } from '@/ui/toast-store'
import { formatClock } from './stats-format'

interface RecordingState {
  /** A replay is being written. */
  saving: boolean
  /** Saves the last half minute of the live and says where it is, or why not. */
  saveReplay: () => Promise<void>
}

const { show } = useToasts.getState()

export const useRecording = create<RecordingState>()((set, get) => ({
  saving: false,

  saveReplay: async () => {
    if (get().saving) return
    set({ saving: true })
    try {
      const { path, name, durationMs } = await studioClient().recording.saveReplay()
      const seconds = Math.round(durationMs / 1000)
      const length = durationMs >= REPLAY_MS - 500 ? 'the last 30 s' : `${seconds} s so far`
      tellSaved(`Replay saved: ${length}`, name, path)
    } catch (error) {
      show('problem', describeProblem(error).message)
    } finally {
      set({ saving: false })
    }
  },
}))

/** Tells of recordings when they are on this computer. */
export function startRecordings(client: StudioClient): void {
  client.recording.saved(({ path, name, durationMs }) =>
    tellSaved(
      durationMs === null
        ? 'The recording was interrupted, its first part is saved'
        : `Recording saved: ${formatClock(durationMs)}`,
      name,
      path,
    ),
  )
}

function tellSaved(message: string, detail: string, path: string): void {
  const run = (): void => {
    studioClient()
      .recording.showInFolder(path)
      .catch((error: unknown) => show('problem', describeProblem(error).message))
  }
  show('info', message, { detail, action: 'Show in folder', run })
}
