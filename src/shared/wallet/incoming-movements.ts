import type { LedgerEntry, PartyRole } from '../ledger/ledger-entry'
import { formatWe } from '../money/we-amount'
import type { Address } from '../money/address'
import type { Movement } from './wallet-state'

/** Something that came to an account without its signature, or by another's. */
export interface IncomingMovement extends Omit<Movement, 'kind'> {
  kind: 'received' | 'earned'
  /** Wei. */
  getsWei: bigint
}

interface Income {
  kind: IncomingMovement['kind']
  title: string
  getsWei: bigint
  other: Address | null
}

/**
 * What entries of a ledger brought to an account, in their order. Those must hold the parts of larger things too: a
 * transfer counts only where nothing larger of the same transaction explains it.
 */
export function incomingMovements(
  entries: readonly LedgerEntry[],
  account: Address,
  { chainId, nameOf }: { chainId: bigint; nameOf: (address: Address) => string | null },
): IncomingMovement[] {
  const explained = new Set(
    entries.filter(({ kind }) => kind !== 'transfer' && kind !== 'approval').map(({ transaction }) => transaction),
  )
  const transferred = (transaction: string): bigint =>
    entries
      .filter((entry) => entry.transaction === transaction && entry.event === 'Transfer' && reaches(entry, account))
      .reduce((sum, { amountWei }) => sum + (amountWei ?? 0n), 0n)
  return entries.flatMap((entry) => {
    if (entry.failed || (entry.kind === 'transfer' && explained.has(entry.transaction))) return []
    const income = incomeOf(entry, account, transferred)
    if (income === null || income.getsWei === 0n) return []
    const { other } = income
    return [
      {
        ...income,
        ...{ id: `${chainId}/${entry.id}`, account, at: entry.time * 1000, chainId, hash: entry.transaction },
        ...{ otherName: other === null ? null : nameOf(other), paysWei: 0n, auto: false },
      },
    ]
  })
}

/** Null: it brought this account nothing. */
function incomeOf(entry: LedgerEntry, account: Address, transferred: (transaction: string) => bigint): Income | null {
  const { event, fields } = entry
  const amount = entry.amountWei ?? 0n
  const is = (role: PartyRole): boolean => entry.parties.some((one) => one.role === role && one.address === account)
  const party = (role: PartyRole): Address | null => entry.parties.find((one) => one.role === role)?.address ?? null
  const we = (wei: bigint): string => `${formatWe(wei)} WE`
  switch (event) {
    case 'Transfer': {
      const sender = party('sender')
      if (!reaches(entry, account) || sender === account) return null
      return { kind: 'received', title: `Received ${we(amount)}`, getsWei: amount, other: sender }
    }
    case 'Claimed':
      return is('account')
        ? { kind: 'received', title: 'Test value to try things out', getsWei: amount, other: null }
        : null
    case 'Settled': {
      const sharerWei = BigInt(fields['sharerPart'] ?? 0)
      const creatorWei = amount - BigInt(fields['fee'] ?? 0) - sharerWei
      if (entry.parties.some(({ role }) => role === 'designer')) {
        if (!is('designer')) return null
        const title = 'Your part of gifts, for their design'
        return { kind: 'earned', title, getsWei: creatorWei, other: party('creator') }
      }
      if (is('creator')) {
        const more = is('sharer') ? sharerWei : 0n
        return { kind: 'earned', title: 'Gifts of your viewers, collected', getsWei: creatorWei + more, other: null }
      }
      if (!is('sharer')) return null
      return {
        kind: 'earned',
        title: 'Your part of gifts, for sharing a live',
        getsWei: sharerWei,
        other: party('creator'),
      }
    }
    case 'Gifted': {
      if (!is('creator')) return null
      return { kind: 'earned', title: 'A gift', getsWei: transferred(entry.transaction), other: party('payer') }
    }
    case 'SharerSplit':
      if (!is('sharer')) return null
      return { kind: 'earned', title: 'Your part of a gift, for sharing', getsWei: amount, other: party('creator') }
    case 'DesignerSplit':
      if (!is('designer')) return null
      return { kind: 'earned', title: 'Your part of a gift, for its design', getsWei: amount, other: party('creator') }
    case 'Bought':
      if (!is('creator')) return null
      return {
        kind: 'earned',
        title: 'Somebody bought a work of yours (before the fee)',
        getsWei: amount,
        other: party('payer'),
      }
    default:
      return null
  }
}

function reaches({ parties }: LedgerEntry, account: Address): boolean {
  return parties.some(({ role, address }) => role === 'receiver' && address === account)
}
