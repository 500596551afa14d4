import { linkIn } from './chat-text'
import type { ChatLine, RoomState } from '@shared/community/room-state'

export type LineAction =
  | 'reply'
  | 'mention'
  | 'copy'
  | 'copy-link'
  | 'withdraw'
  | 'pin'
  | 'unpin'
  | 'delete'
  | 'mute-1'
  | 'mute-10'
  | 'mute-60'
  | 'ban'
  | 'make-mod'
  | 'unmake-mod'
  | 'hide-person'
  | 'block'
  | 'report'

/** What the person may do with a line: for everybody, for who keeps the room, and about its author. */
export interface LineActions {
  readonly line: readonly LineAction[]
  readonly room: readonly LineAction[]
  readonly author: readonly LineAction[]
}

export function lineActions(line: ChatLine, state: RoomState): LineActions {
  const isStaff = state.role === 'owner' || state.role === 'mod'
  // a moderator's word about another moderator does not count in the network (`mergeRoomRules`)
  const mayJudge = isStaff && !line.mine && line.role !== 'owner' && (line.role !== 'mod' || state.role === 'owner')
  const room: LineAction[] = []
  if (isStaff) room.push(state.pinned?.id === line.id ? 'unpin' : 'pin')
  if (isStaff && !line.mine) room.push('delete')
  if (mayJudge) room.push('mute-1', 'mute-10', 'mute-60', 'ban')
  if (state.role === 'owner' && !line.mine) room.push(line.role === 'mod' ? 'unmake-mod' : 'make-mod')
  return {
    line: [
      ...(mayWrite(state) ? (['reply'] as const) : []),
      ...(mayWrite(state) && !line.mine ? (['mention'] as const) : []),
      'copy',
      ...(linkIn(line.text) === null ? [] : (['copy-link'] as const)),
      ...(line.mine ? (['withdraw'] as const) : []),
    ],
    room,
    author: line.mine ? [] : ['hide-person', 'block', 'report'],
  }
}

/** Waiting does not count: what is begun in slow mode is sent after it. */
export function mayWrite({ hindrance }: RoomState): boolean {
  return hindrance === null || hindrance.code === 'slow'
}
