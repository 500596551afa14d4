import type { RoomEntry } from '@shared/community/room-entry'
import { atomically, openLastingFile, type SqlDatabase, type SqlStatement } from '../sql-database'
import type { Said } from './said'

const VERSION = 1
const SCHEMA = `
  create table said (
    key integer primary key, room text not null, id text not null unique, kind text not null, at integer not null,
    expires integer, entry text not null, bytes blob not null
  );
  create index said_room on said (room, kind, at, key);
  create index said_at on said (at);
`

/** Newest lines of a room that are kept. */
const KEPT_LINES = 2_000
const KEPT_DELETIONS = 500
const KEPT_MS = 90 * 86_400_000
/** Of all rooms together. */
const KEPT_IN_ALL = 100_000
const TRIM_EACH = 500

interface Row {
  readonly entry: string
  readonly bytes: Uint8Array
  readonly at: number
}

/** What was said in rooms that this person was in, for them and for peers that come late; bounded, the oldest goes. */
export class RoomStore {
  readonly #database: SqlDatabase
  readonly #add: SqlStatement
  readonly #drop: SqlStatement
  readonly #dropRecord: SqlStatement
  readonly #newest: SqlStatement
  readonly #find: SqlStatement
  readonly #trim: SqlStatement
  #untilTrim = new Map<string, number>()

  /** Throws StudioError `rooms-broken` or `rooms-newer`. */
  constructor(path: string, now: number) {
    this.#database = openLastingFile({
      ...{ path, code: 'rooms', content: 'chat history', schema: SCHEMA, version: VERSION },
      pragmas: 'pragma synchronous = normal', // what the last seconds lose in a crash, peers have too
    })
    const prepare = (sql: string): SqlStatement => this.#database.prepare(sql)
    this.#add = prepare(
      'insert or ignore into said (room, id, kind, at, expires, entry, bytes) values (?, ?, ?, ?, ?, ?, ?)',
    )
    this.#drop = prepare('delete from said where id = ?')
    this.#dropRecord = prepare(
      "delete from said where room = ? and kind in ('room', 'list') and id not in (select value from json_each(?))",
    )
    this.#newest = prepare(
      'select entry, bytes, at from said where room = ? and kind = ? and at < ? order by at desc, key desc limit ?',
    )
    this.#find = prepare('select entry, bytes, at from said where id = ?')
    this.#trim = prepare(
      `delete from said where room = ?1 and kind = ?2 and at < coalesce(
         (select at from said where room = ?1 and kind = ?2 order by at desc, key desc limit 1 offset ?3), 0)`,
    )
    this.#database.prepare('delete from said where at < ? or expires <= ?').run(now - KEPT_MS, now)
    this.#database
      .prepare('delete from said where at < coalesce((select at from said order by at desc limit 1 offset ?), 0)')
      .run(KEPT_IN_ALL)
  }

  /** Keeps what was said and drops what is to be seen no more; on disk when it returns. */
  write(room: string, things: readonly Said[], dropped: readonly string[]): void {
    atomically(this.#database, () => {
      for (const { entry, bytes, at } of things) {
        this.#add.run(room, entry.id, entry.kind, at, entry.expires ?? null, JSON.stringify(entry), bytes)
      }
      for (const id of dropped) this.#drop.run(id)
      const left = (this.#untilTrim.get(room) ?? TRIM_EACH) - things.length
      this.#untilTrim.set(room, left > 0 ? left : TRIM_EACH)
      if (left > 0) return
      this.#trim.run(room, 'chat', KEPT_LINES)
      this.#trim.run(room, 'del', KEPT_DELETIONS)
    })
  }

  /** Of `room` entries and lists those that hold; the others go. */
  keepRecords(room: string, records: readonly Said[]): void {
    this.#dropRecord.run(room, JSON.stringify(records.map(({ entry }) => entry.id)))
    this.write(room, records, [])
  }

  /** The newest of a kind before a time, oldest first. */
  before(room: string, kind: RoomEntry['kind'], before: number, limit: number): Said[] {
    return (this.#newest.all(room, kind, before, limit) as Row[]).map(said).reverse()
  }

  find(id: string): Said | null {
    const row = this.#find.get(id) as Row | undefined
    return row === undefined ? null : said(row)
  }

  close(): void {
    this.#database.close()
  }
}

function said({ entry, bytes, at }: Row): Said {
  return { entry: JSON.parse(entry) as RoomEntry, bytes, at }
}
