import { z } from 'zod'
import { RoomName } from '../../community/bodies/rooms'
import { Account, line, prose, TimeMs } from '../../community/body-fields'
import type { ChatLine, OpenRoom, RoomHistory, RoomState } from '../../community/room-state'
import { EntryId } from '../../community/subject'
import { invoke, notify } from '../channel'

const nothing = z.void()

/** What an owner or a moderator does. Roles, lists and `about` are the owner's alone. */
export const RoomAct = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('delete'), line: EntryId }),
  /** For so many seconds; lines of who is muted or banned are hidden everywhere while it lasts. */
  z.strictObject({ do: z.literal('mute'), account: Account, seconds: z.int().min(1).max(31_536_000) }),
  z.strictObject({ do: z.literal('ban'), account: Account }),
  /** Takes back a ban or a mute. */
  z.strictObject({ do: z.literal('unban'), account: Account }),
  z.strictObject({ do: z.literal('slow'), seconds: z.int().min(0).max(3_600) }),
  z.strictObject({ do: z.literal('policy'), policy: z.enum(['open', 'followers', 'members', 'closed']) }),
  z.strictObject({ do: z.literal('words'), words: z.array(line(60)).max(200) }),
  z.strictObject({ do: z.literal('pin'), line: EntryId.nullable() }),
  /** Null: none any more. */
  z.strictObject({ do: z.literal('role'), account: Account, role: z.enum(['mod', 'member']).nullable() }),
  /** Lists (`list`) whose people are kept out too, as they are now and as their authors change them. */
  z.strictObject({ do: z.literal('lists'), lists: z.array(EntryId).max(20) }),
  z.strictObject({ do: z.literal('about'), title: line(80).nullable(), rules: prose(2_000).nullable() }),
])
export type RoomAct = z.infer<typeof RoomAct>

/**
 * Live chat. A room is named `0x<account>/<anything>` (of a live) or `chan:0x<account>/<slug>` (of a channel): the name
 * says whose it is. Several windows or panes may open one room; it is left when the last has left.
 */
export const roomsSchema = {
  /** Joins; resolves at once with what is here, what peers have of before follows as `lines`. */
  open: invoke(z.strictObject({ room: RoomName }), z.custom<OpenRoom>()),
  leave: invoke(z.strictObject({ room: RoomName }), nothing),
  /**
   * Rejects in plain words: `no-account`, `room-banned`, `room-muted`, `room-closed`, `room-members`, `room-followers`,
   * `room-slow`, `room-fast` (more than a line a second after the first five), `room-word`.
   */
  say: invoke(
    z.strictObject({
      room: RoomName,
      text: prose(1_000).refine((text) => text.trim() !== ''),
      reply: EntryId.optional(),
    }),
    z.custom<ChatLine>(),
  ),
  /** Lines before a line (its `at`), from here and from peers. */
  history: invoke(
    z.strictObject({ room: RoomName, before: TimeMs, limit: z.int().min(1).max(200) }),
    z.custom<RoomHistory>(),
  ),
  /** Takes back an own line. */
  withdraw: invoke(z.strictObject({ room: RoomName, line: EntryId }), nothing),
  /** Rejects with `room-role` who may not, `room-list` when a list is not on this computer. */
  moderate: invoke(z.strictObject({ room: RoomName, act: RoomAct }), nothing),
  /** New lines, and known ones that changed (same id: put it in place of the other); some times a second at most. */
  lines: notify(z.custom<{ room: string; lines: ChatLine[] }>()),
  /** Ids of lines that are to be seen no more. */
  removed: notify(z.custom<{ room: string; ids: string[] }>()),
  changed: notify(z.custom<RoomState>()),
} as const
