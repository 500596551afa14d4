import { expect, test } from 'vitest'
import type { LedgerEntry } from '../ledger/ledger-entry'
import { incomingMovements } from './incoming-movements'

const [ME, ANN, BEA, BANK] = ['1', '2', '3', '4'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
  string,
]
const party = (role: LedgerEntry['parties'][number]['role'], address: string) => ({ role, address })

let place = 0
function entry(event: string, about: Partial<LedgerEntry>): LedgerEntry {
  place += 1
  return {
    ...{ id: `7-${place}`, kind: 'transfer', event, contract: 'WEToken', block: 7, time: 1_000, amountWei: 100n },
    ...{ transaction: `0x${String(place).padStart(64, '0')}`, parties: [], partyCount: 0, content: [], fields: {} },
    ...{ failed: false, settled: true },
    ...about,
  }
}
const transfer = (from: string, to: string, more: Partial<LedgerEntry> = {}): LedgerEntry =>
  entry('Transfer', { parties: [party('sender', from), party('receiver', to)], ...more })
const got = (...entries: LedgerEntry[]) =>
  incomingMovements(entries, ME, { chainId: 1n, nameOf: (address) => (address === ANN ? 'Ann' : null) }).map(
    ({ title, getsWei, otherName }) => [title, getsWei, otherName],
  )

test('what somebody sends is listed with its sender; what one sends oneself, or what failed, is not', () => {
  expect(got(transfer(ANN, ME), transfer(ME, BEA), transfer(ME, ME), transfer(ANN, ME, { failed: true }))).toEqual([
    ['Received <0.01 WE', 100n, 'Ann'],
  ])
})

test('of collected gifts each gets the own part: the creator less fee and sharer, the sharer hers', () => {
  const settled = (creator: string, sharer: string): LedgerEntry =>
    entry('Settled', {
      ...{ kind: 'settlement', amountWei: 1_000n, fields: { fee: '10', sharerPart: '99' } },
      parties: [party('creator', creator), party('sharer', sharer), party('payer', ANN)],
    })
  expect(got(settled(ME, BEA))).toEqual([['Gifts of your viewers, collected', 891n, null]])
  expect(got(settled(ANN, ME))).toEqual([['Your part of gifts, for sharing a live', 99n, 'Ann']])
  expect(got(settled(ANN, BEA))).toEqual([])
})

test('a gift counts once, with what arrived, not with the transfers that it is made of', () => {
  const gift = entry('Gifted', { kind: 'gift', parties: [party('payer', ANN), party('creator', ME)] })
  const { transaction } = gift
  const parts = [transfer(ANN, BANK, { transaction }), transfer(BANK, ME, { transaction, amountWei: 99n })]
  expect(got(gift, ...parts)).toEqual([['A gift', 99n, 'Ann']])
})
