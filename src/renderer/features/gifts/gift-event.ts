import type { ArtKey } from './art/GiftArt'

/** A gift that is to be seen. */
export interface GiftEvent {
  /** Equal for copies of one gift. */
  id: string
  payer: string
  /** What the giver is called on screen. */
  name: string
  gift: ArtKey
  giftId: number
  giftName: string
  /** Where the picture of an own gift is; null: the drawing. */
  imageUrl: string | null
  qty: number
  amountWei: bigint
  text: string
}

/** How long each gift's animation takes, milliseconds; gift-show.css has the same times. */
export const SHOW_MS: Record<ArtKey, number> = {
  kiss: 1_900,
  rose: 2_200,
  heart: 2_000,
  clap: 1_900,
  coffee: 2_400,
  balloon: 2_800,
  star: 2_400,
  cake: 2_800,
  crown: 2_900,
  fireworks: 3_600,
  'sports-car': 3_400,
  yacht: 4_000,
  plane: 3_800,
  rocket: 3_600,
  castle: 4_000,
  own: 2_600,
}

/** Gifts that take the whole picture, one at a time. */
const WHOLE: ReadonlySet<ArtKey> = new Set<ArtKey>(['fireworks', 'sports-car', 'yacht', 'plane', 'rocket', 'castle'])

export function takesWholePicture(gift: ArtKey): boolean {
  return WHOLE.has(gift)
}
