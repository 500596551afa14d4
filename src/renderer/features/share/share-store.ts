import { create } from 'zustand'

/** What is about to be passed on. */
export interface Shared {
  /** A subject (`chan:...`, `acct:...`, the id of a video, live or list) or the `we://` address of a live. */
  readonly subject: string
  /** As people know it; stands before the link where it goes. */
  readonly title: string
  /** The subject is a list of whom not to show. */
  readonly list?: boolean
  /** What sharing earns, where it does. */
  readonly note?: string
}

interface ShareState {
  shared: Shared | null
  close: () => void
}

export const useShare = create<ShareState>()((set) => ({
  shared: null,
  close: () => set({ shared: null }),
}))

/** Opens the sheet with link, QR code and networks. */
export function openShare(shared: Shared): void {
  useShare.setState({ shared })
}
