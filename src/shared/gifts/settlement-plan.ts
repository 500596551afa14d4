import { WEI_PER_WE } from '../money/we-amount'
import type { Settlement } from './ledger-view'
import { packRecords, type SignedTab } from './settlement-record'

/** Records of one transaction: the gas of one costs least (ledger.md 5). */
export const MAX_RECORDS = 200
const AUTO_FROM_WEI = 10n * WEI_PER_WE
const AUTO_EACH_MS = 5 * 60_000

/** A tab and how much of it the bank has paid. */
export interface OpenTab extends SignedTab {
  paidWei: bigint
}

/** Wei still owed, over all tabs. */
export function owed(tabs: readonly OpenTab[]): bigint {
  return tabs.reduce((sum, { tab, paidWei }) => (tab.total > paidWei ? sum + tab.total - paidWei : sum), 0n)
}

/** Whether to settle without being asked: more than 10 WE are owed, and the last time was 5 minutes ago. */
export function isDue(tabs: readonly OpenTab[], sinceLastMs: number): boolean {
  return owed(tabs) > AUTO_FROM_WEI && sinceLastMs > AUTO_EACH_MS
}

/** The transactions that bring in what is owed: one for each sharer and part, the largest sums first. */
export function planSettlement(tabs: readonly OpenTab[]): Settlement[] {
  const groups = new Map<string, OpenTab[]>()
  for (const open of tabs) {
    if (open.tab.total <= open.paidWei) continue
    const key = `${open.tab.creator}/${open.tab.sharer}/${open.tab.sharerBps}`
    groups.set(key, [...(groups.get(key) ?? []), open])
  }
  const plan: Settlement[] = []
  for (const group of groups.values()) {
    group.sort((a, b) => {
      const [left, right] = [a.tab.total - a.paidWei, b.tab.total - b.paidWei]
      return left < right ? 1 : left > right ? -1 : a.tab.payer < b.tab.payer ? -1 : 1
    })
    for (let at = 0; at < group.length; at += MAX_RECORDS) {
      const part = group.slice(at, at + MAX_RECORDS)
      const { creator, sharer, sharerBps } = part[0]!.tab
      plan.push({ creator, sharer, sharerBps, records: packRecords(part) })
    }
  }
  return plan
}
