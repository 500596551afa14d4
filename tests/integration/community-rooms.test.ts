import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Libp2p } from '@libp2p/interface'
import type { NodeServices } from '../../src/main/peer/node-settings'
import { NEWCOMER_BURST, NEWCOMERS_BURST, NEWCOMERS_PER_SECOND } from '@shared/community/room-judge'
import { encodeRoomAnswer, MAX_ROOM_FRAME_BYTES } from '@shared/community/room-request'
import { RoomVoice } from '../../src/main/community/testing/room-voice'
import { FramedStream } from '../../src/main/peer/framed-stream'
import { roomTopic } from '../../src/main/peer/room-traffic'
import { testNode } from './community-nodes'
import { RoomNode } from './room-nodes'

const running: RoomNode[] = []
const cheats: Libp2p<NodeServices>[] = []
afterEach(async () => {
  await Promise.all([...running.splice(0), ...cheats.splice(0)].map(async (one) => one.stop()))
})
const soon = { timeout: 30_000, interval: 20 }
/** `WE_FAKE_ACCOUNTS=1000` for a long run. */
const FAKES = Number(process.env['WE_FAKE_ACCOUNTS'] ?? 40)

async function people(count: number): Promise<RoomNode[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => RoomNode.start()))
  running.push(...nodes)
  return nodes
}

/** In a row: the first and the last reach each other only by way of the others. */
async function inARow(room: (owner: RoomNode) => string, count = 3): Promise<RoomNode[]> {
  const nodes = await people(count)
  const name = room(nodes[0]!)
  for (const node of nodes) node.open(name)
  for (const [at, node] of nodes.entries()) if (at > 0) await node.dial(nodes[at - 1]!)
  await vi.waitFor(
    () => expect(nodes.every(({ state }, at) => state.peers === (at === 0 || at === count - 1 ? 1 : 2))).toBe(true),
    soon,
  )
  return nodes
}

const ownRoom = ({ me }: RoomNode): string => `chan:${me}/talk`

