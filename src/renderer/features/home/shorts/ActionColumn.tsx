import { Ban, Clock, EllipsisVertical, Flag, Heart, MessageCircle, Share2, ThumbsDown, TvMinimal } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ItemCard } from '@shared/community/index-cards'
import type { Why } from '@shared/community/for-you'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { openChannel } from '@/features/channel/channel-store'
import { blockAccount, hideSubject, reportSubject } from '@/features/safety/safety-actions'
import { openShare } from '@/features/share/share-store'
import { ActionMenu, type MenuAction } from '@/ui/ActionMenu'
import { classNames } from '@/ui/class-names'
import { turnAct, useActMark, useActs, useOwnActs, useShifted } from '../act-store'
import { shortCount } from '../home-words'
import { useHome } from '../home-store'
import { refreshItems } from '../item-store'
import { useVideo } from '../video-store'

interface ActionProps {
  label: string
  count?: number
  pressed?: boolean
  mark?: 'failed' | 'waiting' | null
  onClick: () => void
  children: ReactNode
}

const MARK_WORDS = {
  failed: 'This could not be kept. Press again.',
  waiting: 'Kept on this computer; it goes out when somebody is connected.',
}

function Action({ label, count, pressed, mark = null, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      className="action"
      aria-label={count === undefined ? label : `${label}, ${count}`}
      aria-pressed={pressed}
      title={mark === null ? label : `${label}. ${MARK_WORDS[mark]}`}
      onClick={onClick}
    >
      <span className="action__icon">
        {children}
        {mark !== null && (
          <span className={classNames('action__mark', `action__mark--${mark}`)}>
            <Clock size={11} aria-hidden="true" />
            <span className="visually-hidden">{MARK_WORDS[mark]}</span>
          </span>
        )}
      </span>
      {count !== undefined && (
        <span className="action__count tabular" aria-hidden="true">
          {shortCount(count)}
        </span>
      )}
    </button>
  )
}

/** Likes it or takes that back. */
export function turnLike(id: string, on: boolean): void {
  void turnAct('like', id, on, () => refreshItems([id]))
}

/** Puts a video away for this person; can be undone for a while. */
function notInterested(id: string, why: Why | undefined): void {
  void hideSubject(id)
  if (why !== undefined) studioClient().forYou.notePassed({ source: why.source }).catch(tellProblem)
  useVideo.getState().drop(id)
  useHome.getState().drop(id)
}

function MoreMenu({ card, why }: { card: ItemCard; why: Why | undefined }) {
  const isOwn = useActs((state) => state.me === card.account)
  const own: MenuAction[] = [
    {
      label: 'Edit or delete it on your channel',
      icon: <TvMinimal size={16} />,
      run: () => openChannel(card.account),
    },
  ]
  const others: MenuAction[] = [
    { label: 'Not interested', icon: <ThumbsDown size={16} />, run: () => notInterested(card.id, why) },
    { label: 'Report…', icon: <Flag size={16} />, run: () => reportSubject(card.id) },
    { label: 'Block this person', icon: <Ban size={16} />, run: () => void blockAccount(card.account) },
  ]
  const content = (
    <span className="action__icon">
      <EllipsisVertical size={22} />
    </span>
  )
  return <ActionMenu label="More" actions={isOwn ? own : others} face={{ className: 'action', content }} />
}

/** What one can do about a video, beside it. */
export function ActionColumn({ card, why }: { card: ItemCard; why: Why | undefined }) {
  const { id, counts } = card
  const own = useOwnActs(id)
  const likes = useShifted('like', id, counts.like)
  const mark = useActMark('like', id)
  const comments = useVideo((state) => state.comments)
  const { showComments } = useVideo.getState()
  return (
    <div className="actions" role="group" aria-label="Actions">
      <Action
        label={own.like ? 'Take the like back' : 'Like (L)'}
        count={likes}
        pressed={own.like}
        mark={mark}
        onClick={() => turnLike(id, !own.like)}
      >
        <Heart size={24} fill={own.like ? 'currentColor' : 'none'} />
      </Action>
      <Action
        label="Comments (C)"
        count={(counts.comment ?? 0) + (counts.reply ?? 0)}
        pressed={comments}
        onClick={() => showComments(!comments)}
      >
        <MessageCircle size={24} />
      </Action>
      <Action
        label="Share"
        count={counts.share ?? 0}
        onClick={() => openShare({ subject: id, title: card.body.title })}
      >
        <Share2 size={23} />
      </Action>
      <MoreMenu card={card} why={why} />
    </div>
  )
}
