import type { AcceptedEntry } from '@shared/community/accepted-entry'
import { readEnvelope, type Envelope } from '@shared/community/entry-envelope'
import { entryIdText } from '@shared/community/entry-id'
import type { LogChanges, LogFork } from '@shared/community/log-changes'
import type { LogRow } from './log-table'

/** An entry as the rest of the app sees it. */
export function acceptedEntry(
  account: string,
  id: Uint8Array,
  { header }: Pick<Envelope, 'header'>,
  body: unknown,
): AcceptedEntry {
  const { device, n, t, kind, expires, replaceKey } = header
  return {
    ...{ id: entryIdText(id), device: Buffer.from(device).toString('hex'), account, n, t, kind, body },
    ...(expires === undefined ? {} : { expires }),
    ...(replaceKey === undefined ? {} : { replaceKey }),
  }
}

/** What a transaction changes, kept until it is on disk and then told in one batch. */
export class ChangeOutbox {
  #entries = new Map<string, AcceptedEntry>()
  #removed = new Set<string>()
  #forks: LogFork[] = []

  show(entry: AcceptedEntry): void {
    this.#entries.delete(entry.id) // the last state of an entry counts, in the order of changes
    this.#entries.set(entry.id, entry)
  }

  /** Its body is gone. */
  bare(log: LogRow, id: Uint8Array, envelope: Uint8Array): void {
    this.show(acceptedEntry(log.account!, id, readEnvelope(envelope), null))
  }

  remove(id: Uint8Array): void {
    const text = entryIdText(id)
    this.#entries.delete(text)
    this.#removed.add(text)
  }

  fork(fork: LogFork): void {
    this.#forks.push(fork)
  }

  /** Hands out what there is; null: nothing. */
  take(seq: number): LogChanges | null {
    const [entries, removed, forks] = [[...this.#entries.values()], [...this.#removed], this.#forks]
    this.clear()
    return entries.length + removed.length + forks.length === 0 ? null : { seq, entries, removed, forks }
  }

  clear(): void {
    this.#entries = new Map()
    this.#removed = new Set()
    this.#forks = []
  }
}
