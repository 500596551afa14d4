import { Clock, Eye, Heart } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { CommentCard } from '@shared/community/index-cards'
import { openChannel } from '@/features/channel/channel-store'
import { usePerson } from '@/features/channel/person-store'
import { useNow } from '@/features/studio/use-now'
import { blockAccount, reportSubject } from '@/features/safety/safety-actions'
import { Avatar } from '@/ui/Avatar'
import { turnAct, useActs, useOwnActs, useShifted } from '../act-store'
import { agoWords, shortCount, veilWords } from '../home-words'
import { useItems } from '../item-store'
import { CommentField } from './CommentField'

interface CommentRowProps {
  card: CommentCard
  /** `button`: where the keyboard goes back to. */
  onReply: (button: HTMLElement) => void
  onEdit: (text: string) => Promise<boolean>
  onWithdraw: () => void
}

/** One comment, and what one can do about it. */
export function CommentRow({ card, onReply, onEdit, onWithdraw }: CommentRowProps) {
  const { id, account, text, edited, veil } = card
  const person = usePerson(account)
  const now = useNow(60_000)
  const { like } = useOwnActs(id)
  const likes = useShifted('like', id, card.counts.like)
  const isOwn = useActs((state) => state.me === account)
  const isWaiting = useActs((state) => state.waiting.has(id))
  const unveiled = useItems((state) => state.unveiled.has(id))
  const { unveil } = useItems.getState()
  const [editing, setEditing] = useState<'no' | 'yes' | 'saving'>('no')
  const editButton = useRef<HTMLButtonElement>(null)
  const wasEditing = useRef(false)
  useEffect(() => {
    if (editing === 'no' && wasEditing.current) editButton.current?.focus()
    wasEditing.current = editing !== 'no'
  }, [editing])

  const save = (changed: string): void => {
    setEditing('saving')
    void onEdit(changed).then((isSaved) => setEditing(isSaved ? 'no' : 'yes'))
  }
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
        ) : editing === 'no' ? (
          <p className="comment__text selectable">{text}</p>
        ) : (
          <CommentField
            focused
            label="Change your comment"
            initial={text}
            busy={editing === 'saving'}
            onSay={save}
            onCancel={() => setEditing('no')}
          />
        )}
        <div className="comment__acts" hidden={editing !== 'no'}>
          <button
            type="button"
            aria-pressed={like}
            aria-label={`${like ? 'Take the like back' : 'Like'}, ${likes}`}
            onClick={() => void turnAct('like', id, !like)}
          >
            <Heart size={13} fill={like ? 'currentColor' : 'none'} aria-hidden="true" />
            {likes > 0 && shortCount(likes)}
          </button>
          <button type="button" onClick={(event) => onReply(event.currentTarget)}>
            Reply
          </button>
          {isOwn ? (
            <>
              <button ref={editButton} type="button" onClick={() => setEditing('yes')}>
                Edit
              </button>
              <button
                type="button"
                onClick={(event) => {
                  event.currentTarget.closest<HTMLElement>('.comments')?.focus() // the row goes with its buttons
                  onWithdraw()
                }}
              >
                Delete
              </button>
            </>
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
