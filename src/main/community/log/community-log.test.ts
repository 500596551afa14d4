import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { entryIdText } from '@shared/community/entry-id'
import { encodeLogRequest, readAnswerFrame } from '@shared/community/log-messages'
import { TempLog } from '../testing/temp-log'
import { TestAccount, TestDevice, type SealedEntry } from '../testing/test-device'

const ann = new TestAccount()
let phone: TestDevice
let entries: SealedEntry[]
let temp: TempLog

beforeEach(async () => {
  phone = new TestDevice()
  entries = await phone.log(ann, 6)
  temp = new TempLog()
})
afterEach(() => temp.remove())

const fault = async (offered: SealedEntry[], log = temp.log): Promise<string | undefined> =>
  (await log.accept(offered)).refused?.fault

describe('what a person writes', () => {
  it('is on disk, shown and offered to others, who accept it', async () => {
    const own = new TestDevice()
    const mine = new TempLog({ key: own })
    expect(() => mine.log.append([{ kind: 'profile', body: { name: 'Ann' } }])).toThrow(
      expect.objectContaining({ code: 'log-no-account' }),
    )
    mine.log.grant(await ann.grant(own))
    mine.log.grant(await ann.grant(own)) // once is enough
    mine.log.append(['Ann', 'Anna'].map((name) => ({ kind: 'profile', body: { name }, replaceKey: 'me' })))
    expect(mine.log.current(ann.address, 'profile', 'me')).toMatchObject({ body: { name: 'Anna' }, n: 2 })
    const request = encodeLogRequest({ a: own.publicKey, from: 0, limit: 10, bodies: true })
    const frames = mine.log.answer(request)!
    expect(await temp.log.accept(readAnswerFrame(frames[0]!))).toEqual({ stored: 3, known: 0, refused: null })
    expect(temp.log.current(ann.address, 'profile', 'me')).toMatchObject({
      account: ann.address,
      body: { name: 'Anna' },
    })
    mine.remove()
  })

  it('is taken back by another device of the account, also when that is heard of first', async () => {
    const laptop = new TestDevice()
    const [grant] = await laptop.log(ann, 1)
    const taken = entries[3]!
    const del = laptop.seal(grant!, { kind: 'del', body: { s: entryIdText(taken.id) } })
    const stranger = new TestDevice()
    const [foreign] = await stranger.log(new TestAccount(), 1)
    await temp.log.accept([
      foreign!,
      stranger.seal(foreign!, { kind: 'del', body: { s: entryIdText(entries[2]!.id) } }),
    ])
    await temp.log.accept(entries)
    await temp.log.accept([grant!, del])
    expect(temp.log.entry(taken.id)).toMatchObject({ body: null })
    expect(temp.log.entry(entries[2]!.id)).toMatchObject({ body: { text: 'number 2' } })
    expect(temp.texts.at(-1)).toBeNull()

    const late = new TempLog()
    await late.log.accept([grant!, del])
    await late.log.accept(entries)
    expect(late.log.entry(taken.id)).toMatchObject({ body: null })
    expect((await late.log.accept([taken])).known).toBe(1) // nobody can bring it back
    expect(late.log.entry(taken.id)).toMatchObject({ body: null })
    const bare = late.log.answer(encodeLogRequest({ a: phone.publicKey, from: 0, limit: 9, bodies: true }))!
    const third = new TempLog()
    expect(await third.log.accept(readAnswerFrame(bare[0]!))).toMatchObject({ stored: 6, refused: null })
    expect(await third.log.accept(entries.slice(0, 3))).toMatchObject({ known: 3 })
    late.remove()
    third.remove()
  })

  it('goes when its time has run out', async () => {
    const story = phone.seal(entries[5]!, { body: entries[1]!.body!, expires: temp.now + 1_000 })
    await temp.log.accept([...entries, story])
    expect(temp.log.entry(story.id)?.body).not.toBeNull()
    temp.now += 1_000
    expect(temp.log.sweep()).toBe(false)
    expect(temp.log.entry(story.id)?.body).toBeNull()
    await temp.log.accept([story])
    expect(temp.log.entry(story.id)?.body).toBeNull()
  })

  it('is found again by a reader that remembers its place', async () => {
    await temp.log.accept(entries)
    const half = temp.log.changesAfter(0, 3)!
    const rest = temp.log.changesAfter(half.seq, 100)!
    expect([...half.entries, ...rest.entries]).toEqual(temp.told.flatMap((changes) => changes.entries))
    expect(temp.log.changesAfter(rest.seq, 1)).toBeNull()
  })
})

