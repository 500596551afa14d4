import type { ForYouCard } from '@shared/community/for-you'
import type { CommunityHandlers } from '@shared/ipc/community-schema'
import type { ForYouLine } from '../recommend/for-you-line'
import type { Community } from './community'

/** Kinds that change what is recommended. */
const TEACHING = new Set(['video', 'like', 'repost', 'share', 'playlist', 'del'])
const FIRST_MS = 1_500
/** What changes is learnt so long after it, and learning takes a thirtieth of the time at most. */
const AGAIN_MS = 5_000
const REST = 30
/** Who waits longer, since it is learning, gets what is popular. */
const PATIENCE_MS = 400

/** "For you": what the thread that learns says, and what is popular where it has nothing to say. */
export function forYouHandlers(community: Community, line: ForYouLine): CommunityHandlers['forYou'] {
  const say = (error: unknown): void => community.say('error', 'recommendation failed', { error: String(error) })
  keepTrained(community, line, say)
  const tellRules = (): void => void line.call('rules', community.rules.value).catch(say)
  tellRules()
  community.onRules(tellRules)
  return {
    async next({ count, shown }) {
      const learnt = await inTime(line.call('next', { me: community.me, count, shown }).catch(() => null))
      const cards = learnt ?? []
      if (cards.length === count) return cards
      const known = new Set([...shown, ...cards.map(({ card }) => card.id)])
      return [...cards, ...popular(community, count - cards.length, known)]
    },
    getSettings: () => line.call('settings', undefined),
    setSettings: (settings) => line.call('setSettings', settings),
    reset: () => line.call('reset', undefined),
    noteWatched: (watched) => line.call('watched', watched),
    notePassed: ({ source }) => line.call('passed', source),
  }
}

/** Also what was seen before: a list that ends is worse than one that repeats. */
function popular(community: Community, count: number, known: ReadonlySet<string>): ForYouCard[] {
  const found: ForYouCard[] = []
  const { reader, me } = community
  const ask = { filter: community.filter(), limit: 50 }
  for (let after: string | null = null, pages = 0; pages < 20; pages++) {
    const page = reader.feeds.popular({ ...ask, after })
    for (const card of page.cards) {
      if (known.has(card.id) || card.kind !== 'video' || card.account === me) continue
      if (found.push({ card, why: { source: 'week', parts: {} } }) === count) return found
    }
    if (page.next === null) break
    after = page.next
  }
  return found
}

function keepTrained(community: Community, line: ForYouLine, say: (error: unknown) => void): void {
  let timer: NodeJS.Timeout | null = null
  let rest = 0
  const trainIn = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = null // what comes from now on is learnt next time
      line.call('train', undefined).then((took) => (rest = took * REST), say)
    }, ms)
  }
  trainIn(FIRST_MS)
  community.onClose(() => {
    if (timer !== null) clearTimeout(timer)
    return line.call('close', undefined).catch(say)
  })
  community.onChanged(({ entries, removed }) => {
    if (removed.length > 0 || entries.some(({ kind }) => TEACHING.has(kind))) trainIn(Math.max(AGAIN_MS, rest))
  })
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
