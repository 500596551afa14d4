import { beforeEach, describe, expect, it } from 'vitest'
import { encodeRoomMessage } from '@shared/community/room-message'
import { mergeRoomRules, type RoomRules } from '@shared/community/room-rules'
import { NEWCOMER_BURST, NEWCOMERS_BURST, NEWCOMERS_PER_SECOND, RoomJudge } from '@shared/community/room-judge'
import { verifyEd25519 } from '../../platform/ed25519'
import { testRoomReader, RoomVoice } from '../testing/room-voice'
import { TestAccount, TestDevice } from '../testing/test-device'

/** `WE_FAKE_ACCOUNTS=1000` for a long run. */
const FAKES = Number(process.env['WE_FAKE_ACCOUNTS'] ?? 60)

const owner = new TestAccount()
const room = `chan:${owner.address}/talk`
const open = mergeRoomRules(room, [])
let now = 1_800_000_000_000
let flooders: string[]
let judge: RoomJudge

beforeEach(() => {
  now = 1_800_000_000_000
  flooders = []
  judge = judgeOf(open)
})

function judgeOf(rules: RoomRules): RoomJudge {
  return new RoomJudge({
    ...{ room, rules, reader: testRoomReader(), now: () => now, onFlood: (peer) => flooders.push(peer) },
  })
}

