import type { FoundMessage } from '@shared/community/message-views'
import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { IconButton } from '@/ui/IconButton'
import { lineWords, listTimeWords, nameIn } from './message-words'
import { useMessages, viewOf } from './messages-store'
import { seek } from './thread-store'
import { useToday } from './use-today'

const TYPING_MS = 200

/** What was said with these words, newest first; null while nothing is looked for. */
export function useFound(text: string, conversation: string | null): readonly FoundMessage[] | null {
  const [found, setFound] = useState<{ words: string; lines: readonly FoundMessage[] } | null>(null)
  const words = text.trim()
  useEffect(() => {
    if (words === '') return
    let isOver = false
    const timer = setTimeout(() => {
      studioClient()
        .messages.find({ text: words, ...(conversation === null ? {} : { conversation }) })
        .then((lines) => {
          if (!isOver) setFound({ words, lines })
        }, tellProblem)
    }, TYPING_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [words, conversation])
  return words === '' ? null : (found?.lines ?? null)
}

/** Looks for words in the conversation in front; arrows go through what is found, Enter shows it. */
export function FindPanel({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const [text, setText] = useState('')
  const view = useMessages(({ state }) => viewOf(state, conversation))
  const found = useFound(text, conversation)
  const today = useToday()
  const list = useRef<HTMLUListElement>(null)

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    } else if (event.key === 'ArrowDown') rows[Math.min(at + 1, rows.length - 1)]?.focus()
    else if (event.key === 'ArrowUp' && at > 0) rows[at - 1]?.focus()
    else if (event.key === 'Enter' && at === -1) rows[0]?.click()
    else return
    event.preventDefault()
  }

  return (
    <div className="find-panel" onKeyDown={onKeyDown}>
      <div className="messages-search">
        <Search size={16} aria-hidden="true" />
        <input
          type="text"
          role="searchbox"
          aria-label="Search in this conversation"
          placeholder="Search in this conversation"
          spellCheck={false}
          maxLength={200}
          value={text}
          autoFocus
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <IconButton label="Close search" shortcut="Esc" side="bottom" align="end" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </div>
      {found !== null && (
        <>
          <p className="find-panel__count" role="status">
            {found.length === 0 ? 'Nothing with these words.' : `${found.length} found`}
          </p>
          <ul ref={list} className="find-panel__found" aria-label="Found">
            {found.map(({ line }) => (
              <li key={line.id}>
                <button type="button" onClick={() => void seek(line.id).catch(tellProblem)}>
                  <span className="find-panel__who">
                    {line.isMine || view === null ? 'You' : nameIn(view, line.sender)}
                    <time className="tabular">{listTimeWords(line.at, today)}</time>
                  </span>
                  <span className="find-panel__text">{lineWords(line)}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
