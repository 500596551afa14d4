import { createHash } from 'node:crypto'
import { encodeGrantList, readGrantList, type Kept } from '@shared/community/mail-messages'
import type { SentEntry } from '@shared/community/log-messages'
import { atomically, openLastingFile, unflushed, type SqlDatabase, type SqlValue } from '../sql-database'
import { bytesOf, hexOf } from './mls-credential'

/** What is offered to be kept for a device that is offline. Devices are 0x hex. */
export interface MailOffer {
  readonly to: string
  /** Proven by the transport: quotas rest on it. */
  readonly from: string
  readonly mail: readonly Uint8Array[]
  /** First entries of the logs of the sender's account, for a recipient who has never heard of it. */
  readonly grants: readonly SentEntry[]
  /** Neither sender nor recipient is known here. */
  readonly isStrange: boolean
}

export interface KeptMail {
  readonly from: string
  /** SHA-256 of the mail, 0x hex. */
  readonly id: string
  readonly mail: Uint8Array
  readonly grants: readonly SentEntry[]
}

export interface MailboxLimits {
  /** One sender to one recipient. */
  readonly senderCount: number
  readonly senderBytes: number
  /** One sender to all recipients. */
  readonly senderTotal: number
  /** All that waits for one recipient. */
  readonly recipientBytes: number
  readonly totalBytes: number
  readonly mailBytes: number
  /** Milliseconds. */
  readonly life: number
}

export const MAILBOX_LIMITS: MailboxLimits = {
  ...{ senderCount: 500, senderBytes: 4_000_000, senderTotal: 16_000_000, recipientBytes: 32_000_000 },
  ...{ totalBytes: 200_000_000, mailBytes: 512_000, life: 14 * 86_400_000 },
}

/** What keeping a piece costs beside its bytes, counted against all limits: many tiny ones are not free. */
const OVERHEAD = 256
/** People whom nobody here knows may fill at most this part of the room. */
const STRANGE_PART = 0.5

const SCHEMA = `
  create table kept (
    key integer primary key, recipient blob not null, sender blob not null, id blob not null, cost integer not null,
    strange integer not null, expires integer not null, mail blob not null, grants blob, unique (recipient, id)
  );
  create index kept_of on kept (recipient, key);
  create index kept_from on kept (sender, recipient, cost);
  create index kept_expires on kept (expires);
  create table box (recipient blob primary key, bytes integer not null) without rowid;
`

/**
 * Sealed mail for devices that are offline, oldest first, on the disk of another peer, which can read none of it. No
 * clock and no sockets: whoever has those gives the time. One sender can use up neither another's room nor a
 * recipient's whole box, and strangers not the whole room.
 */
export class Mailbox {
  readonly #database: SqlDatabase
  #total: number
  #bytes: number
  #strange: number

