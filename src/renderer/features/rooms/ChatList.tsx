import type { ChatLine } from '@shared/community/room-state'
import { ArrowDown, Radio } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Button } from '@/ui/Button'
import type { ChatRow } from './chat-rows'
import { clockWords, dayWords } from './chat-time'
import { GiftRow } from './GiftRow'
import { LineRow, type LineTools } from './LineRow'
import { OutgoingRow } from './OutgoingRow'
import { loadEarlier, readBack, type RoomView } from './room-store'
import { tellProblem } from '@/app/tell-problem'

interface ChatListProps {
  room: string
  view: RoomView
  rows: readonly ChatRow[]
  names: readonly string[]
  /** Accounts that gave most, the first one first. */
  supporters: readonly string[]
  mayReply: boolean
  onMenu: LineTools['openMenu']
  onReply: (line: ChatLine) => void
  /** The pinned line was pressed: show this one. */
  sought: { readonly id: string; readonly number: number } | null
}

/** So near to the end, in pixels, counts as being there. */
const END_PX = 32
/** So near to the beginning, what was said before is fetched. */
const BEGIN_PX = 80
const LIT_MS = 1_800

/**
 * The stream: it stays at the newest line until the person scrolls up, then at what they read, whatever comes and goes.
 * One stop of the Tab key; arrows go from line to line, Enter opens what can be done with one, `r` answers it.
 */
