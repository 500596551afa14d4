import type { RelayFiguresPayload, RelayState } from '@shared/ipc/studio-schema'
import { DEFAULT_RELAY, type RelayChoice } from '@shared/live/relay-choice'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface RelayStore {
  relay: RelayState
  /** Null until there is a live on it. */
  figures: RelayFiguresPayload | null

  change: (change: Partial<RelayChoice>) => void
  /** The key is answered once and kept nowhere. */
  makeKey: (name: string) => Promise<{ key: string } | { problem: string }>
}

/** The relay of this app; main has the truth. */
export const useRelay = create<RelayStore>()((set, get) => ({
  relay: { choice: DEFAULT_RELAY, status: { state: 'off' }, hosts: [], keys: [], show: null },
  figures: null,

  change: (change) => {
    const { relay } = get()
    const choice = { ...relay.choice, ...change }
    // a switch moves when it is pressed; main says soon what has come of it
    set({ relay: { ...relay, choice } })
    void studioClient()
      .relay.set(choice)
      .catch((error: unknown) => {
        set({ relay })
        tellProblem(error)
      })
  },
  makeKey: async (name) => {
    try {
      return { key: await studioClient().relay.makeKey(name) }
    } catch (error) {
      return { problem: describeProblem(error).message }
    }
  },
}))

/** Listens to main and asks once for what there is. */
export async function startRelay(): Promise<void> {
  const { relay } = studioClient()
  relay.changed((state) => {
    useRelay.setState({ relay: state })
    // what a relay that is gone has carried is gone with it
    if (state.status.state !== 'on') useRelay.setState({ figures: null })
  })
  relay.figures((figures) => useRelay.setState({ figures }))
  useRelay.setState({ relay: await relay.getState() })
}
