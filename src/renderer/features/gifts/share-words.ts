import type { ViewerGifts } from '@shared/gifts/gift-state'
import { formatWe } from '@shared/money/we-amount'

/**
 * Who gets what of a gift of `priceWei`, before it is sent; as `TipBank._credit` divides it: the fee first, of the rest
 * the sharer's part. A designer has no part in it: tabs know payer, creator and sharer only.
 */
export function shareWords(
  { feeBps, sharer, sharerBps }: Pick<ViewerGifts, 'feeBps' | 'sharer' | 'sharerBps'>,
  priceWei: bigint,
): string {
  const afterFee = 10_000n - BigInt(feeBps)
  const sharerPart = sharer === null ? 0n : (afterFee * BigInt(sharerBps)) / 10_000n
  const words = (bps: bigint): string => `${percent(bps)} (${formatWe((priceWei * bps) / 10_000n)} WE)`
  const creator = `The creator gets ${words(afterFee - sharerPart)}`
  if (sharer === null || sharerPart === 0n) return creator
  return `${creator}, ${sharerWords(sharer)} gets ${words(sharerPart)} for sharing this live with you`
}

/** The name is the sharer's own word: what is paid is the address. */
function sharerWords({ address, name }: NonNullable<ViewerGifts['sharer']>): string {
  const short = `${address.slice(0, 6)}…${address.slice(-4)}`
  return name === '' ? short : `${name} (${short})`
}

const percent = (bps: bigint): string => `${Number(bps) / 100} %`