  /** `path`: `mailbox.sqlite` of the profile. Throws StudioError `mailbox-broken` or `mailbox-newer`. */
  constructor(
    path: string,
    private readonly limits: MailboxLimits = MAILBOX_LIMITS,
  ) {
    this.#database = openLastingFile({
      path,
      code: 'mailbox',
      content: 'messages kept for others',
      schema: SCHEMA,
      version: 1,
    })
    this.#total = limits.totalBytes
    this.#bytes = this.#sum('select sum(bytes) as n from box')
    this.#strange = this.#sum('select sum(cost) as n from kept where strange = 1')
  }

  close(): void {
    this.#database.close()
  }

  /** Of all that is kept, with what keeping costs. */
  get bytes(): number {
    return this.#bytes
  }

  /** How much may be kept from now on; 0: nothing new. What is there stays until it is fetched or runs out. */
  setRoom(bytes: number): void {
    this.#total = bytes
  }

  /** An answer for each piece; what is `kept` is on disk when this returns. @param now Unix milliseconds */
  offer(offer: MailOffer, now: number): Kept[] {
    this.expire(now)
    if (this.#total === 0) return offer.mail.map(() => 'full')
    const [to, from] = [bytesOf(offer.to), bytesOf(offer.from)]
    const of = this.#get(
      'select count(*) as n, sum(cost) as cost from kept where sender = ? and recipient = ?',
      from,
      to,
    )
    const used = {
      ...{
        count: of.n ?? 0,
        pair: of.cost ?? 0,
        sender: this.#sum('select sum(cost) as n from kept where sender = ?', from),
      },
      box: this.#sum('select bytes as n from box where recipient = ?', to),
    }
    let grants: Uint8Array | null = used.count > 0 || offer.grants.length === 0 ? null : encodeGrantList(offer.grants)
    const before = [this.#bytes, this.#strange] as const
    try {
      return atomically(this.#database, () =>
        offer.mail.map((mail) => {
          const id = createHash('sha256').update(mail).digest()
          if (this.#get('select 1 as n from kept where recipient = ? and id = ?', to, id).n !== undefined)
            return 'known'
          const cost = mail.length + OVERHEAD + (grants?.length ?? 0)
          if (!this.#fits(mail.length, cost, used, offer.isStrange)) return 'full'
          this.#run(
            'insert into kept (recipient, sender, id, cost, strange, expires, mail, grants) values (?, ?, ?, ?, ?, ?, ?, ?)',
            ...[to, from, id, cost, offer.isStrange ? 1 : 0, now + this.limits.life, mail, grants],
          )
          this.#run('insert into box values (?1, ?2) on conflict do update set bytes = bytes + ?2', to, cost)
          this.#bytes += cost
          if (offer.isStrange) this.#strange += cost
          used.count++
          for (const name of ['pair', 'sender', 'box'] as const) used[name] += cost
          grants = null
          return 'kept'
        }),
      )
    } catch (error) {
      ;[this.#bytes, this.#strange] = before
      throw error
    }
  }

  /**
   * What waits for a device, oldest first and without the first `skip`, at most so many pieces and bytes. The transport must have proven that it is
   * this device that asks.
   */
  waiting(to: string, most: { count: number; bytes: number; skip?: number }, now: number): KeptMail[] {
    this.expire(now)
    const sql = 'select key, length(mail) as n from kept where recipient = ? order by key limit ? offset ?'
    const found: KeptMail[] = []
    let left = most.bytes
    for (const { key, n } of this.#all(sql, bytesOf(to), most.count, most.skip ?? 0) as { key: number; n: number }[]) {
      if (n > left) break
      left -= n
      const row = this.#database.prepare('select sender, id, mail, grants from kept where key = ?').get(key) as {
        sender: Uint8Array
        id: Uint8Array
        mail: Uint8Array
        grants: Uint8Array | null
      }
      const grants = row.grants === null ? [] : readGrantList(row.grants)
      found.push({ from: hexOf(row.sender), id: hexOf(row.id), mail: row.mail, grants })
    }
    return found
  }

  /** The device has them on disk: they go. Unknown ids are none of its own, or went before. Returns how many went. */
  acknowledge(to: string, ids: readonly Uint8Array[]): number {
    const recipient = bytesOf(to)
    return this.#drop(() =>
      ids.flatMap(
        (id) =>
          this.#all(
            'delete from kept where recipient = ? and id = ? returning recipient, cost, strange',
            recipient,
            id,
          ) as Gone[],
      ),
    )
  }

  /** Drops what nobody fetched in time. Returns how many went. */
  expire(now: number): number {
    if (this.#database.prepare('select 1 from kept where expires <= ? limit 1').get(now) === undefined) return 0
    return this.#drop(
      () => this.#all('delete from kept where expires <= ? returning recipient, cost, strange', now) as Gone[],
    )
  }

  #fits(
    size: number,
    cost: number,
    used: { count: number; pair: number; sender: number; box: number },
    isStrange: boolean,
  ) {
    const { senderCount, senderBytes, senderTotal, recipientBytes, mailBytes } = this.limits
    const isTooMuch =
      size === 0 ||
      size > mailBytes ||
      used.count >= senderCount ||
      used.pair + cost > senderBytes ||
      used.sender + cost > senderTotal ||
      used.box + cost > recipientBytes ||
      this.#bytes + cost > this.#total ||
      (isStrange && this.#strange + cost > this.#total * STRANGE_PART)
    return !isTooMuch
  }

  /** Should the power take it back, it is fetched once more and known as taken, or runs out again: no flush is needed. */
  #drop(work: () => Gone[]): number {
    const gone = unflushed(this.#database, () => {
      const rows = work()
      for (const { recipient, cost } of rows)
        this.#run('update box set bytes = bytes - ? where recipient = ?', cost, recipient)
      this.#run('delete from box where bytes <= 0')
      return rows
    })
    for (const { cost, strange } of gone) {
      this.#bytes -= cost
      if (strange === 1) this.#strange -= cost
    }
    return gone.length
  }

  #sum(sql: string, ...values: SqlValue[]): number {
    return this.#get(sql, ...values).n ?? 0
  }

  #get(sql: string, ...values: SqlValue[]): { n?: number | null; cost?: number | null } {
    return this.#database.prepare(sql).get(...values) ?? {}
  }

  #all(sql: string, ...values: SqlValue[]): unknown[] {
    return this.#database.prepare(sql).all(...values)
  }

  #run(sql: string, ...values: SqlValue[]): void {
    this.#database.prepare(sql).run(...values)
  }
}

interface Gone {
  recipient: Uint8Array
  cost: number
  strange: number
}
