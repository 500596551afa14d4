import type { ForYouCard, Why } from '@shared/community/for-you'
import type { ItemCard } from '@shared/community/index-cards'
import type { CommunityIndex } from '../index/community-index'
import type { CommunityReader } from '../index/community-reader'
import type { ViewerFilter } from '../moderation/viewer-filter'
import type { OwnHistory } from './own-history'
import { readPublicActs, type PublicRecord } from './read-public-acts'
import { Recommender, type Reason } from './recommender'
import { featureIndex, type OwnAct } from './sources'

const MOST_HISTORY = 1_000

export interface ForYouAsk {
  /** The own account; null before there is one. */
  readonly me: string | null
  readonly filter: ViewerFilter
  readonly count: number
  /** Subjects already on the page. */
  readonly shown: ReadonlySet<string>
  readonly chance: () => number
}

/** Recommendation out of an index and the own history. It knows what it was last trained on; train again now and then. */
export class ForYou {
  #record: PublicRecord | null = null
  #recommender: Recommender | null = null

  constructor(
    private readonly index: CommunityIndex,
    private readonly reader: CommunityReader,
    private readonly history: OwnHistory,
  ) {}

  /** Seconds of work with 100,000 videos. @param now Unix ms */
  train(now: number, chance: () => number): void {
    this.#record = readPublicActs(this.index)
    this.#recommender = Recommender.train(this.#record.offers, this.#record.acts, now, chance)
  }

  /** What to show next; switched off or not trained yet: what is popular, the same for everybody. */
  next(ask: ForYouAsk): ForYouCard[] {
    const settings = this.history.settings
    if (!settings.on || this.#record === null || this.#recommender === null) return this.#popular(ask)
    const { offers, numberOf, authors } = this.#record
    const own = this.history.newest(MOST_HISTORY)
    const history = own.flatMap(({ subject, t, liking }): OwnAct[] => {
      const item = numberOf.get(subject)
      return item === undefined ? [] : [{ item, t, liking }]
    })
    const followed = new Set<number>()
    const follows = new Set(ask.me === null ? [] : this.reader.followedBy(ask.me))
    authors.forEach((account, i) => {
      if (follows.has(`acct:${account}`)) followed.add(i)
    })
    const cards = new Map<number, ItemCard | null>()
    const cardOf = (item: number): ItemCard | null => {
      if (!cards.has(item)) cards.set(item, this.reader.cards.itemById(offers[item]!.id, ask.filter))
      return cards.get(item) ?? null
    }
    const slate = this.#recommender.slate({
      ...{ history, followed, record: this.history.record, sliders: settings, count: ask.count, chance: ask.chance },
      allowed: (item) => {
        const { id, author } = offers[item]!
        return !ask.shown.has(id) && authors[author] !== ask.me && cardOf(item) !== null
      },
    })
    return slate.flatMap(({ item, reason, parts }) => {
      const card = cardOf(item)
      return card === null ? [] : [{ card, why: { ...this.#named(reason, ask.filter), parts } }]
    })
  }

  /** How a card was taken: watched (at least half of it) or liked, or passed over. */
  noteTaken({ source }: Pick<Why, 'source'>, taken: boolean): void {
    if (source !== 'explore') this.history.noteTaken(featureIndex(source), taken)
  }

  #named({ source, ownItem, tag, author }: Reason, filter: ViewerFilter): Omit<Why, 'parts'> {
    const { offers, authors, tags } = this.#record!
    const item = ownItem === undefined ? undefined : offers[ownItem]!.id
    const title = item === undefined ? undefined : this.reader.cards.itemById(item, filter)?.body.title
    return {
      source,
      ...(item === undefined ? {} : { item }),
      ...(title === undefined ? {} : { itemTitle: title }),
      ...(tag === undefined ? {} : { tag: tags[tag]! }),
      ...(author === undefined ? {} : { account: authors[author]! }),
    }
  }

  #popular({ me, filter, count, shown }: ForYouAsk): ForYouCard[] {
    const { cards } = this.reader.feeds.popular({ filter, after: null, limit: count + Math.min(80, shown.size) })
    const fresh = cards
      .filter(({ id, account, kind }) => kind === 'video' && account !== me && !shown.has(id))
      .slice(0, count)
    return fresh.map((card) => ({ card, why: { source: 'week', parts: {} } }))
  }
}
