import { CornerUpLeft, Paperclip, SendHorizontal, Smile, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { EmojiPicker } from '@/features/rooms/EmojiPicker'
import { tellProblem } from '@/app/tell-problem'
import { IconButton } from '@/ui/IconButton'
import type { ConversationView } from '@shared/community/message-views'
import { chooseFiles, useAttachments } from './attachment-store'
import { ChosenFiles } from './ChosenFiles'
import { lineWords, nameIn } from './message-words'
import { EMPTY_DRAFT, sendDraft, setDraft, useMessages } from './messages-store'
import { seek, useThread } from './thread-store'

/** As many UTF-16 units as a text may have (`direct-message`). */
const MOST = 4_000
const SAY_FROM = 3_500

function Answered({ id, view, onDrop }: { id: string; view: ConversationView | null; onDrop: () => void }) {
  const line = useThread(({ lines }) => lines.find((one) => one.id === id))
  const whom = line === undefined || view === null ? 'a message' : line.isMine ? 'yourself' : nameIn(view, line.sender)
  return (
    <div className="composer__answered">
      <CornerUpLeft size={16} aria-hidden="true" />
      <button type="button" onClick={() => void seek(id)}>
        <strong>Reply to {whom}</strong>
        <span>{line === undefined ? '' : lineWords(line)}</span>
      </button>
      <IconButton label="No reply" shortcut="Esc" align="end" onClick={onDrop}>
        <X size={15} />
      </IconButton>
    </div>
  )
}

interface MessageComposerProps {
  /** Of the draft: a conversation's id, or the account of a beginning. */
  draftKey: string
  /** Null: nothing was said yet. */
  view: ConversationView | null
  /** Whom it goes to, for screen readers. */
  to: string
  onEscape: () => void
}

/** Where one writes: Enter sends, Shift and Enter begin a new line. What is not sent stays, for each conversation. */
export function MessageComposer({ draftKey, view, to, onEscape }: MessageComposerProps) {
  const draft = useMessages(({ drafts }) => drafts[draftKey] ?? EMPTY_DRAFT)
  const field = useRef<HTMLTextAreaElement>(null)
  const [isPicking, setPicking] = useState(false)
  const left = MOST - draft.text.length
  const hasFiles = useAttachments(({ chosen }) => chosen[draftKey] !== undefined)

  useEffect(() => field.current?.focus(), [draftKey, draft.reply])

  /** Where the caret is, or was. */
  function put(emoji: string): void {
    const { text } = draft
    const at = field.current?.selectionEnd ?? text.length
    if (text.length + emoji.length <= MOST) setDraft(draftKey, { text: text.slice(0, at) + emoji + text.slice(at) })
    requestAnimationFrame(() => field.current?.setSelectionRange(at + emoji.length, at + emoji.length))
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.nativeEvent.isComposing) return // Enter and Escape belong to the input method
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      sendDraft()
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      if (draft.reply !== null) setDraft(draftKey, { reply: null })
      else onEscape()
    } else if (event.key === 'ArrowUp' && draft.text === '') {
      event.preventDefault()
      const texts = document.querySelectorAll<HTMLElement>('.thread .message')
      texts[texts.length - 1]?.focus()
    }
  }

  return (
    <div className="composer">
      {draft.reply !== null && (
        <Answered id={draft.reply} view={view} onDrop={() => setDraft(draftKey, { reply: null })} />
      )}
      <ChosenFiles draftKey={draftKey} />
      <div className="composer__row">
        {isPicking && (
          <EmojiPicker
            onPick={put}
            onClose={() => {
              setPicking(false)
              field.current?.focus()
            }}
          />
        )}
        <textarea
          ref={field}
          className="composer__field"
          aria-label={`Message to ${to}`}
          placeholder="Write a message"
          title="Enter sends, Shift+Enter begins a new line"
          rows={1}
          maxLength={MOST}
          value={draft.text}
          onChange={(event) => setDraft(draftKey, { text: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        {draft.text.length > SAY_FROM && (
          <span className="composer__left tabular" role="status">
            {left} left
          </span>
        )}
        <IconButton label="Attach files" align="end" onClick={() => void chooseFiles(draftKey).catch(tellProblem)}>
          <Paperclip size={18} />
        </IconButton>
        <IconButton
          label="Emoji"
          className="chat-field__emoji composer__emoji"
          align="end"
          aria-expanded={isPicking}
          onClick={() => setPicking(!isPicking)}
        >
          <Smile size={18} />
        </IconButton>
        <IconButton
          label="Send"
          shortcut="Enter"
          align="end"
          className="composer__send"
          disabled={draft.text.trim() === '' && !hasFiles}
          onClick={sendDraft}
        >
          <SendHorizontal size={18} />
        </IconButton>
      </div>
    </div>
  )
}
