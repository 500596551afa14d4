import type { AcceptedEntry } from '@shared/community/accepted-entry'
import type { BodySchemas } from '@shared/community/body-schemas'
import { readEnvelope } from '@shared/community/entry-envelope'
import { entryIdText } from '@shared/community/entry-id'
import { readForkProof } from '@shared/community/fork-proof'
import { GRANT_KIND } from '@shared/community/key-entries'
import type { LogChanges, LogFork } from '@shared/community/log-changes'
import type { SignedKeyGrant } from '@shared/wallet/key-grant'
import { silentLog, type Log } from '../../platform/log'
import { Admission, shownEntry } from './admission'
import { ChangeOutbox } from './change-outbox'
import { isCovered } from './device-keys'
import { follows } from './entry-run'
import { entryKey, logOfKey, numberOfKey, type EntryRow } from './entry-table'
import { answerRequest } from './log-answer'
import { LogIntake, type Intake, type IntakeOptions } from './log-intake'
import { LogStore } from './log-store'
import { isSigned, same, sha256, type OfferedEntry } from './open-entry'
import { OwnLog, type AppendedEntry, type Draft, type LogKey } from './own-log'

const SWEEP_AT_ONCE = 500

export interface CommunityLogOptions {
  /** `log.sqlite` of the profile. */
  path: string
  key: LogKey
  schemas: BodySchemas
  /** Unix milliseconds. */
  now?: () => number
  log?: Log
}

/** How far a log is known: the newest entries without a gap. */
export interface LogExtent {
  readonly first: number
  readonly last: number
}

/** The logs of all devices that this profile knows, its own among them: what the community part stands on. */
export class CommunityLog {
  readonly device: Uint8Array
  readonly #store: LogStore
  readonly #outbox = new ChangeOutbox()
  readonly #admission: Admission
  readonly #intake: LogIntake
  readonly #own: OwnLog
  readonly #listeners = new Set<(changes: LogChanges) => void>()
  readonly #schemas: BodySchemas
  readonly #now: () => number
  readonly #log: Log

