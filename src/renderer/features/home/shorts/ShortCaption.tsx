import { Clock } from 'lucide-react'
import { useState } from 'react'
import type { ItemCard } from '@shared/community/index-cards'
import type { Why } from '@shared/community/for-you'
import { openChannel } from '@/features/channel/channel-store'
import { usePerson } from '@/features/channel/person-store'
import { useNow } from '@/features/studio/use-now'
import { Avatar } from '@/ui/Avatar'
import { useActs } from '../act-store'
import { agoWords } from '../home-words'
import { WhyButton } from '../WhyButton'
import { FollowButton } from './FollowButton'

/** Who made it and what it is, over the lower end of the picture. */
export function ShortCaption({ card, why }: { card: ItemCard; why: Why | undefined }) {
  const person = usePerson(card.account)
  const now = useNow(60_000)
  const [open, setOpen] = useState(false)
  const isWaiting = useActs((state) => state.waiting.has(card.id))
  const { title, desc = '', tags } = card.body
  const more = [desc, tags.map((tag) => `#${tag}`).join(' ')].filter((text) => text !== '').join('\n')
  return (
    <div className="short__caption">
      <div className="short__author">
        <button
          type="button"
          className="short__person"
          aria-label={`Channel of ${person.name}`}
          onClick={() => openChannel(card.account, card.body.channel.split('/')[1] ?? null)}
        >
          <Avatar account={card.account} cid={person.avatar} name={person.ownName} size={36} />
          <span>{person.name}</span>
        </button>
        <FollowButton account={card.account} />
        {why !== undefined && <WhyButton why={why} account={card.account} variant="glass" />}
      </div>
      <h2 className="selectable">{title}</h2>
      {more !== '' && <p className={open ? 'short__text selectable' : 'short__text short__text--short'}>{more}</p>}
      <p className="short__facts">
        {agoWords(card.t, now)}
        {more.length > 90 && (
          <button type="button" className="short__more" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Less' : 'More'}
          </button>
        )}
        {isWaiting && (
          <span className="short__waiting">
            <Clock size={12} aria-hidden="true" /> On this computer only until somebody is connected
          </span>
        )}
      </p>
    </div>
  )
}
