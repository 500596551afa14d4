import type { ForeignRelayChange, ForeignRelayState } from '@shared/live/foreign-relay'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface ForeignRelayStore {
  foreign: ForeignRelayState
  /** Resolves with what is wrong, null when it is kept. */
  save: (change: ForeignRelayChange) => Promise<string | null>
  enable: (enabled: boolean) => void
  remove: () => void
}

export const useForeignRelay = create<ForeignRelayStore>()((set, get) => ({
  foreign: { relay: null, hasKey: false, state: 'none', message: '' },
  save: async (change) => {
    try {
      set({ foreign: await studioClient().relay.setForeign(change) })
      return null
    } catch (error) {
      return describeProblem(error).message
    }
  },
  enable: (enabled) => {
    const { relay } = get().foreign
    if (relay === null) return
    studioClient()
      .relay.setForeign({ address: relay.url, key: null, enabled })
      .then((foreign) => set({ foreign }), tellProblem)
  },
  remove: () => {
    studioClient()
      .relay.setForeign(null)
      .then((foreign) => set({ foreign }), tellProblem)
  },
}))

/** Follows main while the page is open; returns the function that ends it. */
export function followForeignRelay(): () => void {
  const { relay } = studioClient()
  const end = relay.foreignChanged((foreign) => useForeignRelay.setState({ foreign }))
  relay.getForeign().then((foreign) => useForeignRelay.setState({ foreign }), tellProblem)
  return end
}
