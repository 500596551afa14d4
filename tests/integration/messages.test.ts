import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  encodeMailRequest,
  MAX_MAIL_FRAME_BYTES,
  readMailRequest,
  type MailRequest,
} from '@shared/community/mail-messages'
import { StudioError } from '@shared/errors'
import { makeReceipt } from '../../src/main/community/messages/mail-receipt'
import { sha256 } from '../../src/main/community/messages/message-store'
import { MAIL_PROTOCOL } from '../../src/main/peer/mail-peers'
import { FrameExchange } from '../../src/main/peer/frame-exchange'
import { FramedStream } from '../../src/main/peer/framed-stream'
import { MessagePerson } from './message-nodes'

const people: MessagePerson[] = []
const soon = { timeout: 30_000, interval: 15 }

afterEach(async () => {
  await Promise.all(people.splice(0).map((person) => person.remove()))
})

async function person(): Promise<MessagePerson> {
  const made = await MessagePerson.online()
  people.push(made)
  return made
}

type Three = [MessagePerson, MessagePerson, MessagePerson]
const crowd = (count: number) =>
  Promise.all(Array.from({ length: count }, () => person())) as Promise<[...Three, MessagePerson]>
const heard = (who: MessagePerson, id: string, texts: string[]) =>
  vi.waitFor(async () => expect(await who.texts(id)).toEqual(texts), soon)
const ask = (from: MessagePerson, to: MessagePerson, request: MailRequest) =>
  from.community.messages.line.ask(to.key, encodeMailRequest(request))

/** Two who know each other and have one conversation. */
async function acquainted(anna: MessagePerson, ben: MessagePerson): Promise<string> {
  await anna.meet(ben)
  const id = await anna.calls.start({ accounts: [ben.account] })
  await anna.calls.say({ conversation: id, text: 'hello' })
  await heard(ben, id, ['hello'])
  await ben.calls.accept({ conversation: id })
  return id
}

