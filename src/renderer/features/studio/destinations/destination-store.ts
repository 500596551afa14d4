import type { Destination, DestinationEntry, DestinationState } from '@shared/live/destination'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface DestinationsState {
  entries: readonly DestinationEntry[]
  /** Of the running live, by id. */
  states: Readonly<Record<string, DestinationState>>
  /** Their list is shown. */
  isOpen: boolean

  /** Null when it is saved, else what is wrong with it, in plain words. */
  save: (destination: Destination, key: string | null) => Promise<string | null>
  remove: (id: string) => void
  enable: (id: string, enabled: boolean) => void
  retryNow: (id: string) => void
}

/** Services that lives are also sent to. Main has the truth; their keys never come back here. */
export const useDestinations = create<DestinationsState>()(() => ({
  entries: [],
  states: {},
  isOpen: false,

  save: async (destination, key) => {
    try {
      await studioClient().destinations.save({ destination, key })
      return null
    } catch (error) {
      return describeProblem(error).message
    }
  },
  remove: (id) => void studioClient().destinations.remove(id).catch(tellProblem),
  enable: (id, enabled) => void studioClient().destinations.enable({ id, enabled }).catch(tellProblem),
  retryNow: (id) => void studioClient().destinations.retryNow(id).catch(tellProblem),
}))

/** Listens to main and asks once for what there is. */
export async function startDestinations(): Promise<void> {
  const { destinations } = studioClient()
  destinations.changed((entries) => useDestinations.setState({ entries }))
  destinations.states((states) =>
    useDestinations.setState({ states: Object.fromEntries(states.map((state) => [state.id, state])) }),
  )
  useDestinations.setState({ entries: await destinations.get() })
}
