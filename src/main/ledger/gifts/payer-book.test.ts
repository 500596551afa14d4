import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StudioError } from '@shared/errors'
import { decodeGiftLine, requireTabSignature } from '@shared/gifts/gift-line'
import { TEST_CONTENT, TEST_SEPARATOR, TestAccount, testSigner } from '@shared/gifts/gift-test-kit'
import type { TabSigner } from '@shared/gifts/ledger-view'
import { lineOf, type Tab } from '@shared/gifts/tab'
import { ZERO_ADDRESS } from '@shared/money/address'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PayerBook, type GiftWish } from './payer-book'

const ann = new TestAccount(1)
const wish: GiftWish = {
  creator: new TestAccount(2).address,
  sharer: ZERO_ADDRESS,
  sharerBps: 0,
  item: { giftId: 4, qty: 1, contentId: TEST_CONTENT, time: 1_795_000_000 },
  amountWei: WEI_PER_WE,
  design: null,
  name: 'Ann',
  text: '',
  about: { giftName: 'Clap', creatorName: 'Bea', room: 'we://room' },
}
let dir: string
let book: PayerBook
let sent: Uint8Array[]
const send = (bytes: Uint8Array): Promise<void> => {
  sent.push(bytes)
  return Promise.resolve()
}
const reopen = async (): Promise<void> => {
  await book.close()
  book = await PayerBook.open(join(dir, 'given.log'), ann.address)
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-gifts-'))
  sent = []
  book = await PayerBook.open(join(dir, 'given.log'), ann.address)
})
afterEach(async () => {
  await book.close()
  await rm(dir, { recursive: true, force: true })
})