describe('private messages over the network', () => {
  it('two who are online write, answer, and see what arrived and was read', async () => {
    const [anna, ben] = await crowd(2)
    await anna.meet(ben)
    const id = await anna.calls.start({ accounts: [ben.account] })
    const first = await anna.calls.say({ conversation: id, text: 'hello Ben' })
    await heard(ben, id, ['hello Ben'])
    const state = await ben.calls.getState()
    expect(state).toMatchObject({ ready: true, conversations: [], requests: [{ id, isRequest: true, unread: 1 }] })
    expect(ben.told).toEqual([]) // of a stranger nobody is told aloud
    await ben.calls.say({ conversation: id, text: 'hi Anna', reply: first })
    expect(await ben.calls.getState()).toMatchObject({ conversations: [{ id }], requests: [] })
    await ben.calls.markRead({ conversation: id, upTo: first })
    await vi.waitFor(() => expect(anna.told).toEqual(['hi Anna']), soon)
    await vi.waitFor(async () => expect(await anna.states(id)).toEqual(['read']), soon)
    expect((await anna.calls.history({ conversation: id, limit: 1 })).lines).toMatchObject([
      { text: 'hi Anna', reply: { id: first, text: 'hello Ben' } },
    ])
    expect(await anna.calls.safetyNumber(ben.account)).toEqual(await ben.calls.safetyNumber(anna.account))
    expect(await anna.calls.start({ accounts: [ben.account] })).toBe(id)
    expect(await anna.calls.find({ text: 'HELLO ben' })).toMatchObject([{ conversation: id, line: { id: first } }])

    await ben.community.setRules({ ...ben.community.rules.value, blocked: [`acct:${anna.account}`] })
    await anna.calls.say({ conversation: id, text: 'unwanted' })
    await vi.waitFor(async () => expect((await anna.states(id))[0]).toBe('arrived'), soon) // and is not told
    expect(await ben.calls.getState()).toMatchObject({ conversations: [], requests: [] })
    await ben.community.setRules({ ...ben.community.rules.value, blocked: [] })
    expect(await ben.texts(id)).toEqual(['hello Ben', 'hi Anna'])
  })

  it('two who write to each other first at the same time go on in the same conversation', async () => {
    const [anna, ben] = await crowd(2)
    await anna.meet(ben)
    const begin = (one: MessagePerson, other: MessagePerson) => one.calls.start({ accounts: [other.account] })
    const begun = await Promise.all([begin(anna, ben), begin(ben, anna)])
    await anna.calls.say({ conversation: begun[0], text: 'I was first' })
    await ben.calls.say({ conversation: begun[1], text: 'no, I' })
    await Promise.all([heard(ben, begun[0], ['I was first']), heard(anna, begun[1], ['no, I'])])
    const [id] = [...begun].sort()
    expect([await begin(anna, ben), await begin(ben, anna)]).toEqual([id, id])
    const before = await anna.texts(id!)
    await ben.calls.say({ conversation: id!, text: 'here then' })
    await heard(anna, id!, [...before, 'here then'])
  })

  it('who was away gets it once from a neighbour who can neither read nor forge it, and the sender hears of it', async () => {
    const [anna, ben, mia, eve] = await crowd(4)
    const id = await acquainted(anna, ben)
    await ben.stop()
    await Promise.all([anna.meet(mia), eve.meet(mia)])
    for (const text of ['a secret one', 'a secret two']) await anna.calls.say({ conversation: id, text })
    await vi.waitFor(async () => expect(await anna.states(id)).toEqual(['kept', 'kept', 'arrived']), soon)
    const folder = dirname(mia.mailbox)
    const all = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
    expect(all.includes('secret')).toBe(false)

    const kept = mia.keptFor(ben)
    expect(kept).toHaveLength(2)
    const ids = kept.map(sha256)
    expect(await ask(eve, mia, { ask: 'fetch', skip: 0 })).toEqual([])
    await ask(eve, mia, { ask: 'drop', ids })
    expect(mia.keptFor(ben)).toEqual(kept)
    const claim = makeReceipt(mia.device, anna.device.publicKey, ids)
    await ask(mia, anna, { ask: 'deliver', mail: [claim], grants: [] })
    expect(await anna.states(id)).toEqual(['kept', 'kept', 'arrived'])

    await anna.stop()
    await mia.stop() // and what is kept outlives a restart
    await mia.start()
    await ben.start()
    await eve.meet(ben)
    const forged = kept.map((mail) => mail.map((byte, at) => (at === mail.length - 1 ? byte ^ 1 : byte)))
    await ask(eve, ben, { ask: 'deliver', mail: forged, grants: [] })
    expect(await ben.texts(id)).toEqual(['hello'])
    await ben.meet(mia)
    await heard(ben, id, ['hello', 'a secret one', 'a secret two'])
    expect(ben.told).toEqual(['a secret one', 'a secret two'])
    await anna.start()
    await anna.meet(mia)
    await vi.waitFor(async () => expect(await anna.states(id)).toEqual(['arrived', 'arrived', 'arrived']), soon)
    await vi.waitFor(() => expect(mia.keeps).toBe(0), soon)
  })

  it('a kill after a message came and before anybody is told of it, or an answer that is lost, gives one message', async () => {
    const [anna, ben, mia] = await crowd(3)
    const id = await acquainted(anna, ben)
    const { line } = anna.community.messages
    const really = line.ask.bind(line)
    line.ask = async (device, request) => {
      line.ask = really
      await really(device, request)
      throw new StudioError('peer-silent', 'the answer is lost')
    }
    await anna.calls.say({ conversation: id, text: 'answered' })
    await heard(ben, id, ['hello', 'answered'])
    expect(await anna.states(id)).toEqual(['sending', 'arrived'])
    await vi.waitFor(() => expect(anna.community.messages.opened!.nextDue()).toBeGreaterThan(Date.now()), soon)
    await anna.calls.retry({ conversation: id })
    await vi.waitFor(async () => expect(await anna.states(id)).toEqual(['arrived', 'arrived']), soon)

    await ben.stop()
    await anna.meet(mia)
    await anna.calls.say({ conversation: id, text: 'kept' })
    await vi.waitFor(() => expect(mia.keptFor(ben)).toHaveLength(1), soon)
    await ben.start()
    const bens = ben.community.messages.line
    const ask = bens.ask.bind(bens)
    bens.ask = (device, request) =>
      readMailRequest(request).ask === 'drop' ? Promise.reject(new Error('killed')) : ask(device, request)
    await ben.meet(mia)
    await heard(ben, id, ['hello', 'answered', 'kept'])
    await ben.stop()
    expect(mia.keptFor(ben)).toHaveLength(1)
    await ben.start()
    await ben.meet(mia)
    await vi.waitFor(() => expect(mia.keptFor(ben)).toEqual([]), soon)
    expect(await ben.texts(id)).toEqual(['hello', 'answered', 'kept'])
  })

  it('a group of three: who is away finds invitation and talk of both others at a neighbour, asks for more, and leaves', async () => {
    const [anna, ben, mia, carl] = await crowd(4)
    await Promise.all([anna.meet(ben, carl, mia), ben.meet(mia)])
    await anna.calls.reach(carl.account)
    await carl.stop()
    const id = await anna.calls.start({ accounts: [ben.account, carl.account], title: 'Crew' })
    await anna.calls.say({ conversation: id, text: 'one' })
    await heard(ben, id, ['one'])
    await ben.calls.say({ conversation: id, text: 'two' })
    await heard(anna, id, ['one', 'two'])
    await vi.waitFor(async () => expect(await ben.states(id)).toEqual(['kept']), soon)
    await Promise.all([anna.stop(), ben.stop()])
    await carl.start()
    await carl.meet(mia)
    await heard(carl, id, ['one', 'two'])
    expect(await carl.calls.getState()).toMatchObject({ requests: [{ id, title: 'Crew', kind: 'group' }] })
    await carl.calls.say({ conversation: id, text: 'three' })
    await Promise.all([anna.start(), ben.start()])
    await Promise.all([anna.meet(mia), ben.meet(mia)])
    await Promise.all([anna, ben].map((who) => heard(who, id, ['one', 'two', 'three'])))
    await carl.calls.addPeople({ conversation: id, accounts: [mia.account] })
    const wish = await vi.waitFor(async () => {
      const [found] = (await anna.calls.conversation(id))!.wishes
      expect(found).toMatchObject({ by: carl.account, kind: 'add', account: mia.account })
      return found!
    }, soon)
    await anna.calls.settle({ conversation: id, wish: wish.wish, agree: true })
    await vi.waitFor(async () => expect(await mia.calls.getState()).toMatchObject({ requests: [{ id }] }), soon)
    await carl.calls.leave({ conversation: id })
    await vi.waitFor(async () => expect((await ben.calls.conversation(id))!.people).toHaveLength(3), soon)
    expect(await carl.calls.getState()).toMatchObject({ conversations: [{ id, isActive: false }] })
    await expect(carl.calls.say({ conversation: id, text: 'x' })).rejects.toMatchObject({ code: 'conversation-left' })
  })

  it('floods are bounded: requests, garbage, large frames, and invitations of one stranger', async () => {
    const [anna, ben, eve] = await crowd(3)
    const id = await acquainted(anna, ben)
    await eve.meet(ben)
    await eve.calls.reach(ben.account)
    for (let n = 0; n < 5; n++) await eve.calls.start({ accounts: [ben.account], title: `room ${n}` })
    await vi.waitFor(async () => expect((await ben.calls.getState()).requests).toHaveLength(3), soon)

    const mail = Array.from({ length: 100 }, () => new Uint8Array(randomBytes(1_000)))
    const to = new Uint8Array(randomBytes(32))
    expect(await ask(eve, ben, { ask: 'deliver', mail, grants: [] })).toHaveLength(1)
    for (let n = 0; n < 10; n++) {
      const large = new Uint8Array(randomBytes(450_000))
      await ask(eve, ben, { ask: 'keep', to, mail: [large], grants: [] })
    }
    expect(ben.keeps).toBeGreaterThan(3_000_000)
    expect(ben.keeps).toBeLessThanOrEqual(4_000_000)
    const limits = {
      ...{ name: MAIL_PROTOCOL, maxFrameBytes: MAX_MAIL_FRAME_BYTES, maxRequestBytes: MAX_MAIL_FRAME_BYTES },
      ...{ burst: 1, perSecond: 1 },
    }
    const reckless = new FrameExchange(eve.libp2p, limits, () => Promise.resolve(null))
    const fetch = encodeMailRequest({ ask: 'fetch', skip: 0 })
    const flood = async (): Promise<void> => {
      for (let n = 0; n < 300; n++) await reckless.ask(ben.libp2p.peerId.toString(), fetch, 100, 1e6)
    }
    await expect(flood()).rejects.toMatchObject({ code: 'peer-silent' })
    const raw = await eve.libp2p.dialProtocol(ben.libp2p.getMultiaddrs(), MAIL_PROTOCOL)
    const cut = new Promise<string>((onClose) => new FramedStream(raw, 1_000, { onFrame: () => undefined, onClose }))
    raw.send(Uint8Array.of(0x7f, 0xff, 0xff, 0xff)) // a frame of 2 GB
    await cut
    await anna.calls.say({ conversation: id, text: 'still here' })
    await heard(ben, id, ['hello', 'still here'])
  })
})