  /** Throws StudioError `log-broken` or `log-newer`. */
  constructor({ path, key, schemas, now = Date.now, log = silentLog }: CommunityLogOptions) {
    this.device = key.publicKey
    this.#store = new LogStore(path, {
      committed: () => this.#tell(),
      rolledBack: () => {
        this.#admission.forget()
        this.#outbox.clear()
      },
    })
    this.#schemas = schemas
    this.#now = now
    this.#log = log
    this.#admission = new Admission(this.#store, schemas, this.#outbox)
    this.#intake = new LogIntake(this.#store, this.#admission, this.#outbox, now)
    this.#own = new OwnLog(this.#store, this.#admission, key, now)
  }

  /** Hears of changes once they are on disk. A listener that throws is logged and does not disturb the others. */
  onChanges(listener: (changes: LogChanges) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes after a place, at most `limit` entries, the oldest first; null: none. A reader begins with 0. */
  changesAfter(seq: number, limit: number): LogChanges | null {
    const rows = this.#store.entries.changes(seq, limit)
    if (rows.length === 0) return null
    const shown = rows.map((row) => shownEntry(this.#store, this.#schemas, row))
    return {
      seq: rows.at(-1)!.seq!,
      entries: shown.filter((entry) => entry !== null),
      removed: rows.filter(({ out }) => out === 1).map(({ id }) => entryIdText(id)),
      forks: [],
    }
  }

  /** See OwnLog.grant. */
  grant(grant: SignedKeyGrant): void {
    this.#own.grant(grant)
  }

  /** See OwnLog.append. */
  append(drafts: readonly Draft[]): AppendedEntry[] {
    return this.#own.append(drafts)
  }

  /** See LogIntake.accept. */
  accept(offered: Iterable<OfferedEntry>, options?: IntakeOptions): Promise<Intake> {
    return this.#intake.accept(offered, options)
  }

  /**
   * Takes what somebody says about a device that signed two histories. True when it is one and was not known: then it
   * is worth passing on. Throws EntryRefused for bytes that prove nothing.
   */
  acceptForkProof(bytes: Uint8Array): boolean {
    const { first, second, firstBytes, secondBytes } = readForkProof(bytes)
    const contradict =
      first.header.n === second.header.n ? !same(firstBytes, secondBytes) : !follows(second, sha256(firstBytes))
    if (!contradict || !isSigned(first) || !isSigned(second)) return false
    const log = this.#store.logs.find(first.header.device)
    if (log === undefined) return false
    return this.#store.transaction(() => this.#intake.recordFork(log, first.header.n, bytes))
  }

  /** Drops the bodies whose time has run out. True when there may be more of them. */
  sweep(): boolean {
    const due = this.#store.entries.expired(this.#now(), SWEEP_AT_ONCE)
    if (due.length === 0) return false
    this.#store.transaction(() => {
      for (const key of due) {
        this.#admission.dropBody(this.#store.entries.get(key)!)
        this.#store.entries.forgetExpiry(key)
      }
    })
    return due.length === SWEEP_AT_ONCE
  }

  /** Shows what earlier versions of the app could not read; for the first start of a new one, and after an import. */
  reconsider(): void {
    this.#store.transaction(() => {
      for (const log of this.#store.logs.all()) this.#admission.admitHidden(log)
    })
  }

  /** Answers a request of `/we/log/1`; null for bytes that are none. */
  answer(request: Uint8Array): Uint8Array[] | null {
    return answerRequest(this.#store, request)
  }

  /** Entries of a log from a number on, gaps left out, as they travel. */
  entriesOf(device: Uint8Array, from: number, limit: number): OfferedEntry[] {
    const log = this.#store.logs.find(device)
    if (log === undefined) return []
    return this.#store.entries.range(entryKey(log.id, from), entryKey(log.id + 1, -1), limit, true)
  }

  /** Public keys of the devices of an account, as far as they are known. */
  devices(account: string): Uint8Array[] {
    return this.#store.logs.of(account).map(({ device }) => device)
  }

  /** The account that a device acts for; null when that is not known. */
  accountOf(device: Uint8Array): string | null {
    return this.#store.logs.find(device)?.account ?? null
  }

  /** Whether an account lets a device make entries of a kind now: granted, and neither revoked nor forked. */
  isGranted(account: string, device: Uint8Array, kind: string): boolean {
    const log = this.#store.logs.find(device)
    if (log?.account !== account || log.frozen_above !== null) return false
    return isCovered(this.#store.logs.grants(log.id), kind, this.#now())
  }

  /** What is there of a log; null: nothing. */
  extent(device: Uint8Array): LogExtent | null {
    const log = this.#store.logs.find(device)
    const run = log && this.#store.entries.newestRun(log.id)
    return run ? { first: numberOfKey(run.first), last: numberOfKey(run.last) } : null
  }

  /** Envelope of the newest entry of a log. */
  head(device: Uint8Array): Uint8Array | null {
    const log = this.#store.logs.find(device)
    const newest = log && this.#store.entries.newest(log.id)
    return newest ? this.#store.entries.get(newest.key)!.envelope : null
  }

  /** Where a device signed two histories; null: nowhere that is known. */
  fork(device: Uint8Array): LogFork | null {
    const log = this.#store.logs.find(device)
    const fork = log && this.#store.logs.fork(log.id)
    return fork ? { device: Buffer.from(device).toString('hex'), account: log.account, ...fork } : null
  }

  /** Whether the log takes nothing above a number any more, by a fork or a revocation. */
  frozenAbove(device: Uint8Array): number | null {
    return this.#store.logs.find(device)?.frozen_above ?? null
  }

  /** The entry that holds of a replaceable record; null: there is none. */
  current(account: string, kind: string, replaceKey: string): AcceptedEntry | null {
    return this.#shown(this.#store.entries.current(account, kind, replaceKey))
  }

  /** An entry by the sha2-256 of its envelope; null when it is not here or not shown. */
  entry(id: Uint8Array): AcceptedEntry | null {
    return this.#shown(this.#store.entries.find(id))
  }

  /** An entry as it travels, by the sha2-256 of its envelope; null when it is not here. */
  sealed(id: Uint8Array): OfferedEntry | null {
    const row = this.#store.entries.find(id)
    return row?.out === 0 ? { envelope: row.envelope, body: row.body } : null
  }

  /** The newest entry by which an account granted a device, as it travels; null when none is known. */
  grantOf(device: Uint8Array): OfferedEntry | null {
    const log = this.#store.logs.find(device)
    if (log === undefined || log.account === null) return null
    for (const key of this.#store.logs.keyEntries(log.account).reverse()) {
      const row = logOfKey(key) === log.id ? this.#store.entries.get(key) : undefined
      if (row?.out === 0 && readEnvelope(row.envelope).header.kind === GRANT_KIND) {
        return { envelope: row.envelope, body: row.body }
      }
    }
    return null
  }

  count(): { entries: number; bodies: number } {
    return this.#store.entries.count()
  }

  close(): void {
    this.#listeners.clear()
    this.#store.close()
  }

  #shown(row: EntryRow | undefined): AcceptedEntry | null {
    return row === undefined ? null : shownEntry(this.#store, this.#schemas, row)
  }

  #tell(): void {
    const changes = this.#outbox.take(this.#store.seq)
    if (changes === null) return
    for (const listener of this.#listeners) {
      try {
        listener(changes)
      } catch (error) {
        this.#log('error', 'a reader of the log failed', { error: String(error) })
      }
    }
  }
}
