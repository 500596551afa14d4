import { WEI_PER_WE } from '../money/we-amount'

const we = (text: `${number}`): bigint => {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole) * WEI_PER_WE + BigInt(part.padEnd(18, '0'))
}

/**
 * The gifts that we have drawn, in the order of their ids in GiftCatalog (1 and up); the key names the drawing
 * (`src/renderer/features/gifts/art`). On each ledger the catalogue's price is what counts.
 */
export const STANDARD_GIFTS = [
  { id: 1, key: 'kiss', name: 'Kiss', priceWei: we('0.1') },
  { id: 2, key: 'rose', name: 'Rose', priceWei: we('0.5') },
  { id: 3, key: 'heart', name: 'Heart', priceWei: we('1') },
  { id: 4, key: 'clap', name: 'Applause', priceWei: we('2') },
  { id: 5, key: 'coffee', name: 'Coffee', priceWei: we('5') },
  { id: 6, key: 'balloon', name: 'Balloons', priceWei: we('10') },
  { id: 7, key: 'star', name: 'Star', priceWei: we('20') },
  { id: 8, key: 'crown', name: 'Crown', priceWei: we('50') },
  { id: 9, key: 'diamond', name: 'Diamond', priceWei: we('100') },
  { id: 10, key: 'fireworks', name: 'Fireworks', priceWei: we('200') },
  { id: 11, key: 'sports-car', name: 'Sports car', priceWei: we('500') },
  { id: 12, key: 'plane', name: 'Plane', priceWei: we('800') },
  { id: 13, key: 'rocket', name: 'Rocket', priceWei: we('1000') },
  { id: 14, key: 'castle', name: 'Castle', priceWei: we('2000') },
] as const satisfies readonly { id: number; key: string; name: string; priceWei: bigint }[]

export type GiftKey = (typeof STANDARD_GIFTS)[number]['key']
