import { beforeEach, describe, expect, it } from 'vitest'
import { WEI_PER_WE } from '../money/we-amount'
import type { GiftLine } from './gift-line'
import { DESIGNER, designedGift, TEST_CONTENT, TestAccount, TestLedger } from './gift-test-kit'
import { OverspendWatch } from './overspend-watch'
import { RoomBook } from './room-book'
import { isDue, owed, planSettlement } from './settlement-plan'
import { RECORD_BYTES } from './settlement-record'

const ann = new TestAccount(1)
const creator = new TestAccount(2).address
const sharer = new TestAccount(3).address
let ledger: TestLedger
let room: RoomBook

const newRoom = (watch = new OverspendWatch(), of = creator): RoomBook =>
  new RoomBook({ creator: of, contentId: TEST_CONTENT, sharerBps: 300 }, ledger, watch)
const say = async (line: GiftLine, to = room): Promise<string> => {
  const verdict = await to.take(line)
  return verdict.kind === 'refused' ? verdict.why : verdict.kind
}

beforeEach(() => {
  ledger = new TestLedger()
  ledger.fund(ann.address, 100n * WEI_PER_WE)
  room = newRoom()
})

describe('gifts in a room', () => {
  it('are shown in order and counted', async () => {
    const first = ann.gift(creator, { name: 'Ann' })
    const second = ann.gift(creator, { giftId: 5, qty: 3 }, first)
    expect(await room.take(first)).toMatchObject({ kind: 'shown', amountWei: WEI_PER_WE, missed: 0 })
    expect(await room.take(second)).toMatchObject({ kind: 'shown', amountWei: 6n * WEI_PER_WE })
    expect(room.supporters()).toEqual([{ payer: ann.address, name: 'Ann', amountWei: 7n * WEI_PER_WE, gifts: 4 }])
    expect(room.totalWei).toBe(7n * WEI_PER_WE)
  })

  it('said again are not shown again', async () => {
    const first = ann.gift(creator)
    const second = ann.gift(creator, {}, first)
    expect(await say(first)).toBe('shown')
    expect(await say(first)).toBe('replayed')
    expect(await say(second)).toBe('shown')
    expect(await say(first)).toBe('replayed')
    expect(room.totalWei).toBe(2n * WEI_PER_WE)
  })

  it('said at the same moment from two sides are shown once', async () => {
    const first = ann.gift(creator)
    const verdicts = await Promise.all([say(first), say(first), say(first)])
    expect(verdicts.sort()).toEqual(['replayed', 'replayed', 'shown'])
  })

  it('out of order: the later is shown with the gap, the earlier counts when it comes', async () => {
    const first = ann.gift(creator)
    const second = ann.gift(creator, {}, first)
    const third = ann.gift(creator, {}, second)
    expect(await say(first)).toBe('shown')
    expect(await room.take(third)).toMatchObject({ kind: 'shown', missed: 1 })
    expect(await say(second)).toBe('late')
    expect(await say(second)).toBe('replayed')
    expect(room.totalWei).toBe(3n * WEI_PER_WE)
  })

  it('whose total does not grow by their price are refused', async () => {
    const first = ann.gift(creator)
    expect(await say(first)).toBe('shown')
    // a castle that is paid with the price of a clap
    const cheap = ann.gift(creator, { giftId: 15 }, first)
    const tab = { ...cheap.tab, total: first.tab.total + WEI_PER_WE }
    expect(await say({ ...cheap, tab, signature: ann.sign(tab) })).toBe('wrong-growth')
    const dear = { ...cheap.tab, total: first.tab.total + 2_001n * WEI_PER_WE }
    expect(await say({ ...cheap, tab: dear, signature: ann.sign(dear) })).toBe('wrong-growth')
    const backwards = { ...cheap.tab, total: 0n }
    expect(await say({ ...cheap, tab: backwards, signature: ann.sign(backwards) })).toBe('wrong-growth')
  })

  it('that fork the tab are refused', async () => {
    const first = ann.gift(creator)
    const second = ann.gift(creator, {}, first)
    expect(await say(first)).toBe('shown')
    expect(await say(second)).toBe('shown')
    expect(await say(ann.gift(creator, { time: 5 }, first))).toBe('forked')
    const other = ann.gift(creator, { time: 6 })
    expect(await say(ann.gift(creator, {}, ann.gift(creator, {}, other)))).toBe('forked')
  })

  it('for somebody else, another show, other terms or out of the future are refused', async () => {
    expect(await say(ann.gift(sharer))).toBe('other-room')
    expect(await say(ann.gift(creator, { contentId: `0x${'00'.repeat(32)}` }))).toBe('other-room')
    expect(await say(ann.gift(creator, {}, undefined, sharer, 5_000))).toBe('other-terms')
    expect(await say(ann.gift(creator, { time: Math.floor(Date.now() / 1000) + 3_600 }))).toBe('clock')
    expect(await say(ann.gift(creator, { giftId: 999 }))).toBe('unknown-gift')
    expect(await say(ann.gift(creator, {}, undefined, ann.address, 300))).toBe('own-sharer')
    expect(await say(ann.gift(creator, {}, undefined, creator, 300))).toBe('own-sharer')
    expect(await say(ann.gift(creator, {}, undefined, sharer, 300))).toBe('shown')
  })

  it('are shown up to the deposit and not above it', async () => {
    const fifty = ann.gift(creator, { giftId: 9 })
    const hundred = ann.gift(creator, { giftId: 9 }, fifty)
    expect(await say(fifty)).toBe('shown')
    expect(await say(hundred)).toBe('shown')
    expect(await say(ann.gift(creator, { giftId: 1 }, hundred))).toBe('above-deposit')
    // what the bank has paid is no promise any more, and a new deposit counts
    ledger.settle(hundred.tab)
    ledger.fund(ann.address, WEI_PER_WE)
    expect(await say(ann.gift(creator, { giftId: 1 }, hundred))).toBe('shown')
  })

  it('of somebody’s design are shown with the designer’s tab and not without, with less, with more or with another’s', async () => {
    const tenth = WEI_PER_WE / 10n
    const first = designedGift(ann, creator)
    for (const line of [
      { ...first, design: null },
      designedGift(ann, creator, undefined, tenth),
      designedGift(ann, creator, undefined, 2n * WEI_PER_WE),
      designedGift(ann, creator, undefined, WEI_PER_WE, sharer),
      { ...ann.gift(creator), design: first.design },
    ]) {
      expect(['wrong-design', 'wrong-growth']).toContain(await say(line))
    }
    expect(await room.take(first)).toMatchObject({ kind: 'shown', amountWei: 10n * WEI_PER_WE })
    expect(await say(first)).toBe('replayed')
    const second = designedGift(ann, creator, first)
    // the designer's tab of before, under a new one of the creator
    expect(await say({ ...second, design: first.design })).toBe('replayed')
    const plain = ann.gift(creator, {}, first)
    expect(await say(plain)).toBe('shown')
    expect(room.totalWei).toBe(11n * WEI_PER_WE)
    expect(room.heads.heads().map((tab) => [tab.creator, tab.total / tenth])).toEqual([
      [creator, 100n],
      [DESIGNER, 10n],
    ])
    // both tabs are promised: 90 more are not there
    const many = [second]
    const last = { ...plain, design: first.design }
    let line = designedGift(ann, creator, last)
    for (let at = 0; at < 9; at++) {
      many.push(line)
      line = designedGift(ann, creator, line)
    }
    const said = []
    for (const each of many.slice(1)) said.push(await say(each))
    expect(said).toEqual([...Array<string>(8).fill('shown'), 'above-deposit'])
  })

  it('of a payer without a deposit, or who takes it out, are refused', async () => {
    expect(await say(new TestAccount(8).gift(creator))).toBe('no-deposit')
    ledger.deposits.set(ann.address, { balanceWei: WEI_PER_WE, exitAt: 1_795_000_000 })
    expect(await say(ann.gift(creator))).toBe('exit-pending')
  })

  it('of one deposit promised to ten creators are shown for one deposit in all', async () => {
    const watch = new OverspendWatch()
    const shown: string[] = []
    for (let at = 0; at < 10; at++) {
      const other = new TestAccount(100 + at).address
      shown.push(await say(ann.gift(other, { giftId: 9 }), newRoom(watch, other)))
    }
    expect(shown.filter((verdict) => verdict === 'shown')).toHaveLength(2)
    expect(shown.filter((verdict) => verdict === 'above-deposit')).toHaveLength(8)
  })

  it('of more made-up payers than there is room for push out the oldest', () => {
    const watch = new OverspendWatch(50)
    for (let at = 0; at < 60; at++) watch.note(new TestAccount(1_000 + at).gift(creator).tab)
    expect(watch.linesOf(new TestAccount(1_000).address)).toEqual([])
    expect(watch.linesOf(new TestAccount(1_059).address)).toHaveLength(1)
  })
})

describe('settling', () => {
  it('makes one transaction for each sharer, at most 200 records each, what is paid left out', () => {
    const open = Array.from({ length: 230 }, (_, at) => {
      const account = new TestAccount(2_000 + at)
      const { tab, signature } = at < 205 ? account.gift(creator) : account.gift(creator, {}, undefined, sharer, 300)
      return { tab, signature, paidWei: at === 0 ? tab.total : 0n }
    })
    const plan = planSettlement(open)
    expect(plan.map(({ sharer: to, records }) => [to === sharer, records.length / RECORD_BYTES])).toEqual([
      [false, 200],
      [false, 4],
      [true, 25],
    ])
    expect(owed(open)).toBe(229n * WEI_PER_WE)
  })

  it('happens by itself above 10 WE, five minutes after the last', () => {
    const { tab, signature } = ann.gift(creator, { qty: 11 })
    const open = [{ tab, signature, paidWei: 0n }]
    expect(isDue(open, 301_000)).toBe(true)
    expect(isDue(open, 299_000)).toBe(false)
    expect(isDue([{ ...open[0]!, paidWei: WEI_PER_WE }], 301_000)).toBe(false)
  })
})
