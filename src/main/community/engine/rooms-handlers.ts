import type { AcceptedEntry } from '@shared/community/accepted-entry'
import type { CommunityHandlers, CommunityTell } from '@shared/ipc/community-schema'
import { join } from 'node:path'
import { Rooms } from '../rooms/rooms'
import type { Community } from './community'
import { communityRoomHost } from './community-room-host'

export function roomsHandlers(community: Community, tell: CommunityTell): CommunityHandlers['rooms'] {
  const rooms = new Rooms({
    path: join(community.dir, 'rooms.sqlite'),
    host: communityRoomHost(community),
    tell: {
      lines: (told) => tell('rooms', 'lines', told),
      removed: (told) => tell('rooms', 'removed', told),
      changed: (state) => tell('rooms', 'changed', state),
    },
    log: community.say,
  })
  community.onLine((client) => rooms.connect(client))
  community.onClose(() => rooms.close())
  community.onRules(() => rooms.reconsider())
  community.onChanged(({ entries }) => {
    // whom the person follows, who follows them and what people are called changes who is heard first and what is read
    const { me } = community
    const isOwn = ({ account, body }: AcceptedEntry): boolean =>
      account === me || (me !== null && String((body as { s?: unknown } | null)?.s).includes(me))
    if (entries.some((entry) => entry.kind === 'profile' || (entry.kind === 'follow' && isOwn(entry)))) {
      rooms.reconsider()
    }
  })
  return {
    open: ({ room }) => rooms.open(room).show(),
    leave: ({ room }) => rooms.leave(room),
    say: ({ room, text, reply }) => rooms.get(room).say(text, reply),
    history: ({ room, before, limit }) => rooms.get(room).history(before, limit),
    withdraw: ({ room, line }) => rooms.get(room).withdraw(line),
    moderate: ({ room, act }) => rooms.get(room).moderate(act),
  }
}
