import { expect, test } from 'vitest'
import { entryWords } from './entry-words'
import type { LedgerEntry } from './ledger-entry'

const [PAYER, CREATOR] = [`0x${'a1'.repeat(20)}`, `0x${'b2'.repeat(20)}`] as const

const gift = (giftId: string): LedgerEntry => ({
  ...{ id: '1-0', kind: 'gift', event: 'Gifted', contract: 'GiftRouter', block: 1, time: 0, transaction: '0x00' },
  amountWei: 15n * 10n ** 17n,
  parties: [
    { role: 'payer', address: PAYER },
    { role: 'creator', address: CREATOR },
  ],
  ...{ partyCount: 2, content: [], fields: { giftId, qty: '3' }, failed: false, settled: true },
})

test('a row of the ledger calls our own gifts by their names and those that people design by their numbers', () => {
  const nameOf = (address: string): string => (address === PAYER ? 'Ada' : 'Bob')
  expect(entryWords(gift('3'), nameOf)).toBe('Ada gave Bob 3 × Heart for 1.5 WE')
  expect(entryWords(gift('15'), nameOf)).toContain('3 × Castle')
  for (const id of ['0', '16', '03']) expect(entryWords(gift(id), nameOf)).toContain(`3 × gift ${id} for`)
})
