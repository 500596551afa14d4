import { DatabaseSync } from '@photostructure/sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StudioError } from '@shared/errors'

export type SqlValue = null | number | string | Uint8Array

/** What the community needs of SQLite: the part that `@photostructure/sqlite` and `node:sqlite` (Node 22.5) have in common. */
export interface SqlDatabase {
  exec: (sql: string) => void
  prepare: (sql: string) => SqlStatement
  close: () => void
}

export interface SqlStatement {
  run: (...values: SqlValue[]) => { changes: number }
  get: (...values: SqlValue[]) => unknown
  all: (...values: SqlValue[]) => unknown[]
}

/** A file that cannot be made again from anything else. */
export interface LastingFile {
  path: string
  /** Begins the codes of its errors: `<code>-broken`, `<code>-newer`. */
  code: string
  /** What is in it, for people: "records". */
  content: string
  schema: string
  version: number
  /** Further pragmas. */
  pragmas?: string
}

/**
 * Opens such a file, or makes it. A commit is on disk when it returns, and what is deleted is overwritten. Throws
 * StudioError `<code>-broken` or `<code>-newer`; the file is left as it is.
 */
export function openLastingFile(file: LastingFile): SqlDatabase {
  const { path, code, content, schema, version } = file
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const database = opened(file)
  const found = (database.prepare('pragma user_version').get() as { user_version: number }).user_version
  if (found === 0) database.exec(`begin immediate; ${schema} pragma user_version = ${version}; commit`)
  if (found <= version) return database
  database.close()
  throw new StudioError(
    `${code}-newer`,
    `The ${content} in ${path} were written by a newer version of WE Studio. Install that version to go on with them.`,
  )
}

function opened({ path, code, content, pragmas = '' }: LastingFile): SqlDatabase {
  let database: SqlDatabase | undefined
  try {
    database = new DatabaseSync(path, { timeout: 5_000 })
    database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on; ${pragmas}`)
    return database
  } catch (cause) {
    database?.close()
    throw new StudioError(
      `${code}-broken`,
      `The file ${path} with your ${content} cannot be opened. It was left as it is; put a backup in its place.`,
      { cause },
    )
  }
}

/** All of `work` is done when this returns, or none of it, also when the process is killed in between. */
export function atomically<T>(database: Pick<SqlDatabase, 'exec'>, work: () => T): T {
  database.exec('begin immediate')
  try {
    const result = work()
    database.exec('commit')
    return result
  } catch (error) {
    database.exec('rollback')
    throw error
  }
}

/**
 * The same without a flush to disk: the power may take it back (a killed process may not). Only for what would be done
 * again without harm. SQLite, `synchronous`: NORMAL flushes a write-ahead log at checkpoints alone.
 */
export function unflushed<T>(database: Pick<SqlDatabase, 'exec'>, work: () => T): T {
  database.exec('pragma synchronous = normal')
  try {
    return atomically(database, work)
  } finally {
    database.exec('pragma synchronous = full')
  }
}
