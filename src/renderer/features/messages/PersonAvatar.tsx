import type { MessagePerson } from '@shared/community/message-views'
import { Avatar } from '@/ui/Avatar'

/** The picture of somebody in a conversation; decoration only. */
export function PersonAvatar({ person, size }: { person: MessagePerson; size: number }) {
  const { account, avatar, name } = person
  return <Avatar account={account} cid={avatar ?? undefined} name={name === '' ? undefined : name} size={size} />
}
