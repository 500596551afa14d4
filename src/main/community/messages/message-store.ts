import { decode, encode } from '@ipld/dag-cbor'
import { createHash } from 'node:crypto'
import type { MemberId, StoredText } from '@shared/community/direct-conversation'
import type { DirectAsk } from '@shared/community/direct-message'
import { StudioError } from '@shared/errors'
import { atomically, unflushed, type SqlDatabase, type SqlValue } from '../sql-database'
import type { GroupView, MadeKeyPackage } from './e2ee'
import { bytesOf, hexOf } from './mls-credential'
import { openMessagesDatabase } from './messages-database'
import { Vault } from './vault'

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

export interface ConversationInfo {
  readonly title: string
  readonly owner: MemberId
  readonly members: readonly MemberId[]
}

export interface ConversationRow extends ConversationInfo {
  readonly state: Uint8Array
  readonly epoch: number
  readonly isActive: boolean
  readonly updated: number
  /** Grows with every change of the row. */
  readonly version: number
}

/** Something on its way to one device. The same bytes go again until they are acknowledged. */
export interface Parcel {
  readonly id: number
  readonly to: MemberId
  readonly bytes: Uint8Array
  readonly attempts: number
  /** Mailbox peers that had it when it was last tried. */
  readonly keepers: number
}

/** What a person said about a conversation: `left` stays to be read, `refused` is put away for good. */
export type Consent = 'accepted' | 'left' | 'refused'

export interface TextSpan {
  /** Unix milliseconds. */
  readonly from: number
  readonly to: number
  readonly limit: number
  readonly before?: string
}

export interface Waiting {
  readonly key: number
  readonly bytes: Uint8Array
}

/** From one device, and from all: what came too early is kept, but nobody can fill the disk with it. */
const WAITING_PER_SENDER = 64
const WAITING_BYTES = 32_000_000
const REQUESTS = 100

/** The rows of `messages.sqlite`; all keys and texts go through the vault. Conversations and messages are 0x hex. */
export class MessageStore {
  readonly #database: SqlDatabase
  readonly #vault: Vault

  constructor(path: string, key: Uint8Array) {
    this.#vault = new Vault(key)
    this.#database = openMessagesDatabase(path)
  }

  close(): void {
    this.#database.close()
  }

