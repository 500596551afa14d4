import type { ReactNode } from 'react'
import { SkyBurst } from './art/SkyBurst'
import { GiftArt, type ArtKey } from './art/GiftArt'
import { Bits } from './Bits'
import { SHOW_MS, takesWholePicture, type GiftEvent } from './gift-event'
import './gift-show.css'

const SKY = [
  { left: 22, top: 34, colour: '#ff5c88' },
  { left: 70, top: 28, colour: '#7cc4ff' },
  { left: 46, top: 50, colour: '#ffd257' },
  { left: 84, top: 56, colour: '#b792ff' },
  { left: 12, top: 64, colour: '#5fe9ad' },
] as const

function SkyBursts({ count }: { count: number }) {
  return SKY.slice(0, count).map(({ left, top, colour }, at) => (
    <span key={colour} className="gift-burst" style={{ left: `${left}%`, top: `${top}%`, '--order': `${at}` }}>
      <SkyBurst colour={colour} />
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
  fireworks: (
    <>
      <span className="gift-stars" />
      <SkyBursts count={5} />
    </>
  ),
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
