import { STANDARD_GIFTS } from '../gifts/standard-gifts'
import { formatWe } from '../money/we-amount'
import type { EntryKind, LedgerEntry, PartyRole } from './ledger-entry'

/** What a person calls each kind. */
export const KIND_WORDS: Readonly<Record<EntryKind, string>> = {
  gift: 'Gift',
  settlement: 'Settlement',
  share: 'Share of a gift',
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  exit: 'Exit',
  shortfall: 'Shortfall',
  purchase: 'Purchase',
  packets: 'Live packets',
  live: 'Live',
  registration: 'Registration',
  design: 'Gift design',
  faucet: 'Test WE',
  transfer: 'Transfer',
  approval: 'Approval',
  rule: 'Settings of a contract',
  transaction: 'Other transaction',
}

/** `0x1234…abcd`. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}

/** What happened, in a sentence. `nameOf` says what to call an address. */
export function entryWords(entry: LedgerEntry, nameOf: (address: string) => string = shortHex): string {
  const who = (role: PartyRole): string => {
    const party = entry.parties.find((one) => one.role === role)
    return party === undefined ? 'nobody' : nameOf(party.address)
  }
  const we = `${formatWe(entry.amountWei ?? 0n)} WE`
  const field = (name: string): string => entry.fields[name] ?? ''
  switch (entry.event) {
    case 'Gifted':
      return `${who('payer')} gave ${who('creator')} ${field('qty')} × ${giftName(field('giftId'))} for ${we}`
    case 'SharerSplit':
      return `${who('sharer')} got ${we} of a gift to ${who('creator')} for sharing`
    case 'DesignerSplit':
      return `${who('designer')} got ${we} of a gift to ${who('creator')} for its design`
    case 'SharerBpsSet':
      return `${who('creator')} gives ${percent(field('bps'))} of gifts to those who share`
    case 'FeesSwept':
      return `${we} of fees were passed on`
    case 'Settled':
      return entry.parties.some(({ role }) => role === 'designer')
        ? `${who('designer')} was paid ${we} for designing gifts to ${who('creator')} from ${payers(entry)}`
        : `${who('creator')} was paid ${we} of gifts from ${payers(entry)}`
    case 'Deposited':
      return `${who('payer')} put ${we} aside for gifts`
    case 'Short':
      return `${who('payer')} had promised ${who('creator')} ${we} more than there was`
    case 'ExitStarted':
      return `${who('payer')} asked for the deposit back`
    case 'ExitCancelled':
      return `${who('payer')} leaves the deposit where it is`
    case 'ExitFinished':
      return `${who('payer')} took the deposit of ${we} back`
    case 'Withdrawn':
      return `${who('account')} took out ${we}`
    case 'Bought':
      return `${who('payer')} bought something of ${who('creator')} for ${we}`
    case 'Priced':
      return `${who('creator')} asks ${we} for a work`
    case 'PacketsBought':
      return `${who('creator')} bought ${count(field('count'), 'live packet')} for ${we}`
    case 'PacketsRefunded':
      return `${who('creator')} gave ${count(field('count'), 'live packet')} back for ${we}`
    case 'LiveStarted':
      return `${who('creator')} went live with ${count(field('count'), 'packet')}`
    case 'Registered':
      return `${who('creator')} registered a work`
    case 'Anchored':
      return `${who('creator')} anchored ${count(field('count'), 'record')}`
    case 'Transferred':
      return `${who('sender')} made ${who('receiver')} the owner of a work`
    case 'GiftDefined':
      return `${entry.parties.length === 0 ? 'The council' : who('designer')} offers the gift “${field('text')}” for ${we}`
    case 'GiftRetired':
      return `The gift ${giftName(field('id'))} is not given any more`
    case 'Claimed':
      return `${who('account')} got ${we} to try things out`
    case 'Transfer':
      return transferWords(entry, we, who)
    case 'Approval':
      return entry.amountWei === 0n
        ? `${who('owner')} lets ${who('account')} take nothing more`
        : `${who('owner')} lets ${who('account')} take up to ${we}`
    case '':
      return `${who('sender')} sent something${entry.failed ? ' that was refused' : ''}`
    default:
      return `${entry.contract}: ${entry.event}`
  }
}

/** Our own gifts have the same numbers on every ledger; those of others are told by theirs. */
function giftName(id: string): string {
  return STANDARD_GIFTS.find((gift) => String(gift.id) === id)?.name ?? `gift ${id}`
}

function transferWords(entry: LedgerEntry, we: string, who: (role: PartyRole) => string): string {
  const roles = entry.parties.map(({ role }) => role)
  if (!roles.includes('sender')) return `${we} were made for ${who('receiver')}`
  if (!roles.includes('receiver')) return `${who('sender')} destroyed ${we}`
  return `${who('sender')} sent ${who('receiver')} ${we}`
}

function payers(entry: LedgerEntry): string {
  const others = entry.parties.filter(({ role }) => role !== 'payer').length
  return count(String(entry.partyCount - others), 'viewer')
}

function count(number: string, noun: string): string {
  return `${number} ${noun}${number === '1' ? '' : 's'}`
}

function percent(bps: string): string {
  return `${Number(bps) / 100} %`
}
