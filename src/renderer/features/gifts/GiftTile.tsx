import type { OfferedGift } from '@shared/gifts/gift-state'
import { formatWe } from '@shared/money/we-amount'
import { GiftArt } from './art/GiftArt'
import { artOf, imageOf } from './gift-store'

interface GiftTileProps {
  gift: OfferedGift
  chosen: boolean
  onChoose: () => void
}

/** One gift of the catalogue. */
export function GiftTile({ gift, chosen, onChoose }: GiftTileProps) {
  const image = imageOf(gift)
  const price = formatWe(gift.priceWei)
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      aria-label={`${gift.name}, ${price} WE`}
      className="gift-tile"
      {...(chosen ? { 'data-playing': true } : {})}
      onClick={onChoose}
    >
      <span className="gift-tile__art">
        {image === null ? <GiftArt gift={artOf(gift.key)} /> : <img src={image} alt="" />}
      </span>
      <span className="gift-tile__name">{gift.name}</span>
      <span className="gift-tile__price">{price}</span>
    </button>
  )
}
