import { create } from 'zustand'

export type Page = 'home' | 'studio' | 'watch' | 'channel' | 'messages' | 'library' | 'wallet' | 'ledger' | 'settings'

interface PageState {
  page: Page
  go: (page: Page) => void
}

/** Which page is in front. Pages stay mounted, so changing it stops neither a broadcast nor what is being watched. */
export const usePage = create<PageState>()((set) => ({
  page: 'studio',
  go: (page) => set({ page }),
}))
