import { describe, expect, it } from 'vitest'
import type { RoomBody } from '@shared/community/bodies/rooms'
import { roomOwner } from '@shared/community/room-name'
import { banOf, mergeRoomRules, type RoomRecord } from '@shared/community/room-rules'
import type { RoomAct } from '@shared/ipc/community/rooms-schema'
import { recordOfAct } from './room-acts'

const person = (byte: string): string => `0x${byte.repeat(20)}`
const [ANN, BOB, CLEO, DAN] = ['a1', 'b2', 'c3', 'd4'].map(person) as [string, string, string, string]
const room = `chan:${ANN}/talk`

/** People who act on what they have heard, and hear of each other's acts in any order. */
class Staff {
  readonly records: RoomRecord[] = []
  t = 1_000

  act(by: string, act: Exclude<RoomAct, { do: 'delete' }>, known: readonly RoomRecord[] = this.records): RoomRecord {
    this.t += 10
    const own = known.filter(({ account }) => account === by).at(-1)?.body ?? null
    const body = recordOfAct(room, by, mergeRoomRules(room, known), own, act, this.t)
    const record = { account: by, device: 'd', n: this.t, t: this.t, body }
    this.records.push(record)
    return record
  }

  get rules() {
    const rules = mergeRoomRules(room, this.records)
    expect(mergeRoomRules(room, [...this.records].reverse())).toEqual(rules)
    return rules
  }
}

describe('the rules of a room', () => {
  it('are those of its owner by its name, and of nobody else', () => {
    expect([room, `${ANN}/live-1`, 'lobby', `x${ANN}/a`].map(roomOwner)).toEqual([ANN, ANN, null, null])
    const body: RoomBody = { room, policy: 'closed', slow: 9, membersOnly: true, bans: [], roles: [], blockWords: [] }
    const foreign = {
      account: BOB,
      device: 'd',
      n: 1,
      t: 5,
      body: { ...body, roles: [{ account: BOB, role: 'owner' as const }] },
    }
    expect(mergeRoomRules(room, [foreign])).toMatchObject({ policy: 'open', slow: 0, roles: [] })
    expect(mergeRoomRules('lobby', [{ ...foreign, body: { ...foreign.body, room: 'lobby' } }]).policy).toBe('open')
  })

  it('keep out who is on the lists of the owner, but not who keeps order nor whom somebody let in by name', () => {
    const staff = new Staff()
    staff.act(ANN, { do: 'role', account: BOB, role: 'mod' })
    const lists = new Map([['bad', [BOB, CLEO, DAN, ANN].map((one) => `acct:${one}`)]])
    const listed = (): readonly string[] => mergeRoomRules(room, staff.records, lists).listed
    expect(listed()).toEqual([])
    staff.act(ANN, { do: 'lists', lists: ['bad', 'not here'] })
    expect(listed()).toEqual([CLEO, DAN])
    staff.act(ANN, { do: 'slow', seconds: 5 })
    staff.act(BOB, { do: 'unban', account: DAN })
    const rules = mergeRoomRules(room, staff.records, lists)
    expect([BOB, CLEO, DAN].map((one) => banOf(rules, one, staff.t) !== null)).toEqual([false, true, false])
    expect(() => staff.act(BOB, { do: 'lists', lists: [] })).toThrow(/Only the owner/)
    staff.act(ANN, { do: 'lists', lists: [] })
    expect(listed()).toEqual([])
  })

  it('are made by the owner and moderators together: acts at one time do not undo each other', () => {
    const staff = new Staff()
    staff.act(ANN, { do: 'role', account: BOB, role: 'mod' })
    staff.act(ANN, { do: 'role', account: CLEO, role: 'mod' })
    const known = [...staff.records]
    staff.act(BOB, { do: 'ban', account: DAN }, known)
    staff.act(CLEO, { do: 'slow', seconds: 30 }, known)
    staff.act(ANN, { do: 'about', title: 'Talk', rules: null }, known)
    expect(staff.rules).toMatchObject({ slow: 30, title: 'Talk', bans: [{ account: DAN, by: BOB, until: null }] })
    // anybody of them takes it back; the last word counts
    staff.act(CLEO, { do: 'unban', account: DAN })
    expect(staff.rules.bans).toEqual([])
    staff.act(BOB, { do: 'mute', account: DAN, seconds: 60 })
    expect(staff.rules.bans).toMatchObject([{ account: DAN, until: staff.t + 60_000 }])
    expect(staff.rules.slow).toBe(30)
    // who is moderator no more loses the word, whom they sent away stays away
    staff.act(ANN, { do: 'role', account: BOB, role: null })
    expect(staff.rules.bans).toMatchObject([{ account: DAN, by: ANN }])
    expect(() => staff.act(BOB, { do: 'unban', account: DAN })).toThrow(/Only the owner/)
    expect(() => staff.act(CLEO, { do: 'ban', account: ANN })).toThrow(/owner/)
    expect(() => staff.act(CLEO, { do: 'role', account: DAN, role: 'mod' })).toThrow(/owner/)
  })

  it('cannot be dated ahead to win for good, and moderators do not send each other away', () => {
    const staff = new Staff()
    staff.act(ANN, { do: 'role', account: BOB, role: 'mod' })
    staff.act(ANN, { do: 'role', account: CLEO, role: 'mod' })
    const { body } = staff.act(BOB, { do: 'slow', seconds: 600 })
    const bans = [ANN, CLEO, DAN].map((account) => ({ account, at: 4_000_000_000_000 }))
    staff.records.push({
      account: BOB,
      device: 'd',
      n: 900,
      t: (staff.t += 10),
      body: { ...body, set: 4_000_000_000_000, bans },
    })
    expect(staff.rules).toMatchObject({ slow: 600, bans: [{ account: DAN }] })
    staff.act(ANN, { do: 'slow', seconds: 0 })
    staff.act(ANN, { do: 'unban', account: DAN })
    expect(staff.rules).toMatchObject({ slow: 0, bans: [] })
  })
})
