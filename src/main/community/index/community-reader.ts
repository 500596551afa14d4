import type { BodyOf } from '@shared/community/body-schema'
import type { ListCard } from '@shared/community/safety-cards'
import type { ViewerRules } from '@shared/community/viewer-rules'
import { ViewerFilter } from '../moderation/viewer-filter'
import { CardReader } from './card-reader'
import type { CommunityIndex } from './community-index'
import { Feeds } from './feeds'
import { othersWord } from './others-word'
import { Search } from './search'

/** The reading side of an index, for the one person in front of it. */
export class CommunityReader {
  readonly cards: CardReader
  readonly search: Search
  readonly feeds: Feeds

  constructor(private readonly index: CommunityIndex) {
    this.cards = new CardReader(index.db, index.tallies)
    this.search = new Search(index.db, this.cards)
    this.feeds = new Feeds(index.db, this.cards)
  }

  /** @param me the own account, null for a stranger; `now` in Unix ms */
  filter(rules: ViewerRules, me: string | null, now: number): ViewerFilter {
    return new ViewerFilter(rules, me, othersWord(this.index.db, rules, now))
  }

  /** Whom an account follows: subjects. */
  followedBy(account: string): string[] {
    const sql = "select subject from reaction where account = ? and kind = 'follow' order by t limit 5000"
    return (this.index.db.all(sql, account) as { subject: string }[]).map(({ subject }) => subject)
  }

  /** Whether an account follows another one or a channel of it. */
  follows(account: string, other: string): boolean {
    const sql = "select 1 from reaction where kind = 'follow' and subject = ? and account = ?"
    const channels = this.index.db.all('select subject from channel where account = ? limit 20', other)
    const subjects = [`acct:${other}`, ...(channels as { subject: string }[]).map(({ subject }) => subject)]
    return subjects.some((subject) => this.index.db.get(sql, subject, account) !== undefined)
  }

  /** Ids of the entries by which an account likes, reposts or follows something; taking back needs all of them. */
  entriesAbout(account: string, kind: 'like' | 'repost' | 'follow', subject: string): string[] {
    const sql = 'select id from entry where slot = ? and body is not null'
    return (this.index.db.all(sql, `${kind} ${account} ${subject}`) as { id: string }[]).map(({ id }) => id)
  }

  /** A list of anybody's by its id; null: it is not here or was withdrawn. */
  list(id: string): ListCard | null {
    return listCard(this.index.db.get('select id, account, body from list where id = ?', id))
  }

  /** The entry that holds of a list, by the list's id; null: it is not here or was withdrawn. */
  versionOf(list: string): string | null {
    const sql =
      "select id from entry where slot = 'list ' || (select account from list where id = ?1) || ' ' || ?1 and applied = 1"
    return ((this.index.db.get(sql, list) as { id: string } | undefined) ?? null)?.id ?? null
  }

  /** The id of the list that an entry is a version of; of one that is not here its own. */
  rootOf(version: string): string {
    const found = this.index.db.get('select slot from entry where id = ?', version) as { slot: string } | undefined
    return found?.slot.split(' ')[2] ?? version
  }

  /** Lists of an account, by title. */
  listsOf(account: string): ListCard[] {
    const rows = this.index.db.all(
      'select id, account, body from list where account = ? order by title limit 200',
      account,
    )
    return rows.flatMap((row) => listCard(row) ?? [])
  }

  /** Which of these subjects an account liked, reposted or follows. */
  ownActs(account: string, subjects: readonly string[]): { subject: string; kind: string }[] {
    const sql = 'select subject, kind from reaction where account = ? and kind = ? and subject = ?'
    return subjects.flatMap((subject) =>
      ['like', 'repost', 'follow'].flatMap(
        (kind) => this.index.db.all(sql, account, kind, subject) as { subject: string; kind: string }[],
      ),
    )
  }
}

function listCard(row: unknown): ListCard | null {
  if (row === undefined) return null
  const { id, account, body } = row as { id: string; account: string; body: string }
  const { purpose, title, desc, items } = JSON.parse(body) as BodyOf<'list'>
  return { id, account, purpose, title, desc, items }
}
