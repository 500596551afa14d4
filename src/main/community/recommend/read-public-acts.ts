import type { CommunityIndex } from '../index/community-index'
import type { Offer, PublicActs } from './public-acts'

/** Newest items and acts that are looked at; older ones are found by search. */
const MOST_ITEMS = 100_000
const MOST_ACTS = 500_000

/** What the index has for the recommender, with the names behind the numbers. */
export interface PublicRecord {
  readonly offers: readonly Offer[]
  readonly acts: PublicActs
  readonly numberOf: ReadonlyMap<string, number>
  readonly authors: readonly string[]
  readonly tags: readonly string[]
}

/** Videos, oldest first, and what people did in public about them: likes, reposts, shares, playlists. Own history is not in it. */
export function readPublicActs({ db }: CommunityIndex): PublicRecord {
  const rows = db.all(
    "select id, account, category, tags, t from item where kind = 'video' order by row desc limit ?",
    MOST_ITEMS,
  ) as { id: string; account: string; category: string; tags: string; t: number }[]
  const [authors, tags] = [new Numbers(), new Numbers()]
  const offers = rows.reverse().map(({ id, account, category, tags: words, t }): Offer => {
    const named = new Set([`#${category}`, ...words.split(' ').filter((word) => word !== '')])
    return { id, t, author: authors.of(account), tags: Array.from(named, (word) => tags.of(word)) }
  })
  const numberOf = new Map(offers.map(({ id }, i) => [id, i]))
  const done = db.all(
    `select subject, account, t from reaction where kind in ('like', 'repost', 'share')
     union all select member.subject, playlist.account, playlist.t from playlist join member on member.list = playlist.id
     order by t desc limit ?`,
    MOST_ACTS,
  ) as { subject: string; account: string; t: number }[]
  const people = new Numbers()
  const known = done.reverse().flatMap(({ subject, account, t }) => {
    const item = numberOf.get(subject)
    // nobody's opinion of their own work counts
    if (item === undefined || rows[item]!.account === account) return []
    return [{ item, person: people.of(account), t }]
  })
  return {
    ...{ offers, numberOf, authors: authors.names, tags: tags.names },
    acts: {
      people: people.names.length,
      person: Int32Array.from(known, ({ person }) => person),
      item: Int32Array.from(known, ({ item }) => item),
      t: Float64Array.from(known, ({ t }) => t),
    },
  }
}

/** Numbers names from 0, in order of appearance. */
class Numbers {
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()

  of(name: string): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.names.push(name) - 1
      this.#numbers.set(name, number)
    }
    return number
  }
}
