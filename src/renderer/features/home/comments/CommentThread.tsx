import { CornerDownRight, CornerRightUp } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import type { CommentCard } from '@shared/community/index-cards'
import { knownPerson } from '@/features/channel/person-store'
import { CommentField } from './CommentField'
import { CommentRow } from './CommentRow'
import { UnsentRow } from './UnsentRow'
import { useComments, type Comments } from './use-comments'

interface ThreadProps {
  card: CommentCard
  comments: Comments
}

interface RepliesProps {
  id: string
  card: CommentCard
  /** Which one is being answered; null: none. */
  parent: string | null
  onParent: (id: string, button: HTMLElement) => void
  /** The answer is said, or is not to be. */
  onDone: () => void
}

function Replies({ id, card, parent, onParent, onDone }: RepliesProps) {
  const replies = useComments(card.subject, card.id)
  const answered = replies.cards.find(({ id }) => id === parent)?.account ?? card.account
  return (
    <div id={id} className="replies">
      {replies.cards.map((reply) => (
        <CommentRow
          key={reply.id}
          card={reply}
          onReply={(button) => onParent(reply.id, button)}
          onEdit={(text) => replies.edit(reply.id, text)}
          onWithdraw={() => replies.withdraw(reply.id)}
        />
      ))}
      {replies.isMore && (
        <button type="button" className="replies__open" onClick={replies.more}>
          More replies
        </button>
      )}
      {replies.unsent.map((one) => (
        <UnsentRow key={one.key} unsent={one} comments={replies} />
      ))}
      {parent !== null && (
        <CommentField
          key={parent}
          focused
          label={`Reply to ${knownPerson(answered).name}`}
          onSay={(text) => {
            replies.say(text, parent)
            onDone()
          }}
          onCancel={onDone}
        />
      )}
    </div>
  )
}

/** A comment with its answers, which are read when they are asked for. */
export function CommentThread({ card, comments }: ThreadProps) {
  const [open, setOpen] = useState(false)
  const [parent, setParent] = useState<string | null>(null)
  /** Where the keyboard was before it went to the field. */
  const from = useRef<HTMLElement | null>(null)
  const id = useId()
  const replies = card.counts.reply ?? 0
  const answer = (to: string, button: HTMLElement): void => {
    from.current = button
    setOpen(true)
    setParent(to)
  }
  return (
    <li>
      <CommentRow
        card={card}
        onReply={(button) => answer(card.id, button)}
        onEdit={(text) => comments.edit(card.id, text)}
        onWithdraw={() => comments.withdraw(card.id)}
      />
      {replies > 0 && (
        <button
          type="button"
          className="replies__open"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => {
            setOpen(!open)
            setParent(null)
          }}
        >
          {open ? (
            <>
              <CornerRightUp size={14} aria-hidden="true" /> Hide replies
            </>
          ) : (
            <>
              <CornerDownRight size={14} aria-hidden="true" /> {replies === 1 ? '1 reply' : `${replies} replies`}
            </>
          )}
        </button>
      )}
      {open && (
        <Replies
          id={id}
          card={card}
          parent={parent}
          onParent={answer}
          onDone={() => {
            setParent(null)
            from.current?.focus()
          }}
        />
      )}
    </li>
  )
}
