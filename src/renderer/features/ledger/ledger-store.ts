import type { StudioClient } from '@shared/ipc/studio-schema'
import type { EntryDetails, LedgerEntry } from '@shared/ledger/ledger-entry'
import { EVERYTHING, MAX_PAGE, type LedgerFilter } from '@shared/ledger/ledger-query'
import type { LedgerState } from '@shared/ledger/ledger-state'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'

const PAGE = 50

interface LedgerPageState {
  /** Null until the ledger has said. */
  ledger: LedgerState | null
  filter: LedgerFilter
  entries: readonly LedgerEntry[]
  next: string | null
  total: number
  /** Nothing has been read for this filter yet. */
  loading: boolean
  /** Why nothing could be read; null when it could. */
  problem: string | null
  chosen: EntryDetails | null
  setFilter: (change: Partial<LedgerFilter>) => void
  more: () => Promise<void>
  choose: (id: string | null) => Promise<void>
}

export const useLedger = create<LedgerPageState>()((set, get) => ({
  ...{ ledger: null, filter: EVERYTHING, entries: [], next: null, total: 0 },
  ...{ loading: true, problem: null, chosen: null },

  setFilter: (change) => {
    set({ filter: { ...get().filter, ...change }, loading: true })
    void refreshEntries(PAGE)
  },

  more: async () => {
    const { filter, next, entries } = get()
    if (next === null) return
    try {
      const page = await studioClient().ledger.query({ ...filter, after: next, limit: PAGE })
      if (get().filter === filter && get().entries === entries) {
        set({ entries: [...entries, ...page.entries], next: page.next })
      }
    } catch (error) {
      set({ problem: describeProblem(error).message })
    }
  },

  choose: async (id) => {
    if (id === null) {
      set({ chosen: null })
      return
    }
    try {
      set({ chosen: await studioClient().ledger.getEntry(id) })
    } catch (error) {
      set({ chosen: null, problem: describeProblem(error).message })
    }
  },
}))

let asked = 0

/** Reads the newest entries anew, at least `least` of them; an answer that is overtaken is dropped. */
export async function refreshEntries(least = 0): Promise<void> {
  const { filter, entries } = useLedger.getState()
  asked += 1
  const mine = asked
  const limit = Math.min(MAX_PAGE, Math.max(PAGE, least, least === 0 ? entries.length : 0))
  try {
    const page = await studioClient().ledger.query({ ...filter, after: null, limit })
    if (mine === asked) useLedger.setState({ ...page, loading: false, problem: null })
  } catch (error) {
    if (mine === asked) useLedger.setState({ loading: false, problem: describeProblem(error).message })
  }
}

/** Whether what is listed may have changed. */
function isOther(before: LedgerState | null, now: LedgerState): boolean {
  if (before?.active !== now.active) return true
  const place = ({ sync }: LedgerState): string => `${sync.state} ${'head' in sync ? sync.head : ''}`
  return now.sync.state === 'current' && place(before) !== place(now)
}

function take(now: LedgerState): void {
  const before = useLedger.getState().ledger
  if (before !== null && before.active !== now.active) useLedger.setState({ chosen: null, entries: [], loading: true })
  useLedger.setState({ ledger: now })
  if (isOther(before, now)) void refreshEntries()
}

/** Follows the ledger; starts it when nobody has asked for it yet. The page calls it when it is first seen. */
export function followLedger(client: StudioClient): () => void {
  const stop = client.ledger.changed(take)
  client.ledger.getState().then(take, (error: unknown) => {
    useLedger.setState({ loading: false, problem: describeProblem(error).message })
  })
  return stop
}
