import { encodeForkProof } from '@shared/community/fork-proof'
import { readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import { GRANT_KIND } from '@shared/community/key-entries'
import type { Admission } from './admission'
import type { ChangeOutbox } from './change-outbox'
import { readGrant } from './device-keys'
import { follows, openRun } from './entry-run'
import { entryKey } from './entry-table'
import type { LogStore } from './log-store'
import type { LogRow } from './log-table'
import { firstUnsigned, isSigned, same, type OfferedEntry, type OpenedEntry } from './open-entry'

/**
 * How signatures are checked. `every`: each one. `newest`: only the last of a range, which its hashes join to all
 * before it; what such a range says is as true, but a single entry of it cannot serve as proof.
 */
export type SignatureMode = 'every' | 'newest'

export interface IntakeOptions {
  signatures?: SignatureMode
  /** Whose log was asked for: 32 bytes. */
  device?: Uint8Array
  /** Only logs of devices of this account are taken. */
  account?: string
}

export interface Intake {
  /** Entries that were not there before. */
  stored: number
  /** Entries that were there. */
  known: number
  /** Why the rest was refused; null: nothing was. */
  refused: EntryRefused | null
}

/** Takes ranges of other devices' logs in: all checks, and what follows from them, in one transaction. */
export class LogIntake {
  constructor(
    private readonly store: LogStore,
    private readonly admission: Admission,
    private readonly outbox: ChangeOutbox,
    private readonly now: () => number,
  ) {}

  /** Entries of one log with rising numbers. Those before the first bad one are taken. Never throws for bad entries. */
  async accept(offered: Iterable<OfferedEntry>, options: IntakeOptions = {}): Promise<Intake> {
    const { signatures = 'every', device, account } = options
    const run = openRun(offered, this.now(), device)
    const entries = [...run.entries]
    if (entries.length === 0) return { stored: 0, known: 0, refused: run.refused }
    const unsigned = await this.#firstUnsigned(entries, signatures)
    let { refused } = run
    if (unsigned >= 0) {
      entries.length = signatures === 'every' ? unsigned : 0
      refused = new EntryRefused('signature', 'its device did not sign it')
    }
    return entries.length === 0 ? { stored: 0, known: 0, refused } : this.#store(entries, refused, account)
  }

  /** Index of the first entry whose signature does not hold, of those that have to be checked; -1: all hold. */
  async #firstUnsigned(entries: readonly OpenedEntry[], mode: SignatureMode): Promise<number> {
    const log = this.store.logs.find(entries[0]!.header.device)
    const known = log === undefined ? new Map<number, Uint8Array>() : this.#ids(log, entries)
    const isKnown = (entry: OpenedEntry): boolean => {
      const id = log && known.get(entryKey(log.id, entry.header.n))
      return id !== undefined && same(id, entry.id)
    }
    const unknown = mode === 'newest' ? entries.slice(-1) : entries
    const checked = unknown.filter((entry) => !isKnown(entry))
    const at = await firstUnsigned(checked)
    return at < 0 ? -1 : entries.indexOf(checked[at]!)
  }

  /** Ids of what there is in the place of the entries, one before and one after. */
  #ids(log: LogRow, entries: readonly OpenedEntry[]): Map<number, Uint8Array> {
    const [first, last] = [entries[0]!.header.n, entries.at(-1)!.header.n]
    return this.store.entries.ids(entryKey(log.id, Math.max(0, first - 1)), entryKey(log.id, last + 1))
  }

  /** Nothing awaits in here: what is read holds until it is written. */
  #store(entries: readonly OpenedEntry[], refused: EntryRefused | null, account: string | undefined): Intake {
    const intake: Intake = { stored: 0, known: 0, refused }
    this.store.transaction(() => {
      const { device, n } = entries[0]!.header
      const known = this.store.logs.find(device)
      const owner = known?.account ?? (n === 0 ? readGrant(entries[0]!.content, device)?.account : undefined)
      if (account !== undefined && owner !== account) {
        intake.refused = new EntryRefused('other-log', 'a log of another account')
        return
      }
      const log = known ?? this.store.logs.findOrAdd(device)
      const ids = this.#ids(log, entries)
      for (const entry of entries) {
        const problem = this.#take(log, entry, ids, intake)
        if (problem === null) continue
        intake.refused = problem
        break
      }
    })
    return intake
  }

  #take(log: LogRow, entry: OpenedEntry, ids: Map<number, Uint8Array>, intake: Intake): EntryRefused | null {
    const { n } = entry.header
    const key = entryKey(log.id, n)
    const there = ids.get(key)
    if (there !== undefined && same(there, entry.id)) {
      if (this.#isBeyond(log, entry)) return this.#beyond(log)
      intake.known++
      this.#addBody(log, entry, key)
      return null
    }
    const below = ids.get(key - 1)
    const above = ids.get(key + 1)
    // The envelope after it is only read where there is one: at the upper end of a gap that is filled.
    const next = above === undefined ? undefined : this.store.entries.get(key + 1)!.envelope
    const rival =
      (there !== undefined ? key : null) ??
      (n > 0 && below !== undefined && !follows(entry, below) ? key - 1 : null) ??
      (next !== undefined && !follows(readEnvelope(next), entry.id) ? key + 1 : null)
    if (rival !== null && this.#isSettled(log, entry)) return this.#beyond(log)
    if (rival !== null) return this.#fork(log, entry, this.store.entries.get(rival)!.envelope)
    if (this.#isBeyond(log, entry)) return this.#beyond(log)
    if (n === 0 && !isGrantOf(log, entry))
      return new EntryRefused('grant', 'a log begins with the grant of its account')
    ids.set(key, entry.id)
    const { id, header, envelope } = entry
    const { body, content } = this.#isOver(entry) ? { body: null, content: null } : entry
    this.admission.add(log, { key, id, header, envelope, body, content })
    intake.stored++
    return null
  }

  /** A body that comes later than its envelope. */
  #addBody(log: LogRow, entry: OpenedEntry, key: number): void {
    if (entry.body === null || this.#isOver(entry)) return
    if (this.store.entries.get(key)!.body !== null) return
    if (log.account !== null && this.store.logs.isWithdrawn(entry.id, log.account)) return
    this.store.entries.addBody(key, entry.body)
    this.admission.admit(log, { ...entry, key })
  }

  #isOver({ header: { expires } }: OpenedEntry): boolean {
    return expires !== undefined && expires <= this.now()
  }

  #isBeyond(log: LogRow, { header, id }: OpenedEntry): boolean {
    if (log.frozen_above === null) return false
    if (header.n !== log.frozen_above || log.account === null) return header.n > log.frozen_above
    const revocation = this.store.logs.revocation(log.account, log.device)
    return revocation?.last_n === header.n && revocation.last_id !== null && !same(revocation.last_id, id)
  }

  /** The account said itself which history of a device that was taken back is the right one, and it is here. */
  #isSettled(log: LogRow, { header, id }: OpenedEntry): boolean {
    const revocation = log.account === null ? undefined : this.store.logs.revocation(log.account, log.device)
    if (revocation?.last_n === header.n) return revocation.last_id !== null && !same(id, revocation.last_id)
    return this.#isVouched(log, header.n)
  }

  #isVouched(log: LogRow, n: number): boolean {
    const revocation = log.account === null ? undefined : this.store.logs.revocation(log.account, log.device)
    if (revocation === undefined || revocation.last_id === null || n > revocation.last_n) return false
    const last = this.store.entries.get(entryKey(log.id, revocation.last_n))
    return last !== undefined && same(last.id, revocation.last_id)
  }

  #beyond(log: LogRow): EntryRefused {
    return this.store.logs.fork(log.id) === undefined
      ? new EntryRefused('revoked', 'the account took the device back')
      : new EntryRefused('forked', 'the device signed two histories')
  }

  /**
   * [Note: Forks]
   * A device signed the entry and another one that contradicts it. Nobody can say which of the two it meant, so neither
   * counts, nor what follows them. What is below stays.
   */
  #fork(log: LogRow, entry: OpenedEntry, rival: Uint8Array): EntryRefused {
    // Of a range whose newest signature alone was checked, this one may be anything.
    if (!isSigned(entry)) return new EntryRefused('signature', 'its device did not sign it')
    const other = readEnvelope(rival)
    this.recordFork(
      log,
      Math.min(entry.header.n, other.header.n),
      isSigned(other) ? encodeForkProof(entry.envelope, rival) : null,
    )
    return new EntryRefused('forked', `the device signed two histories from number ${entry.header.n} on`)
  }

  /** Freezes a log below `n` for good; false when that was known. Inside a transaction. */
  recordFork(log: LogRow, n: number, proof: Uint8Array | null): boolean {
    const known = this.store.logs.fork(log.id)
    if ((known !== undefined && known.n <= n) || this.#isVouched(log, n)) return false
    this.store.logs.addFork(log.id, n, proof)
    this.admission.freeze(log, n - 1)
    this.outbox.fork({ device: Buffer.from(log.device).toString('hex'), account: log.account, n, proof })
    return true
  }
}

/** The first entry without its body may be a grant: the log is not shown before the body has come. */
function isGrantOf(log: LogRow, { header, content }: OpenedEntry): boolean {
  return header.kind === GRANT_KIND && (content === null || readGrant(content, log.device) !== null)
}
