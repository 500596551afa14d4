import { encodeAnswer, MAX_DEVICES, readLogRequest, type RangeRequest } from '@shared/community/log-messages'
import { entryKey, type EntryRow } from './entry-table'
import type { LogStore } from './log-store'

const MOST = 2 ** 31 - 1
/** Of one answer: a peer need not read it, and so long it is in memory. 2,000 usual entries without bodies take 300 KB. */
const SERVED_BYTES = 1024 * 1024

/** Frames of the answer to a request of `/we/log/1`; null for bytes that are no request. */
export function answerRequest(store: LogStore, request: Uint8Array): Uint8Array[] | null {
  const asked = readLogRequest(request)
  if (asked === null) return null
  return encodeAnswer('of' in asked ? accountEntries(store, asked.of) : rangeEntries(store, asked))
}

/** Entries that follow each other, from the number that was asked for on; none when that one is not here. */
function rangeEntries(store: LogStore, { a, from, limit, bodies }: RangeRequest): EntryRow[] {
  const log = store.logs.find(a)
  if (log === undefined) return []
  const run = from === null ? store.entries.newestRun(log.id) : null
  const first = from === null ? Math.max(run?.first ?? 0, (run?.last ?? 0) - limit + 1) : entryKey(log.id, from)
  const rows = store.entries.range(first, entryKey(log.id, MOST), limit, bodies)
  const gap = rows.findIndex(({ key }, at) => key !== first + at)
  return within(gap < 0 ? rows : rows.slice(0, gap))
}

function accountEntries(store: LogStore, of: Uint8Array): EntryRow[] {
  const account = `0x${Buffer.from(of).toString('hex')}`
  const logs = store.logs.of(account).slice(0, MAX_DEVICES)
  const ends = logs.flatMap(({ id }) => [entryKey(id, 0), store.entries.newest(id)?.key ?? entryKey(id, 0)])
  const keys = new Set([...ends, ...store.logs.keyEntries(account)])
  const rows = [...keys].sort((one, other) => one - other).map((key) => store.entries.get(key))
  return within(rows.filter((row) => row?.out === 0) as EntryRow[])
}

/** What one answer may carry; the rest is asked for next. */
function within(rows: EntryRow[]): EntryRow[] {
  let left = SERVED_BYTES
  const over = rows.findIndex(({ envelope, body }) => (left -= envelope.length + (body?.length ?? 0)) < 0)
  return over < 0 ? rows : rows.slice(0, over)
}
