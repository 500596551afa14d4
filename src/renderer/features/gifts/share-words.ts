import { designPart } from '@shared/gifts/design-part'
import type { OfferedGift, ViewerGifts } from '@shared/gifts/gift-state'
import { formatWe } from '@shared/money/we-amount'

/**
 * Who gets what of a gift, before it is sent; as `TipBank._credit` divides it: the designer's part is a tab of its own
 * (note A designer's tab), of each tab the fee goes first, of the rest of the creator's the sharer's part.
 */
export function shareWords(
  { feeBps, sharer, sharerBps, account, creator }: Parties,
  { priceWei, designer }: Pick<OfferedGift, 'priceWei' | 'designer'>,
): string {
  const who = { payer: account?.address ?? '', creator }
  const part =
    designer === null ? null : designPart({ designer: designer.address, designerBps: designer.bps }, priceWei, who)
  const designBps = part === null || designer === null ? 0n : BigInt(designer.bps)
  const afterFee = 10_000n - BigInt(feeBps)
  const designed = (afterFee * designBps) / 10_000n
  const rest = (afterFee * (10_000n - designBps)) / 10_000n
  const sharerPart = sharer === null ? 0n : (rest * BigInt(sharerBps)) / 10_000n
  const words = (bps: bigint): string => `${percent(bps)} (${formatWe((priceWei * bps) / 10_000n)} WE)`
  const others = [
    ...(part === null ? [] : [`${short(part.designer)} gets ${words(designed)} for designing it`]),
    ...(sharer === null || sharerPart === 0n
      ? []
      : [`${sharerWords(sharer)} gets ${words(sharerPart)} for sharing this live with you`]),
  ]
  return [`The creator gets ${words(rest - sharerPart)}`, ...others].join(', ')
}

type Parties = Pick<ViewerGifts, 'feeBps' | 'sharer' | 'sharerBps' | 'account' | 'creator'>

/** The name is the sharer's own word: what is paid is the address. */
function sharerWords({ address, name }: NonNullable<ViewerGifts['sharer']>): string {
  return name === '' ? short(address) : `${name} (${short(address)})`
}

const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`

const percent = (bps: bigint): string => `${Number(bps) / 100} %`
