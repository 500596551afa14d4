import type { RoomStore } from './room-store'
import { RoomTalk } from './room-talk'

/** A room as it was left: what keeps it, deletions, and the newest lines before a time. */
export function storedTalk(store: RoomStore, room: string, before: number, lines: number): RoomTalk {
  const talk = new RoomTalk(room)
  const records = store.before(room, 'room', Number.MAX_SAFE_INTEGER, 1_000)
  // twice: a moderator's record counts once the owner's has named them
  const lists = store.before(room, 'list', Number.MAX_SAFE_INTEGER, 20)
  const things = [...records, ...records, ...lists, ...store.before(room, 'del', Number.MAX_SAFE_INTEGER, 500)]
  for (const { entry, bytes, at } of [...things, ...store.before(room, 'chat', before, lines)]) {
    talk.take(entry, bytes, at, false, at)
  }
  return talk
}