describe('people in a room', () => {
  it('read each other once each and in one order, also by way of others, and answer and call each other', async () => {
    const [ann, bob, cleo] = (await inARow(ownRoom)) as [RoomNode, RoomNode, RoomNode]
    ann.temp.log.append([
      { kind: 'profile', body: { name: 'Ann of Aix', bio: '', links: [], langs: [] }, replaceKey: 'profile' },
    ])
    const first = ann.say('hello all')
    await vi.waitFor(() => expect(cleo.texts).toEqual(['hello all']), soon)
    cleo.say('hi @Ann!', first.id)
    await vi.waitFor(() => expect(ann.texts).toEqual(['hello all', 'hi @Ann!']), soon)
    bob.say('and I')
    const all = ['hello all', 'hi @Ann!', 'and I']
    await vi.waitFor(() => expect([ann, bob, cleo].map(({ texts }) => texts)).toEqual([all, all, all]), soon)
    const heard = [...ann.lines.values()].find(({ text }) => text.startsWith('hi'))!
    expect(heard).toMatchObject({ mentionsMe: true, reply: { id: first.id, text: 'hello all' }, heard: true })
    expect([...cleo.lines.values()][0]).toMatchObject({ name: 'Ann of Aix', role: 'owner', mine: false })
    // who comes late gets it from a peer
    const [dan] = await people(1)
    dan!.open(ownRoom(ann))
    await dan!.dial(cleo)
    await vi.waitFor(() => expect(dan!.texts).toEqual(all), soon)
    expect([...dan!.lines.values()][0]).toMatchObject({ name: 'Ann of Aix' })
    // and who comes back finds it without any
    dan!.rooms.leave(ownRoom(ann))
    dan!.lines.clear()
    await dan!.libp2p.stop()
    expect(dan!.open(ownRoom(ann)).texts).toEqual(all)
  })

  it('are kept in order by the owner and moderators: slow mode, block words, deletion, mute, ban, lists, for late-comers too', async () => {
    const [ann, bob, cleo] = (await inARow(ownRoom)) as [RoomNode, RoomNode, RoomNode]
    expect(() => bob.act({ do: 'ban', account: cleo.me })).toThrow(/Only the owner/)
    ann.act({ do: 'role', account: bob.me, role: 'mod' })
    await vi.waitFor(() => expect(bob.state.role).toBe('mod'), soon)
    cleo.say('buy my thing')
    cleo.say('second')
    const said = ['buy my thing', 'second']
    await vi.waitFor(() => expect([ann.texts, bob.texts]).toEqual([said, said]), soon)
    const ad = [...bob.lines.values()].find(({ text }) => text === 'buy my thing')
    bob.act({ do: 'delete', line: ad!.id })
    bob.act({ do: 'words', words: ['badword'] })
    await vi.waitFor(() => expect(cleo.state.blockWords).toEqual(['badword']), soon)
    expect(() => cleo.say('such a b4dword')).toThrow(/does not want/)
    bob.act({ do: 'slow', seconds: 30 })
    await vi.waitFor(() => {
      expect([ann, cleo].map(({ texts }) => texts)).toEqual([['second'], ['second']])
      expect(cleo.state).toMatchObject({ slow: 30, hindrance: { code: 'slow' } })
    }, soon)
    expect(() => cleo.say('third')).toThrow(/Slow mode/)
    bob.act({ do: 'mute', account: cleo.me, seconds: 600 })
    await vi.waitFor(() => expect(ann.texts).toEqual([]), soon)
    await vi.waitFor(() => expect(cleo.state.hindrance?.code).toBe('muted'), soon)
    expect(ann.state.bans).toMatchObject([{ account: cleo.me, by: bob.me }])
    const [dan] = await people(1)
    dan!.open(ownRoom(ann))
    await dan!.dial(bob)
    await vi.waitFor(() => expect(dan!.state).toMatchObject({ slow: 30, blockWords: ['badword'], bans: [] }), soon)
    expect(dan!.texts).toEqual([])
    ann.act({ do: 'unban', account: cleo.me })
    await vi.waitFor(
      () => expect([ann, bob, cleo].map(({ texts }) => texts)).toEqual([['second'], ['second'], ['second']]),
      soon,
    )
    expect(() => bob.act({ do: 'ban', account: ann.me })).toThrow(/owner/)
    // who is on a list that the owner chose is kept out by everybody, whom only others can tell of it too
    expect(() => bob.act({ do: 'lists', lists: [] })).toThrow(/Only the owner/)
    const all = [ann, bob, cleo, dan!]
    dan!.say('I am new')
    const seen = (): number => all.filter(({ texts }) => texts.includes('I am new')).length
    await vi.waitFor(() => expect(seen()).toBe(4), soon)
    const list = ann.list([dan!.me, bob.me])
    ann.act({ do: 'lists', lists: [list] })
    await vi.waitFor(() => {
      expect(seen()).toBe(0)
      expect(dan!.state.hindrance?.code).toBe('banned')
      expect(bob.state).toMatchObject({ hindrance: null, lists: [{ title: 'Spammers', size: 2 }] }) // he keeps order
    }, soon)
    ann.list([bob.me], list)
    await vi.waitFor(() => expect(seen()).toBe(4), soon)
  })
})

