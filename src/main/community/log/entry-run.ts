import { readEnvelope } from '@shared/community/entry-envelope'
import { EntryRefused } from '@shared/community/entry-refused'
import { openEntry, same, type OfferedEntry, type OpenedEntry } from './open-entry'

/** Entries of one log that follow each other. */
export interface EntryRun {
  readonly entries: readonly OpenedEntry[]
  /** Why the next one was left out, with all after it; null: there was none. */
  readonly refused: EntryRefused | null
}

/**
 * The longest beginning of what was offered in which each entry is whole and follows the one before.
 * @param device whose log was asked for
 */
export function openRun(offered: Iterable<OfferedEntry>, now: number, device?: Uint8Array): EntryRun {
  const entries: OpenedEntry[] = []
  try {
    for (const one of offered) {
      const entry = openEntry(one, now)
      const before = entries.at(-1)
      const expected = device ?? before?.header.device
      if (expected !== undefined && !same(entry.header.device, expected)) {
        throw new EntryRefused('other-log', 'an entry of another log')
      }
      if (before !== undefined) requireNext(before, entry)
      entries.push(entry)
    }
  } catch (error) {
    if (!(error instanceof EntryRefused)) throw error
    return { entries, refused: error }
  }
  return { entries, refused: null }
}

/** Entries of several logs, or with gaps, in pieces that can be runs. Throws EntryRefused for what is no envelope. */
export function runsOf(entries: readonly OfferedEntry[]): OfferedEntry[][] {
  const runs: OfferedEntry[][] = []
  let before: { device: Uint8Array; n: number } | null = null
  for (const entry of entries) {
    const { device, n } = readEnvelope(entry.envelope).header
    if (before !== null && n === before.n + 1 && same(device, before.device)) runs.at(-1)!.push(entry)
    else runs.push([entry])
    before = { device, n }
  }
  return runs
}

/** Throws EntryRefused `number` or `chain`. */
function requireNext(before: OpenedEntry, entry: OpenedEntry): void {
  if (entry.header.n !== before.header.n + 1) {
    throw new EntryRefused('number', `number ${entry.header.n} after ${before.header.n}`)
  }
  if (!follows(entry, before.id)) throw new EntryRefused('chain', `number ${entry.header.n} follows another entry`)
}

/** Whether an entry names the one with this id as its predecessor. */
export function follows({ header: { prev } }: Pick<OpenedEntry, 'header'>, id: Uint8Array): boolean {
  return prev !== null && same(prev, id)
}
