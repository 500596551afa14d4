import { CornerDownRight } from 'lucide-react'
import { useState } from 'react'
import type { CommentCard } from '@shared/community/index-cards'
import { knownPerson } from '@/features/channel/person-store'
import { CommentField } from './CommentField'
import { CommentRow } from './CommentRow'
import { UnsentRow } from './UnsentRow'
import { useComments } from './use-comments'

interface ThreadProps {
  card: CommentCard
  onWithdraw: (id: string) => void
}

function Replies({
  card,
  parent,
  onParent,
}: {
  card: CommentCard
  parent: string | null
  onParent: (id: string | null) => void
}) {
  const replies = useComments(card.subject, card.id)
  const answered = replies.cards.find(({ id }) => id === parent)?.account ?? card.account
  return (
    <div className="replies">
      {replies.cards.map((reply) => (
        <CommentRow
          key={reply.id}
          card={reply}
          onReply={() => onParent(reply.id)}
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
            onParent(null)
          }}
          onCancel={() => onParent(null)}
        />
      )}
    </div>
  )
}

/** A comment with its answers, which are read when they are asked for. */
export function CommentThread({ card, onWithdraw }: ThreadProps) {
  const [open, setOpen] = useState(false)
  const [parent, setParent] = useState<string | null>(null)
  const replies = card.counts.reply ?? 0
  return (
    <li>
      <CommentRow
        card={card}
        onReply={() => {
          setOpen(true)
          setParent(card.id)
        }}
        onWithdraw={() => onWithdraw(card.id)}
      />
      {open ? (
        <Replies card={card} parent={parent} onParent={setParent} />
      ) : (
        replies > 0 && (
          <button type="button" className="replies__open" onClick={() => setOpen(true)}>
            <CornerDownRight size={14} aria-hidden="true" /> {replies === 1 ? '1 reply' : `${replies} replies`}
          </button>
        )
      )}
    </li>
  )
}
