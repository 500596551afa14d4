import { Copy, Reply } from 'lucide-react'
import type { ConversationView, MessageLine, MessagePage } from '@shared/community/message-views'
import { studioClient } from '@/app/studio-client'
import { tellProblem } from '@/app/tell-problem'
import { classNames } from '@/ui/class-names'
import { IconButton } from '@/ui/IconButton'
import { useToasts } from '@/ui/toast-store'
import { DeliveryMark } from './DeliveryMark'
import { MessageFile } from './MessageFile'
import { clockWords, deliveryWords, nameIn, wholeTimeWords } from './message-words'
import { setDraft } from './messages-store'
import { seek } from './thread-store'

/** Nothing but a few emoji: shown large. */
const ONLY_EMOJI =
  /^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}\u{200D}\p{Extended_Pictographic}]*\s?){1,3}$/u

interface MessageBubbleProps {
  line: MessageLine
  view: ConversationView
  reads: MessagePage['reads']
  /** In the order of Tab; arrows go to the others. */
  isStop: boolean
  isSought: boolean
}

export function copyText({ text }: MessageLine): void {
  studioClient()
    .app.copyText(text)
    .then(() => useToasts.getState().show('info', 'Text copied.'), tellProblem)
}

function Answered({ reply, view }: { reply: NonNullable<MessageLine['reply']>; view: ConversationView }) {
  const isMine = view.people.some(({ account, isMe }) => isMe && account === reply.sender)
  return (
    <button
      type="button"
      className="message__answered"
      tabIndex={-1}
      disabled={reply.text === null}
      onClick={() => void seek(reply.id).catch(tellProblem)}
    >
      <span className="visually-hidden">Answers </span>
      {reply.sender !== null && (
        <span className="message__answered-who">{isMine ? 'You' : nameIn(view, reply.sender)}</span>
      )}
      <span className="message__answered-text">{reply.text ?? 'A message that is not on this computer'}</span>
    </button>
  )
}

/** One text, with what it answers, when it was said and how far it has come. */
export function MessageBubble({ line, view, reads, isStop, isSought }: MessageBubbleProps) {
  const { text, reply, files } = line
  const large = reply === null && files.length === 0 && ONLY_EMOJI.test(text.trim())
  return (
    <li
      className={classNames('message', large && 'message--large', isSought && 'message--sought')}
      data-id={line.id}
      tabIndex={isStop ? 0 : -1}
    >
      <div className="message__bubble">
        {reply !== null && <Answered reply={reply} view={view} />}
        {text !== '' && <p className="message__text selectable">{text}</p>}
        {files.map((file, at) => (
          <MessageFile key={file.cid} conversation={view.id} message={line.id} {...{ at, file }} />
        ))}
        <span className="message__foot tabular">
          <time dateTime={new Date(line.at).toISOString()} title={wholeTimeWords(line.at)}>
            {clockWords(line.at)}
          </time>
          {line.isMine && <DeliveryMark state={line.state} words={deliveryWords(line, view, reads)} />}
        </span>
      </div>
      <span className="message__acts">
        {view.isActive && !view.isRequest && (
          <IconButton label="Reply" shortcut="R" tabIndex={-1} onClick={() => setDraft(view.id, { reply: line.id })}>
            <Reply size={15} />
          </IconButton>
        )}
        <IconButton label="Copy text" shortcut="C" tabIndex={-1} onClick={() => copyText(line)}>
          <Copy size={14} />
        </IconButton>
      </span>
    </li>
  )
}
