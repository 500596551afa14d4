import type { RoomBody } from '@shared/community/bodies/rooms'
import { roleIn, type RoomRules } from '@shared/community/room-rules'
import { StudioError } from '@shared/errors'
import type { RoomAct } from '@shared/ipc/community/rooms-schema'

/** Statements that are kept in one record; of more the oldest go. */
const MOST = 300

/**
 * The record by which somebody who moderates says an act, out of what holds in the room and their own record before. What
 * is not theirs to decide is left as it is, so that acts of two people at once do not undo each other (`mergeRoomRules`).
 * Throws StudioError `room-role`.
 * @param now Unix milliseconds
 */
export function recordOfAct(
  room: string,
  me: string,
  rules: RoomRules,
  before: RoomBody | null,
  act: Exclude<RoomAct, { do: 'delete' }>,
  now: number,
): RoomBody {
  const role = roleIn(rules, me)
  if (role !== 'owner' && role !== 'mod')
    throw notAllowed('Only the owner and the moderators of this room can do that.')
  const record = carried(room, me, rules, before)
  switch (act.do) {
    case 'mute':
      return banning(record, rules, me, { account: act.account, until: now + act.seconds * 1000, at: now })
    case 'ban':
      return banning(record, rules, me, { account: act.account, at: now })
    case 'unban':
      return {
        ...record,
        bans: record.bans.filter(({ account }) => account !== act.account),
        lifted: [{ account: act.account, at: now }, ...without(record.lifted ?? [], act.account)].slice(0, MOST),
      }
    case 'slow':
      return { ...record, slow: act.seconds, set: now }
    case 'policy':
      return { ...record, policy: act.policy, membersOnly: act.policy === 'members', set: now }
    case 'words':
      return { ...record, blockWords: [...act.words], set: now }
    case 'pin': {
      delete record.pinned
      return { ...record, ...(act.line === null ? {} : { pinned: act.line }), set: now }
    }
    case 'role': {
      if (role !== 'owner') throw notAllowed('Only the owner of this room can name moderators and members.')
      if (act.account === me) throw notAllowed('This is your own room: you keep all rights in it.')
      const named = act.role === null ? [] : [{ account: act.account, role: act.role }]
      // whom somebody kept out as a moderator stays out when they are one no more
      const theirs = rules.bans.filter(({ by }) => by === act.account && act.role !== 'mod')
      const others = record.bans.filter(({ account }) => theirs.every((ban) => ban.account !== account))
      const kept = theirs.map(({ account, until, at }) => ({ account, ...(until === null ? {} : { until }), at }))
      return {
        ...record,
        bans: [...kept, ...others].slice(0, MOST),
        roles: [...named, ...without(record.roles, act.account)].slice(0, MOST),
      }
    }
    case 'lists': {
      if (role !== 'owner') throw notAllowed('Only the owner of this room can choose lists of people to keep out.')
      return { ...record, banLists: [...act.lists] }
    }
    case 'about': {
      if (role !== 'owner') throw notAllowed('Only the owner of this room can change its title and rules.')
      delete record.title
      delete record.rules
      return {
        ...record,
        ...(act.title === null ? {} : { title: act.title }),
        ...(act.rules === null ? {} : { rules: act.rules }),
      }
    }
  }
}

/** The own record with the settings that hold now, and without statements of the past. */
function carried(room: string, me: string, rules: RoomRules, before: RoomBody | null): RoomBody {
  const own = { ...(before ?? { bans: [] }) }
  if ('pinned' in own) delete own.pinned
  return {
    ...own,
    room,
    roles: me === rules.owner ? [...rules.roles] : [],
    ...{ policy: rules.policy, slow: rules.slow, membersOnly: rules.policy === 'members', set: rules.set },
    blockWords: [...rules.blockWords],
    ...(rules.pinned === null ? {} : { pinned: rules.pinned }),
  }
}

function banning(record: RoomBody, rules: RoomRules, me: string, ban: RoomBody['bans'][number]): RoomBody {
  if (ban.account === me) throw notAllowed('You cannot keep yourself out of the room.')
  const role = roleIn(rules, ban.account)
  if (role === 'owner') throw notAllowed('Nobody can keep the owner out of the room.')
  if (role === 'mod' && me !== rules.owner) throw notAllowed('Only the owner can keep a moderator out of the room.')
  return {
    ...record,
    // a mute that is over says nothing any more
    bans: [ban, ...without(record.bans, ban.account).filter(({ until }) => (until ?? Infinity) > ban.at!)].slice(
      0,
      MOST,
    ),
    lifted: without(record.lifted ?? [], ban.account),
  }
}

function without<T extends { account: string }>(list: readonly T[], account: string): T[] {
  return list.filter((one) => one.account !== account)
}

function notAllowed(message: string): StudioError {
  return new StudioError('room-role', message)
}