export function ChatList({ room, view, rows, names, supporters, mayReply, onMenu, onReply, sought }: ChatListProps) {
  const list = useRef<HTMLOListElement>(null)
  const isAtEnd = useRef(true)
  const anchor = useRef<{ key: string; top: number } | null>(null)
  const [awayFrom, setAwayFrom] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [lit, setLit] = useState<string | null>(null)
  const { hasEarlier, isLoadingEarlier } = view

  // [Note: Where one reads] The browser's own anchoring stops at the top of a list, where earlier lines come in.
  const settle = (): void => {
    const box = list.current
    if (box === null) return
    if (isAtEnd.current) box.scrollTop = box.scrollHeight
    else if (anchor.current !== null) {
      const row = rowOf(box, anchor.current.key)
      if (row !== null) box.scrollTop += row.offsetTop - anchor.current.top
    }
    anchor.current = anchorOf(box)
  }
  useLayoutEffect(settle, [rows, isLoadingEarlier])
  useEffect(() => {
    const box = list.current
    if (box === null) return
    const sizes = new ResizeObserver(settle)
    sizes.observe(box)
    return () => sizes.disconnect()
  }, [])

  const onScroll = (): void => {
    const box = list.current
    if (box === null) return
    anchor.current = anchorOf(box)
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_PX
    if (atEnd !== isAtEnd.current) {
      isAtEnd.current = atEnd
      setAwayFrom(atEnd ? null : (rows.at(-1)?.key ?? null))
      if (atEnd) readBack(room, false)
    }
    if (box.scrollTop < BEGIN_PX && !atEnd) earlier()
  }
  const earlier = (): void => void loadEarlier(room).catch(tellProblem)

  const toEnd = (): void => {
    isAtEnd.current = true
    setAwayFrom(null)
    readBack(room, false)
    settle()
  }

  const jump = (id: string): void => {
    const box = list.current
    const row = box === null ? null : rowOf(box, id)
    if (box === null || row === null) return
    isAtEnd.current = false
    box.scrollTop = row.offsetTop - (box.clientHeight - row.offsetHeight) / 2
    setLit(id)
    setChosen(id)
  }
  useEffect(() => {
    if (lit === null) return
    const timer = setTimeout(() => setLit(null), LIT_MS)
    return () => clearTimeout(timer)
  }, [lit])
  const seek = useRef(jump)
  useEffect(() => {
    seek.current = jump
  })
  useEffect(() => {
    if (sought !== null) seek.current(sought.id)
  }, [sought])

  // Rows are drawn again only when their own props change.
  const latest = useRef({ onMenu, onReply, jump })
  useEffect(() => {
    latest.current = { onMenu, onReply, jump }
  })
  const [tools] = useState<LineTools>(() => ({
    openMenu: (line, beside) => latest.current.onMenu(line, beside),
    reply: (line) => latest.current.onReply(line),
    jump: (id) => latest.current.jump(id),
  }))

  const stops = rows.filter(({ kind }) => kind !== 'day' && kind !== 'start')
  const current = stops.some(({ key }) => key === chosen) ? chosen : (stops.at(-1)?.key ?? null)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget && !(event.target as HTMLElement).matches('li')) return
    const at = stops.findIndex(({ key }) => key === current)
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: stops.length - 1 }[event.key]
    const row = stops[at]
    if (to !== undefined) {
      event.preventDefault()
      if (to < 0) earlier()
      const next = stops[Math.min(stops.length - 1, Math.max(0, to))]
      const element = next === undefined || list.current === null ? null : rowOf(list.current, next.key)
      if (next === undefined || element === null) return
      setChosen(next.key)
      element.focus()
    } else if (row?.kind === 'line' && (event.key === 'Enter' || event.key === 'ContextMenu')) {
      event.preventDefault()
      onMenu(row.line, event.target as HTMLElement)
    } else if (row?.kind === 'line' && mayReply && event.key === 'r' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      onReply(row.line)
    }
  }

  const missed = awayFrom === null ? 0 : rows.length - 1 - rows.findIndex(({ key }) => key === awayFrom)
  return (
    <div className="chat__stream">
      <ol
        ref={list}
        className="chat__list"
        aria-label="Messages. Arrow keys go from one to the next, Enter opens what can be done with it."
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const { key } = (event.target as HTMLElement).dataset
          if (key !== undefined) setChosen(key)
        }}
      >
        {(hasEarlier || isLoadingEarlier) && (
          <li className="chat__earlier">
            {isLoadingEarlier ? (
              <span role="status">
                <span className="spinner" aria-hidden="true" /> Looking for earlier messages…
              </span>
            ) : (
              <button type="button" onClick={earlier}>
                Earlier messages
              </button>
            )}
          </li>
        )}
        {rows.map((row) => {
          const isCurrent = row.key === current
          switch (row.kind) {
            case 'line':
              return (
                <LineRow
                  key={row.key}
                  {...{ line: row.line, names, isCurrent, mayReply, tools }}
                  place={supporters.indexOf(row.line.account) + 1}
                  isLit={row.key === lit}
                />
              )
            case 'gift':
              return <GiftRow key={row.key} gift={row.gift} isCurrent={isCurrent} />
            case 'outgoing':
              return <OutgoingRow key={row.key} {...{ room, isCurrent }} outgoing={row.outgoing} />
            case 'day':
              return (
                <li key={row.key} className="chat__mark">
                  <span>{dayWords(row.at)}</span>
                </li>
              )
            case 'start':
              return (
                <li key={row.key} className="chat__mark chat__mark--live">
                  <span>
                    <Radio size={12} aria-hidden="true" /> This live began at {clockWords(row.at)}
                  </span>
                </li>
              )
          }
        })}
      </ol>
      {awayFrom !== null && (
        <Button className="chat__to-end" icon={<ArrowDown size={14} />} onClick={toEnd}>
          {missed > 0 ? `${missed} new ${missed === 1 ? 'message' : 'messages'}` : 'To the newest'}
        </Button>
      )}
    </div>
  )
}

function rowOf(list: HTMLElement, key: string): HTMLElement | null {
  return list.querySelector(`[data-key="${CSS.escape(key)}"]`)
}

/** The first line that is seen whole. */
function anchorOf(list: HTMLElement): { key: string; top: number } | null {
  for (const child of list.children) {
    if (!(child instanceof HTMLElement)) continue
    const { key } = child.dataset
    if (key !== undefined && child.offsetTop >= list.scrollTop) return { key, top: child.offsetTop }
  }
  return null
}
