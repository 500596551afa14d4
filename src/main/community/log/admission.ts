import type { BodySchema, BodySchemas } from '@shared/community/body-schemas'
import { readBody } from '@shared/community/entry-body'
import { readEnvelope, type Envelope } from '@shared/community/entry-envelope'
import { entryIdDigest } from '@shared/community/entry-id'
import {
  GRANT_KIND,
  GrantBody,
  REVOKE_KIND,
  RevokeBody,
  WITHDRAW_KIND,
  WithdrawBody,
} from '@shared/community/key-entries'
import { acceptedEntry, type ChangeOutbox } from './change-outbox'
import { grantRow, isCovered, readGrant, readRevocation } from './device-keys'
import { entryKey, logOfKey, type EntryRow } from './entry-table'
import type { LogStore } from './log-store'
import type { GrantRow, LogRow } from './log-table'
import { same } from './open-entry'

/** A map, not an object: kinds are chosen by strangers, and every object has a `constructor`. */
const OWN_SCHEMAS = new Map<string, BodySchema>([
  [GRANT_KIND, GrantBody],
  [REVOKE_KIND, RevokeBody],
  [WITHDRAW_KIND, WithdrawBody],
])

/** An entry that lies in its log already. */
interface StoredEntry extends Pick<Envelope, 'header'> {
  readonly key: number
  readonly id: Uint8Array
  readonly content: Record<string, unknown> | null
}

/** One that does not yet. */
interface NewEntry extends StoredEntry {
  readonly envelope: Uint8Array
  readonly body: Uint8Array | null
}

/** That an entry may be shown, and how. */
interface Shown {
  /** Null: withdrawn, run out, or only the header is here. */
  readonly body: unknown
  readonly isWithdrawn: boolean
}

const BARE: Shown = { body: null, isWithdrawn: false }
const WITHDRAWN: Shown = { body: null, isWithdrawn: true }

/**
 * Decides inside a transaction which stored entries the rest of the app gets to see, and does what entries say about
 * other entries: grants, revocations, withdrawals. Entries may come in any order (the newest first, a withdrawal before
 * what it withdraws, a revocation before the log), the end is the same.
 */
export class Admission {
  readonly #grants = new Map<number, readonly GrantRow[]>()

  constructor(
    private readonly store: LogStore,
    private readonly schemas: BodySchemas,
    private readonly outbox: ChangeOutbox,
  ) {}

  /** Stores an entry, shows it if it may be shown, and does what it says. */
  add(log: LogRow, entry: NewEntry): void {
    const { key, header, id, envelope, body } = entry
    const { entries } = this.store
    if (OWN_SCHEMAS.has(header.kind)) {
      // what speaks about other entries may find itself among them
      entries.add({ key, id, envelope, seq: null, header })
      if (body !== null) entries.addBody(key, body)
      this.admit(log, entry)
      return
    }
    const shown = log.account === null ? null : this.#judge(log, log.account, entry)
    entries.add({ key, id, envelope, seq: shown === null ? null : this.store.nextSeq(), header })
    if (body !== null && shown?.isWithdrawn !== true) entries.addBody(key, body)
    if (shown !== null) this.outbox.show(acceptedEntry(log.account!, id, entry, shown.body))
  }

  /** Shows an entry if it may be shown, and does what it says. */
  admit(log: LogRow, entry: StoredEntry): void {
    const { header, content } = entry
    const isGranted = header.kind === GRANT_KIND && content !== null && this.#grant(log, entry)
    if (isGranted) {
      this.admitHidden(log)
      return
    }
    if (log.account !== null) this.#show(log, log.account, entry)
  }

  /** Looks again at all entries of a log that are not shown. */
  admitHidden(log: LogRow): void {
    if (log.account === null) return
    for (const row of this.store.entries.hidden(log.id)) this.#show(log, log.account, stored(row))
  }

  /** The rollback of a transaction: what was remembered may not be so. */
  forget(): void {
    this.#grants.clear()
  }

  /** Drops a body and says so; the envelope stays, and the chain holds. */
  dropBody(row: EntryRow): void {
    if (!this.store.entries.dropBody(row.key) || row.seq === null || row.out === 1) return
    this.store.entries.show(row.key, this.store.nextSeq())
    this.outbox.bare(this.store.logs.get(logOfKey(row.key)), row.id, row.envelope)
  }

  /** Entries above a number count no more, nor what they said. */
  freeze(log: LogRow, above: number): void {
    const { entries, logs } = this.store
    logs.freeze(log, above)
    for (const { key, shown } of entries.above(log.id, above)) {
      if (shown) this.outbox.remove(entries.get(key)!.id)
      entries.takeOut(key, shown ? this.store.nextSeq() : null)
    }
    logs.forgetAbove(log.id, above)
    this.#grants.delete(log.id)
  }

