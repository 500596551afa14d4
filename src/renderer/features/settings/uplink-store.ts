import type { UplinkRoom } from '@shared/network/uplink-room'
import { create } from 'zustand'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'

interface UplinkStore {
  /** Null until main has said. */
  room: UplinkRoom | null
  /** @param kbps 0: no limit */
  limit: (kbps: number) => void
}

export const useUplink = create<UplinkStore>()((set, get) => ({
  room: null,
  limit: (limitKbps) => {
    const before = get().room
    if (before) set({ room: { ...before, limitKbps } })
    studioClient()
      .network.setUplink(limitKbps)
      .catch((error: unknown) => {
        set({ room: before })
        tellProblem(error)
      })
  },
}))

/** Follows main while the page is open; returns the function that ends it. */
export function followUplink(): () => void {
  const { network } = studioClient()
  const end = network.uplinkChanged((room) => useUplink.setState({ room }))
  network.getUplink().then((room) => useUplink.setState({ room }), tellProblem)
  return end
}
