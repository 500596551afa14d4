import { DatabaseSync } from '@photostructure/sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StudioError } from '@shared/errors'
import type { LogDatabase } from '../log/log-database'

const VERSION = 1

/**
 * [Note: What is sealed]
 * Columns named `sealed` hold what the vault sealed: keys, group states, texts, titles. In the clear are only what is
 * needed to find and to send: conversations' random numbers, times, recipients, and messages as they go to peers.
 */
const SCHEMA = `
  create table identity (one integer primary key check (one = 1), sealed blob not null);
  create table key_package (
    ref blob primary key, package blob not null, sealed blob not null, made integer not null, expires integer not null
  ) without rowid;
  create table conversation (
    id blob primary key, state_sealed blob not null, info_sealed blob not null, epoch integer not null,
    active integer not null, updated integer not null, version integer not null
  );
  create table message (
    key integer primary key, conversation blob not null, id blob not null, at integer not null, mine integer not null,
    sealed blob not null, unique (conversation, id)
  );
  create index message_at on message (conversation, at, key);
  create table read_mark (
    conversation blob not null, account text not null, at integer not null, id blob not null,
    primary key (conversation, account)
  ) without rowid;
  create table parcel (id integer primary key autoincrement, conversation blob not null, message blob, bytes blob not null, made integer not null);
  create index parcel_message on parcel (conversation, message);
  create table outbox (
    parcel integer not null, device text not null, account text not null, attempts integer not null,
    due integer not null, primary key (parcel, device)
  ) without rowid;
  create index outbox_due on outbox (due, parcel);
  create table waiting (
    key integer primary key, digest blob not null unique, sender text not null, conversation blob not null,
    epoch integer not null, bytes blob not null, at integer not null
  );
  create index waiting_for on waiting (conversation, epoch, key);
  create index waiting_sender on waiting (sender, key);
  create table request (key integer primary key, conversation blob not null, sealed blob not null);
  create index request_of on request (conversation, key);
`

/**
 * Opens the messages of a profile, or makes them. A commit is on disk when it returns: a group state that was lost
 * after its message left would use a key twice. Throws StudioError `messages-broken` or `messages-newer`; the file is
 * left as it is.
 */
export function openMessagesDatabase(path: string): LogDatabase {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const database = opened(path)
  const found = (database.prepare('pragma user_version').get() as { user_version: number }).user_version
  if (found === 0) database.exec(`begin immediate; ${SCHEMA} pragma user_version = ${VERSION}; commit`)
  if (found <= VERSION) return database
  database.close()
  throw new StudioError(
    'messages-newer',
    `The messages in ${path} were written by a newer version of WE Studio. Install that version to go on with them.`,
  )
}

function opened(path: string): LogDatabase {
  let database: LogDatabase | undefined
  try {
    database = new DatabaseSync(path, { timeout: 5_000 })
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
    return database
  } catch (cause) {
    database?.close()
    throw new StudioError(
      'messages-broken',
      `The file ${path} with your messages cannot be opened. It was left as it is; put a backup in its place.`,
      { cause },
    )
  }
}
