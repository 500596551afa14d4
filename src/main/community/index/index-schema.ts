/** Another one, and the index is built anew. */
export const SCHEMA_VERSION = '1'

/**
 * [Note: Slots] `entry` holds what came in; every other table is a function of it. Entries that speak about one thing
 * share a slot (all likes of an account for a video; all versions of a profile), and of a slot at most one entry is
 * `applied`: the newest or the first, of those in force. Whatever arrives, the slots it touches are decided anew, the entry
 * that was applied is taken back exactly as it was put in, and the new one put in. So the order of arrival cannot matter.
 *
 * `row` orders by time: t * 1024 + ten bits of the id, moved up where taken. It is also the rowid of the full text.
 *
 * Bodies of items stay in `entry` (`seq`), so that ranking reads slim rows.
 *
 * Full text: words are made outside (`search-words.ts`), so the tokenizer must only split at blanks; `ascii` takes every
 * letter beyond ASCII as part of a word, where `unicode61` splits at letters that are younger than its tables.
 */
const fullText = (name: string): string =>
  `create virtual table if not exists ${name} using fts5(words, content='', contentless_delete=1, detail=none,
     tokenize='ascii', prefix='1 2 3 4');`

export const SCHEMA = `
  create table if not exists meta (key text primary key, value text not null) without rowid;
  create table if not exists entry (
    seq integer primary key, id text not null unique, device text not null, account text not null, n integer not null,
    t integer not null, kind text not null, slot text not null, body text, expires integer,
    applied integer not null default 0
  );
  create index if not exists entry_slot on entry (slot);
  create index if not exists entry_device on entry (device, n);
  create index if not exists entry_expires on entry (expires) where expires is not null;
  create index if not exists entry_shown on entry (kind, t) where applied = 1 and kind in ('app.manifest', 'feed.def', 'clip', 'ad.campaign');
  create table if not exists frozen (device text primary key, from_n integer not null) without rowid;
  create table if not exists removed (id text primary key) without rowid;
  create table if not exists withdrawal (target text, account text, primary key (target, account)) without rowid;

  create table if not exists person (
    row integer primary key, account text not null unique, folded text not null, body text not null, t integer not null
  );
  create table if not exists channel (
    row integer primary key, subject text not null unique, account text not null, category text not null,
    folded text not null, body text not null, t integer not null
  );
  create index if not exists channel_account on channel (account);
  create table if not exists item (
    row integer primary key, id text not null unique, kind text not null, account text not null, channel text not null,
    category text not null, status text not null, tall integer not null, lang text, t integer not null,
    heat real not null default 0, folded text not null, tags text not null, seq integer not null
  );
  create index if not exists item_newest on item (row, account, channel);
  create index if not exists item_account on item (account, row);
  create index if not exists item_channel on item (channel, row);
  create index if not exists item_heat on item (heat, row);
  create index if not exists item_category_heat on item (category, heat, row);
  create index if not exists item_category on item (category, row);
  create index if not exists item_tall on item (tall, heat, row) where tall = 1;
  create index if not exists item_live on item (row) where status = 'live';
  create table if not exists comment (
    row integer primary key, id text not null unique, subject text not null, root text, parent text,
    account text not null, t integer not null, edited integer not null, text text not null, folded text not null, facets text not null
  );
  create index if not exists comment_top on comment (subject, row) where root is null;
  create index if not exists comment_root on comment (root, row) where root is not null;
  create index if not exists comment_account on comment (account, row);
  create table if not exists chat (
    row integer primary key, id text not null unique, room text not null, account text not null, t integer not null,
    text text not null, reply text
  );
  create index if not exists chat_room on chat (room, row);
  create table if not exists room (room text, account text, body text not null, primary key (room, account)) without rowid;
  create table if not exists reaction (
    kind text, subject text, account text, t integer not null, primary key (kind, subject, account)
  ) without rowid;
  create index if not exists reaction_account on reaction (account, kind, t, subject);
  create table if not exists voice (
    subject text, account text, day integer, refs integer not null, primary key (subject, account, day)
  ) without rowid;
  create table if not exists playlist (
    id text primary key, account text not null, title text not null, t integer not null, body text not null
  ) without rowid;
  create index if not exists playlist_account on playlist (account);
  create table if not exists list (
    id text primary key, account text not null, purpose text not null, title text not null, body text not null
  ) without rowid;
  create table if not exists member (
    list text, subject text, refs integer not null, primary key (list, subject)
  ) without rowid;
  create table if not exists label (
    subject text, val text, account text, exp integer, primary key (subject, val, account)
  ) without rowid;
  create table if not exists tally (
    subject text, kind text, day integer, n integer not null, primary key (subject, kind, day)
  ) without rowid;
  create table if not exists total (subject text, kind text, n integer not null, primary key (subject, kind)) without rowid;
  ${['item_text', 'channel_text', 'person_text', 'comment_text'].map(fullText).join('\n  ')}
`
