import type { BodyOf, EntryKind } from '@shared/community/body-schema'
import type { IndexDatabase } from './index-database'
import { foldText, textWords } from './search-words'
import { dayOf, Tallies } from './tallies'

/** An entry that holds in its slot, with the id and time under which it is known: those of the first version. */
export interface Fact {
  readonly id: string
  readonly t: number
  readonly account: string
  readonly kind: EntryKind
  readonly body: unknown
  /** Of its row in `entry`. */
  readonly seq: number
  /** Whether it is a later version. */
  readonly edited: boolean
}

type Text = 'item' | 'channel' | 'person' | 'comment'

/** Acts that authors are told the sum of. */
const RECEIVED = ['like', 'repost', 'share', 'comment', 'gift'] as const

/** Puts facts into the tables and takes them back. Taking back undoes putting in, exactly: [Note: Slots]. */
export class Facts {
  /** Subjects whose counters changed since this was last emptied. */
  readonly touched = new Set<string>()
  readonly #tallies: Tallies

  constructor(private readonly db: IndexDatabase) {
    this.#tallies = new Tallies(db)
  }

  put(fact: Fact): void {
    this.#change(fact, 1)
  }

  takeBack(fact: Fact): void {
    this.#change(fact, -1)
  }

  #change(fact: Fact, by: 1 | -1): void {
    const { kind, body, account, id, t } = fact
    switch (kind) {
      case 'profile': {
        this.#profile(fact, body as BodyOf<'profile'>, by)
        return
      }
      case 'channel': {
        this.#channel(fact, body as BodyOf<'channel'>, by)
        return
      }
      case 'video':
      case 'live': {
        this.#item(fact, body as BodyOf<'video' | 'live'>, by)
        return
      }
      case 'comment': {
        this.#comment(fact, body as BodyOf<'comment'>, by)
        return
      }
      case 'like':
      case 'repost':
      case 'follow':
      case 'share': {
        const { s } = body as BodyOf<'like'>
        if (by > 0) this.db.run('insert into reaction values (?, ?, ?, ?)', kind, s, account, t)
        else this.db.run('delete from reaction where kind = ? and subject = ? and account = ?', kind, s, account)
        this.#count(s, kind, t, by)
        return
      }
      case 'gift': {
        this.#count((body as BodyOf<'gift'>).s, kind, t, by)
        return
      }
      case 'clip': {
        this.#count((body as BodyOf<'clip'>).s, kind, t, by)
        return
      }
      case 'chat': {
        this.#chat(fact, body as BodyOf<'chat'>, by)
        return
      }
      case 'room': {
        const { room } = body as BodyOf<'room'>
        if (by > 0) this.db.run('insert into room values (?, ?, ?)', room, account, JSON.stringify(body))
        else this.db.run('delete from room where room = ? and account = ?', room, account)
        return
      }
      case 'playlist': {
        const { title, items } = body as BodyOf<'playlist'>
        if (by > 0)
          this.db.run('insert into playlist values (?, ?, ?, ?, ?)', id, account, title, t, JSON.stringify(body))
        else this.db.run('delete from playlist where id = ?', id)
        this.#members(id, items, by)
        return
      }
      case 'list': {
        const { purpose, title, items } = body as BodyOf<'list'>
        if (by > 0)
          this.db.run('insert into list values (?, ?, ?, ?, ?)', id, account, purpose, title, JSON.stringify(body))
        else this.db.run('delete from list where id = ?', id)
        this.#members(
          id,
          items.map(({ s }) => s),
          by,
        )
        return
      }
      case 'label': {
        const { s, val, neg, exp } = body as BodyOf<'label'>
        if (neg === true) return
        if (by > 0) this.db.run('insert into label values (?, ?, ?, ?)', s, val, account, exp ?? null)
        else this.db.run('delete from label where subject = ? and val = ? and account = ?', s, val, account)
        return
      }
      default: // only listed: feed.def, app.manifest, ad.campaign; and del, whose work is `withdrawal`
    }
  }

  #profile({ account, t, id }: Fact, body: BodyOf<'profile'>, by: number): void {
    if (by < 0) {
      this.#drop('person', 'account', account)
      return
    }
    const folded = foldText([body.name, body.handle ?? '', body.bio].join('\n'))
    const row = this.#row('person', t, id)
    this.db.run('insert into person values (?, ?, ?, ?, ?)', row, account, folded, JSON.stringify(body), t)
    this.#text('person', row, folded)
  }

  #channel({ account, t, id }: Fact, body: BodyOf<'channel'>, by: number): void {
    const subject = `chan:${account}/${body.slug}`
    if (by < 0) {
      this.#drop('channel', 'subject', subject)
      return
    }
    const folded = foldText([body.title, body.slug, body.desc].join('\n'))
    const row = this.#row('channel', t, id)
    this.db.run(
      'insert into channel values (?, ?, ?, ?, ?, ?, ?)',
      ...[row, subject, account, body.category, folded, JSON.stringify(body), t],
    )
    this.#text('channel', row, folded)
  }

  #item({ id, account, kind, t, seq }: Fact, body: BodyOf<'video' | 'live'>, by: 1 | -1): void {
    for (const act of RECEIVED) this.#tallies.addTotal(`got:${account}`, act, by * this.#tallies.total(id, act))
    this.#tallies.add(`by:${account}`, kind, t, by)
    if (by < 0) {
      this.#drop('item', 'id', id)
      return
    }
    const row = this.#row('item', t, id)
    const title = foldText(body.title)
    const tags = foldText(body.tags.join(' '))
    const tall = 'dur' in body && body.h > body.w && body.dur <= 180_000 ? 1 : 0
    const status = 'status' in body ? body.status : ''
    this.db.run(
      'insert into item values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)',
      ...[row, id, kind, account, body.channel, body.category, status, tall, body.lang ?? null, t],
      ...[title, tags, seq],
    )
    this.#text('item', row, `${title}\n${tags}\n${foldText(body.desc ?? '')}`)
    this.touched.add(id)
  }

  #comment({ id, account, t, edited }: Fact, body: BodyOf<'comment'>, by: 1 | -1): void {
    const { s, root, parent, text, facets } = body
    this.#count(s, 'comment', t, by)
    if (parent !== undefined) this.#count(parent, 'reply', t, by)
    this.#voice(s, account, t, by)
    if (by < 0) {
      this.#drop('comment', 'id', id)
      return
    }
    const row = this.#row('comment', t, id)
    const folded = foldText(text)
    this.db.run(
      'insert into comment values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[row, id, s, root ?? null, parent ?? null, account, t, edited ? 1 : 0, text, folded, JSON.stringify(facets)],
    )
    this.#text('comment', row, folded)
  }

  #chat({ id, account, t }: Fact, body: BodyOf<'chat'>, by: 1 | -1): void {
    this.#tallies.add(`room:${body.room}`, 'chat', t, by)
    if (by < 0) {
      this.db.run('delete from chat where id = ?', id)
      return
    }
    this.db.run(
      'insert into chat values (?, ?, ?, ?, ?, ?, ?)',
      ...[this.#row('chat', t, id), id, body.room, account, t, body.text, body.reply ?? null],
    )
  }

  /** People who say something about a thing on a day, each counted once. */
  #voice(subject: string, account: string, t: number, by: 1 | -1): void {
    const at = [subject, account, dayOf(t)] as const
    this.db.run(
      'insert into voice values (?, ?, ?, ?) on conflict do update set refs = refs + excluded.refs',
      ...at,
      by,
    )
    const find = 'select refs from voice where subject = ? and account = ? and day = ?'
    const { refs } = this.db.get(find, ...at) as { refs: number }
    if (refs === 0) this.db.run('delete from voice where subject = ? and account = ? and day = ?', ...at)
    if (refs === 0 || (refs === 1 && by > 0)) this.#tallies.add(subject, 'voice', t, by)
  }

  #members(list: string, subjects: readonly string[], by: 1 | -1): void {
    for (const subject of subjects) {
      const sql = 'insert into member values (?, ?, ?) on conflict do update set refs = refs + excluded.refs'
      this.db.run(sql, list, subject, by)
    }
    if (by < 0) this.db.run('delete from member where list = ? and refs = 0', list)
  }

  #count(subject: string, kind: string, t: number, by: number): void {
    this.#tallies.add(subject, kind, t, by)
    this.touched.add(subject)
    if (!(RECEIVED as readonly string[]).includes(kind)) return
    const item = this.db.get('select account from item where id = ?', subject) as { account: string } | undefined
    if (item !== undefined) this.#tallies.addTotal(`got:${item.account}`, kind, by)
  }

  #text(table: Text, row: number, folded: string): void {
    this.db.run(`insert into ${table}_text (rowid, words) values (?, ?)`, row, textWords(folded))
  }

  #drop(table: Text, column: string, key: string): void {
    const found = this.db.get(`select row from ${table} where ${column} = ?`, key) as { row: number }
    this.db.run(`delete from ${table}_text where rowid = ?`, found.row)
    this.db.run(`delete from ${table} where row = ?`, found.row)
  }

  #row(table: Text | 'chat', t: number, id: string): number {
    let hash = 0
    for (let i = id.length - 8; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) | 0
    let row = t * 1024 + (hash & 1023)
    while (this.db.get(`select 1 from ${table} where row = ?`, row) !== undefined) row++
    return row
  }
}
