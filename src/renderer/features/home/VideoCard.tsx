import { Clock, EyeOff, Heart, Play } from 'lucide-react'
import type { ItemCard } from '@shared/community/index-cards'
import type { Why } from '@shared/community/for-you'
import { fileMediaUrl } from '@shared/storage/file-media-url'
import { useState } from 'react'
import { openChannel } from '@/features/channel/channel-store'
import { usePerson } from '@/features/channel/person-store'
import { coverHue } from '@/features/watch/cover-hue'
import { playerTime } from '@/features/watch/player-time'
import { useWatch } from '@/features/watch/watch-store'
import { usePage } from '@/app/page-store'
import { Avatar } from '@/ui/Avatar'
import { useActs, useShifted } from './act-store'
import { agoWords, likesWords, veilWords } from './home-words'
import { useItem, useVeiled } from './item-store'
import { openInHome } from './video-store'
import { WhyButton } from './WhyButton'

/** The picture of a card; where there is none, a colour of its author. */
export function Cover({ card, veiled }: { card: ItemCard; veiled: boolean }) {
  const [broken, setBroken] = useState(false)
  const { thumb } = card.body
  return (
    <span className="cover" data-veiled={veiled || undefined} style={{ '--hue': coverHue(card.account) }}>
      {thumb !== undefined && !broken ? (
        <img src={fileMediaUrl(thumb)} alt="" loading="lazy" draggable={false} onError={() => setBroken(true)} />
      ) : (
        <Play size={40} strokeWidth={1.25} aria-hidden="true" />
      )}
    </span>
  )
}

function watchLive(topic: string): void {
  usePage.getState().go('watch')
  void useWatch.getState().open(`we://${topic}`)
}

interface VideoCardProps {
  id: string
  /** Unix ms. */
  now: number
  why: Why | undefined
}

/** A video or live in the grid. Its cover and title are one button; what is veiled says so on it. */
export function VideoCard({ id, now, why }: VideoCardProps) {
  const card = useItem(id)
  const veiled = useVeiled(card)
  const likes = useShifted('like', id, card?.counts.like)
  const isWaiting = useActs((state) => state.waiting.has(id))
  const person = usePerson(card?.account ?? '')
  if (card === null) return null
  const { title } = card.body
  const isLive = card.kind === 'live'
  const open = (): void => (card.kind === 'live' ? watchLive(card.body.topic) : openInHome(id))
  const words = veiled ? `${veilWords(card.veil?.label ?? '')}, hidden until you look: ${title}` : title
  return (
    <article className="video-card" aria-label={title}>
      <button type="button" className="video-card__open" aria-label={`Play ${words}`} onClick={open}>
        <span className="video-card__cover">
          <Cover card={card} veiled={veiled} />
          {veiled && (
            <span className="video-card__veil">
              <EyeOff size={20} />
              {veilWords(card.veil?.label ?? '')}
            </span>
          )}
          {isLive ? (
            <span className="live-pill video-card__pill">LIVE</span>
          ) : (
            <span className="video-card__time tabular">{playerTime(card.body.dur / 1_000)}</span>
          )}
        </span>
        <span className="video-card__title">{title}</span>
      </button>
      <div className="video-card__foot">
        <button
          type="button"
          className="video-card__person"
          aria-label={`Channel of ${person.name}`}
          onClick={() => openChannel(card.account, card.body.channel.split('/')[1] ?? null)}
        >
          <Avatar account={card.account} cid={person.avatar} name={person.ownName} size={28} />
          <span className="video-card__name">{person.name}</span>
        </button>
        <span className="video-card__facts tabular">
          {isWaiting && (
            <span className="waiting" title="On this computer only; it goes out when somebody is connected">
              <Clock size={12} aria-hidden="true" /> Waiting
            </span>
          )}
          {likes > 0 && (
            <span className="video-card__likes" title={likesWords(likes)}>
              <Heart size={12} aria-hidden="true" /> <span className="visually-hidden">{likesWords(likes)}</span>
              <span aria-hidden="true">{likes}</span>
            </span>
          )}
          <span>{agoWords(card.t, now)}</span>
        </span>
        {why !== undefined && <WhyButton why={why} account={card.account} />}
      </div>
    </article>
  )
}
