import { ArrowDown, Lock } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { ConversationView, MessagePage } from '@shared/community/message-views'
import { IconButton } from '@/ui/IconButton'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { messageDays, type MessageBlock } from './message-blocks'
import { dayWords, nameIn } from './message-words'
import { copyText, MessageBubble } from './MessageBubble'
import { setDraft } from './messages-store'
import { PersonAvatar } from './PersonAvatar'
import { loadOlder, useThread } from './thread-store'
import { useToday } from './use-today'

/** This near to its end it follows what comes, pixels. */
const AT_END = 60

interface BlockProps {
  block: MessageBlock
  view: ConversationView
  reads: MessagePage['reads']
  stop: string | undefined
  sought: string | undefined
}

function Block({ block, view, reads, stop, sought }: BlockProps) {
  const who = block.isMine ? 'You' : nameIn(view, block.account)
  const isNamed = view.kind === 'group' && !block.isMine
  const unknown = { account: block.account, name: '', avatar: null, isMe: false, isBlocked: false, isOwner: false }
  const person = view.people.find(({ account }) => account === block.account) ?? unknown
  return (
    <li className="message-block" data-mine={block.isMine}>
      {isNamed && <PersonAvatar person={person} size={32} />}
      <div className="message-block__body">
        <p className={isNamed ? 'message-block__who' : 'visually-hidden'}>{who}</p>
        <ul className="message-block__lines" aria-label={who}>
          {block.lines.map((line) => (
            <MessageBubble
              key={line.id}
              {...{ line, view, reads }}
              isStop={line.id === stop}
              isSought={line.id === sought}
            />
          ))}
        </ul>
      </div>
    </li>
  )
}

/** Tells the others that everything in front was read, as long as somebody looks at it. */
function useReadMark(view: ConversationView, visible: boolean, atEnd: boolean): void {
  const newest = useThread(({ lines }) => lines.findLast(({ isMine }) => !isMine)?.id)
  const marked = useRef<string | undefined>(undefined)
  useEffect(() => {
    const mark = (): void => {
      if (!visible || !atEnd || newest === undefined || view.isRequest || view.unread === 0) return
      if (!document.hasFocus() || marked.current === newest) return
      marked.current = newest
      studioClient()
        .messages.markRead({ conversation: view.id, upTo: newest })
        .catch((error: unknown) => {
          marked.current = undefined
          tellProblem(error)
        })
    }
    mark()
    window.addEventListener('focus', mark)
    return () => window.removeEventListener('focus', mark)
  }, [view.id, view.isRequest, view.unread, newest, visible, atEnd])
}

/** What was said, by days; older texts come when its top is reached, and nothing moves under the eye. */
export function MessageThread({ view, visible }: { view: ConversationView; visible: boolean }) {
  const { lines, reads, isWhole, isLoading, problem, firstNew, sought } = useThread()
  const scroller = useRef<HTMLDivElement>(null)
  const top = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const days = messageDays(lines, firstNew)
  const today = useToday()
  const byId = new Map(lines.map((line) => [line.id, line]))
  useReadMark(view, visible, atEnd)

  useEffect(() => {
    if (!visible || isWhole || lines.length === 0) return
    const watcher = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting === true) void loadOlder()
      },
      { root: scroller.current, rootMargin: '400px 0px 0px 0px' },
    )
    watcher.observe(top.current!)
    return () => watcher.disconnect()
  }, [visible, isWhole, lines])

  useEffect(() => {
    if (sought === null) return
    const found = scroller.current?.querySelector<HTMLElement>(`[data-id="${sought.id}"]`)
    found?.scrollIntoView({ block: 'center' })
    found?.focus({ preventScroll: true })
  }, [sought])

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const rows = [...(scroller.current?.querySelectorAll<HTMLElement>('.message') ?? [])]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    const id = rows[at]?.dataset['id']
    const line = id === undefined ? undefined : byId.get(id)
    if (line === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) rows[at + step]?.focus()
    else if (event.key === 'End') rows.at(-1)?.focus()
    else if ((event.key === 'r' || event.key === 'Enter') && view.isActive && !view.isRequest)
      setDraft(view.id, { reply: line.id })
    else if (event.key === 'c') copyText(line)
    else return
    event.preventDefault()
  }

  return (
    <div className="thread">
      <div
        ref={scroller}
        className="thread__scroller"
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => setAtEnd(currentTarget.scrollTop > -AT_END)}
      >
        {/* The scroller counts from its end: what is put before the first text moves nothing. */}
        <div className="thread__inner" role="log" aria-live="off" aria-busy={isLoading} aria-label="Messages">
          <div ref={top} className="thread__top">
            {isLoading && <span className="spinner" aria-label="Older messages are read" />}
            {problem !== null && <p role="alert">{problem}</p>}
            {isWhole && (
              <p className="thread__begin">
                <Lock size={14} aria-hidden="true" />
                End-to-end encrypted. Only the people in this conversation can read it: no server, and no peer that
                keeps it for somebody who is away.
              </p>
            )}
          </div>
          {days.map(({ day, blocks, newAt }) => (
            <section key={day} className="thread__day" aria-label={dayWords(day, today)}>
              <h3 className="thread__date">{dayWords(day, today)}</h3>
              <ul>
                {blocks.map((block, at) => [
                  at === newAt && (
                    <li key="new" className="thread__new">
                      New messages
                    </li>
                  ),
                  <Block key={block.id} {...{ block, view, reads }} stop={lines.at(-1)?.id} sought={sought?.id} />,
                ])}
              </ul>
            </section>
          ))}
        </div>
      </div>
      {!atEnd && (
        <IconButton
          label="Newest messages"
          className="thread__to-end"
          variant="plain"
          align="end"
          onClick={() => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' })}
        >
          <ArrowDown size={18} />
          {view.unread > 0 && <span className="thread__count tabular">{view.unread}</span>}
        </IconButton>
      )}
    </div>
  )
}
