import { openLastingFile, type SqlDatabase } from '../sql-database'

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
 * Opens the logs of a profile, or makes them; each commit is on disk, because an own entry that left and was forgotten
 * would fork the log. Throws StudioError `log-broken` or `log-newer`; the file is left as it is.
 */
export function openLogDatabase(path: string): SqlDatabase {
  return openLastingFile({
    ...{ path, code: 'log', content: 'records', schema: SCHEMA, version: VERSION },
    pragmas: 'pragma cache_size = -16000; pragma wal_autocheckpoint = 2000',
  })
}