  /** All of it is on disk when this returns, or none. */
  atomically<T>(work: () => T): T {
    return atomically(this.#database, work)
  }

  /** The same, but the power may take it back. */
  unflushed<T>(work: () => T): T {
    return unflushed(this.#database, work)
  }

  get identity(): Uint8Array | null {
    const row = this.#get('select sealed from identity') as { sealed: Uint8Array } | undefined
    return row === undefined ? null : this.#vault.open(row.sealed, 'identity')
  }

  putIdentity(identity: Uint8Array): void {
    this.#run('insert into identity values (1, ?)', this.#vault.seal(identity, 'identity'))
  }

  addKeyPackage(made: MadeKeyPackage, now: number, expires: number): void {
    const sealed = this.#vault.seal(made.secrets, `key_package ${hexOf(made.ref)}`)
    this.#run('insert into key_package values (?, ?, ?, ?, ?)', made.ref, made.package, sealed, now, expires)
  }

  /** The newest that was made after `since`. */
  keyPackageSince(since: number): Uint8Array | null {
    const sql = 'select package from key_package where made > ? order by made desc limit 1'
    return (this.#get(sql, since) as { package: Uint8Array } | undefined)?.package ?? null
  }

  keyPackageSecrets(ref: Uint8Array): Uint8Array | null {
    const row = this.#get('select sealed from key_package where ref = ?', ref) as { sealed: Uint8Array } | undefined
    return row === undefined ? null : this.#vault.open(row.sealed, `key_package ${hexOf(ref)}`)
  }

  dropKeyPackages(expiredBefore: number): void {
    this.#run('delete from key_package where expires < ?', expiredBefore)
  }

  conversation(id: string): ConversationRow | null {
    const row = this.#get('select * from conversation where id = ?', bytesOf(id)) as RawConversation | undefined
    if (row === undefined) return null
    const info = decode<ConversationInfo>(this.#vault.open(row.info_sealed, `info ${id}`))
    const state = this.#vault.open(row.state_sealed, `state ${id}`)
    const { epoch, updated, version } = row
    return { ...info, state, epoch, isActive: row.active === 1, updated, version }
  }

  conversationIds(): string[] {
    const rows = this.#all('select id from conversation order by updated desc') as { id: Uint8Array }[]
    return rows.map(({ id }) => hexOf(id))
  }

  /**
   * @param before version of the row that this comes after; null: a new one
   * Throws StudioError `messages-busy`, as `putState` does.
   */
  putConversation(view: GroupView, state: Uint8Array, title: string, now: number, before: number | null): void {
    const id = hexOf(view.id)
    const { owner, members, epoch, isActive } = view
    const stateSealed = this.#vault.seal(state, `state ${id}`)
    const info = this.#vault.seal(encode({ title, owner, members }), `info ${id}`)
    const values = [stateSealed, info, epoch, isActive ? 1 : 0, now]
    if (before === null) this.#run('insert into conversation values (?, ?, ?, ?, ?, ?, 1)', view.id, ...values)
    else
      this.#mustChange(
        `update conversation set state_sealed = ?, info_sealed = ?, epoch = ?, active = ?, updated = ?,
         version = version + 1 where id = ? and version = ?`,
        ...[...values, view.id, before],
      )
  }

  /** After a message: only the keys moved. */
  putState(id: string, state: Uint8Array, before: number): void {
    const sealed = this.#vault.seal(state, `state ${id}`)
    const sql = 'update conversation set state_sealed = ?, version = version + 1 where id = ? and version = ?'
    this.#mustChange(sql, sealed, bytesOf(id), before)
  }

  /** A second process that went on from the same state would use the same keys for another message. */
  #mustChange(sql: string, ...values: SqlValue[]): void {
    if (this.#run(sql, ...values) > 0) return
    throw new StudioError(
      'messages-busy',
      'WE Studio is open twice with these messages, and both wrote at once. Nothing was sent; close one of them and try again.',
    )
  }

  addText(conversation: string, text: StoredText): void {
    const sealed = this.#vault.seal(
      encode({ sender: text.sender, body: text.body }),
      `message ${conversation} ${text.id}`,
    )
    this.#run(
      'insert into message (conversation, id, at, mine, sealed) values (?, ?, ?, ?, ?)',
      ...[bytesOf(conversation), bytesOf(text.id), text.at, text.isMine ? 1 : 0, sealed],
    )
    this.#run('update conversation set updated = max(updated, ?) where id = ?', text.at, bytesOf(conversation))
  }

  /** Newest first, `from` <= at < `to`, older than the text `before`. */
  texts(conversation: string, { from, to, limit, before }: TextSpan): StoredText[] {
    const [id, older] = [bytesOf(conversation), before === undefined ? null : bytesOf(before)]
    const sql = `select id, at, mine, sealed from message where conversation = ?1 and at >= ?2 and at < ?3
      and (?4 is null or (at, key) < (select at, key from message where conversation = ?1 and id = ?4))
      order by at desc, key desc limit ?5`
    const rows = this.#all(sql, id, from, to, older, limit) as RawText[]
    return rows.map((row) => this.#text(conversation, row))
  }

  /** Others' texts, up to `most`. */
  heard(conversation: string, most: number): number {
    const sql = 'select count(*) as n from (select 1 from message where conversation = ? and mine = 0 limit ?)'
    return (this.#get(sql, bytesOf(conversation), most) as { n: number }).n
  }

  text(conversation: string, id: string): StoredText | null {
    const sql = 'select id, at, mine, sealed from message where conversation = ? and id = ?'
    const row = this.#get(sql, bytesOf(conversation), bytesOf(id)) as RawText | undefined
    return row === undefined ? null : this.#text(conversation, row)
  }

  /** Moves forward only. Returns whether it moved. */
  putReadMark(conversation: string, account: string, upTo: StoredText): boolean {
    const sql = `insert into read_mark values (?, ?, ?, ?) on conflict (conversation, account)
      do update set at = excluded.at, id = excluded.id where excluded.at > read_mark.at`
    return this.#run(sql, bytesOf(conversation), account, upTo.at, bytesOf(upTo.id)) > 0
  }

  readMarks(conversation: string): { account: string; at: number; id: string }[] {
    const sql = 'select account, at, id from read_mark where conversation = ?'
    const rows = this.#all(sql, bytesOf(conversation)) as { account: string; at: number; id: Uint8Array }[]
    return rows.map(({ account, at, id }) => ({ account, at, id: hexOf(id) }))
  }

  /** Others' messages above an account's read mark. */
  unread(conversation: string, account: string): number {
    const sql = `select count(*) as n from message where conversation = ?1 and mine = 0 and at > coalesce(
      (select at from read_mark where conversation = ?1 and account = ?2), -1)`
    return (this.#get(sql, bytesOf(conversation), account) as { n: number }).n
  }

  /** @param message the text it carries, for its delivery to be told; null for changes of membership and the like */
  post(conversation: string, message: string | null, bytes: Uint8Array, to: readonly MemberId[], now: number): void {
    if (to.length === 0) return
    const id = message === null ? null : bytesOf(message)
    const sql = 'insert into parcel (conversation, message, digest, bytes, made) values (?, ?, ?, ?, ?) returning id'
    const parcel = (this.#get(sql, bytesOf(conversation), id, sha256(bytes), bytes, now) as { id: number }).id
    for (const { device, account } of to)
      this.#run('insert into outbox values (?, ?, ?, 0, ?, 0)', parcel, device, account, now)
  }

  /** What was made after a time and is to be sent (again) by now; for each device in the order in which it was made. */
  due(now: number, madeAfter: number, limit: number): Parcel[] {
    const sql = `select parcel as id, device, account, attempts, keepers, bytes from outbox join parcel on parcel.id = parcel
      where due <= ? and made > ? order by parcel limit ?`
    const rows = this.#all(sql, now, madeAfter, limit) as (MemberId & Omit<Parcel, 'to'>)[]
    return rows.map(({ device, account, ...parcel }) => ({ ...parcel, to: { account, device } }))
  }

  setTried(parcel: number, device: string, due: number, keepers: number): void {
    this.#run(
      'update outbox set attempts = attempts + 1, due = ?, keepers = ? where parcel = ? and device = ?',
      ...[due, keepers, parcel, device],
    )
  }

  /** When the next is to be sent; null: nothing waits. */
  nextDue(madeAfter: number): number | null {
    const sql = 'select min(due) as due from outbox join parcel on parcel.id = parcel where made > ?'
    return (this.#get(sql, madeAfter) as { due: number | null }).due
  }

  /** What waits for a device, or has fewer keepers than that, is due now. */
  hurry(device: string, keepers: number, now: number): void {
    this.#run('update outbox set due = ?1 where due > ?1 and (device = ?2 or keepers < ?3)', now, device, keepers)
  }

  /** A conversation's parcels are due now, also those that were given up. */
  renew(conversation: string, now: number): void {
    const of = '(select id from parcel where conversation = ?2)'
    this.#run(`update outbox set due = ?1, attempts = 0, keepers = 0 where parcel in ${of}`, now, bytesOf(conversation))
    this.#run('update parcel set made = ?1 where conversation = ?2', now, bytesOf(conversation))
  }

  /** The parcel with these bytes (SHA-256) has arrived at a device. */
  dropByDigest(digest: Uint8Array, device: string): boolean {
    const sql = 'select parcel from outbox join parcel on parcel.id = parcel where digest = ? and device = ?'
    const rows = this.#all(sql, digest, device) as { parcel: number }[]
    for (const { parcel } of rows) this.drop(parcel, device)
    return rows.length > 0
  }

  consent(conversation: string): Consent | null {
    const row = this.#get('select choice from consent where conversation = ?', bytesOf(conversation))
    return (row as { choice: Consent } | undefined)?.choice ?? null
  }

  putConsent(conversation: string, choice: Consent | null): void {
    if (choice === null) {
      this.#run('delete from consent where conversation = ?', bytesOf(conversation))
      return
    }
    const sql = 'insert into consent values (?1, ?2) on conflict do update set choice = ?2'
    this.#run(sql, bytesOf(conversation), choice)
  }

  drop(parcel: number, device: string): void {
    this.#run('delete from outbox where parcel = ? and device = ?', parcel, device)
    this.#run('delete from parcel where id = ?1 and not exists (select 1 from outbox where parcel = ?1)', parcel)
  }

  /** Accounts with a device that has not acknowledged this text, and whether others keep it for all of those. */
  undelivered(conversation: string, message: string): { accounts: string[]; isKept: boolean } {
    const sql = `select account, min(keepers) as keepers from outbox join parcel on parcel.id = parcel
      where conversation = ? and message = ? group by account order by account`
    const rows = this.#all(sql, bytesOf(conversation), bytesOf(message)) as { account: string; keepers: number }[]
    return { accounts: rows.map(({ account }) => account), isKept: rows.every(({ keepers }) => keepers > 0) }
  }

  /** Keeps what came too early. The oldest of its sender goes when there are too many. False: it is kept already. */
  hold(bytes: Uint8Array, sender: string, conversation: Uint8Array, epoch: number, now: number): boolean {
    const sql =
      'insert or ignore into waiting (digest, sender, conversation, epoch, bytes, at) values (?, ?, ?, ?, ?, ?)'
    if (this.#run(sql, sha256(bytes), sender, conversation, epoch, bytes, now) === 0) return false
    this.#run(
      `delete from waiting where sender = ?1 and key not in
       (select key from waiting where sender = ?1 order by key desc limit ${WAITING_PER_SENDER})`,
      sender,
    )
    while ((this.#get('select sum(length(bytes)) as n from waiting') as { n: number }).n > WAITING_BYTES)
      this.#run('delete from waiting where key = (select min(key) from waiting)')
    return true
  }

  waiting(conversation: string, upToEpoch: number): Waiting | null {
    const sql = 'select key, bytes from waiting where conversation = ? and epoch <= ? order by epoch, key limit 1'
    return (this.#get(sql, bytesOf(conversation), upToEpoch) as Waiting | undefined) ?? null
  }

  unhold(key: number): void {
    this.#run('delete from waiting where key = ?', key)
  }

  dropWaiting(before: number): void {
    this.#run('delete from waiting where at < ?', before)
  }

  /** The newest hundred are kept. */
  addRequest(conversation: string, by: MemberId, ask: DirectAsk): number {
    const sql = 'insert into request (conversation, sealed) values (?, ?) returning key'
    const sealed = this.#vault.seal(encode({ by, ask }), `request ${conversation}`)
    const { key } = this.#get(sql, bytesOf(conversation), sealed) as { key: number }
    this.#run(
      `delete from request where conversation = ?1 and key not in
       (select key from request where conversation = ?1 order by key desc limit ${REQUESTS})`,
      bytesOf(conversation),
    )
    return key
  }

  requests(conversation: string): { key: number; by: MemberId; ask: DirectAsk }[] {
    const sql = 'select key, sealed from request where conversation = ? order by key'
    const rows = this.#all(sql, bytesOf(conversation)) as { key: number; sealed: Uint8Array }[]
    return rows.map(({ key, sealed }) => ({
      key,
      ...decode<{ by: MemberId; ask: DirectAsk }>(this.#vault.open(sealed, `request ${conversation}`)),
    }))
  }

  dropRequest(key: number): void {
    this.#run('delete from request where key = ?', key)
  }

  #text(conversation: string, { id, at, mine, sealed }: RawText): StoredText {
    const hex = hexOf(id)
    const content = this.#vault.open(sealed, `message ${conversation} ${hex}`)
    return { id: hex, at, isMine: mine === 1, ...decode<Pick<StoredText, 'sender' | 'body'>>(content) }
  }

  #run(sql: string, ...values: SqlValue[]): number {
    return this.#database.prepare(sql).run(...values).changes
  }

  #get(sql: string, ...values: SqlValue[]): unknown {
    return this.#database.prepare(sql).get(...values)
  }

  #all(sql: string, ...values: SqlValue[]): unknown[] {
    return this.#database.prepare(sql).all(...values)
  }
}

interface RawConversation {
  state_sealed: Uint8Array
  info_sealed: Uint8Array
  epoch: number
  active: number
  updated: number
  version: number
}

interface RawText {
  id: Uint8Array
  at: number
  mine: number
  sealed: Uint8Array
}
