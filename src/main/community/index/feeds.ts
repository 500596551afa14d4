import type { ChannelCard, ChatCard, CommentCard, FollowerCard, ItemCard, Page } from '@shared/community/index-cards'
import type { ViewerFilter } from '../moderation/viewer-filter'
import type { CardReader } from './card-reader'
import type { IndexDatabase } from './index-database'

const MOST_SHOWN = 100
/** So many rows are read for a page at most, however much of them a filter takes out. */
const MOST_READ = 1_000
/** Newest of everybody that are looked through for those of the followed. */
const SCANNED = 1_500
const TOP = Number.MAX_SAFE_INTEGER

export interface FeedAsk {
  readonly filter: ViewerFilter
  /** `next` of the page before; null for the first. */
  readonly after: string | null
  readonly limit: number
}

type Placed = { readonly row: number; readonly heat: number }

/** Lists out of the index, a page at a time. */
export class Feeds {
  constructor(
    private readonly db: IndexDatabase,
    private readonly cards: CardReader,
  ) {}

  /**
   * Newest of the people and channels (subjects) that somebody follows, newest first. Who follows a fair share of all finds
   * a page among the newest of everybody; else each one's newest are put together.
   */
  following(subjects: readonly string[], ask: FeedAsk): Page<ItemCard> {
    const accounts = subjects.filter((one) => one.startsWith('acct:')).map((one) => one.slice('acct:'.length))
    const channels = subjects.filter((one) => one.startsWith('chan:'))
    const wanted = new Set([...accounts, ...channels])
    return this.#page(ask, (after, count) => {
      const scanned = this.db.all(
        'select row, account, channel from item indexed by item_newest where row < ? order by row desc limit ?',
        ...[after.row, SCANNED],
      ) as { row: number; account: string; channel: string }[]
      const found = scanned.filter(({ account, channel }) => wanted.has(account) || wanted.has(channel))
      if (found.length >= count || scanned.length < SCANNED) {
        return found.slice(0, count).map(({ row }) => ({ row, heat: 0 }))
      }
      const each = (column: string, keys: readonly string[]): Placed[] =>
        this.db.all(
          `select item.row, 0 as heat from json_each(?) as followed join item on item.row in
             (select row from item where ${column} = followed.value and row < ? order by row desc limit ?)
           order by item.row desc limit ?`,
          ...[JSON.stringify(keys), after.row, count, count],
        ) as Placed[]
      return newestOf([...each('account', accounts), ...each('channel', channels)], count)
    })
  }

  /** By heat (`heatOf`), of one category or all; `tall`: short upright videos only. */
  popular(ask: FeedAsk, { category, tall = false }: { category?: string; tall?: boolean } = {}): Page<ItemCard> {
    const where = [...(tall ? ['tall = 1'] : []), ...(category === undefined ? [] : ['category = ?'])]
    const values = category === undefined ? [] : [category]
    return this.#page(ask, (after, count) =>
      this.#rows(['(heat, row) < (?, ?)', ...where], 'heat desc, row desc', [after.heat, after.row, ...values], count),
    )
  }

  newest(ask: FeedAsk, category?: string): Page<ItemCard> {
    const where = category === undefined ? [] : ['category = ?']
    const values = category === undefined ? [] : [category]
    return this.#page(ask, (after, count) =>
      this.#rows(['row < ?', ...where], 'row desc', [after.row, ...values], count),
    )
  }

  /** Lives that run, newest first. A broadcaster who vanished never says so: only those begun after `since` (Unix ms). */
  lives(ask: FeedAsk, since: number): Page<ItemCard> {
    return this.#page(ask, (after, count) =>
      this.#rows(["status = 'live'", 'row < ?', 'row > ?'], 'row desc', [after.row, since * 1024], count),
    )
  }

  /** What is in a channel: of its owner and those whom the owner named. */
  channel(subject: string, ask: FeedAsk): Page<ItemCard> {
    const owner = subject.slice('chan:'.length, 'chan:'.length + 42)
    const found = this.db.get('select body from channel where subject = ?', subject) as { body: string } | undefined
    const { mods } = found === undefined ? { mods: [] } : (JSON.parse(found.body) as { mods: string[] })
    const may = new Set([owner, ...mods])
    const theirs = { filter: ask.filter, after: ask.after, limit: ask.limit }
    return this.#page(
      theirs,
      (after, count) => this.#rows(['channel = ?', 'row < ?'], 'row desc', [subject, after.row], count),
      (card) => may.has(card.account),
    )
  }

  /** Comments that open a thread about a subject, newest first. */
  comments(subject: string, ask: FeedAsk): Page<CommentCard> {
    return this.#comments(ask, 'subject = ? and root is null and row < ? order by row desc', subject, TOP)
  }

  /** Answers of a thread, oldest first. Of an answer to what is gone the `parent` finds nothing. */
  thread(root: string, ask: FeedAsk): Page<CommentCard> {
    return this.#comments(ask, 'root = ? and row > ? order by row', root, 0)
  }

  /** What was said in a room, newest first. Whether its rules are kept is the room's business, not the index's. */
  room(room: string, ask: FeedAsk): Page<ChatCard> {
    return this.#page<ChatCard>(
      ask,
      (after, count) =>
        this.db.all(
          'select row, 0 as heat from chat where room = ? and row < ? order by row desc limit ?',
          ...[room, after.row, count],
        ) as Placed[],
      () => true,
      (row) => {
        const line = this.db.get('select id, account, t, text, reply from chat where row = ?', row) as ChatCard
        const verdict = ask.filter.verdict({ subject: line.id, account: line.account, text: [line.text] })
        return verdict.show === 'no' ? null : line
      },
    )
  }

  /** Who follows a person or a channel, newest first; whom one does not want to see is left out. */
  followers(subject: string, { filter, after, limit }: FeedAsk): Page<FollowerCard> {
    const [t, account] = placeOfFollower(after)
    const rows = this.db.all(
      `select account, t from reaction where kind = 'follow' and subject = ? and (t < ? or (t = ? and account > ?))
       order by t desc, account limit ?`,
      ...[subject, t, t, account, limit],
    ) as FollowerCard[]
    const last = rows.at(-1)
    const cards = rows.filter(
      (one) => filter.verdict({ subject: `acct:${one.account}`, account: one.account, text: [] }).show !== 'no',
    )
    return { cards, next: rows.length < limit || last === undefined ? null : `${last.t} ${last.account}` }
  }

  /** Channels of an account, oldest first. */
  channelsOf(account: string, filter: ViewerFilter): ChannelCard[] {
    const rows = this.db.all('select row from channel where account = ? order by row limit 200', account) as {
      row: number
    }[]
    return rows.flatMap(({ row }) => this.cards.channel(row, filter) ?? [])
  }

  #comments(ask: FeedAsk, where: string, key: string, start: number): Page<CommentCard> {
    return this.#page<CommentCard>(
      ask,
      (after, count) =>
        this.db.all(`select row, 0 as heat from comment where ${where} limit ?`, key, after.row, count) as Placed[],
      () => true,
      (row) => this.cards.comment(row, ask.filter),
      start,
    )
  }

  #rows(where: readonly string[], order: string, values: readonly (string | number)[], count: number): Placed[] {
    return this.db.all(
      `select row, heat from item where ${where.join(' and ')} order by ${order} limit ?`,
      ...values,
      count,
    ) as Placed[]
  }

  #page<T = ItemCard>(
    ask: FeedAsk,
    read: (after: Placed, count: number) => Placed[],
    fits: (card: T) => boolean = () => true,
    card: (row: number) => T | null = (row) => this.cards.item(row, ask.filter) as T | null,
    start = TOP,
  ): Page<T> {
    const limit = Math.min(Math.max(1, ask.limit), MOST_SHOWN)
    let after = parseCursor(ask.after, start)
    const cards: T[] = []
    for (let looked = 0; looked < MOST_READ;) {
      const rows = read(after, limit)
      for (const placed of rows) {
        after = placed
        looked++
        const one = card(placed.row)
        if (one === null || !fits(one)) continue
        cards.push(one)
        if (cards.length === limit) return { cards, next: cursorOf(after) }
      }
      if (rows.length < limit) return { cards, next: null }
    }
    return { cards, next: cursorOf(after) }
  }
}

function newestOf(placed: Placed[], count: number): Placed[] {
  const sorted = placed.sort((a, b) => b.row - a.row)
  // somebody may follow a person and their channel
  return sorted.filter((one, i) => one.row !== sorted[i - 1]?.row).slice(0, count)
}

function cursorOf({ row, heat }: Placed): string {
  return `${row} ${heat}`
}

/** A cursor that is none begins anew. */
function parseCursor(text: string | null, start: number): Placed {
  const [row = NaN, heat = NaN] = (text ?? '').split(' ').map(Number)
  return Number.isSafeInteger(row) && Number.isFinite(heat) && text !== '' && text !== null
    ? { row, heat }
    : { row: start, heat: TOP }
}

/** Behind which follower a page begins; at the beginning, and for what is no place, behind none. */
function placeOfFollower(after: string | null): [t: number, account: string] {
  const [, t, account] = /^(\d{1,15}) (0x[0-9a-f]{40})$/.exec(after ?? '') ?? []
  return t === undefined || account === undefined ? [Number.MAX_SAFE_INTEGER, ''] : [Number(t), account]
}
