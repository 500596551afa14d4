import { z } from 'zod'
import { WEI_PER_WE } from '../money/we-amount'

export const DAY_MS = 24 * 3600 * 1000
export const MAX_BUDGET = 10_000n * WEI_PER_WE

/** What may be given in a room without a question, in wei: within 24 hours, and in one gift. */
export const BudgetLimits = z
  .object({
    perDayWei: z.bigint().min(0n).max(MAX_BUDGET),
    perGiftWei: z.bigint().min(0n).max(MAX_BUDGET),
  })
  .refine(({ perDayWei, perGiftWei }) => perGiftWei <= perDayWei, 'A gift cannot be more than the day.')
export type BudgetLimits = z.infer<typeof BudgetLimits>

export const DEFAULT_BUDGET: BudgetLimits = { perDayWei: 50n * WEI_PER_WE, perGiftWei: 10n * WEI_PER_WE }

/** Over all rooms in 24 hours, so that no number of rooms empties a wallet. Times the day's limit of one room. */
export const ROOMS_TOGETHER = 4n

/** A room's budget as it stands. */
export const RoomBudget = z.object({
  room: z.string().max(200),
  name: z.string(),
  limits: BudgetLimits,
  /** Given in the last 24 hours without a question. */
  spentWei: z.bigint(),
  /** What is left now, the allowance that the person gave in a prompt included. */
  leftWei: z.bigint(),
})
export type RoomBudget = z.infer<typeof RoomBudget>
