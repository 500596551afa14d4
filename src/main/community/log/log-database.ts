import { DatabaseSync } from '@photostructure/sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StudioError } from '@shared/errors'

export type SqlValue = null | number | string | Uint8Array

/** What the log needs of SQLite: the part that `@photostructure/sqlite` and `node:sqlite` (Node 22.5) have in common. */
export interface LogDatabase {
  exec: (sql: string) => void
  prepare: (sql: string) => LogStatement
  close: () => void
}

export interface LogStatement {
  run: (...values: SqlValue[]) => { changes: number }
  get: (...values: SqlValue[]) => unknown
  all: (...values: SqlValue[]) => unknown[]
}

const VERSION = 1

/**
 * [Note: Keys of entries]
 * An entry's key is log * 2^31 + n, so that a log lies in one piece in the order of its numbers. `seq` is its place in
 * the order in which entries were shown to the rest of the app; each change gives it a new place at the end, so that
 * whoever remembers one number can go on from there. Null: kept and passed on, but not shown (yet). `out`: above the
 * place where the log was frozen; kept only to be recognised.
 */
const SCHEMA = `
  create table log (
    id integer primary key, device blob not null unique, account text, frozen_above integer
  );
  create index log_account on log (account) where account is not null;
  create table entry (
    key integer primary key, id blob not null unique, envelope blob not null, t integer not null, seq integer,
    out integer not null default 0, expires integer, replace_key text
  );
  create unique index entry_seq on entry (seq) where seq is not null;
  create index entry_expires on entry (expires) where expires is not null;
  create index entry_replace on entry (replace_key, t) where replace_key is not null;
  create table body (key integer primary key, bytes blob not null);
  create table key_grant (
    key integer primary key, not_before integer not null, expires integer not null, scopes text not null
  );
  create table revocation (
    account text not null, device blob not null, last_n integer not null, last_id blob, key integer not null,
    primary key (account, device)
  ) without rowid;
  create table withdrawal (
    subject blob not null, account text not null, key integer not null, primary key (subject, account, key)
  ) without rowid;
  create index withdrawal_key on withdrawal (key);
  create table fork (log integer primary key, n integer not null, proof blob);
`

/**
 * Opens the logs of a profile, or makes them. A commit is on disk when it returns: an own entry that left and was
 * forgotten would fork the log. Throws StudioError `log-broken` or `log-newer`; the file is left as it is.
 */
export function openLogDatabase(path: string): LogDatabase {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const database = opened(path)
  const found = (database.prepare('pragma user_version').get() as { user_version: number }).user_version
  if (found === 0) database.exec(`begin immediate; ${SCHEMA} pragma user_version = ${VERSION}; commit`)
  if (found <= VERSION) return database
  database.close()
  throw new StudioError(
    'log-newer',
    `The records in ${path} were written by a newer version of WE Studio. Install that version to go on with them.`,
  )
}

function opened(path: string): LogDatabase {
  let database: LogDatabase | undefined
  try {
    database = new DatabaseSync(path, { timeout: 5_000 })
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16000;')
    database.exec('pragma secure_delete = on; pragma wal_autocheckpoint = 2000')
    return database
  } catch (cause) {
    database?.close()
    throw new StudioError(
      'log-broken',
      `The file ${path} with your records cannot be opened. It was left as it is; put a backup in its place.`,
      { cause },
    )
  }
}
