import { DatabaseSync } from '@photostructure/sqlite'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

export type Database = InstanceType<typeof DatabaseSync>

/** Another number, and the index is built anew. */
const VERSION = '1'

/**
 * `seq` = block * 2^20 + place: the order of the ledger, and of time. `mark` finds entries by whom or what they name
 * (address, digest). All of it can be rebuilt from the ledger, so a lost last second after a power cut is no loss.
 */
const SCHEMA = `
  create table if not exists meta (key text primary key, value text not null) without rowid;
  create table if not exists block (
    number integer primary key, hash text not null, time integer not null, authority text
  );
  create index if not exists block_time on block (time, number);
  create table if not exists entry (
    seq integer primary key, kind text not null, part integer not null, event text not null, contract text not null,
    tx text not null, amount text, parties text not null, content text not null, fields text not null,
    failed integer not null
  );
  create index if not exists entry_kind on entry (kind, seq);
  create index if not exists entry_whole on entry (seq) where part = 0;
  create index if not exists entry_tx on entry (tx);
  create table if not exists mark (
    value text not null, seq integer not null, channel integer not null, kind text not null, part integer not null,
    primary key (value, seq)
  ) without rowid;
  create index if not exists mark_kind on mark (value, kind, seq, channel, part);
`

/** Opens the index of a network, and makes it anew when it is of another version, of another chain, or broken. */
export function openDatabase(path: string, chain: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const database = prepared(path)
    const found = database.prepare('select value from meta where key = ?').get('chain') as { value: string } | undefined
    if (found?.value === `${VERSION} ${chain}`) return database
    if (found === undefined) return marked(database, chain)
    database.close()
  } catch {
    // not a database any more: the ledger has everything
  }
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  return marked(prepared(path), chain)
}

function prepared(path: string): Database {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000;')
    database.exec(SCHEMA)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function marked(database: Database, chain: string): Database {
  database.prepare('insert or replace into meta values (?, ?)').run('chain', `${VERSION} ${chain}`)
  return database
}
