import { formatWe } from '@shared/money/we-amount'
import { useEffect, useRef, useState } from 'react'
import { GiftArt } from './art/GiftArt'
import type { GiftEvent } from './gift-event'
import { GiftQueue, type GiftBanner, type GiftShow } from './gift-queue'
import { GiftShowView } from './GiftShowView'
import './gift-overlay.css'

interface GiftOverlayProps {
  /** Tells of gifts to show; returns how to stop listening. */
  listen: (show: (event: GiftEvent) => void) => () => void
  /** They are in the picture itself already: only readers of the screen are told of them here. */
  drawn?: boolean
}

/** The gifts over a picture: banners at the left, animations over it. Fills its nearest positioned ancestor. */
export function GiftOverlay({ listen, drawn = false }: GiftOverlayProps) {
  const [queue] = useState(() => new GiftQueue())
  const [view, setView] = useState<{ banners: readonly GiftBanner[]; shows: readonly GiftShow[] }>({
    banners: [],
    shows: [],
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    const update = (): void => {
      setView({ banners: queue.banners, shows: queue.shows })
      clearTimeout(timer.current)
      const next = queue.nextChange
      if (next === null) return
      timer.current = setTimeout(
        () => {
          queue.advance(performance.now())
          update()
        },
        Math.max(16, next - performance.now()),
      )
    }
    const stop = listen((event) => {
      queue.push(event, performance.now())
      update()
    })
    return () => {
      stop()
      clearTimeout(timer.current)
    }
  }, [queue, listen])

  return (
    <div className={drawn ? 'visually-hidden' : 'gift-overlay'}>
      <div aria-hidden="true">
        {view.shows.map(({ key, event }) => (
          <GiftShowView key={key} event={event} />
        ))}
      </div>
      <ul className="gift-banners" role="log" aria-label="Gifts">
        {view.banners.map(({ key, event, count }) => (
          <li key={key} className="gift-banner" data-tier={tierOf(event.amountWei)}>
            <span className="gift-banner__words">
              <strong>{event.name}</strong>
              <span>
                {event.text === '' ? `sends ${event.giftName}` : event.text}
                <span className="visually-hidden"> ({formatWe(event.amountWei)} WE)</span>
              </span>
            </span>
            <span className="gift-banner__art">
              {event.imageUrl === null ? <GiftArt gift={event.gift} /> : <img src={event.imageUrl} alt="" />}
            </span>
            <span key={count} className="gift-banner__count" aria-label={`${count} times`}>
              ×{count}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** How festive a banner looks. */
function tierOf(amountWei: bigint): 'small' | 'medium' | 'large' {
  const we = amountWei / 10n ** 18n
  return we >= 100n ? 'large' : we >= 5n ? 'medium' : 'small'
}
