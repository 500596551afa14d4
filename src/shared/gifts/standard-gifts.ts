/**
 * The gifts that we have drawn, in the order of their ids in GiftCatalog (`contracts/standard-gifts.ts`); the key names
 * the drawing (`src/renderer/features/gifts/art`). On each ledger the catalogue's price is what counts.
 */
export const STANDARD_GIFTS = [
  { id: 1, key: 'kiss', name: 'Kiss', tenths: 1 },
  { id: 2, key: 'rose', name: 'Rose', tenths: 2 },
  { id: 3, key: 'heart', name: 'Heart', tenths: 5 },
  { id: 4, key: 'clap', name: 'Clap', tenths: 10 },
  { id: 5, key: 'coffee', name: 'Coffee', tenths: 20 },
  { id: 6, key: 'balloon', name: 'Balloon', tenths: 50 },
  { id: 7, key: 'star', name: 'Star', tenths: 100 },
  { id: 8, key: 'cake', name: 'Cake', tenths: 200 },
  { id: 9, key: 'crown', name: 'Crown', tenths: 500 },
  { id: 10, key: 'fireworks', name: 'Fireworks', tenths: 1_000 },
  { id: 11, key: 'sports-car', name: 'Sports car', tenths: 2_000 },
  { id: 12, key: 'yacht', name: 'Yacht', tenths: 4_000 },
  { id: 13, key: 'plane', name: 'Plane', tenths: 6_000 },
  { id: 14, key: 'rocket', name: 'Rocket', tenths: 10_000 },
  { id: 15, key: 'castle', name: 'Castle', tenths: 20_000 },
] as const

export type GiftKey = (typeof STANDARD_GIFTS)[number]['key']

/** Price of a standard gift in wei, as new ledgers have it; null for other numbers. */
export function standardPrice(id: number): bigint | null {
  const gift = STANDARD_GIFTS.find((one) => one.id === id)
  return gift === undefined ? null : BigInt(gift.tenths) * 10n ** 17n
}
