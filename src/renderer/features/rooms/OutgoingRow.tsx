import { CircleAlert } from 'lucide-react'
import { Quote } from './LineRow'
import { discard, retry } from './room-store'
import type { OutgoingLine } from './chat-rows'

interface OutgoingRowProps {
  room: string
  outgoing: OutgoingLine
  isCurrent: boolean
}

/** An own line on its way, or refused: with the reason, and the way to send it again. */
export function OutgoingRow({ room, outgoing, isCurrent }: OutgoingRowProps) {
  const { key, text, reply, problem } = outgoing
  return (
    <li
      className="chat-line chat-outgoing"
      data-key={key}
      data-failed={problem !== null || undefined}
      tabIndex={isCurrent ? 0 : -1}
    >
      {reply !== null && <Quote reply={reply} />}
      <p className="chat-line__words">
        <span className="chat-author">You</span>
        <span className="chat-line__colon">: </span>
        {text}
      </p>
      {problem !== null && (
        <p className="chat-outgoing__problem">
          <CircleAlert size={14} aria-hidden="true" />
          <span role="alert">Not sent. {problem}</span>
          <button type="button" onClick={() => void retry(room, key)}>
            Retry
          </button>
          <button type="button" onClick={() => discard(room, key)}>
            Discard
          </button>
        </p>
      )}
    </li>
  )
}
