import type { OfferedGift, ViewerGifts } from '@shared/gifts/gift-state'
import { formatWe } from '@shared/money/we-amount'

/**
 * Who gets what of a gift, before it is sent; as `TipBank._credit` divides it: the fee first, of the rest the sharer's
 * part. In a live a designer has no part in it, and where one would be expected that is said: tabs know payer, creator
 * and sharer only (contracts/README.md, Tabs).
 */
export function shareWords(
  { feeBps, sharer, sharerBps }: Pick<ViewerGifts, 'feeBps' | 'sharer' | 'sharerBps'>,
  { priceWei, designer }: Pick<OfferedGift, 'priceWei' | 'designer'>,
): string {
  const afterFee = 10_000n - BigInt(feeBps)
  const sharerPart = sharer === null ? 0n : (afterFee * BigInt(sharerBps)) / 10_000n
  const words = (bps: bigint): string => `${percent(bps)} (${formatWe((priceWei * bps) / 10_000n)} WE)`
  const creator = `The creator gets ${words(afterFee - sharerPart)}`
  const shared =
    sharer === null || sharerPart === 0n
      ? creator
      : `${creator}, ${sharerWords(sharer)} gets ${words(sharerPart)} for sharing this live with you`
  if (designer === null || designer.bps === 0) return shared
  return `${shared}. Designed by ${short(designer.address)}, whose ${percent(BigInt(designer.bps))} are not paid in a live: they are the creator’s here`
}

/** The name is the sharer's own word: what is paid is the address. */
function sharerWords({ address, name }: NonNullable<ViewerGifts['sharer']>): string {
  return name === '' ? short(address) : `${name} (${short(address)})`
}

const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`

const percent = (bps: bigint): string => `${Number(bps) / 100} %`