describe('a log that comes in parts', () => {
  it('is shown once the grant has come, the newest first is fine', async () => {
    await temp.log.accept(entries.slice(4))
    expect(temp.told).toEqual([])
    await temp.log.accept(entries.slice(0, 2))
    expect(temp.texts.sort()).toEqual(['number 1', 'number 4', 'number 5'])
    expect(temp.log.extent(phone.publicKey)).toEqual({ first: 4, last: 5 })
    await temp.log.accept(entries.slice(2, 4), { signatures: 'newest' })
    expect(temp.log.extent(phone.publicKey)).toEqual({ first: 0, last: 5 })
    expect(temp.log.count()).toEqual({ entries: 6, bodies: 6 })
  })

  it('as headers gets its bodies later', async () => {
    await temp.log.accept(entries.map(({ envelope }, n) => ({ envelope, body: n === 0 ? entries[0]!.body : null })))
    expect(temp.texts).toEqual([null, null, null, null, null])
    await temp.log.accept(entries)
    expect(temp.texts.slice(5)).toEqual(['number 1', 'number 2', 'number 3', 'number 4', 'number 5'])
  })

  it('keeps and passes on kinds of later versions without showing them', async () => {
    const later = phone.seal(entries[5]!, { kind: 'constructor', body: { x: 1 } })
    const odd = phone.seal(later, { kind: 'comment', body: { other: 'shape' } })
    expect(await temp.log.accept([...entries, later, odd])).toMatchObject({ stored: 8, refused: null })
    expect(temp.log.entry(later.id)).toBeNull()
    expect(temp.log.entry(odd.id)).toBeNull()
    const sent = temp.log.answer(encodeLogRequest({ a: phone.publicKey, from: 6, limit: 9, bodies: true }))!
    expect(readAnswerFrame(sent[0]!).map(({ envelope }) => Buffer.from(envelope))).toEqual(
      [later, odd].map(({ envelope }) => Buffer.from(envelope)),
    )
  })

  it('shows what a later version of the app can read', async () => {
    const kinds = new Map<string, z.ZodType>()
    const old = new TempLog({ schemas: (kind) => kinds.get(kind) })
    await old.log.accept(entries)
    expect(old.texts).toEqual([])
    kinds.set('comment', z.object({ text: z.string() }))
    old.log.reconsider()
    expect(old.texts).toHaveLength(5)
    old.remove()
  })

  it('shows only what the grant covers', async () => {
    const narrow = phone.seal(null, {
      kind: 'key.grant',
      body: { ...(await ann.grant(phone, { scopes: 'live', expires: 1_700_000_100 })) },
    })
    const comment = phone.comment(narrow)
    const live = phone.seal(comment, { kind: 'live', body: { title: 'Now' } })
    const late = phone.seal(live, { kind: 'live', body: { title: 'Too late' }, t: 1_700_000_100_000 })
    await temp.log.accept([narrow, comment, live, late])
    expect(temp.told.flatMap((changes) => changes.entries.map(({ n }) => n))).toEqual([0, 2])
    const wider = phone.seal(late, { kind: 'key.grant', body: { ...(await ann.grant(phone, { nonce: 2 })) } })
    await temp.log.accept([wider])
    expect(
      temp.told
        .at(-1)!
        .entries.map(({ n }) => n)
        .sort(),
    ).toEqual([1, 3, 4])
  })
})

describe('a device that is lost', () => {
  it('is taken back: what the finder writes is refused, what he wrote goes', async () => {
    const laptop = new TestDevice()
    const [grant] = await laptop.log(ann, 1)
    const revoke = laptop.seal(grant!, { kind: 'key.revoke', body: { ...(await ann.revoke(phone, entries[3]!)) } })
    await temp.log.accept(entries)
    await temp.log.accept([grant!, revoke])
    expect(temp.removed).toEqual([entries[4]!, entries[5]!].map(({ id }) => entryIdText(id)))
    expect(temp.log.entry(entries[4]!.id)).toBeNull()
    expect(await fault([phone.comment(entries[5]!)])).toBe('revoked')
    expect(temp.log.answer(encodeLogRequest({ a: phone.publicKey, from: 4, limit: 9, bodies: true }))).toEqual([])
    // the finder cannot spoil what the account has vouched for either
    expect(await fault([phone.comment(entries[1]!, 'another past')])).toBe('revoked')
    expect(temp.log.fork(phone.publicKey)).toBeNull()

    const late = new TempLog()
    await late.log.accept([grant!, revoke])
    expect(await late.log.accept(entries)).toMatchObject({ stored: 4, refused: { fault: 'revoked' } })
    late.remove()
  })

  it('is not taken back by anybody else', async () => {
    const stranger = new TestDevice()
    const eve = new TestAccount()
    const [grant] = await stranger.log(eve, 1)
    const forged = { ...(await eve.revoke(phone, null)), account: ann.address }
    const own = stranger.seal(grant!, { kind: 'key.revoke', body: { ...(await eve.revoke(phone, null)) } })
    await temp.log.accept(entries)
    await temp.log.accept([grant!, own, stranger.seal(own, { kind: 'key.revoke', body: forged })])
    expect(temp.removed).toEqual([])
    expect(await fault([phone.comment(entries[5]!)])).toBeUndefined()
  })
})