describe('in a room, a node that breaks the rules', () => {
  /** A node that says what it likes: no judge of its own. */
  async function cheat(room: string, friend: RoomNode): Promise<(message: Uint8Array) => Promise<void>> {
    const node = await testNode()
    cheats.push(node)
    const { pubsub } = node.services
    pubsub.subscribe(roomTopic(room))
    await node.dial(friend.libp2p.getMultiaddrs())
    await vi.waitFor(() => expect(pubsub.getSubscribers(roomTopic(room))).toHaveLength(1), soon)
    return async (message) => {
      await pubsub.publish(roomTopic(room), message)
    }
  }

  it('is not heard beyond its neighbour: banned people, forged and dated lines; a flood of 500 is its burst', async () => {
    const [ann, bob] = (await inARow(ownRoom, 2)) as [RoomNode, RoomNode]
    const room = ownRoom(ann)
    const [banned, flooder] = await Promise.all([RoomVoice.of(), RoomVoice.of()])
    ann.act({ do: 'ban', account: banned.account.address })
    ann.act({ do: 'words', words: ['rule'] })
    await vi.waitFor(() => expect(bob.state.blockWords).toEqual(['rule']), soon)
    const send = await cheat(room, bob)
    await send(banned.say(room, 'banned', Date.now()))
    await send(flooder.say(room, 'future', Date.now() + 3_600_000))
    const torn = flooder.say(room, 'forged', Date.now())
    torn[torn.length - 5]! ^= 1
    await send(torn)
    for (let at = 0; at < 500; at++) await send(flooder.say(room, `spam ${at}`, Date.now()))
    ann.say('all quiet?')
    bob.say('nearly')
    await vi.waitFor(
      () => expect(bob.texts.concat(ann.texts).filter((text) => text === 'nearly')).toHaveLength(2),
      soon,
    )
    for (const { texts } of [ann, bob]) {
      expect(texts.filter((text) => text.startsWith('spam')).length).toBeLessThanOrEqual(NEWCOMER_BURST + 2)
      expect(texts.filter((text) => ['banned', 'future', 'forged'].includes(text))).toEqual([])
    }
    // from then on gossipsub does not even look at what the flooder sends
    const other = await RoomVoice.of()
    await send(other.say(room, 'by the same node', Date.now()))
    bob.say('still here')
    await vi.waitFor(() => expect(ann.texts.at(-1)).toBe('still here'), soon)
    expect(bob.texts).not.toContain('by the same node')
  })

  it(`and speaks for ${FAKES} fake accounts drowns neither the owner nor the members, and gets no more than its share`, async () => {
    const [ann, bob, cleo] = (await inARow(ownRoom)) as [RoomNode, RoomNode, RoomNode]
    const room = ownRoom(ann)
    ann.act({ do: 'role', account: cleo.me, role: 'member' })
    await vi.waitFor(() => expect([bob.state.roles.length, cleo.state.role]).toEqual([1, 'member']), soon)
    // whoever made them has two lines into the middle of the row
    const lines = await Promise.all([cheat(room, bob), cheat(room, bob)])
    const start = Date.now()
    const real: string[] = []
    for (let at = 0; at < FAKES; at++) {
      const fake = await RoomVoice.of()
      for (let line = 0; line < 3; line++) await lines[at % 2]!(fake.say(room, `fake ${at} ${line}`, Date.now()))
      if (at % Math.ceil(FAKES / 4) !== 0) continue
      real.push(`owner ${at}`, `member ${at}`)
      ann.say(`owner ${at}`)
      cleo.say(`member ${at}`)
    }
    const heard = (node: RoomNode): string[] => node.texts.filter((text) => !text.startsWith('fake')).sort()
    await vi.waitFor(
      () => expect([ann, bob, cleo].map(heard)).toEqual([real, real, real].map((texts) => texts.toSorted())),
      soon,
    )
    const allowed = NEWCOMERS_BURST + ((Date.now() - start) / 1_000 + 1) * NEWCOMERS_PER_SECOND
    for (const node of [ann, bob, cleo]) expect(node.texts.length - real.length).toBeLessThanOrEqual(allowed)
    expect(bob.texts.some((text) => text.startsWith('fake'))).toBe(true) // strangers are heard, in their share
  }, 600_000)

  it('or tells lies about what was said before: nothing of it is taken, and it is asked no more', async () => {
    const [ann] = await people(1)
    const room = ownRoom(ann!)
    const liar = await testNode()
    cheats.push(liar)
    const [voice, banned] = await Promise.all([RoomVoice.of(), RoomVoice.of()])
    let asked = 0
    const forged = voice.say(room, 'forged', Date.now())
    forged[200]! ^= 1
    const other = voice.say(`${room}x`, 'of another room', Date.now())
    await liar.handle('/we/room/1', (raw) => {
      const stream = new FramedStream(raw, MAX_ROOM_FRAME_BYTES, {
        onFrame: () => {
          asked++
          const lines = [voice.say(room, 'said', Date.now()), banned.say(room, 'banned', Date.now()), forged, other]
          void (async () => {
            for (const frame of encodeRoomAnswer(lines)) await stream.send(frame)
            await stream.send(new Uint8Array())
          })()
        },
        onClose: () => undefined,
      })
    })
    liar.services.pubsub.subscribe(roomTopic(room))
    ann!.open(room)
    ann!.act({ do: 'ban', account: banned.account.address })
    await ann!.libp2p.dial(liar.getMultiaddrs())
    await vi.waitFor(() => expect(ann!.texts).toEqual(['said']), soon)
    await vi.waitFor(() => expect(ann!.state.peers).toBe(0), soon)
    expect(asked).toBe(1)
  })
})
