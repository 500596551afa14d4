import { Copy, Reply } from 'lucide-react'
import type { HistoryLine } from '@shared/community/direct-conversation'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { classNames } from '@/ui/class-names'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { DeliveryMark } from './DeliveryMark'
import { clockWords, deliveryOf, deliveryWords, lineWords, wholeTimeWords, type NameOf } from './message-words'
import type { ConversationCard } from './messages-port'
import { setDraft } from './messages-store'
import { seek } from './thread-store'

/** Nothing but a few emoji: shown large. */
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}\u{200D}\p{Extended_Pictographic}]*\s?){1,3}$/u

interface MessageBubbleProps {
  line: HistoryLine
  card: ConversationCard
  others: readonly string[]
  /** The text that it answers; undefined: it is not loaded. */
  answered: HistoryLine | null | undefined
  nameOf: NameOf
  /** In the order of Tab; arrows go to the others. */
  isStop: boolean
  isSought: boolean
}

export function copyText(line: HistoryLine): void {
  studioClient()
    .app.copyText(line.body.text)
    .then(() => useToasts.getState().show('info', 'Text copied.'), tellProblem)
}

/** One text, with what it answers, when it was said and how far it has come. */
export function MessageBubble({ line, card, others, answered, nameOf, isStop, isSought }: MessageBubbleProps) {
  const { body } = line
  const large = answered === null && body.files === undefined && ONLY_EMOJI.test(body.text.trim())
  const words = line.isMine ? deliveryWords(line, others, card.readMarks, nameOf) : ''
  return (
    <li
      className={classNames('message', large && 'message--large', isSought && 'message--sought')}
      data-id={line.id}
      tabIndex={isStop ? 0 : -1}
    >
      <div className="message__bubble">
        {answered !== null && (
          <button
            type="button"
            className="message__answered"
            tabIndex={-1}
            onClick={() => void seek(body.reply!).catch(tellProblem)}
          >
            <span className="visually-hidden">Answers </span>
            <span className="message__answered-who">
              {answered === undefined ? 'Earlier message' : answered.isMine ? 'You' : nameOf(answered.sender.account)}
            </span>
            <span className="message__answered-text">{answered === undefined ? 'Show it' : lineWords(answered)}</span>
          </button>
        )}
        {body.text !== '' && <p className="message__text selectable">{body.text}</p>}
        <span className="message__foot tabular">
          <time dateTime={new Date(line.at).toISOString()} title={wholeTimeWords(line.at)}>
            {clockWords(line.at)}
          </time>
          {line.isMine && <DeliveryMark state={deliveryOf(line, others, card.readMarks).state} words={words} />}
        </span>
      </div>
      {card.isActive && (
        <span className="message__acts">
          <IconButton label="Reply" shortcut="R" tabIndex={-1} onClick={() => setDraft(card.id, { reply: line.id })}>
            <Reply size={15} />
          </IconButton>
          <IconButton label="Copy text" shortcut="C" tabIndex={-1} onClick={() => copyText(line)}>
            <Copy size={14} />
          </IconButton>
        </span>
      )}
    </li>
  )
}
