import type { Found } from '@shared/ipc/community/search-schema'
import { parseShareLink } from '@shared/share/share-link'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { loadRecent, saveRecent } from './recent-searches'

/** After the last key, milliseconds: nobody reads what is there between two of them. */
const DEBOUNCE_MS = 80
/** Of each kind: while typing, and after Enter. */
const FEW = 5
const MANY = 30

/** An address that was typed in place of words. */
export type TypedAddress = 'link' | 'account' | 'stream' | null

interface SearchState {
  text: string
  open: boolean
  /** Of `answered`; null: nothing was asked yet. */
  found: Found | null
  /** The question that `found` answers. */
  answered: string
  problem: string
  recent: readonly string[]
  type: (text: string) => void
  /** Everything at once: as many as there are. */
  searchAll: () => void
  setOpen: (open: boolean) => void
  /** The question led somewhere: it is remembered on this computer. */
  keep: () => void
  forget: () => void
}

let timer: ReturnType<typeof setTimeout> | undefined
let question = 0

export const useSearch = create<SearchState>()((set, get) => {
  /** The latest question's answer wins, whichever comes last. */
  const ask = async (text: string, typing: boolean): Promise<void> => {
    const mine = ++question
    try {
      const found = await studioClient().search.find({ text, typing, limit: typing ? FEW : MANY })
      if (mine === question) set({ found, answered: text, problem: '' })
    } catch (error) {
      if (mine === question) set({ problem: describeProblem(error).message })
    }
  }
  return {
    text: '',
    open: false,
    found: null,
    answered: '',
    problem: '',
    recent: loadRecent(),
    type: (text) => {
      set({ text, open: true })
      clearTimeout(timer)
      const wanted = text.trim().slice(0, 200)
      if (wanted === '' || addressIn(text) !== null) {
        question++
        set({ found: null, answered: '', problem: '' })
        return
      }
      timer = setTimeout(() => void ask(wanted, true), DEBOUNCE_MS)
    },
    searchAll: () => {
      const wanted = get().text.trim().slice(0, 200)
      clearTimeout(timer)
      if (wanted === '') return
      get().keep()
      void ask(wanted, false)
    },
    setOpen: (open) => set({ open }),
    keep: () => {
      const text = get().text.trim().slice(0, 100)
      if (text === '' || addressIn(text) !== null) return
      const recent = [text, ...get().recent.filter((one) => one !== text)].slice(0, 8)
      set({ recent })
      saveRecent(recent)
    },
    forget: () => {
      set({ recent: [] })
      saveRecent([])
    },
  }
})

/** What kind of address a text is, by its looks. */
export function addressIn(text: string): TypedAddress {
  const wanted = text.trim()
  if (parseShareLink(wanted) !== null) return 'link'
  if (/^0x[0-9a-f]{40}$/i.test(wanted)) return 'account'
  return /^(?:https?|rtmps?|we):\/\/\S+$/i.test(wanted) ? 'stream' : null
}
