import type { ItemCard } from '@shared/community/index-cards'
import type { Why } from '@shared/community/for-you'
import type { StudioClient } from '@shared/ipc/studio-schema'
import { create } from 'zustand'
import { describeProblem, studioClient } from '@/app/studio-client'
import { keepItems, refreshItems } from './item-store'

export type HomeTab = 'forYou' | 'following' | 'popular' | 'newest' | 'lives'

const PAGE = 24
const PROBED = 30
/** Changes come in swarms while a log is fetched. */
const PROBE_MS = 700

interface HomeState {
  tab: HomeTab
  /** Of Popular and New; null: all. */
  category: string | null
  ids: readonly string[]
  /** Why a card of "For you" is there. */
  whys: Readonly<Record<string, Why>>
  /** For the next page; null: that was all. */
  next: string | null
  /** Came meanwhile; shown when the person asks. */
  fresh: readonly string[]
  loading: boolean
  problem: string | null
  choose: (tab: HomeTab, category?: string | null) => void
  more: () => Promise<void>
  showFresh: () => void
  /** Takes a card out of the list. */
  drop: (id: string) => void
}

interface Read {
  cards: readonly ItemCard[]
  whys: Readonly<Record<string, Why>>
  next: string | null
}

export const useHome = create<HomeState>()((set, get) => ({
  ...{ tab: 'forYou', category: null, ids: [], whys: {}, next: null, fresh: [], loading: true, problem: null },

  choose: (tab, category = null) => {
    set({ tab, category, ids: [], whys: {}, next: null, fresh: [], loading: true, problem: null })
    void load()
  },

  more: async () => {
    const { next, ids, loading } = get()
    if (next === null || loading) return
    await load(next, ids)
  },

  showFresh: () =>
    set(({ fresh, ids }) => ({ ids: [...fresh, ...ids.filter((id) => !fresh.includes(id))], fresh: [] })),
  drop: (id) => set(({ ids }) => ({ ids: ids.filter((one) => one !== id) })),
}))

let turn = 0

/** Reads the first page, or the one after `next`; an answer that is overtaken by another choice is dropped. */
async function load(next: string | null = null, ids: readonly string[] = []): Promise<void> {
  const mine = ++turn
  const { tab, category } = useHome.getState()
  useHome.setState({ loading: true })
  try {
    const read = await readPage(tab, category, next, ids, PAGE)
    if (mine !== turn) return
    keepItems(read.cards)
    const known = new Set(ids)
    const added = read.cards.map(({ id }) => id).filter((id) => !known.has(id))
    useHome.setState(({ whys, fresh }) => ({
      ...{ ids: [...ids, ...added], whys: { ...whys, ...read.whys }, next: read.next, loading: false, problem: null },
      fresh: next === null ? [] : fresh,
    }))
  } catch (error) {
    if (mine === turn) useHome.setState({ loading: false, problem: describeProblem(error).message })
  }
}

async function readPage(
  tab: HomeTab,
  category: string | null,
  after: string | null,
  shown: readonly string[],
  limit: number,
): Promise<Read> {
  if (tab === 'forYou') {
    const found = await studioClient().forYou.next({ count: limit, shown: shown.slice(-1_000) })
    return {
      cards: found.map(({ card }) => card),
      whys: Object.fromEntries(found.map(({ card, why }) => [card.id, why])),
      next: found.length < limit ? null : 'more',
    }
  }
  const page = await studioClient().home.feed({
    ...{ feed: tab, after, limit },
    ...(category === null ? {} : { category }),
  })
  return { cards: page.cards, whys: {}, next: page.next }
}

/** What came since the list was read: counted, not pushed under the person's pointer. */
async function probe(): Promise<void> {
  const { tab, category, ids, next, loading } = useHome.getState()
  if (loading) return
  if (ids.length === 0) return load()
  await refreshItems(ids.slice(0, 100))
  // lists without an order of time change inside; new ones matter where the person has come to the end
  if ((tab === 'forYou' || tab === 'popular') && next !== null) return
  const mine = turn
  const read = await readPage(tab, category, null, tab === 'forYou' ? ids : [], PROBED)
  if (mine !== turn) return
  const known = new Set(ids)
  keepItems(read.cards)
  const fresh = read.cards.map(({ id }) => id).filter((id) => !known.has(id))
  useHome.setState(({ whys }) => ({ fresh, whys: { ...read.whys, ...whys } }))
}

/** Follows the community; the page calls it when it is first seen. */
export function followHome(client: StudioClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      probe().catch(() => undefined) // shown as it was; the next change asks again
    }, PROBE_MS)
  }
  const stops = [client.community.changed(soon), client.safety.rulesChanged(soon)]
  void load()
  return () => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  }
}
