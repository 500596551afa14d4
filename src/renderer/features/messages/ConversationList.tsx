import type { ConversationView, MessageLine } from '@shared/community/message-views'
import { ArrowLeft, Bell, BellOff, MessageCirclePlus, Search, UserRoundPlus, X } from 'lucide-react'
import { useRef, type KeyboardEvent, type Ref } from 'react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { ConversationRow } from './ConversationRow'
import { useFound } from './FindPanel'
import { lineWords, listTimeWords, titleOf } from './message-words'
import { chooseConversation, useMessages, viewOf } from './messages-store'
import { useNotices } from './notice-choice'
import { seek } from './thread-store'
import { useToday } from './use-today'

const NONE: readonly ConversationView[] = []

function fits(view: ConversationView, words: string): boolean {
  const text = `${titleOf(view)} ${view.last === null ? '' : lineWords(view.last)}`.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Arrow keys go from row to row, also out of the filter field. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key]
  const isField = event.target instanceof HTMLInputElement
  if (step === undefined || (isField && event.key !== 'ArrowDown')) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.conversation')]
  const at = rows.indexOf(document.activeElement as HTMLButtonElement)
  if (rows.length === 0 || (at === -1 && !isField)) return
  event.preventDefault()
  if (at === 0 && step === -1) event.currentTarget.querySelector<HTMLInputElement>('input')?.focus()
  else rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus()
}

function RequestsRow({ count }: { count: number }) {
  return (
    <li>
      <button
        type="button"
        className="conversation conversation--folder"
        onClick={() => useMessages.setState({ folder: 'requests', filter: '' })}
      >
        <span className="messages-mark" aria-hidden="true">
          <UserRoundPlus size={20} strokeWidth={1.75} />
        </span>
        <span className="conversation__words">
          <span className="conversation__title">Requests</span>
          <span className="conversation__last">People you have not written to</span>
        </span>
        <span className="conversation__side">
          <span className="conversation__unread tabular">{count}</span>
        </span>
      </button>
    </li>
  )
}

/** A text that has the words of the filter. */
function FoundRow({ conversation, line }: { conversation: string; line: MessageLine }) {
  const view = useMessages(({ state }) => viewOf(state, conversation))
  const today = useToday()
  if (view === null) return null
  const show = (): void => {
    chooseConversation(conversation)
    void seek(line.id)
  }
  return (
    <li>
      <button type="button" className="conversation conversation--found" onClick={show}>
        <span className="conversation__words">
          <span className="conversation__title">{titleOf(view)}</span>
          <span className="conversation__last">{lineWords(line)}</span>
        </span>
        <span className="conversation__side">
          <span className="conversation__time tabular">{listTimeWords(line.at, today)}</span>
        </span>
      </button>
    </li>
  )
}

interface ConversationListProps {
  filterField: Ref<HTMLInputElement>
  onNew: () => void
  onDelivery: () => void
}

/** Conversations, newest first, or the requests of strangers. */
export function ConversationList({ filterField, onNew, onDelivery }: ConversationListProps) {
  const conversations = useMessages(({ state }) => state?.conversations ?? NONE)
  const requests = useMessages(({ state }) => state?.requests ?? NONE)
  const folder = useMessages((state) => state.folder)
  const filter = useMessages((state) => state.filter)
  const open = useMessages((state) => state.open)
  const notices = useNotices()
  const list = useRef<HTMLUListElement>(null)
  const isRequests = folder === 'requests' && requests.length > 0
  const there = isRequests ? requests : conversations
  const words = filter.trim()
  const shown = words === '' ? there : there.filter((view) => fits(view, words))
  const found = useFound(isRequests ? '' : words, null)
  const stop = shown.find(({ id }) => id === open) ?? shown[0]

  return (
    <section className="messages-list" aria-label={isRequests ? 'Requests' : 'Conversations'} onKeyDown={walk}>
      <header className="messages-list__header">
        {isRequests && (
          <IconButton
            label="Back to conversations"
            side="bottom"
            onClick={() => useMessages.setState({ folder: 'conversations' })}
          >
            <ArrowLeft size={18} />
          </IconButton>
        )}
        <h1>{isRequests ? 'Requests' : 'Messages'}</h1>
        <IconButton label="Delivery and notices" side="bottom" align="end" onClick={onDelivery}>
          {notices ? <Bell size={18} /> : <BellOff size={18} />}
        </IconButton>
        <IconButton label="New conversation" shortcut="Ctrl+N" side="bottom" align="end" onClick={onNew}>
          <MessageCirclePlus size={18} />
        </IconButton>
      </header>
      <div className="messages-search">
        <Search size={16} aria-hidden="true" />
        <input
          ref={filterField}
          type="text"
          role="searchbox"
          aria-label="Filter conversations"
          placeholder="Filter"
          spellCheck={false}
          maxLength={100}
          value={filter}
          onChange={(event) => useMessages.setState({ filter: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && filter !== '') useMessages.setState({ filter: '' })
            else if (event.key === 'Enter') list.current?.querySelector<HTMLElement>('.conversation')?.click()
          }}
        />
        {filter !== '' && (
          <IconButton label="Clear" align="end" onClick={() => useMessages.setState({ filter: '' })}>
            <X size={14} />
          </IconButton>
        )}
      </div>
      {isRequests && (
        <p className="messages-list__note">They do not see whether you have read them, until you accept.</p>
      )}
      <div className="messages-list__scroll">
        <ul ref={list} aria-label={isRequests ? 'Requests' : 'Conversations'}>
          {!isRequests && requests.length > 0 && words === '' && <RequestsRow count={requests.length} />}
          {shown.map((view) => (
            <ConversationRow key={view.id} view={view} isStop={view === stop} />
          ))}
        </ul>
        {found !== null && found.length > 0 && (
          <>
            <h2 className="messages-list__section">In messages</h2>
            <ul aria-label="In messages">
              {found.map(({ conversation, line }) => (
                <FoundRow key={line.id} conversation={conversation} line={line} />
              ))}
            </ul>
          </>
        )}
        {shown.length === 0 && words !== '' && found?.length === 0 && (
          <div className="messages-list__none" role="status">
            <p>Nobody and nothing like “{words}”.</p>
            <Button className="button--small" onClick={onNew}>
              Look for somebody
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}
