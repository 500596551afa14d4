import { Users } from 'lucide-react'
import { usePerson } from '@/features/channel/person-store'
import { Avatar } from '@/ui/Avatar'
import { othersOf } from './message-words'
import type { ConversationCard } from './messages-port'

function PersonAvatar({ account, size }: { account: string; size: number }) {
  const { avatar, ownName } = usePerson(account)
  return <Avatar account={account} cid={avatar} name={ownName} size={size} />
}

/** The picture of who one talks to; decoration only. */
export function ConversationAvatar({ card, me, size }: { card: ConversationCard; me: string | null; size: number }) {
  const [other] = othersOf(card, me)
  if (card.kind === 'group' || other === undefined) {
    return (
      <span className="messages-group-mark" aria-hidden="true" style={{ width: size, height: size }}>
        <Users size={Math.round(size * 0.46)} strokeWidth={1.75} />
      </span>
    )
  }
  return <PersonAvatar account={other} size={size} />
}

export { PersonAvatar }
