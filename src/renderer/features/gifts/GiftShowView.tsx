import type { ReactNode } from 'react'
import { FireworkBurst } from './art/FireworksArt'
import { GiftArt, type ArtKey } from './art/GiftArt'
import { Bits } from './Bits'
import { SHOW_MS, takesWholePicture, type GiftEvent } from './gift-event'
import './gift-show.css'

const SKY_BURSTS = [
  { left: 22, top: 34, size: 54, colour: '#ff4f7b', rays: 16 },
  { left: 70, top: 26, size: 60, colour: '#6db8ff', rays: 18 },
  { left: 46, top: 48, size: 62, colour: '#ffc93c', rays: 18 },
  { left: 84, top: 54, size: 46, colour: '#a87bff', rays: 14 },
  { left: 12, top: 62, size: 44, colour: '#52e0a4', rays: 14 },
] as const

function SkyBursts({ count }: { count: number }) {
  return SKY_BURSTS.slice(0, count).map(({ left, top, ...burst }, at) => (
    <span key={burst.colour} className="gift-burst" style={{ left: `${left}%`, top: `${top}%`, '--order': `${at}` }}>
      <svg viewBox="0 0 128 128" aria-hidden="true">
        <FireworkBurst x={64} y={64} {...burst} />
      </svg>
    </span>
  ))
}

/** What moves around a gift, beside the gift itself. */
const AROUND: Partial<Record<ArtKey, ReactNode>> = {
  kiss: <Bits kind="heart" count={9} />,
  rose: <Bits kind="petal" count={10} />,
  heart: <Bits kind="heart" count={14} />,
  clap: <Bits kind="spark" count={12} />,
  balloon: <Bits kind="confetti" count={14} />,
  star: <Bits kind="star" count={14} />,
  cake: <Bits kind="confetti" count={22} />,
  crown: <Bits kind="spark" count={18} />,
  own: <Bits kind="star" count={14} />,
}

const SCENERY: Partial<Record<ArtKey, ReactNode>> = {
  crown: <span className="gift-rays" />,
  fireworks: <SkyBursts count={5} />,
  'sports-car': (
    <>
      <span className="gift-road" />
      <Bits kind="puff" count={7} />
    </>
  ),
  yacht: (
    <>
      <span className="gift-sea gift-sea--back" />
      <span className="gift-sea" />
    </>
  ),
  plane: <span className="gift-clouds" />,
  rocket: (
    <>
      <span className="gift-stars" />
      <Bits kind="puff" count={12} />
    </>
  ),
  castle: (
    <>
      <span className="gift-dusk" />
      <SkyBursts count={4} />
    </>
  ),
}

/** The animation of one gift over the picture; it ends by itself after `SHOW_MS`. */
export function GiftShowView({ event }: { event: GiftEvent }) {
  const { gift, imageUrl, name } = event
  return (
    <div
      className={`gift-show gift-show--${gift}`}
      data-playing="true"
      data-whole={takesWholePicture(gift)}
      style={{ '--show': `${SHOW_MS[gift]}ms` }}
    >
      {SCENERY[gift]}
      {gift !== 'fireworks' && (
        <div className="gift-show__hero">
          {imageUrl === null ? <GiftArt gift={gift} /> : <img className="gift-show__image" src={imageUrl} alt="" />}
          {AROUND[gift]}
          {gift === 'plane' && <span className="gift-show__streamer">{name}</span>}
        </div>
      )}
    </div>
  )
}
