import type { ChatLine } from '@shared/community/room-state'
import { Clock3, CornerUpLeft, Ellipsis, Reply } from 'lucide-react'
import { memo } from 'react'
import { authorHue } from './author-colour'
import { authorName } from './author-name'
import { Badges } from './Badges'
import { clockWords, momentWords } from './chat-time'
import { ChatWords } from './ChatWords'

export interface LineTools {
  openMenu: (line: ChatLine, beside: HTMLElement) => void
  reply: (line: ChatLine) => void
  /** Shows a line that is answered. */
  jump: (id: string) => void
}

interface LineRowProps {
  line: ChatLine
  /** What people in the room are called. */
  names: readonly string[]
  /** Among those who gave most, from 1; 0: not among them. */
  place: number
  /** The keyboard is at this line. */
  isCurrent: boolean
  /** Somebody came here by a reply. */
  isLit: boolean
  mayReply: boolean
  tools: LineTools
}

/** One message; what can be done with it shows under the pointer and at the keyboard. */
export const LineRow = memo(function LineRow(props: LineRowProps) {
  const { line, names, place, isCurrent, isLit, mayReply, tools } = props
  const name = authorName(line)
  return (
    <li
      className="chat-line"
      data-key={line.id}
      data-mine={line.mine || undefined}
      data-to-me={line.mentionsMe || undefined}
      data-lit={isLit || undefined}
      tabIndex={isCurrent ? 0 : -1}
      style={{ '--hue': authorHue(line.account) }}
      onContextMenu={(event) => {
        event.preventDefault()
        tools.openMenu(line, event.currentTarget)
      }}
    >
      {line.reply !== null && (
        <Quote reply={line.reply} onPress={line.reply.text === null ? undefined : () => tools.jump(line.reply!.id)} />
      )}
      <p className="chat-line__words selectable">
        <Badges role={line.role} bond={line.bond} place={place} />
        <span className="chat-author" title={line.account}>
          {name}
        </span>
        <span className="chat-line__colon">: </span>
        <ChatWords text={line.text} names={names} />
        {!line.heard && (
          <span className="chat-line__unheard" title="Nobody else in the room has it yet. It is sent again by itself.">
            <Clock3 size={12} aria-hidden="true" /> not delivered yet
          </span>
        )}
      </p>
      <div className="chat-line__tools">
        <time dateTime={new Date(line.t).toISOString()} title={momentWords(line.t)}>
          {clockWords(line.t)}
        </time>
        {mayReply && (
          <button type="button" tabIndex={-1} aria-label={`Reply to ${name}`} onClick={() => tools.reply(line)}>
            <Reply size={15} />
          </button>
        )}
        <button
          type="button"
          tabIndex={-1}
          aria-haspopup="menu"
          aria-label={`More for the message of ${name}`}
          onClick={(event) => tools.openMenu(line, event.currentTarget)}
        >
          <Ellipsis size={15} />
        </button>
      </div>
    </li>
  )
})

/** What a line answers. */
export function Quote({
  reply,
  onPress,
}: {
  reply: NonNullable<ChatLine['reply']>
  onPress?: (() => void) | undefined
}) {
  const words =
    reply.text === null ? 'A message that is not here any more' : `${reply.name ?? 'Somebody'}: ${reply.text}`
  return (
    <button
      type="button"
      className="chat-quote"
      tabIndex={-1}
      disabled={onPress === undefined}
      aria-label={`In answer to ${words}`}
      onClick={onPress}
    >
      <CornerUpLeft size={12} aria-hidden="true" />
      <span>{words}</span>
    </button>
  )
}
