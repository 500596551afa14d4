import type { CaptionFile } from '@shared/captions/caption-file'
import type { KeepState } from '@shared/ipc/keeping-schema'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { DEFAULT_LIMITS, type LibraryState } from '@shared/storage/stored-file'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'

/** A file that can be played. */
interface Opened {
  cid: string
  mediaUrl: string
  contentType: string
  captions: readonly CaptionFile[]
}

/** What is in front: the list, or a file by CID or link. */
export type Playing =
  | { state: 'none' }
  | { state: 'opening'; address: string; title: string }
  | ({ state: 'playing'; address: string; title: string } & Opened)
  | { state: 'failed'; address: string; title: string; message: string }

interface LibraryPageState {
  /** Null until the network engine has said. */
  library: LibraryState | null
  /** Whose lives are kept, and which are now. Null until main has said. */
  keeping: KeepState | null
  playing: Playing
  play: (address: string, title: string) => Promise<void>
  back: () => void
}

export const useLibrary = create<LibraryPageState>()((set, get) => ({
  library: null,
  keeping: null,
  playing: { state: 'none' },

  play: async (address, title) => {
    const opening: Playing = { state: 'opening', address, title }
    set({ playing: opening })
    try {
      const opened = await studioClient().library.play(address)
      if (get().playing === opening) set({ playing: { state: 'playing', address, title, ...opened } })
    } catch (error) {
      if (get().playing !== opening) return
      set({ playing: { state: 'failed', address, title, message: describeProblem(error).message } })
    }
  },

  back: () => set({ playing: { state: 'none' } }),
}))

export const EMPTY_FIGURES: LibraryState['figures'] = {
  storedBytes: 0,
  pinnedBytes: 0,
  ...DEFAULT_LIMITS,
  servedBytes: 0,
  fetchedBytes: 0,
  peers: [],
}

/** Follows main. */
export function startLibrary(client: StudioClient): void {
  client.library.changed((library) => useLibrary.setState({ library }))
  client.keeping.changed((keeping) => useLibrary.setState({ keeping }))
}

/** Asks for what is there. Needs the peer engine. */
export async function refreshLibrary(client: StudioClient): Promise<void> {
  const [library, keeping] = await Promise.all([client.library.getState(), client.keeping.get()])
  useLibrary.setState({ library, keeping })
}
