import { formatWe } from '@shared/money/we-amount'
import { memo } from 'react'
import { GiftArt } from '@/features/gifts/art/GiftArt'
import { authorHue } from './author-colour'
import type { GiftLine } from './chat-rows'

/** A gift in the stream. */
export const GiftRow = memo(function GiftRow({ gift, isCurrent }: { gift: GiftLine; isCurrent: boolean }) {
  const { event, count } = gift
  return (
    <li
      className="chat-line chat-gift"
      data-key={`gift-${gift.key}`}
      tabIndex={isCurrent ? 0 : -1}
      style={{ '--hue': authorHue(event.payer) }}
    >
      <span className="chat-gift__art" aria-hidden="true">
        {event.imageUrl === null ? <GiftArt gift={event.gift} /> : <img src={event.imageUrl} alt="" />}
      </span>
      <p className="chat-gift__words">
        <span className="chat-author" title={event.payer}>
          {event.name}
        </span>{' '}
        gave <strong>{event.giftName}</strong>
        {count > 1 && <strong className="chat-gift__count"> ×{count}</strong>}
        <small>{formatWe((event.amountWei / BigInt(Math.max(1, event.qty))) * BigInt(count))} WE</small>
        {event.text !== '' && <span className="chat-gift__text">“{event.text}”</span>}
      </p>
    </li>
  )
})