describe('what is passed on in a room', () => {
  it('is what is signed, fresh and new; forged, torn, foreign, oversized, old and future lines are not', async () => {
    const [ann, eve] = await Promise.all([RoomVoice.of(), RoomVoice.of()])
    const line = ann.say(room, 'hello', now)
    const knowing = judgeOf(open) // its device; every byte counts all the same, as it is passed on to others
    knowing.judge(ann.say(room, 'before', now), 'a')
    for (let at = 0; at < line.length; at += 13) {
      const broken = Uint8Array.from(line)
      broken[at]! ^= 1
      expect(judgeOf(open).judge(broken, 'a')).not.toBe('accept')
      expect(knowing.judge(broken, 'a')).not.toBe('accept')
      expect(judgeOf(open).judge(line.subarray(0, at), 'a')).toBe('reject')
    }
    expect(judge.judge(line, 'a')).toBe('accept')
    expect(judge.judge(line, 'b')).toBe('ignore')
    expect(judge.judge(ann.say(`chan:${owner.address}/other`, 'hi', now), 'a')).toBe('reject')
    expect(judge.judge(ann.message(ann.entry('comment', { s: 'x', text: 'hi', facets: [] }, now)), 'a')).toBe('reject')
    expect(judge.judge(ann.say(room, 'x'.repeat(1_001), now), 'a')).toBe('reject')
    expect(judge.judge(new Uint8Array(13_000), 'a')).toBe('reject')
    expect(judge.judge(ann.say(room, 'tomorrow', now + 600_001), 'a')).toBe('ignore')
    expect(judge.judge(ann.say(room, 'yesterday', now - 600_001), 'a')).toBe('ignore')
    // nobody puts their name on another's words: a grant counts as taken by its device only
    const entry = ann.entry('chat', { room, text: 'mine' }, now)
    const claim = { ...(await eve.account.grant(ann.device)) }
    const claimed = eve.device.seal(null, { kind: 'key.grant', body: claim })
    for (const grant of [eve.grant, claimed]) {
      expect(judgeOf(open).judge(encodeRoomMessage({ entry, grant, extras: [] }), 'a')).toBe('reject')
    }
    const narrow = new TestDevice()
    const scoped = { ...(await ann.account.grant(narrow, { scopes: 'record' })) }
    const grant = narrow.seal(null, { kind: 'key.grant', body: scoped })
    const beyond = narrow.seal(grant, { kind: 'chat', body: { room, text: 'hi' }, t: now })
    expect(judge.judge(encodeRoomMessage({ entry: beyond, grant, extras: [] }), 'a')).toBe('reject')
  })

  it('keeps the rules: bans, mutes that end, policy with proof of a follow, block words in disguise, slow mode', async () => {
    const [boss, mod, ann, bob] = await Promise.all([
      RoomVoice.of(owner),
      RoomVoice.of(),
      RoomVoice.of(),
      RoomVoice.of(),
    ])
    const body = {
      room,
      policy: 'open' as const,
      slow: 20,
      membersOnly: false,
      bans: [],
      roles: [],
      blockWords: ['badword'],
    }
    const record = { device: '00', n: 1, t: now, account: owner.address }
    const rules = mergeRoomRules(room, [
      {
        ...record,
        body: {
          ...body,
          roles: [{ account: mod.account.address, role: 'mod' as const }],
          bans: [{ account: ann.account.address, until: now + 5_000, at: now }],
        },
      },
    ])
    judge.rule(rules, [])
    expect(judge.judge(ann.say(room, 'muted', now), 'a')).toBe('ignore')
    expect(judge.judge(bob.say(room, 'such a b4dword', now), 'a')).toBe('ignore')
    expect(judge.judge(bob.message(bob.entry('room', { ...body }, now)), 'a')).toBe('ignore')
    expect(judge.judge(mod.say(room, 'a badword by who may', now), 'a')).toBe('accept')
    now += 5_000
    expect(judge.judge(ann.say(room, 'one', now), 'a')).toBe('accept')
    now += 10_000
    expect(judge.judge(ann.say(room, 'too soon', now), 'a')).toBe('ignore')
    expect(judge.judge(ann.say(room, 'and with a clock made up', now + 60_000), 'a')).toBe('ignore')
    now += 10_000
    expect(judge.judge(ann.say(room, 'two', now), 'a')).toBe('accept')
    judge.rule(mergeRoomRules(room, [{ ...record, body: { ...body, policy: 'followers', slow: 0 } }]), [])
    expect(judge.judge(bob.say(room, 'no follower', now), 'a')).toBe('ignore')
    const elsewhere = bob.entry('follow', { s: `acct:${ann.account.address}` }, now)
    const follow = bob.entry('follow', { s: room }, now)
    const line = (): ReturnType<typeof bob.entry> => bob.entry('chat', { room, text: 'follower' }, now)
    expect(judge.judge(bob.message(line(), [elsewhere]), 'a')).toBe('ignore')
    expect(judge.judge(bob.message(line(), [ann.entry('follow', { s: room }, now)]), 'a')).toBe('reject')
    expect(judge.judge(bob.message(line(), [follow]), 'a')).toBe('accept')
    judge.rule(mergeRoomRules(room, [{ ...record, body: { ...body, policy: 'closed' } }]), [])
    expect(judge.judge(bob.message(line(), [follow]), 'a')).toBe('ignore')
    expect(judge.judge(boss.say(room, 'news', now), 'a')).toBe('accept')
  })

  it('of a flood of 500 lines of one key is its burst; the neighbour that sends it is told of', async () => {
    const eve = await RoomVoice.of()
    const verdicts = Array.from({ length: 500 }, (_, at) => judge.judge(eve.say(room, `spam ${at}`, now), 'flooder'))
    expect(verdicts.filter((one) => one === 'accept')).toHaveLength(NEWCOMER_BURST)
    expect(new Set(flooders)).toEqual(new Set(['flooder']))
    const ann = await RoomVoice.of()
    expect(judge.judge(ann.say(room, 'hello', now), 'friend')).toBe('accept')
  })

  it('of one who floods by a node of their own the node is told of four times as soon, and few signatures are checked', async () => {
    const eve = await RoomVoice.of()
    let signatures = 0
    const reader = testRoomReader((...signed) => {
      signatures++
      return verifyEd25519(...signed)
    })
    const told: number[] = []
    const own = new RoomJudge({ room, rules: open, reader, now: () => now, onFlood: () => told.push(said) })
    let said = 0
    for (; told.length === 0; said++) own.judge(eve.say(room, `spam ${said}`, now), 'eve', true)
    expect(said).toBeLessThan(NEWCOMER_BURST + 200 / 4 + 2)
    expect(signatures).toBeLessThan(NEWCOMER_BURST + 4)
    // whom this person follows from now on is not held to a stranger's rate
    own.rule(open, [eve.account.address])
    now += 500
    expect(own.judge(eve.say(room, 'sorry', now), 'friend')).toBe('accept')
  })

  it(`of ${FAKES} fake accounts is little, whom people know is heard meanwhile, and other newcomers too`, async () => {
    const fakes = await Promise.all(Array.from({ length: FAKES }, () => RoomVoice.of()))
    const [friend, regular, newcomer] = await Promise.all([RoomVoice.of(), RoomVoice.of(), RoomVoice.of()])
    judge.rule(open, [friend.account.address])
    expect(judge.judge(regular.say(room, 'good evening', now), 'honest')).toBe('accept')
    now += 61_000
    const heard = { fakes: 0, friends: 0, regulars: 0, newcomers: 0 }
    const say = (who: keyof typeof heard, voice: RoomVoice, from: string): void => {
      if (judge.judge(voice.say(room, 'hello', now), from) === 'accept') heard[who]++
    }
    for (let second = 0; second < 20; second++) {
      // whoever made them has two lines into this node, and fifty of them talk each second
      for (let at = 0; at < 50; at++) say('fakes', fakes[(second * 50 + at) % FAKES]!, at % 2 === 0 ? 'evil' : 'bad')
      say('friends', friend, 'evil')
      say('regulars', regular, 'honest')
      say('newcomers', newcomer, 'honest')
      now += 1_000
    }
    expect(heard.fakes).toBeLessThanOrEqual(NEWCOMERS_BURST + 20 * NEWCOMERS_PER_SECOND)
    expect(heard).toMatchObject({ friends: 20, regulars: 20, newcomers: 20 })
  })
})
