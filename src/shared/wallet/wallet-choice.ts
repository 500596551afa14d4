import { z } from 'zod'
import { WEI_PER_WE } from '../money/we-amount'
import { BudgetLimits, DEFAULT_BUDGET } from './room-budget'

/** Settings files are JSON, which has no bigint: whole thousandths of a WE. */
const MILLI = WEI_PER_WE / 1000n
const MilliWe = z.int().min(0).max(10_000_000)
const Stored = z.strictObject({ perDay: MilliWe, perGift: MilliWe })

/** What the person has chosen about the wallet, as it lies in the settings. */
export const WalletChoice = z.strictObject({
  /** An account is to be made later. */
  later: z.boolean(),
  /** Thousandths of a WE. */
  budget: Stored,
})
export type WalletChoice = z.infer<typeof WalletChoice>

export function limitsOf({ budget }: WalletChoice): BudgetLimits {
  return { perDayWei: BigInt(budget.perDay) * MILLI, perGiftWei: BigInt(budget.perGift) * MILLI }
}

/** Cut to thousandths. */
export function storedLimits({ perDayWei, perGiftWei }: BudgetLimits): WalletChoice['budget'] {
  return { perDay: Number(perDayWei / MILLI), perGift: Number(perGiftWei / MILLI) }
}

export const DEFAULT_WALLET_CHOICE: WalletChoice = { later: false, budget: storedLimits(DEFAULT_BUDGET) }
