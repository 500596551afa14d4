import type { PublicNetworkSettings, PublicNetworkState } from '@shared/network/public-network'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface PublicNetworkStore {
  /** Null until the network engine has said. */
  network: PublicNetworkState | null
  choose: (wanted: PublicNetworkSettings) => void
}

export const usePublicNetwork = create<PublicNetworkStore>()((set, get) => ({
  network: null,
  choose: (wanted) => {
    const before = get().network
    if (before) set({ network: { ...before, wanted } })
    studioClient()
      .network.setPublic(wanted)
      .catch((error: unknown) => {
        set({ network: before })
        tellProblem(error)
      })
  },
}))

/** Follows main while the page is open; returns the function that ends it. */
export function followPublicNetwork(): () => void {
  const client = studioClient()
  const end = client.network.publicChanged((network) => usePublicNetwork.setState({ network }))
  client.network.getPublic().then((network) => usePublicNetwork.setState({ network }), tellProblem)
  return end
}
