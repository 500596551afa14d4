import { MessageCircle, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { refreshItems, useItem } from '../item-store'
import { useVideo } from '../video-store'
import { CommentField } from './CommentField'
import { CommentThread } from './CommentThread'
import { UnsentRow } from './UnsentRow'
import { useComments } from './use-comments'
import './comments.css'

/** What people say about a video, beside it. */
export function CommentsDrawer({ subject }: { subject: string }) {
  const comments = useComments(subject)
  const card = useItem(subject)
  const { showComments } = useVideo.getState()
  const drawer = useRef<HTMLElement>(null)
  const { cards, unsent, loading, problem, isMore } = comments
  const total = (card?.counts.comment ?? 0) + (card?.counts.reply ?? 0)

  useEffect(() => drawer.current?.focus(), [])
  // the number beside the video goes with the list
  useEffect(() => void refreshItems([subject]).catch(() => undefined), [subject, cards])

  return (
    <aside ref={drawer} tabIndex={-1} className="comments" aria-label="Comments">
      <header className="comments__header">
        <h2>Comments {total > 0 && <span className="tabular">{total}</span>}</h2>
        <IconButton
          label="Close comments"
          shortcut="C"
          variant="glass"
          side="bottom"
          align="end"
          onClick={() => showComments(false)}
        >
          <X size={16} />
        </IconButton>
      </header>
      <div className="comments__list">
        {unsent.map((one) => (
          <UnsentRow key={one.key} unsent={one} comments={comments} />
        ))}
        <ul>
          {cards.map((one) => (
            <CommentThread key={one.id} card={one} comments={comments} />
          ))}
        </ul>
        {isMore && (
          <Button variant="glass" onClick={comments.more}>
            More comments
          </Button>
        )}
        {cards.length === 0 && unsent.length === 0 && (
          <div className="comments__none" role="status">
            {loading ? (
              <span className="spinner" aria-label="Loading" />
            ) : (
              <>
                <MessageCircle size={26} strokeWidth={1.5} aria-hidden="true" />
                <p>{problem ?? 'Nobody has said anything yet. You could be the first.'}</p>
              </>
            )}
          </div>
        )}
      </div>
      <CommentField label="Add a comment" onSay={(text) => comments.say(text)} />
    </aside>
  )
}
