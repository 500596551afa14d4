import { Clock, Eye, Heart } from 'lucide-react'
import { useState } from 'react'
import type { CommentCard } from '@shared/community/index-cards'
import { openChannel } from '@/features/channel/channel-store'
import { usePerson } from '@/features/channel/person-store'
import { useNow } from '@/features/studio/use-now'
import { blockAccount, reportSubject } from '@/features/safety/safety-actions'
import { Avatar } from '@/ui/Avatar'
import { turnAct, useActs, useOwnActs, useShifted } from '../act-store'
import { agoWords, shortCount, veilWords } from '../home-words'
import { useItems } from '../item-store'

interface CommentRowProps {
  card: CommentCard
  onReply: () => void
  onWithdraw: () => void
}

function Own({ onWithdraw }: { onWithdraw: () => void }) {
  const [asking, setAsking] = useState(false)
  if (!asking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        Withdraw
      </button>
    )
  }
  return (
    <>
      <span>For good?</span>
      <button type="button" autoFocus onClick={onWithdraw}>
        Withdraw
      </button>
      <button type="button" onClick={() => setAsking(false)}>
        Keep
      </button>
    </>
  )
}

/** One comment, and what one can do about it. */
export function CommentRow({ card, onReply, onWithdraw }: CommentRowProps) {
  const { id, account, text, edited, veil } = card
  const person = usePerson(account)
  const now = useNow(60_000)
  const { like } = useOwnActs(id)
  const likes = useShifted('like', id, card.counts.like)
  const isOwn = useActs((state) => state.me === account)
  const isWaiting = useActs((state) => state.waiting.has(id))
  const unveiled = useItems((state) => state.unveiled.has(id))
  const { unveil } = useItems.getState()
  return (
    <article className="comment" aria-label={`Comment of ${person.name}`}>
      <Avatar account={account} cid={person.avatar} name={person.ownName} size={32} />
      <div className="comment__body">
        <p className="comment__head">
          <button type="button" className="comment__name" onClick={() => openChannel(account)}>
            {person.name}
          </button>
          <span>{agoWords(card.t, now)}</span>
          {edited && <span>edited</span>}
          {isWaiting && (
            <span className="short__waiting" title="On this computer only; it goes out when somebody is connected">
              <Clock size={11} aria-hidden="true" /> waiting
            </span>
          )}
        </p>
        {veil !== null && !unveiled ? (
          <button type="button" className="comment__veil" onClick={() => unveil(id)}>
            <Eye size={14} /> {veilWords(veil.label)}: show
          </button>
        ) : (
          <p className="comment__text selectable">{text}</p>
        )}
        <div className="comment__acts">
          <button
            type="button"
            aria-pressed={like}
            aria-label={`${like ? 'Take the like back' : 'Like'}, ${likes}`}
            onClick={() => void turnAct('like', id, !like)}
          >
            <Heart size={13} fill={like ? 'currentColor' : 'none'} aria-hidden="true" />
            {likes > 0 && shortCount(likes)}
          </button>
          <button type="button" onClick={onReply}>
            Reply
          </button>
          {isOwn ? (
            <Own onWithdraw={onWithdraw} />
          ) : (
            <>
              <button type="button" onClick={() => reportSubject(id)}>
                Report
              </button>
              <button type="button" onClick={() => void blockAccount(account)}>
                Block
              </button>
            </>
          )}
        </div>
      </div>
    </article>
  )
}
