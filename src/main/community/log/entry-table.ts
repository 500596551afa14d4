import type { EntryHeader } from '@shared/community/entry-header'
import type { SqlDatabase, SqlStatement } from '../sql-database'

/** Numbers of one log: see the note Keys of entries. */
const NUMBERS = 2 ** 31

export function entryKey(log: number, n: number): number {
  return log * NUMBERS + n
}

export function logOfKey(key: number): number {
  return Math.floor(key / NUMBERS)
}

export function numberOfKey(key: number): number {
  return key % NUMBERS
}

export interface EntryRow {
  key: number
  id: Uint8Array
  envelope: Uint8Array
  /** Place in the order of changes; null: not shown. */
  seq: number | null
  /** 1: above the place where its log was frozen. */
  out: number
  /** Null when it was dropped or never came. */
  body: Uint8Array | null
}

export interface NewRow extends Pick<EntryRow, 'key' | 'id' | 'envelope' | 'seq'> {
  header: EntryHeader
}

const WITH_BODY = 'select e.key, e.id, envelope, seq, out, bytes as body from entry e left join body b on b.key = e.key'

/** Entries and bodies of all logs. */
export class EntryTable {
  readonly #add: SqlStatement
  readonly #addBody: SqlStatement
  readonly #dropBody: SqlStatement
  readonly #get: SqlStatement
  readonly #find: SqlStatement
  readonly #ids: SqlStatement
  readonly #range: SqlStatement
  readonly #headers: SqlStatement
  readonly #hidden: SqlStatement
  readonly #newest: SqlStatement
  readonly #runStart: SqlStatement
  readonly #show: SqlStatement
  readonly #above: SqlStatement
  readonly #takeOut: SqlStatement
  readonly #expired: SqlStatement
  readonly #forgetExpiry: SqlStatement
  readonly #changes: SqlStatement
  readonly #lastSeq: SqlStatement
  readonly #current: SqlStatement
  readonly #count: SqlStatement

  constructor(database: SqlDatabase) {
    const prepare = (sql: string): SqlStatement => database.prepare(sql)
    this.#add = prepare(
      'insert into entry (key, id, envelope, t, seq, expires, replace_key) values (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#addBody = prepare('insert or ignore into body values (?, ?)')
    this.#dropBody = prepare('delete from body where key = ?')
    this.#get = prepare(`${WITH_BODY} where e.key = ?`)
    this.#find = prepare(`${WITH_BODY} where e.id = ?`)
    this.#ids = prepare('select key, id from entry where key between ? and ? order by key')
    this.#range = prepare(`${WITH_BODY} where e.key between ? and ? and out = 0 order by e.key limit ?`)
    this.#headers = prepare(
      'select key, id, envelope, seq, out, null as body from entry where key between ? and ? and out = 0 order by key limit ?',
    )
    this.#hidden = prepare(`${WITH_BODY} where e.key between ? and ? and seq is null and out = 0 order by e.key`)
    this.#newest = prepare('select key, id from entry where key between ? and ? and out = 0 order by key desc limit 1')
    this.#runStart = prepare(
      `select key from entry e where key between ? and ?
       and not exists (select 1 from entry where key = e.key - 1) order by key desc limit 1`,
    )
    this.#show = prepare('update entry set seq = ? where key = ?')
    this.#above = prepare('select key, seq from entry where key between ? and ? and out = 0')
    this.#takeOut = prepare('update entry set out = 1, seq = ?, expires = null, replace_key = null where key = ?')
    this.#expired = prepare('select key from entry where expires <= ? limit ?')
    this.#forgetExpiry = prepare('update entry set expires = null where key = ?')
    this.#changes = prepare(`${WITH_BODY} where seq > ? order by seq limit ?`)
    this.#lastSeq = prepare('select max(seq) as seq from entry')
    this.#current = prepare(
      `${WITH_BODY} join log l on l.id = e.key / ${NUMBERS}
       where replace_key = ? and account = ? and seq is not null and out = 0
       order by e.t desc, e.key % ${NUMBERS} desc, device desc limit 1`,
    )
    this.#count = prepare('select count(*) as entries, (select count(*) from body) as bodies from entry where out = 0')
  }

  add({ key, id, envelope, seq, header }: NewRow): void {
    const { t, kind, expires, replaceKey } = header
    const replaces = replaceKey === undefined ? null : `${kind} ${replaceKey}`
    this.#add.run(key, id, envelope, t, seq, expires ?? null, replaces)
  }

  /** Keeps the body if there is none yet. */
  addBody(key: number, bytes: Uint8Array): void {
    this.#addBody.run(key, bytes)
  }

  /** True when there was one. */
  dropBody(key: number): boolean {
    return this.#dropBody.run(key).changes > 0
  }

  get(key: number): EntryRow | undefined {
    return this.#get.get(key) as EntryRow | undefined
  }

  find(id: Uint8Array): EntryRow | undefined {
    return this.#find.get(id) as EntryRow | undefined
  }

  /** Ids between two keys, both included, by key; those that were taken out too. */
  ids(first: number, last: number): Map<number, Uint8Array> {
    const rows = this.#ids.all(first, last) as { key: number; id: Uint8Array }[]
    return new Map(rows.map(({ key, id }) => [key, id]))
  }

  range(first: number, last: number, limit: number, bodies: boolean): EntryRow[] {
    return (bodies ? this.#range : this.#headers).all(first, last, limit) as EntryRow[]
  }

  /** Those of a log that are kept but not shown. */
  hidden(log: number): EntryRow[] {
    return this.#hidden.all(entryKey(log, 0), entryKey(log, NUMBERS - 1)) as EntryRow[]
  }

  /** The newest entries of a log without a gap between them: the lowest and the highest key. */
  newestRun(log: number): { first: number; last: number } | null {
    const last = this.newest(log)?.key
    if (last === undefined) return null
    return { first: (this.#runStart.get(entryKey(log, 0), last) as { key: number }).key, last }
  }

  /** Key and id of the newest entry of a log. */
  newest(log: number): { key: number; id: Uint8Array } | undefined {
    return this.#newest.get(entryKey(log, 0), entryKey(log, NUMBERS - 1)) as { key: number; id: Uint8Array } | undefined
  }

  show(key: number, seq: number): void {
    this.#show.run(seq, key)
  }

  /** Keys of a log above a number that are not taken out yet, and whether they were shown. */
  above(log: number, n: number): { key: number; shown: boolean }[] {
    const rows = this.#above.all(entryKey(log, n + 1), entryKey(log, NUMBERS - 1)) as {
      key: number
      seq: number | null
    }[]
    return rows.map(({ key, seq }) => ({ key, shown: seq !== null }))
  }

  takeOut(key: number, seq: number | null): void {
    this.#takeOut.run(seq, key)
    this.dropBody(key)
  }

  expired(now: number, limit: number): number[] {
    return (this.#expired.all(now, limit) as { key: number }[]).map(({ key }) => key)
  }

  forgetExpiry(key: number): void {
    this.#forgetExpiry.run(key)
  }

  /** What changed after a place, oldest first. */
  changes(after: number, limit: number): EntryRow[] {
    return this.#changes.all(after, limit) as EntryRow[]
  }

  lastSeq(): number {
    return (this.#lastSeq.get() as { seq: number | null }).seq ?? 0
  }

  /** The one that holds of a replaceable record. */
  current(account: string, kind: string, replaceKey: string): EntryRow | undefined {
    return this.#current.get(`${kind} ${replaceKey}`, account) as EntryRow | undefined
  }

  count(): { entries: number; bodies: number } {
    return this.#count.get() as { entries: number; bodies: number }
  }
}
