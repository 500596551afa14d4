import { entryWords } from '@shared/ledger/entry-words'
import type { EntryVerifier, LedgerEntry } from '@shared/ledger/ledger-entry'
import { plainWe } from '@shared/money/we-amount'

/** An entry with what a page leaves out. */
export interface FullEntry {
  entry: LedgerEntry
  blockHash: string
  verifier: EntryVerifier
}

const COLUMNS = [
  ...['time', 'kind', 'words', 'amount_we', 'payer', 'creator', 'sharer', 'other_parties', 'content', 'contract'],
  ...['event', 'failed', 'settled', 'block', 'block_hash', 'transaction', 'verified_by', 'fields'],
] as const

/** First line of a CSV file (RFC 4180). */
export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`

export function csvLine(full: FullEntry): string {
  const { entry } = full
  const party = (role: string): string => entry.parties.find((one) => one.role === role)?.address ?? ''
  const others = entry.parties.filter(({ role }) => !['payer', 'creator', 'sharer'].includes(role))
  const cells = [
    ...[new Date(entry.time * 1000).toISOString(), entry.kind, entryWords(entry)],
    ...[entry.amountWei === null ? '' : plainWe(entry.amountWei), party('payer'), party('creator'), party('sharer')],
    others.map(({ role, address }) => `${role}:${address}`).join(' '),
    ...[entry.content.join(' '), entry.contract, entry.event, String(entry.failed), String(entry.settled)],
    ...[String(entry.block), full.blockHash, entry.transaction, verifierWords(full.verifier)],
    JSON.stringify(entry.fields),
  ]
  return `${cells.map(cell).join(',')}\r\n`
}

/** One object; amounts in wei, as text, since JSON numbers are too small. */
export function jsonObject({ entry, blockHash, verifier }: FullEntry): string {
  const { amountWei, time } = entry
  return JSON.stringify({
    ...entry,
    ...{ time: new Date(time * 1000).toISOString(), words: entryWords(entry) },
    ...{ amountWei: amountWei?.toString() ?? null, blockHash, verifier },
  })
}

export function verifierWords(verifier: EntryVerifier): string {
  if (verifier.how === 'told') return `told by ${verifier.hosts.join(' and ')}`
  return `executed here${verifier.authority === null ? '' : `, signed by ${verifier.authority}`}`
}

/**
 * Quoted where RFC 4180 asks for it. What a stranger wrote must not become a formula in a spreadsheet, hence the
 * apostrophe (OWASP, CSV injection).
 */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
