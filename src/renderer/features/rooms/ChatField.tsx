import type { ChatLine, RoomState } from '@shared/community/room-state'
import { SendHorizontal, Smile, X } from 'lucide-react'
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { IconButton } from '@/ui/IconButton'
import { authorName } from './author-name'
import { waitWords } from './chat-time'
import { EmojiPicker } from './EmojiPicker'
import { completeMention, mentionAt, offeredNames } from './mention-query'
import { say } from './room-store'
import { hasReadRules, rememberRulesRead } from './rules-memory'
import { RulesCard } from './RulesCard'
import { useSecondsLeft } from './use-seconds-left'

/** As `ChatBody`: UTF-16 units. */
const MAX_TEXT = 1_000
/** From here on the rest is counted. */
const NEAR_MAX = 850

interface ChatFieldProps {
  state: RoomState
  text: string
  onText: (text: string) => void
  field: RefObject<HTMLTextAreaElement | null>
  replyTo: ChatLine | null
  onReplyDone: () => void
  /** Of people in the room, those who spoke last first. */
  names: readonly string[]
}

/** Where one writes: Enter sends, Shift+Enter begins a line; `@` offers the names of the room. */
export function ChatField({ state, text, onText, field, replyTo, onReplyDone, names }: ChatFieldProps) {
  const { room, rules, role, slow, hindrance } = state
  const [caret, setCaret] = useState(0)
  const [offer, setOffer] = useState(0)
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const [isPicking, setPicking] = useState(false)
  const [asksRules, setAsksRules] = useState(false)
  const agree = useRef<HTMLButtonElement>(null)
  const id = useId()
  const wait = useSecondsLeft(hindrance?.code === 'slow' ? hindrance.until : null)

  const mention = mentionAt(text, caret)
  const offered = mention === null || mention.from === closedAt ? [] : offeredNames(names, mention.query)
  const chosen = offered[Math.min(offer, offered.length - 1)]
  // Who has written a whole name and presses Enter wants to send.
  const isWhole = mention !== null && names.some((name) => name.toLowerCase() === mention.query.toLowerCase())
  const mustReadRules = rules !== null && role === null && !hasReadRules(room, rules)

  /** Puts text in and the caret behind it. */
  const put = (next: string, at: number): void => {
    onText(next.slice(0, MAX_TEXT))
    setCaret(at)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(at, at)
    })
  }
  const complete = (name: string): void => {
    if (mention === null) return
    const done = completeMention(text, mention, name)
    put(done.text, done.caret)
  }
  const send = (): void => {
    if (text.trim() === '' || wait > 0) return
    if (mustReadRules) {
      setAsksRules(true)
      requestAnimationFrame(() => agree.current?.focus())
      return
    }
    const reply = replyTo === null ? null : { id: replyTo.id, name: authorName(replyTo), text: replyTo.text }
    void say(room, text.trim(), reply)
    onText('')
    setCaret(0)
    onReplyDone()
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return // Enter takes what an input method offers
    if (chosen !== undefined) {
      const step = { ArrowDown: 1, ArrowUp: offered.length - 1 }[event.key]
      const takes = event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !isWhole)
      if (step !== undefined) setOffer((Math.min(offer, offered.length - 1) + step) % offered.length)
      else if (takes) complete(chosen)
      else if (event.key === 'Escape') setClosedAt(mention?.from ?? null)
      if (step !== undefined || takes || event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        return
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && replyTo !== null) {
      event.stopPropagation()
      onReplyDone()
    }
  }

  return (
    <div className="chat-field">
      {asksRules && mustReadRules && (
        <RulesCard
          rules={rules}
          button={agree}
          onAgree={() => {
            rememberRulesRead(room, rules)
            setAsksRules(false)
            field.current?.focus()
          }}
        />
      )}
      {replyTo !== null && (
        <div className="chat-field__reply">
          <p>
            Reply to <strong>{authorName(replyTo)}</strong>
            <span>{replyTo.text}</span>
          </p>
          <IconButton label="Do not reply" align="end" className="button--small" onClick={onReplyDone}>
            <X size={14} />
          </IconButton>
        </div>
      )}
      {isPicking && (
        <EmojiPicker
          onPick={(emoji) => put(text.slice(0, caret) + emoji + text.slice(caret), caret + emoji.length)}
          onClose={() => {
            setPicking(false)
            field.current?.focus()
          }}
        />
      )}
      {offered.length > 0 && (
        <ul role="listbox" id={`${id}-names`} aria-label="People in this room" className="chat-names">
          {offered.map((name) => (
            <li
              key={name}
              id={`${id}-${names.indexOf(name)}`}
              role="option"
              aria-selected={name === chosen}
              onPointerDown={(event) => {
                event.preventDefault() // the field keeps the focus
                complete(name)
              }}
            >
              @{name}
            </li>
          ))}
        </ul>
      )}
      <div className="chat-field__box">
        <textarea
          ref={field}
          rows={1}
          maxLength={MAX_TEXT}
          value={text}
          aria-label="Message"
          aria-describedby={`${id}-notes`}
          aria-autocomplete="list"
          aria-controls={offered.length > 0 ? `${id}-names` : undefined}
          aria-activedescendant={chosen === undefined ? undefined : `${id}-${names.indexOf(chosen)}`}
          placeholder="Say something…"
          onChange={(event) => {
            onText(event.currentTarget.value)
            setCaret(event.currentTarget.selectionStart)
            setOffer(0)
            setClosedAt(null)
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onFocus={() => setAsksRules(mustReadRules)}
          onKeyDown={onKeyDown}
        />
        <IconButton
          label="Emoji"
          className="button--small chat-field__emoji"
          aria-expanded={isPicking}
          align="end"
          onClick={() => setPicking(!isPicking)}
        >
          <Smile size={17} />
        </IconButton>
        {wait > 0 ? (
          <span className="chat-field__wait tabular" role="timer" aria-label={`You can write again in ${wait} seconds`}>
            {waitWords(wait)}
          </span>
        ) : (
          <IconButton
            label="Send"
            className="button--small chat-field__send"
            align="end"
            disabled={text.trim() === ''}
            onClick={send}
          >
            <SendHorizontal size={17} />
          </IconButton>
        )}
      </div>
      <p id={`${id}-notes`} className="chat-field__notes">
        {slow > 0 && <span>Slow mode: one message every {waitWords(slow)}</span>}
        {text.length >= NEAR_MAX && (
          <span className="tabular" data-full={text.length >= MAX_TEXT || undefined}>
            {MAX_TEXT - text.length} left
          </span>
        )}
      </p>
    </div>
  )
}
