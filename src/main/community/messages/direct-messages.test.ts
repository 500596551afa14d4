import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MessageWorld, type TestPerson } from '../testing/message-world'
import { DirectMessages } from './direct-messages'
import { openMessagesDatabase } from './messages-database'
import { MlsE2ee } from './mls-e2ee'

const fault = (name: string) => expect.objectContaining({ name: 'MessageRefused', fault: name }) as Error
let world: MessageWorld
let anna: TestPerson
let ben: TestPerson

beforeEach(async () => {
  world = new MessageWorld()
  anna = await world.person()
  ben = await world.person()
})
afterEach(() => world.remove())

async function direct(): Promise<string> {
  const id = await anna.messages.start('direct', [await ben.package()])
  await world.carry()
  return id
}

describe('messages', () => {
  it('two people write, reply, attach, see what arrived and what was read, and find it again', async () => {
    const id = await direct()
    const first = await anna.messages.say(id, { text: '你好 Ben, the Draft is ready' })
    expect(anna.messages.history(id)).toMatchObject([{ id: first, undelivered: [ben.member.account] }])
    await world.carry()
    world.now += 1_000
    const file = {
      cid: `b${'a'.repeat(58)}`,
      name: 'draft.mp4',
      type: 'video/mp4',
      size: 12,
      key: `0x${'11'.repeat(32)}`,
    }
    expect(ben.messages.conversations()).toMatchObject([{ id, kind: 'direct', unread: 1, isOwner: false }])
    await ben.messages.say(id, { text: '', reply: first, files: [file] })
    await ben.messages.markRead(id, first)
    expect(ben.messages.conversations()).toMatchObject([{ unread: 0 }])
    await world.carry()
    expect(anna.messages.history(id)).toMatchObject([
      { isMine: false, sender: ben.member, body: { reply: first, files: [file] } },
      { id: first, isMine: true, undelivered: [] },
    ])
    expect(anna.messages.readMarks(id)).toMatchObject([{ account: ben.member.account, id: first }])
    expect(ben.messages.find(id, 'draft 你好')).toMatchObject([{ id: first }])
    expect(ben.messages.find(id, 'nothing')).toEqual([])
    expect(anna.messages.history(id, { from: world.now })).toHaveLength(1)
    await expect(anna.messages.say(id, { text: 'x'.repeat(4_001) })).rejects.toMatchObject({ code: 'message-unfit' })
    await expect(anna.messages.say(id, { text: ' ' })).rejects.toMatchObject({ code: 'message-unfit' })
  })

  it('three people: the owner adds who was asked for, names the group, and removes who then reads nothing', async () => {
    const carl = await world.person()
    const id = await anna.messages.start('group', [await ben.package()], 'Crew')
    await world.carry()
    expect(ben.messages.conversations()).toMatchObject([{ title: 'Crew', kind: 'group' }])
    await expect(ben.messages.change(id, [await carl.package()], [])).rejects.toEqual(fault('not-owner'))
    await expect(ben.messages.rename(id, 'Mine')).rejects.toEqual(fault('not-owner'))
    await ben.messages.ask(id, { add: await carl.package() })
    await world.carry()
    const [request] = anna.messages.requests(id)
    expect(request).toMatchObject({ by: ben.member })
    await anna.messages.change(id, [request!.ask.add!], [])
    anna.messages.settle(request!.key)
    await world.carry()
    await carl.messages.say(id, { text: 'hi all' })
    await world.carry()
    expect([anna, ben].map((person) => person.texts(id))).toEqual([['hi all'], ['hi all']])
    expect(carl.messages.conversations()).toMatchObject([{ title: 'Crew', owner: anna.member }])

    await anna.messages.change(id, [], [ben.member])
    await world.carry()
    await anna.messages.say(id, { text: 'about Ben' })
    const secret = anna.messages.due()
    expect(secret.map(({ to }) => to)).toEqual([carl.member])
    expect(await ben.messages.receive(secret[0]!.bytes, anna.member.device)).toEqual([{ kind: 'held' }])
    await world.carry()
    expect([carl, ben].map((person) => person.texts(id)[0])).toEqual(['about Ben', 'hi all'])
    expect(ben.messages.conversations()).toMatchObject([{ isActive: false }])
    await expect(ben.messages.say(id, { text: 'hello?' })).rejects.toMatchObject({ code: 'conversation-left' })
    await anna.messages.change(id, [await ben.package()], []) // and may come back
    await world.carry()
    await ben.messages.say(id, { text: 'back' })
    await world.carry()
    expect(carl.texts(id)[0]).toBe('back')
    expect(ben.texts(id)).toEqual(['back', 'hi all']) // what was said without him stays closed
    world.strangers.add(carl.member.device) // his device was revoked: it goes with the next change
    await anna.messages.change(id, [], [])
    expect(anna.messages.conversations()).toMatchObject([{ members: [anna.member, ben.member] }])
    world.strangers.clear()
    await world.carry()
    const e2ee = new MlsE2ee({ account: ben.member.account, device: ben.device, isDeviceOf: () => true })
    let taken = await e2ee.create(await e2ee.newIdentity(), new Uint8Array(Buffer.from(id.slice(2), 'hex')))
    for (const add of [[await carl.package()], [], [], [], [], [], [], [], []])
      taken = (await e2ee.change(taken, { add, remove: [] })).state
    const { welcome } = await e2ee
      .change(taken, { add: [], remove: [carl.member] })
      .then(({ state }) => carl.package().then((add) => e2ee.change(state, { add: [add], remove: [] })))
    await expect(carl.messages.receive(welcome!, ben.member.device)).rejects.toEqual(fault('not-owner'))
  })

  it('what was sent to somebody offline arrives in any order, even before the invitation', async () => {
    const carl = await world.person()
    const id = await anna.messages.start('group', [await ben.package()])
    await anna.messages.say(id, { text: 'one' })
    await anna.messages.change(id, [await carl.package()], [])
    await anna.messages.say(id, { text: 'two' })
    const toBen = anna.messages.due().filter(({ to }) => to.device === ben.member.device)
    expect(toBen).toHaveLength(4)
    const heard = []
    for (const parcel of toBen.reverse()) heard.push(...(await world.deliver(anna, parcel)).map(({ kind }) => kind))
    expect(heard).toEqual(['held', 'held', 'held', 'joined', 'changed', 'text', 'text'])
    expect(ben.texts(id).sort()).toEqual(['one', 'two'])
    for (const { bytes } of toBen) {
      const again = ben.messages.receive(bytes, anna.member.device)
      await expect(again).rejects.toMatchObject({ name: 'MessageRefused' })
    }
    expect(ben.texts(id)).toHaveLength(2)
  })

  it('goes on after a restart, and a kill between disk and network sends the same bytes again', async () => {
    const id = await direct()
    await anna.messages.say(id, { text: 'before' })
    const before = anna.messages.due()
    await anna.reopen() // killed here: nothing was sent
    expect(anna.messages.due()).toEqual(before)
    await anna.messages.say(id, { text: 'after' })
    const both = anna.messages.due()
    expect(both.slice(0, 1)).toEqual(before)
    for (const parcel of both) await world.deliver(anna, parcel)
    await ben.reopen() // killed before it could acknowledge: the sender tries again
    for (const parcel of both) await expect(world.deliver(anna, parcel)).rejects.toEqual(fault('replayed'))
    anna.messages.tried(both)
    expect(anna.messages.due()).toEqual([])
    world.now += 5_000
    expect(anna.messages.due()).toMatchObject([{ attempts: 1 }, { attempts: 1 }])
    await anna.messages.say(id, { text: 'never fetched' })
    anna.messages.acknowledged(...both)
    expect(anna.messages.due()).toHaveLength(1)
    world.now += 31 * 86_400_000
    expect(anna.messages.due()).toEqual([])
    const lines = anna.messages.history(id).map(({ body, undelivered }) => [body.text, undelivered.length])
    expect(Object.fromEntries(lines)).toEqual({ before: 0, after: 0, 'never fetched': 1 })
    expect(ben.texts(id).sort()).toEqual(['after', 'before'])
  })

  it('a profile put back from an old copy cannot pass a second message under a key that was used', async () => {
    const id = await direct()
    const copy = join(world.folder, 'copy')
    cpSync(dirname(anna.path), copy, { recursive: true })
    const sent = await anna.messages.say(id, { text: 'a' })
    const [parcel] = anna.messages.due()
    await world.deliver(anna, parcel!)
    await anna.reopen(join(copy, 'messages.sqlite'))
    await anna.messages.say(id, { text: 'b' })
    await expect(world.deliver(anna, anna.messages.due()[0]!)).rejects.toEqual(fault('replayed'))
    expect(ben.messages.history(id)).toMatchObject([{ id: sent, body: { text: 'a' } }])
  })

  it('two windows with one profile never use one key for two messages', async () => {
    const id = await direct()
    const one = anna.messages
    await anna.reopen()
    const both = await Promise.allSettled([one.say(id, { text: 'a' }), anna.messages.say(id, { text: 'b' })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'messages-busy' } })
    expect(anna.messages.due()).toHaveLength(1)
    await anna.messages.say(id, { text: 'c' })
    await world.carry()
    expect(ben.texts(id)).toEqual(anna.texts(id))
    await one.close()
  })

  it('nothing that was said, and no key, lies readable on disk; another key does not open it', async () => {
    const id = await direct()
    await anna.messages.say(id, { text: 'a very secret sentence' })
    await world.carry()
    for (const { path } of [anna, ben]) {
      const folder = dirname(path)
      const all = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))
      expect(all.includes('very secret')).toBe(false)
      expect(all.includes('signKey')).toBe(false)
    }
    const { path, member, device } = anna
    const options = { path, key: new Uint8Array(32), account: member.account, device, isDeviceOf: () => true }
    await expect(DirectMessages.open(options)).rejects.toMatchObject({ code: 'messages-sealed' })
  })

  it('a stranger cannot invite, and one peer cannot fill the disk with what never opens', async () => {
    world.strangers.add(anna.member.device)
    await anna.messages.start('direct', [await ben.package()])
    await expect(world.deliver(anna, anna.messages.due()[0]!)).rejects.toEqual(fault('stranger'))
    world.strangers.clear() // the grant came
    await world.carry()
    expect(ben.messages.conversations()).toHaveLength(1)
    const { id } = ben.messages.conversations()[0]!
    world.strangers.add(anna.member.device) // revoked
    await anna.messages.say(id, { text: 'from a lost computer' })
    await expect(world.deliver(anna, anna.messages.due()[0]!)).rejects.toEqual(fault('stranger'))
    expect(ben.messages.lostMembers(id)).toEqual([anna.member])

    const rogue = await world.person()
    const { member, device } = rogue
    const e2ee = new MlsE2ee({ account: member.account, device, isDeviceOf: () => true })
    let state = await e2ee.create(await e2ee.newIdentity(), new Uint8Array(32).fill(1))
    for (let n = 0; n < 70; n++) {
      const made = await e2ee.encrypt(state, new Uint8Array(100))
      state = made.state
      expect(await ben.messages.receive(made.message, member.device)).toEqual([{ kind: 'held' }])
    }
    const database = openMessagesDatabase(ben.path)
    expect(database.prepare('select count(*) as n from waiting').get()).toEqual({ n: 64 })
    database.close()
  })
})
