import type { Why } from '@shared/community/for-you'
import { create } from 'zustand'
import { usePage, type Page } from '@/app/page-store'
import { describeProblem, studioClient } from '@/app/studio-client'
import { useHome } from './home-store'
import { keepItems, useItems } from './item-store'

/** So many before the end the next ones are asked for. */
const AHEAD = 3
const PAGE = 10

/** Where the next videos come from: the list of Home, upright ones, or what is recommended. */
type Source = 'home' | 'shorts' | 'forYou'

interface Playing {
  ids: readonly string[]
  /** Position of the one in front. */
  at: number
  source: Source
  whys: Readonly<Record<string, Why>>
  /** Where Escape goes back to. */
  from: Page
}

interface VideoState {
  playing: Playing | null
  /** What is asked for is not here. */
  problem: string | null
  comments: boolean
  step: (by: 1 | -1) => void
  close: () => void
  showComments: (on: boolean) => void
  drop: (id: string) => void
}

export const useVideo = create<VideoState>()((set, get) => ({
  ...{ playing: null, problem: null, comments: false },
  step: (by) => {
    const { playing } = get()
    const at = (playing?.at ?? 0) + by
    if (playing === null || at < 0 || at >= playing.ids.length) return
    set({ playing: { ...playing, at } })
    if (at >= playing.ids.length - AHEAD) void more()
  },
  close: () => {
    const { playing } = get()
    set({ playing: null, problem: null, comments: false })
    if (playing !== null && playing.from !== usePage.getState().page) usePage.getState().go(playing.from)
  },
  showComments: (comments) => set({ comments }),
  drop: (id) => {
    const { playing } = get()
    if (playing === null) return
    const ids = playing.ids.filter((one) => one !== id)
    const at = Math.min(playing.ids.slice(0, playing.at).filter((one) => one !== id).length, ids.length - 1)
    if (ids.length === 0) get().close()
    else set({ playing: { ...playing, ids, at } })
  },
}))

/** Plays a video of the list that Home shows; the next ones are those after it. */
export function openInHome(id: string): void {
  const { ids, whys } = useHome.getState()
  const videos = ids.filter(isVideo)
  begin({ ids: videos, at: Math.max(0, videos.indexOf(id)), source: 'home', whys, from: 'home' })
}

/** Plays upright videos, the popular first, and whatever is recommended after them. */
export async function openShorts(): Promise<void> {
  begin({ ids: [], at: 0, source: 'shorts', whys: {}, from: 'home' })
  await more()
}

/** Opens a video by its id from anywhere: search, a channel, a link. What comes after it is recommended. */
export function openVideo(id: string): void {
  const from = usePage.getState().page
  usePage.getState().go('home')
  begin({ ids: [id], at: 0, source: 'forYou', whys: {}, from })
  studioClient()
    .home.item(id)
    .then(
      (card) => {
        if (card === null) {
          useVideo.setState({
            problem:
              'It may have been withdrawn, be of somebody you blocked, or not have reached this computer yet: then it opens when somebody who has it is connected.',
          })
          return
        }
        keepItems([card])
        void more()
      },
      (error: unknown) => useVideo.setState({ problem: describeProblem(error).message }),
    )
}

function begin(playing: Playing): void {
  session++
  reading = false
  useVideo.setState({ playing, problem: null, comments: false })
  if (playing.ids.length > 0 && playing.at >= playing.ids.length - AHEAD) void more()
}

function isVideo(id: string): boolean {
  return useItems.getState().items[id]?.kind === 'video'
}

let reading = false
/** Answers for a player that was closed meanwhile are dropped. */
let session = 0
/** Of `shorts`: the cursor of the upright ones; null when they are over. */
let upright: { next: string | null } | null = null

async function more(): Promise<void> {
  const { playing } = useVideo.getState()
  if (playing === null || reading) return
  reading = true
  const mine = session
  try {
    await (playing.source === 'home' ? moreOfHome(mine) : moreOf(playing, mine))
  } catch (error) {
    if (mine === session && playing.ids.length === 0) useVideo.setState({ problem: describeProblem(error).message })
  } finally {
    if (mine === session) reading = false
  }
}

async function moreOfHome(mine: number): Promise<void> {
  await useHome.getState().more()
  const { ids, whys } = useHome.getState()
  append(mine, ids.filter(isVideo), whys)
}

async function moreOf({ ids, source }: Playing, mine: number): Promise<void> {
  if (ids.length === 0) upright = { next: null }
  if (source === 'shorts' && upright !== null) {
    const page = await studioClient().home.feed({ feed: 'popular', tall: true, after: upright.next, limit: PAGE })
    keepItems(page.cards)
    upright = page.next === null ? null : { next: page.next }
    append(
      mine,
      page.cards.filter(({ kind }) => kind === 'video').map(({ id }) => id),
    )
    if (page.cards.length >= PAGE) return
  }
  const shown = useVideo.getState().playing?.ids ?? []
  const found = await studioClient().forYou.next({ count: PAGE, shown: shown.slice(-1_000) })
  keepItems(found.map(({ card }) => card))
  append(
    mine,
    found.map(({ card }) => card.id),
    Object.fromEntries(found.map(({ card, why }) => [card.id, why])),
  )
  if (mine === session && useVideo.getState().playing?.ids.length === 0) {
    useVideo.setState({
      problem: 'There are no videos here yet. Follow somebody, or publish the first one from your channel.',
    })
  }
}

function append(mine: number, found: readonly string[], whys: Readonly<Record<string, Why>> = {}): void {
  const { playing } = useVideo.getState()
  if (playing === null || mine !== session) return
  const known = new Set(playing.ids)
  const ids = [...playing.ids, ...found.filter((id) => !known.has(id))]
  useVideo.setState({ playing: { ...playing, ids, whys: { ...playing.whys, ...whys } } })
}