describe('the book of gifts given', () => {
  it('raises one total for each creator, across restarts, and each gift verifies', async () => {
    await book.give(wish, ann, send)
    await reopen()
    await Promise.all([book.give(wish, ann, send), book.give(wish, ann, send)])
    const lines = sent.map(decodeGiftLine)
    for (const line of lines) requireTabSignature(TEST_SEPARATOR, line)
    expect(lines.map(({ tab }) => [tab.total / WEI_PER_WE, tab.count])).toEqual([
      [1n, 1],
      [2n, 2],
      [3n, 3],
    ])
    expect(lines[2]!.before).toBe(lines[1]!.tab.chain)
    const other = await book.give({ ...wish, creator: new TestAccount(5).address }, ann, send)
    expect(other.line.tab).toMatchObject({ total: WEI_PER_WE, count: 1 })
  })

  it('a gift that the person does not sign is not sent, and the next goes on as if it had not been', async () => {
    const refuses = testSigner(() => Promise.reject(new StudioError('refused', 'No.')))
    await expect(book.give(wish, refuses, send)).rejects.toMatchObject({ code: 'refused' })
    expect(book.gifts().map(({ state }) => state)).toEqual(['not-sent'])
    expect((await book.give(wish, ann, send)).line.tab).toMatchObject({ total: WEI_PER_WE, count: 1 })
    expect(sent).toHaveLength(1)
  })

  it('a signed gift that could not leave goes out later, in the same bytes, once', async () => {
    const away = (): Promise<void> => Promise.reject(new Error('no network'))
    await expect(book.give(wish, ann, away)).rejects.toMatchObject({ code: 'gift-not-left' })
    await reopen()
    expect(book.unsent()).toHaveLength(1)
    expect(await book.sendAgain('we://another', send)).toEqual([])
    expect(await book.sendAgain('we://room', send)).toMatchObject([{ state: 'sent' }])
    expect(await book.sendAgain('we://room', send)).toEqual([])
    expect(decodeGiftLine(sent[0]!).tab.total).toBe(WEI_PER_WE)
    expect(sent).toHaveLength(1)
  })

  it('a line that a kill has cut is taken away; damage in the middle is refused and left as it is', async () => {
    await book.give(wish, ann, send)
    await appendFile(join(dir, 'given.log'), '{"k":"intent","id":"cut')
    await reopen()
    expect(book.gifts().map(({ state }) => state)).toEqual(['sent'])
    await book.give(wish, ann, send)
    await appendFile(join(dir, 'given.log'), 'no json\n')
    const before = await readFile(join(dir, 'given.log'))
    await expect(PayerBook.open(join(dir, 'given.log'), ann.address)).rejects.toMatchObject({
      code: 'gift-book-broken',
    })
    expect(await readFile(join(dir, 'given.log'))).toEqual(before)
  })

  it('takes over a larger tab of its own account, and only that', async () => {
    const line = ann.gift(wish.creator, { qty: 7 })
    expect(await book.adopt(line.tab, line.signature)).toBe(true)
    expect(await book.adopt(line.tab, line.signature)).toBe(false)
    const foreign = new TestAccount(4).gift(wish.creator)
    expect(await book.adopt(foreign.tab, foreign.signature)).toBe(false)
    await reopen()
    expect((await book.give(wish, ann, send)).line.tab).toMatchObject({ total: 8n * WEI_PER_WE, count: 2 })
  })

  it('a gift that the wallet has signed and the app did not live to note leaves with the next one', async () => {
    // a wallet like ours: what it has signed once is never below what it signs next
    let newest = { total: 0n, count: 0, chain: '' }
    const wallet = (isKilled: boolean) =>
      testSigner((tab) => {
        const same = tab.chain === newest.chain
        if (!same && (tab.total <= newest.total || tab.count <= newest.count)) {
          return Promise.reject(new StudioError('tab-backwards', 'The total is not above the one before.'))
        }
        newest = tab
        return isKilled ? Promise.reject(new Error('killed')) : Promise.resolve(ann.sign(tab))
      })
    await expect(book.give({ ...wish, amountWei: 5n * WEI_PER_WE }, wallet(true), send)).rejects.toThrow('killed')
    await reopen()
    await book.give({ ...wish, item: { ...wish.item, giftId: 1 }, amountWei: WEI_PER_WE / 10n }, wallet(false), send)
    expect(sent.map((bytes) => decodeGiftLine(bytes).tab.total * 10n)).toEqual([50n * WEI_PER_WE, 51n * WEI_PER_WE])
    expect(book.gifts().map(({ state }) => state)).toEqual(['sent', 'not-sent', 'sent'])
  })

  it('a designed gift that was cut short leaves with the next of its designer, though another had shared the live', async () => {
    const newest = new Map<string, Tab>()
    const wallet = (isKilled: boolean): TabSigner => ({
      ...testSigner(() => Promise.reject(new Error('not asked for'))),
      signTabs: ({ tab, design }) => {
        const isBackwards = [tab, design].some((next) => {
          const last = newest.get(lineOf(next))
          return last !== undefined && last.chain !== next.chain && last.count >= next.count
        })
        if (isBackwards) return Promise.reject(new StudioError('tab-backwards', 'It is not above the one before.'))
        for (const next of [tab, design]) newest.set(lineOf(next), next)
        return isKilled ? Promise.reject(new Error('killed')) : ann.signTabs({ tab, design })
      },
    })
    const design = { designer: new TestAccount(7).address, wei: WEI_PER_WE / 10n }
    await expect(book.give({ ...wish, design }, wallet(true), send)).rejects.toThrow('killed')
    await reopen()
    const shared = { sharer: new TestAccount(8).address, sharerBps: 300 }
    await book.give({ ...wish, ...shared, design, item: { ...wish.item, time: 1_795_000_009 } }, wallet(false), send)
    await reopen()
    await book.give({ ...wish, design }, wallet(false), send)
    const lines = sent.map(decodeGiftLine)
    for (const line of lines) requireTabSignature(TEST_SEPARATOR, line)
    const tenths = (wei = 0n): number => Number((10n * wei) / WEI_PER_WE)
    expect(
      lines.map((line) => [tenths(line.tab.total), tenths(line.design?.tab.total), line.design?.tab.count]),
    ).toEqual([
      [9, 1, 1],
      [9, 2, 2],
      [18, 3, 3],
    ])
    expect(book.heads()).toHaveLength(3)
  })

  it('more than 32 gifts waiting are refused with words', async () => {
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => book.give(wish, ann, send)))
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(8)
    expect(sent).toHaveLength(32)
  })
})
