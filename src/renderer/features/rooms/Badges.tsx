import type { ChatLine } from '@shared/community/room-state'
import { HeartHandshake, Shield, Trophy, UserRound, UserRoundCheck, Video } from 'lucide-react'
import type { ReactNode } from 'react'

function Badge({ kind, title, children }: { kind: string; title: string; children: ReactNode }) {
  return (
    <span className="chat-badge" data-kind={kind} role="img" aria-label={title} title={title}>
      {children}
    </span>
  )
}

/** What somebody is in the room. `place`: among those who gave most, from 1; 0: not among them. */
export function Badges({ role, bond, place }: Pick<ChatLine, 'role' | 'bond'> & { place: number }) {
  return (
    <>
      {role === 'owner' && (
        <Badge kind="owner" title="Creator">
          <Video size={12} fill="currentColor" />
        </Badge>
      )}
      {role === 'mod' && (
        <Badge kind="mod" title="Moderator">
          <Shield size={12} fill="currentColor" />
        </Badge>
      )}
      {role === 'member' && (
        <Badge kind="member" title="Member">
          <UserRoundCheck size={12} />
        </Badge>
      )}
      {bond === 'mutual' && (
        <Badge kind="mutual" title="You follow each other">
          <HeartHandshake size={12} />
        </Badge>
      )}
      {bond === 'follower' && (
        <Badge kind="follower" title="Follows the channel">
          <UserRound size={12} />
        </Badge>
      )}
      {place > 0 && (
        <Badge kind="supporter" title={`Top supporter, number ${place}`}>
          <Trophy size={11} />
          {place}
        </Badge>
      )}
    </>
  )
}
