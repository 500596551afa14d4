import { openLastingFile, type SqlDatabase } from '../sql-database'

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
  create table parcel (
    id integer primary key autoincrement, conversation blob not null, message blob, digest blob not null,
    bytes blob not null, made integer not null
  );
  create index parcel_message on parcel (conversation, message);
  create index parcel_digest on parcel (digest);
  create table outbox (
    parcel integer not null, device text not null, account text not null, attempts integer not null,
    due integer not null, keepers integer not null default 0, primary key (parcel, device)
  ) without rowid;
  create index outbox_due on outbox (due, parcel);
  create table waiting (
    key integer primary key, digest blob not null unique, sender text not null, conversation blob not null,
    epoch integer not null, bytes blob not null, at integer not null
  );
  create index waiting_for on waiting (conversation, epoch, key);
  create index waiting_sender on waiting (sender, key);
  create table consent (conversation blob primary key, choice text not null) without rowid;
  create table request (key integer primary key, conversation blob not null, sealed blob not null);
  create index request_of on request (conversation, key);
`

/**
 * Opens the messages of a profile, or makes them; each commit is on disk, because a group state that was lost after its
 * message left would use a key twice. Throws StudioError `messages-broken` or `messages-newer`; the file is left as it is.
 */
export function openMessagesDatabase(path: string): SqlDatabase {
  return openLastingFile({ path, code: 'messages', content: 'messages', schema: SCHEMA, version: VERSION })
}
