import type { EntryVerifier, PartyRole } from '@shared/ledger/ledger-entry'
import type { LedgerSync, NetworkInfo } from '@shared/ledger/ledger-state'
import { shortHex } from '@shared/ledger/entry-words'

export const ROLE_WORDS: Readonly<Record<PartyRole, string>> = {
  payer: 'Paid by',
  creator: 'Creator',
  sharer: 'Shared by',
  designer: 'Designed by',
  sender: 'From',
  receiver: 'To',
  owner: 'Owner',
  account: 'Account',
}

/** How far the list is. */
export function syncWords(sync: LedgerSync | undefined): string {
  switch (sync?.state) {
    case undefined:
    case 'starting':
      return 'Opening the ledger…'
    case 'reading':
      return `Reading block ${count(sync.done)} of ${count(sync.head)}`
    case 'current':
      return `Up to block ${count(Math.max(0, sync.head))}`
    case 'stopped':
      return sync.message
  }
}

/** Who answers for an entry, in a sentence. */
export function verifierWords(verifier: EntryVerifier): string {
  if (verifier.how === 'executed') {
    const signed = verifier.authority === null ? '' : `, and ${shortHex(verifier.authority)} signed it`
    return `Your computer executed this block itself and got the same result${signed}.`
  }
  const [first = 'a node', second] = verifier.hosts
  if (second === undefined) return `Told by ${first}. A second node in the network's settings would cross-check it.`
  return `Told by ${first}, and ${second} says the same.`
}

export function networkWords(network: NetworkInfo): string {
  return network.kind === 'local' ? 'local ledger: test value' : `real chain ${network.chainId}: real value`
}

export function count(number: number): string {
  return number.toLocaleString('en')
}

/** `23 Nov 2026, 14:05:09`, in the person's own zone. */
export function timeWords(seconds: number, withSeconds = false): string {
  return new Date(seconds * 1000).toLocaleString('en-GB', {
    ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...(withSeconds ? { second: '2-digit' as const } : {}),
  })
}
