import type { GiftKey } from '@shared/gifts/standard-gifts'
import type { ComponentType } from 'react'
import { BalloonArt } from './BalloonArt'
import { CakeArt } from './CakeArt'
import { CastleArt } from './CastleArt'
import { ClapArt } from './ClapArt'
import { CoffeeArt } from './CoffeeArt'
import { CrownArt } from './CrownArt'
import { FireworksArt } from './FireworksArt'
import { HeartArt } from './HeartArt'
import { KissArt } from './KissArt'
import { OwnGiftArt } from './OwnGiftArt'
import { PlaneArt } from './PlaneArt'
import { RocketArt } from './RocketArt'
import { RoseArt } from './RoseArt'
import { SportsCarArt } from './SportsCarArt'
import { StarArt } from './StarArt'
import { YachtArt } from './YachtArt'
import './gift-art.css'

/** `own`: of somebody's design. */
export type ArtKey = GiftKey | 'own'

const ART: Record<ArtKey, ComponentType> = {
  kiss: KissArt,
  rose: RoseArt,
  heart: HeartArt,
  clap: ClapArt,
  coffee: CoffeeArt,
  balloon: BalloonArt,
  star: StarArt,
  cake: CakeArt,
  crown: CrownArt,
  fireworks: FireworksArt,
  'sports-car': SportsCarArt,
  yacht: YachtArt,
  plane: PlaneArt,
  rocket: RocketArt,
  castle: CastleArt,
  own: OwnGiftArt,
}

/** A gift's drawing, square; needs GiftPaints in the document. Parts move while an ancestor has `data-playing`. */
export function GiftArt({ gift }: { gift: ArtKey }) {
  const Drawing = ART[gift]
  return (
    <svg className={`gift-art gift-art--${gift}`} viewBox="0 0 128 128" aria-hidden="true">
      <Drawing />
    </svg>
  )
}
