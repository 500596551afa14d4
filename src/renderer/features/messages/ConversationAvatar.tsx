import type { ConversationView } from '@shared/community/message-views'
import { Users } from 'lucide-react'
import { otherOf } from './message-words'
import { PersonAvatar } from './PersonAvatar'

/** The picture of who one talks to; decoration only. */
export function ConversationAvatar({ view, size }: { view: ConversationView; size: number }) {
  const other = otherOf(view)
  if (other !== null) return <PersonAvatar person={other} size={size} />
  return (
    <span className="messages-mark" aria-hidden="true" style={{ width: size, height: size }}>
      <Users size={Math.round(size * 0.46)} strokeWidth={1.75} />
    </span>
  )
}
