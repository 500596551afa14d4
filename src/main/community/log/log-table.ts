import { entryKey } from './entry-table'
import type { SqlDatabase, SqlStatement } from '../sql-database'

export interface LogRow {
  id: number
  /** Ed25519 public key, 32 bytes. */
  device: Uint8Array
  /** Whose it is; null until its first entry, the account's grant, has come. */
  account: string | null
  /** Entries above this number are refused; -1: all; null: none. */
  frozen_above: number | null
}

/** What an account lets the device of a log do; seconds of Unix time. */
export interface GrantRow {
  not_before: number
  expires: number
  scopes: string
}

export interface RevocationRow {
  last_n: number
  /** sha2-256 in the id of that entry; null with `last_n` -1: not one entry holds. */
  last_id: Uint8Array | null
  /** The entry that carries it. */
  key: number
}

const LOG = 'select id, device, account, frozen_above from log'

/** Logs, and what was said about them: grants, revocations, forks, withdrawals. */
export class LogTable {
  readonly #find: SqlStatement
  readonly #get: SqlStatement
  readonly #of: SqlStatement
  readonly #all: SqlStatement
  readonly #add: SqlStatement
  readonly #bind: SqlStatement
  readonly #freeze: SqlStatement
  readonly #addGrant: SqlStatement
  readonly #grants: SqlStatement
  readonly #dropGrants: SqlStatement
  readonly #addRevocation: SqlStatement
  readonly #revocation: SqlStatement
  readonly #keyEntries: SqlStatement
  readonly #addFork: SqlStatement
  readonly #fork: SqlStatement
  readonly #addWithdrawal: SqlStatement
  readonly #isWithdrawn: SqlStatement
  readonly #dropWithdrawals: SqlStatement

  constructor(database: SqlDatabase) {
    const prepare = (sql: string): SqlStatement => database.prepare(sql)
    this.#find = prepare(`${LOG} where device = ?`)
    this.#get = prepare(`${LOG} where id = ?`)
    this.#of = prepare(`${LOG} where account = ? order by id`)
    this.#all = prepare(`${LOG} order by id`)
    this.#add = prepare('insert into log (device) values (?)')
    this.#bind = prepare('update log set account = ? where id = ?')
    this.#freeze = prepare('update log set frozen_above = ?2 where id = ?1 and coalesce(frozen_above, ?2 + 1) > ?2')
    this.#addGrant = prepare('insert or ignore into key_grant values (?, ?, ?, ?)')
    this.#grants = prepare('select not_before, expires, scopes from key_grant where key between ? and ?')
    this.#dropGrants = prepare('delete from key_grant where key between ? and ?')
    this.#addRevocation = prepare(
      `insert into revocation values (?, ?, ?, ?, ?) on conflict do update
       set last_n = excluded.last_n, last_id = excluded.last_id, key = excluded.key where excluded.last_n < last_n`,
    )
    this.#revocation = prepare('select last_n, last_id, key from revocation where account = ? and device = ?')
    this.#keyEntries = prepare(
      `select key from revocation where account = ? union
       select key from key_grant g join log l on g.key between l.id * 2147483648 and l.id * 2147483648 + 2147483647
       where l.account = ? order by key`,
    )
    this.#addFork = prepare(
      'insert into fork values (?, ?, ?) on conflict do update set n = excluded.n, proof = excluded.proof where excluded.n < n',
    )
    this.#fork = prepare('select n, proof from fork where log = ?')
    this.#addWithdrawal = prepare('insert or ignore into withdrawal values (?, ?, ?)')
    this.#isWithdrawn = prepare('select 1 from withdrawal where subject = ? and account = ? limit 1')
    this.#dropWithdrawals = prepare('delete from withdrawal where key between ? and ?')
  }

  find(device: Uint8Array): LogRow | undefined {
    return this.#find.get(device) as LogRow | undefined
  }

  get(id: number): LogRow {
    return this.#get.get(id) as LogRow
  }

  /** Logs of all devices of an account, the longest known first. */
  of(account: string): LogRow[] {
    return this.#of.all(account) as LogRow[]
  }

  all(): LogRow[] {
    return this.#all.all() as LogRow[]
  }

  findOrAdd(device: Uint8Array): LogRow {
    const known = this.find(device)
    if (known !== undefined) return known
    this.#add.run(device)
    return this.find(device)!
  }

  bind(log: LogRow, account: string): void {
    this.#bind.run(account, log.id)
    log.account = account
  }

  /** Never raises the place where it is frozen. */
  freeze(log: LogRow, above: number): void {
    this.#freeze.run(log.id, above)
    log.frozen_above = Math.min(above, log.frozen_above ?? above)
  }

  addGrant(key: number, { not_before, expires, scopes }: GrantRow): void {
    this.#addGrant.run(key, not_before, expires, scopes)
  }

  grants(log: number): GrantRow[] {
    return this.#grants.all(entryKey(log, 0), entryKey(log + 1, -1)) as GrantRow[]
  }

  /** Of several revocations of one device the lowest counts. */
  addRevocation(account: string, device: Uint8Array, { last_n, last_id, key }: RevocationRow): void {
    this.#addRevocation.run(account, device, last_n, last_id, key)
  }

  revocation(account: string, device: Uint8Array): RevocationRow | undefined {
    return this.#revocation.get(account, device) as RevocationRow | undefined
  }

  /** Keys of the entries that say which devices an account has: grants after the first of each log, and revocations. */
  keyEntries(account: string): number[] {
    return (this.#keyEntries.all(account, account) as { key: number }[]).map(({ key }) => key)
  }

  addFork(log: number, n: number, proof: Uint8Array | null): void {
    this.#addFork.run(log, n, proof)
  }

  /** Where a log forked, and the proof that convinces others; null where there is none to be passed on. */
  fork(log: number): { n: number; proof: Uint8Array | null } | undefined {
    return this.#fork.get(log) as { n: number; proof: Uint8Array | null } | undefined
  }

  /** `key`: the entry that withdraws. */
  addWithdrawal(subject: Uint8Array, account: string, key: number): void {
    this.#addWithdrawal.run(subject, account, key)
  }

  isWithdrawn(subject: Uint8Array, account: string): boolean {
    return this.#isWithdrawn.get(subject, account) !== undefined
  }

  /** Entries of a log above `n` say nothing any more. */
  forgetAbove(log: number, n: number): void {
    const range = [entryKey(log, n + 1), entryKey(log + 1, -1)] as const
    this.#dropGrants.run(...range)
    this.#dropWithdrawals.run(...range)
  }
}
