import type { StudioClient, WatchState } from '@shared/ipc/studio-schema'
import type { LiveListing, WatchStats } from '@shared/live/live-listing'
import type { PullStats } from '@shared/live/pulled-show'
import { create } from 'zustand'
import { loadVolume, saveVolume } from './volume-memory'
import { describeProblem, studioClient } from '@/app/studio-client'

interface WatchPageState {
  /** Lives that the node knows of, as main orders them. */
  lives: readonly LiveListing[]
  watch: WatchState
  /** Of the live being watched; null until its first second has passed. */
  stats: WatchStats | null
  /** Of the video of somebody else that is played. */
  pullStats: PullStats | null
  /** 0 to 1, kept from one video to the next and over restarts. */
  volume: number
  muted: boolean

  open: (url: string) => Promise<void>
  close: () => Promise<void>
  setVolume: (volume: number) => void
  /** Louder or quieter by a part of 1; quieter leaves a muted live muted. */
  stepVolume: (step: number) => void
  setMuted: (muted: boolean) => void
}

export const useWatch = create<WatchPageState>()((set, get) => ({
  lives: [],
  watch: { state: 'idle' },
  stats: null,
  pullStats: null,
  ...loadVolume(),

  open: async (url) => {
    set({ watch: { state: 'connecting', url }, stats: null, pullStats: null })
    try {
      const watch = await studioClient().watch.open(url)
      if (isAbout(get().watch, url)) set({ watch })
    } catch (error) {
      if (isAbout(get().watch, url)) set({ watch: { state: 'failed', url, ...describeProblem(error) } })
    }
  },

  close: async () => {
    set({ watch: { state: 'idle' }, stats: null })
    await studioClient().watch.close()
  },

  setVolume: (volume) => set({ volume: Math.min(1, Math.max(0, volume)), muted: volume <= 0 }),
  stepVolume: (step) => {
    const { volume, muted, setVolume } = get()
    if (!muted) setVolume(volume + step)
    else if (step > 0) set({ muted: false, volume: Math.max(volume, step) })
  },

  // Sound that is turned on again must be heard, also when the slider stood at nothing.
  setMuted: (muted) => set(({ volume }) => ({ muted, volume: muted || volume > 0 ? volume : 0.5 })),
}))

/** Whether the page still waits for this live; the person may have left or chosen another one meanwhile. */
function isAbout(watch: WatchState, url: string): boolean {
  return watch.state !== 'idle' && watch.url === url
}

/** Follows main: lives appear and go by themselves. */
export async function startWatch(client: StudioClient): Promise<void> {
  client.watch.livesChanged((lives) => useWatch.setState({ lives }))
  client.watch.changed((watch) => useWatch.setState({ watch }))
  client.watch.stats((stats) => useWatch.setState({ stats }))
  client.watch.pullStats((pullStats) => useWatch.setState({ pullStats }))
  useWatch.setState({ watch: await client.watch.getState() })
}

/** Asks for the lives that are known already. Needs the peer engine. */
export async function refreshLives(client: StudioClient): Promise<void> {
  useWatch.setState({ lives: await client.watch.listLives() })
}

useWatch.subscribe(({ volume, muted }, before) => {
  if (volume !== before.volume || muted !== before.muted) saveVolume({ volume, muted })
})
