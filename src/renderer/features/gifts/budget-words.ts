import type { ViewerGifts } from '@shared/gifts/gift-state'
import { formatWe } from '@shared/money/we-amount'

/** What may still be given without a question, or that the chosen gift needs one. */
export function budgetWords({ leftWei, perGiftWei }: NonNullable<ViewerGifts['budget']>, priceWei: bigint): string {
  if (leftWei === 0n) return 'Budget used up: each gift asks first'
  const left = `${formatWe(leftWei)} WE of your budget left`
  return priceWei > leftWei || priceWei > perGiftWei ? `Asks first · ${left}` : left
}