  #show(log: LogRow, account: string, entry: StoredEntry): void {
    const shown = this.#judge(log, account, entry)
    if (shown === null) return
    const { key, id } = entry
    if (shown.isWithdrawn) this.store.entries.dropBody(key)
    this.store.entries.show(key, this.store.nextSeq())
    this.outbox.show(acceptedEntry(account, id, entry, shown.body))
    if (shown.body !== null) this.#obey(account, entry)
  }

  /** Whether the rest of the app gets to see an entry; null: it does not. */
  #judge(log: LogRow, account: string, entry: StoredEntry): Shown | null {
    const { header, content } = entry
    if (header.n > (log.frozen_above ?? header.n)) return null
    if (header.kind !== GRANT_KIND && !isCovered(this.#grantsOf(log), header.kind, header.t)) return null
    const schema = OWN_SCHEMAS.get(header.kind) ?? this.schemas(header.kind)
    if (schema === undefined) return null
    if (content === null) return BARE
    if (this.#isWithdrawn(account, entry)) return WITHDRAWN
    const parsed = schema.safeParse(content)
    return parsed.success ? { body: parsed.data, isWithdrawn: false } : null
  }

  #obey(account: string, { header, key, content }: StoredEntry): void {
    if (header.kind === REVOKE_KIND) this.#revoke(account, key, content)
    if (header.kind === WITHDRAW_KIND) this.#withdraw(account, key, content)
  }

  /** True when the entry lets its device do more than before. */
  #grant(log: LogRow, { header, key, content }: StoredEntry): boolean {
    if (header.n > (log.frozen_above ?? header.n) || (log.account === null && header.n !== 0)) return false
    const grant = readGrant(content, log.device, log.account ?? undefined)
    if (grant === null) return false
    this.store.logs.addGrant(key, grantRow(grant))
    this.#grants.delete(log.id)
    if (log.account !== null) return true
    this.store.logs.bind(log, grant.account)
    const revocation = this.store.logs.revocation(grant.account, log.device)
    if (revocation !== undefined) this.#applyRevocation(log)
    return true
  }

  #revoke(account: string, key: number, content: unknown): void {
    const revocation = readRevocation(content, account)
    if (revocation === null) return
    this.store.logs.addRevocation(account, revocation.device, { ...revocation, key })
    const log = this.store.logs.find(revocation.device)
    if (log?.account === account) this.#applyRevocation(log)
  }

  #applyRevocation(log: LogRow): void {
    const { last_n, last_id } = this.store.logs.revocation(log.account!, log.device)!
    const last = last_n < 0 ? undefined : this.store.entries.get(entryKey(log.id, last_n))
    const isOther = last !== undefined && last_id !== null && !same(last.id, last_id)
    this.freeze(log, isOther ? last_n - 1 : last_n)
  }

  #withdraw(account: string, by: number, content: unknown): void {
    const subject = entryIdDigest(WithdrawBody.parse(content).s)!
    this.store.logs.addWithdrawal(subject, account, by)
    const row = this.store.entries.find(subject)
    if (row === undefined || this.store.logs.get(logOfKey(row.key)).account !== account) return
    if (isWithdrawable(readEnvelope(row.envelope).header.kind)) this.dropBody(row)
  }

  #isWithdrawn(account: string, { header, id }: StoredEntry): boolean {
    return isWithdrawable(header.kind) && this.store.logs.isWithdrawn(id, account)
  }

  #grantsOf(log: LogRow): readonly GrantRow[] {
    let grants = this.#grants.get(log.id)
    if (grants === undefined) {
      if (this.#grants.size > 1_000) this.#grants.clear()
      grants = this.store.logs.grants(log.id)
      this.#grants.set(log.id, grants)
    }
    return grants
  }
}

/** Who is who, and what was taken back, must stay readable for those who come later. */
function isWithdrawable(kind: string): boolean {
  return !OWN_SCHEMAS.has(kind)
}

function stored(row: EntryRow): StoredEntry {
  const content = row.body === null ? null : readBody(row.body)
  return { key: row.key, id: row.id, header: readEnvelope(row.envelope).header, content }
}

/** A row as the rest of the app sees it; null when it counts no more. */
export function shownEntry(
  store: LogStore,
  schemas: BodySchemas,
  row: EntryRow,
): ReturnType<typeof acceptedEntry> | null {
  const account = store.logs.get(logOfKey(row.key)).account
  if (row.out === 1 || account === null || row.seq === null) return null
  const entry = stored(row)
  const schema = OWN_SCHEMAS.get(entry.header.kind) ?? schemas(entry.header.kind)
  const parsed = entry.content === null ? null : schema?.safeParse(entry.content)
  return acceptedEntry(account, row.id, entry, parsed?.success === true ? parsed.data : null)
}
