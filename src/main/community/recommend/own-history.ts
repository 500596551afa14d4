import { DatabaseSync } from '@photostructure/sqlite'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ForYouSettings } from '@shared/community/for-you'
import { IndexDatabase } from '../index/index-database'
import { FEATURE_COUNT } from './sources'
import { NO_RECORD, noteShown, type SourceRecord } from './source-trust'

/** Newest things that are remembered. */
const MOST_KEPT = 5_000

const FIRST_SETTINGS: ForYouSettings = { on: true, fresh: 0, popular: 0 }
const Counts = z.array(z.number().min(0)).length(FEATURE_COUNT)
const StoredRecord = z.strictObject({ taken: Counts, passed: Counts })

const SCHEMA = `
  create table if not exists seen (
    subject text primary key, t integer not null, share real not null, liked integer not null
  ) without rowid;
  create index if not exists seen_time on seen (t);
  create table if not exists kept (key text primary key, value text not null) without rowid;
`

/** What was watched here, and how it was taken. It stays in this one file: no record, no peer, no log ever has it. */
export class OwnHistory {
  readonly #db: IndexDatabase

  /** A broken file is put aside as `.broken`, never overwritten. @param path `:memory:` keeps it in memory */
  constructor(path: string) {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    try {
      this.#db = opened(path)
    } catch (error) {
      if (!existsSync(path)) throw error
      renameSync(path, `${path}.broken`)
      this.#db = opened(path)
    }
  }

  get settings(): ForYouSettings {
    const stored = ForYouSettings.safeParse(this.#kept('settings'))
    return stored.success ? stored.data : FIRST_SETTINGS
  }

  set settings(settings: ForYouSettings) {
    this.#keep('settings', settings)
  }

  get record(): SourceRecord {
    const stored = StoredRecord.safeParse(this.#kept('record'))
    return stored.success ? stored.data : NO_RECORD
  }

  /** @param share of it that was watched, 0 to 1; the most counts */
  noteWatched(subject: string, t: number, share: number): void {
    this.#note(subject, t, Math.min(1, Math.max(0, share)), null)
  }

  noteLiked(subject: string, t: number, liked: boolean): void {
    this.#note(subject, t, 0, liked ? 1 : 0)
  }

  /** How something was taken that stood there for the sake of a source (number in `FEATURES`). */
  noteTaken(source: number, taken: boolean): void {
    if (this.settings.on) this.#keep('record', noteShown(this.record, source, taken))
  }

  /** The newest, oldest first. `liking`: 1 liked or watched to the end, 0.6 half of it, 0.25 looked at, 0 passed over. */
  newest(most: number): { subject: string; t: number; liking: number }[] {
    const rows = this.#db.all('select * from seen order by t desc limit ?', most) as {
      subject: string
      t: number
      share: number
      liked: number
    }[]
    return rows.reverse().map(({ subject, t, share, liked }) => ({
      ...{ subject, t },
      liking: liked === 1 || share >= 0.9 ? 1 : share >= 0.5 ? 0.6 : share >= 0.1 ? 0.25 : 0,
    }))
  }

  /** Forgets all of it; the settings stay. */
  reset(): void {
    this.#db.transaction(() => {
      this.#db.run('delete from seen')
      this.#db.run("delete from kept where key = 'record'")
    })
  }

  close(): void {
    this.#db.close()
  }

  #note(subject: string, t: number, share: number, liked: number | null): void {
    if (!this.settings.on) return
    this.#db.transaction(() => {
      this.#db.run(
        `insert into seen values (?, ?, ?, ?) on conflict do update set t = max(t, excluded.t),
           share = max(share, excluded.share), liked = ${liked === null ? 'liked' : 'excluded.liked'}`,
        ...[subject, t, share, liked ?? 0],
      )
      this.#db.run('delete from seen where t < (select t from seen order by t desc limit 1 offset ?)', MOST_KEPT)
    })
  }

  #kept(key: string): unknown {
    const row = this.#db.get('select value from kept where key = ?', key) as { value: string } | undefined
    return row === undefined ? undefined : JSON.parse(row.value)
  }

  #keep(key: string, value: unknown): void {
    this.#db.run('insert or replace into kept values (?, ?)', key, JSON.stringify(value))
  }
}

function opened(path: string): IndexDatabase {
  const driver = new DatabaseSync(path, { timeout: 5_000 })
  try {
    driver.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on;')
    driver.exec(SCHEMA)
    return new IndexDatabase(driver)
  } catch (error) {
    driver.close()
    throw error
  }
}
