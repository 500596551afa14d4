import { Ban, Clock, EllipsisVertical, Flag, Heart, MessageCircle, Share2, ThumbsDown } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { ItemCard } from '@shared/community/index-cards'
import type { Why } from '@shared/community/for-you'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { blockAccount, hideSubject, reportSubject } from '@/features/safety/safety-actions'
import { openShare } from '@/features/share/share-store'
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
  const [open, setOpen] = useState(false)
  const isOwn = useActs((state) => state.me === card.account)
  const root = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!open) return
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const away = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    window.addEventListener('pointerdown', away)
    return () => window.removeEventListener('pointerdown', away)
  }, [open])

  const entries: [string, ReactNode, () => void][] = [
    ['Not interested', <ThumbsDown key="n" size={16} />, () => notInterested(card.id, why)],
    ['Report…', <Flag key="r" size={16} />, () => reportSubject(card.id)],
    ['Block this person', <Ban key="b" size={16} />, () => void blockAccount(card.account)],
  ]
  return (
    <div
      ref={root}
      className="short-menu"
      onKeyDown={(event) => {
        if (!open) return
        const all = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
        const at = all.indexOf(document.activeElement as HTMLElement)
        if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus()
        else if (event.key === 'ArrowUp') all[(at + all.length - 1) % all.length]?.focus()
        else if (event.key === 'Escape') {
          setOpen(false)
          root.current?.querySelector<HTMLElement>('.action')?.focus()
        } else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <button
        type="button"
        className="action"
        aria-label="More"
        title="More"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className="action__icon">
          <EllipsisVertical size={22} />
        </span>
      </button>
      {open && (
        <div role="menu" aria-label="More" className="short-menu__list">
          {(isOwn ? [] : entries).map(([words, icon, run]) => (
            <button
              key={words}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false)
                run()
              }}
            >
              {icon}
              {words}
            </button>
          ))}
          {isOwn && <p>This is your own video. Edit or withdraw it on your channel.</p>}
        </div>
      )}
    </div>
  )
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
