import type { ChannelCard, CommentCard, ItemCard, PersonCard } from '@shared/community/index-cards'
import type { ViewerFilter } from '../moderation/viewer-filter'
import type { CardReader } from './card-reader'
import { decayedActs } from './heat'
import type { IndexDatabase } from './index-database'
import { askedWords, foldText, fullTextQuery, type AskedWord } from './search-words'
import { DAY_MS } from './tallies'

/** Candidates that are looked at: the newest that have all words. Ranking all of them took 100 ms and more (community 6). */
const CANDIDATES = 300
const MOST_SHOWN = 100

export interface Question {
  readonly text: string
  /** As-you-type: the last word may be unfinished. */
  readonly typing: boolean
  readonly limit: number
  /** Unix ms; what is new counts more. */
  readonly now: number
}

interface Candidate {
  readonly row: number
  readonly folded: string
  readonly tags: string
  readonly t: number
  readonly heat: number
}

type Place = 'item' | 'channel' | 'person' | 'comment'
const COLUMNS: Readonly<Record<Place, string>> = {
  item: 'row, folded, tags, t, heat',
  channel:
    "row, folded, '' as tags, t, coalesce((select n from total where subject = channel.subject and kind = 'follow'), 0) as heat",
  person:
    "row, folded, '' as tags, t, coalesce((select n from total where subject = 'acct:' || person.account and kind = 'follow'), 0) as heat",
  comment:
    "row, folded, '' as tags, t, coalesce((select n from total where subject = comment.id and kind = 'like'), 0) as heat",
}

/** Full text over what the index has. A question without any letter or digit finds nothing. */
export class Search {
  constructor(
    private readonly db: IndexDatabase,
    private readonly cards: CardReader,
  ) {}

  items(question: Question, filter: ViewerFilter): ItemCard[] {
    return this.#find('item', question, (row) => this.cards.item(row, filter))
  }

  channels(question: Question, filter: ViewerFilter): ChannelCard[] {
    return this.#find('channel', question, (row) => this.cards.channel(row, filter))
  }

  people(question: Question, filter: ViewerFilter): PersonCard[] {
    return this.#find('person', question, (row) => this.cards.person(row, filter))
  }

  comments(question: Question, filter: ViewerFilter): CommentCard[] {
    return this.#find('comment', question, (row) => this.cards.comment(row, filter))
  }

  #find<T>(place: Place, question: Question, card: (row: number) => T | null): T[] {
    const asked = askedWords(question.text, question.typing)
    if (asked.length === 0) return []
    let found = this.#candidates(place, fullTextQuery(asked, 'AND'))
    // rather something with one of the words than nothing
    if (found.length === 0 && asked.length > 1) found = this.#candidates(place, fullTextQuery(asked, 'OR'))
    const whole = foldText(question.text).trim()
    const ranked = found
      .map((one) => ({ row: one.row, score: scoreOf(one, whole, asked, place, question.now) }))
      .sort((a, b) => b.score - a.score || b.row - a.row)
    const shown: T[] = []
    for (const { row } of ranked) {
      if (shown.length >= Math.min(question.limit, MOST_SHOWN)) break
      const one = card(row)
      if (one !== null) shown.push(one)
    }
    return shown
  }

  #candidates(place: Place, query: string): Candidate[] {
    return this.db.all(
      `select ${COLUMNS[place]} from
         (select rowid as found from ${place}_text where ${place}_text match ? order by rowid desc limit ${CANDIDATES})
       join ${place} on row = found`,
      query,
    ) as Candidate[]
  }
}

/** Title before tags before the rest; then what people made of it and how new it is, which never outweigh a whole word. */
function scoreOf(one: Candidate, whole: string, asked: readonly AskedWord[], place: Place, now: number): number {
  const title = one.folded
  const line = title.split('\n', 1)[0] ?? ''
  let score = line === whole ? 6 : line.startsWith(whole) ? 4 : line.includes(whole) ? 3 : 0
  for (const { word } of asked) {
    const at = line.indexOf(word)
    if (at === 0 || (at > 0 && !/[\p{L}\p{N}]/u.test(line.charAt(at - 1)))) score += 3 / asked.length
    else if (at > 0) score += 2 / asked.length
    else if (one.tags.includes(word)) score += 1.5 / asked.length
  }
  const liked = place === 'item' ? decayedActs(one.heat, now) : one.heat
  const ageDays = Math.max(0, now - one.t) / DAY_MS
  return score + Math.min(1.2, 0.2 * Math.log2(1 + liked)) + 0.8 * 2 ** (-ageDays / 30)
}
