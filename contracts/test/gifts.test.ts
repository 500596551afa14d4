import { beforeEach, describe, expect, it } from 'vitest'
import { STANDARD_GIFTS } from '../standard-gifts'
import { DAY, WE } from './chain'
import { balances, CONTENT, NOBODY, openScene, payAndCall, permit, refused, type Scene } from './scene'

let scene: Scene
beforeEach(async () => (scene = await openScene()))

const GIFT = ['address', 'uint32', 'uint32', 'bytes32', 'address']
const OWN = ['uint80', 'string', 'string', 'address', 'uint16']
const CLAP = 4 // 1 WE
const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

const giftOf = async (id: number): Promise<unknown[]> => [
  ...((await scene.on.GiftCatalog.read('giftOf', id)) as unknown[]),
]

/** Bea designs a gift of 10 WE with 20 % for herself; its number. */
async function design(bps = 2_000, price = 10n * WE): Promise<number> {
  const { on, bea } = scene
  await payAndCall(on.WEToken, bea, on.GiftCatalog, WE, OWN, [price, CID, 'Unicorn', bea.address, bps])
  return Number(await on.GiftCatalog.number('lastId'))
}

describe('the catalogue', () => {
  it('has the standard gifts, numbered in order, at prices from 0.1 to 2,000 WE', async () => {
    expect(STANDARD_GIFTS.length).toBeGreaterThanOrEqual(12)
    for (const { id, price } of STANDARD_GIFTS) expect(await giftOf(id)).toEqual([price, NOBODY, 0n, false])
    expect(await scene.on.GiftCatalog.number('lastId')).toBe(BigInt(STANDARD_GIFTS.length))
    const prices = STANDARD_GIFTS.map(({ price }) => price)
    expect([prices[0], prices.at(-1)]).toEqual([WE / 10n, 2_000n * WE])
  })

  it('takes gifts of anybody for a fee, by approval or by payment', async () => {
    const { on, alice, bea } = scene
    await on.WEToken.send(alice, 'approve', on.GiftCatalog.address, WE)
    const { events } = await on.GiftCatalog.send(alice, 'defineGift', 5n * WE, CID, 'Dragon', bea.address, 1_000)
    const id = STANDARD_GIFTS.length + 1
    expect(events.find(({ name }) => name === 'GiftDefined')?.values).toMatchObject({
      id: BigInt(id),
      designer: bea.address,
      designerBps: 1_000n,
      price: 5n * WE,
      mediaCid: CID,
      text: 'Dragon',
    })
    expect(await giftOf(id)).toEqual([5n * WE, bea.address, 1_000n, false])
    expect(await design()).toBe(id + 1)
    expect(await balances(on.WEToken, { alice, bea, catalog: on.GiftCatalog })).toEqual({
      alice: 999n * WE,
      bea: 999n * WE,
      catalog: 0n,
    })
  })

  it('refuses gifts outside the limits, and other fees', async () => {
    const { on, alice } = scene
    await on.WEToken.send(alice, 'approve', on.GiftCatalog.address, 100n * WE)
    const make = (price: bigint, cid: string, text: string, designer: string, bps: number): Promise<unknown> =>
      on.GiftCatalog.send(alice, 'defineGift', price, cid, text, designer, bps)
    const me = alice.address
    await refused(make(0n, CID, '', me, 0), 'OutOfRange')
    await refused(make(10_000n * WE + 1n, CID, '', me, 0), 'OutOfRange')
    await refused(make(WE, '', '', me, 0), 'OutOfRange')
    await refused(make(WE, 'x'.repeat(97), '', me, 0), 'OutOfRange')
    await refused(make(WE, CID, 'x'.repeat(65), me, 0), 'OutOfRange')
    await refused(make(WE, CID, '', NOBODY, 0), 'OutOfRange')
    await refused(make(WE, CID, '', me, 2_001), 'OutOfRange')
    const pay = (amount: bigint): Promise<unknown> =>
      payAndCall(on.WEToken, alice, on.GiftCatalog, amount, OWN, [WE, CID, '', me, 0])
    await refused(pay(WE - 1n), 'OutOfRange')
    await refused(pay(WE + 1n), 'OutOfRange')
    await refused(on.GiftCatalog.send(alice, 'onTransferReceived', me, me, WE, '0x'), 'NotToken')
    await make(10_000n * WE, 'x'.repeat(96), 'x'.repeat(64), me, 2_000)
  })

  it('lets the council add and retire standard gifts, designers retire their own, and nobody reprice', async () => {
    const { on, council, alice, bea } = scene
    await refused(on.GiftCatalog.send(alice, 'defineStandardGift', WE, '', 'Comet'), 'OwnableUnauthorizedAccount')
    await on.GiftCatalog.send(council, 'defineStandardGift', WE, '', 'Comet')
    const comet = STANDARD_GIFTS.length + 1
    expect(await giftOf(comet)).toEqual([WE, NOBODY, 0n, false])
    const own = await design()
    await refused(on.GiftCatalog.send(alice, 'retire', comet), 'NotYours')
    await refused(on.GiftCatalog.send(council, 'retire', own), 'NotYours')
    const { events } = await on.GiftCatalog.send(council, 'retire', comet)
    expect(events).toMatchObject([{ name: 'GiftRetired', values: { id: BigInt(comet) } }])
    await on.GiftCatalog.send(bea, 'retire', own)
    expect(await giftOf(own)).toEqual([10n * WE, bea.address, 2_000n, true])
    await refused(on.GiftCatalog.send(bea, 'retire', own), 'NoGift', BigInt(own))
    await refused(on.GiftCatalog.read('termsOf', own), 'NoGift', BigInt(own))
    await refused(on.GiftCatalog.send(bea, 'retire', 99), 'NoGift', 99n)
    await refused(on.GiftCatalog.read('termsOf', 99), 'NoGift', 99n)
    expect(await on.GiftCatalog.read('termsOf', CLAP)).toEqual([WE, NOBODY, 0n])
  })

  it('knows its limits', async () => {
    const { chain, on, alice } = scene
    const make = (receiver: string, fee: bigint): Promise<unknown> =>
      chain.deploy('GiftCatalog', [on.WEToken.address, alice.address, receiver, fee, []])
    await refused(make(NOBODY, WE), 'OutOfRange')
    await refused(make(alice.address, 10n * WE + 1n), 'OutOfRange')
    await make(alice.address, 10n * WE)
  })
})

describe('a direct gift', () => {
  it('pays the creator at once, 99 %, by approval or without one', async () => {
    const { on, alice, bea } = scene
    await on.WEToken.send(alice, 'approve', on.GiftRouter.address, 3n * WE)
    const { events } = await on.GiftRouter.send(alice, 'gift', bea.address, CLAP, 3, CONTENT, NOBODY)
    expect(events.find(({ name }) => name === 'Gifted')?.values).toEqual({
      payer: alice.address,
      creator: bea.address,
      contentId: CONTENT,
      giftId: BigInt(CLAP),
      qty: 3n,
      amount: 3n * WE,
    })
    await payAndCall(on.WEToken, alice, on.GiftRouter, 7n * WE, GIFT, [bea.address, CLAP, 7, CONTENT, NOBODY])
    expect(await balances(on.WEToken, { alice, bea, router: on.GiftRouter })).toEqual({
      alice: 990n * WE,
      bea: 1_000n * WE + (99n * WE) / 10n,
      router: WE / 10n,
    })
  })

  it('costs at most 60,000 gas, with an exact approval and without any', async () => {
    const { on, alice, bea } = scene
    const give = async (): Promise<bigint> => {
      await on.WEToken.send(alice, 'approve', on.GiftRouter.address, WE)
      return (await on.GiftRouter.send(alice, 'gift', bea.address, CLAP, 1, CONTENT, NOBODY)).gasUsed
    }
    await give()
    expect(await give()).toBeLessThan(60_000n)
    const { gasUsed } = await payAndCall(on.WEToken, alice, on.GiftRouter, WE, GIFT, [
      bea.address,
      CLAP,
      1,
      CONTENT,
      NOBODY,
    ])
    expect(gasUsed).toBeLessThan(60_000n)
  })

  it('gives the sharer and the designer their parts of what the fee leaves', async () => {
    const { on, alice, bea, carl, chain } = scene
    const id = await design() // Bea designs, Carl creates, Dora shared the link
    const dora = chain.account('dora')
    await on.GiftRouter.send(carl, 'setSharerBps', 5_000)
    chain.time += DAY
    const { events } = await payAndCall(on.WEToken, alice, on.GiftRouter, 10n * WE, GIFT, [
      carl.address,
      id,
      1,
      CONTENT,
      dora.address,
    ])
    expect(await balances(on.WEToken, { bea, carl, dora, router: on.GiftRouter })).toEqual({
      bea: 999n * WE + (198n * WE) / 100n,
      carl: 1_000n * WE + (297n * WE) / 100n,
      dora: (495n * WE) / 100n,
      router: WE / 10n,
    })
    expect(events.filter(({ name }) => name.endsWith('Split'))).toMatchObject([
      { name: 'DesignerSplit', values: { creator: carl.address, designer: bea.address, amount: (198n * WE) / 100n } },
      { name: 'SharerSplit', values: { creator: carl.address, sharer: dora.address, amount: (495n * WE) / 100n } },
    ])
  })

  it('gives a sharer alone, and a designer alone, their part', async () => {
    const { on, alice, bea, carl, chain } = scene
    const [id, dora] = [await design(), chain.account('dora')]
    await on.GiftRouter.send(carl, 'setSharerBps', 5_000)
    chain.time += DAY
    const give = (amount: bigint, ...order: unknown[]): Promise<unknown> =>
      payAndCall(on.WEToken, alice, on.GiftRouter, amount, GIFT, order)
    await give(WE, carl.address, CLAP, 1, CONTENT, dora.address)
    await give(10n * WE, carl.address, id, 1, CONTENT, NOBODY)
    expect(await balances(on.WEToken, { bea, carl, dora })).toEqual({
      bea: 999n * WE + (198n * WE) / 100n,
      carl: 1_000n * WE + (495n * WE) / 1000n + (792n * WE) / 100n,
      dora: (495n * WE) / 1000n,
    })
  })

  it("without a sharer, or with a creator who gives them nothing, is the creator's", async () => {
    const { on, alice, bea, carl, chain } = scene
    await on.GiftRouter.send(bea, 'setSharerBps', 1_000)
    chain.time += DAY
    await payAndCall(on.WEToken, alice, on.GiftRouter, WE, GIFT, [bea.address, CLAP, 1, CONTENT, NOBODY])
    await payAndCall(on.WEToken, alice, on.GiftRouter, WE, GIFT, [carl.address, CLAP, 1, CONTENT, bea.address])
    const id = await design(0)
    await payAndCall(on.WEToken, alice, on.GiftRouter, 10n * WE, GIFT, [carl.address, id, 1, CONTENT, NOBODY])
    expect(await balances(on.WEToken, { bea, carl })).toEqual({
      bea: 999n * WE + (99n * WE) / 100n,
      carl: 1_000n * WE + (99n * 11n * WE) / 100n,
    })
  })

  it('by permit goes through even when somebody used the permit before us', async () => {
    const { on, alice, bea, carl } = scene
    const proof = await permit(on.WEToken, alice, on.GiftRouter, WE)
    await on.WEToken.send(carl, 'permit', alice.address, on.GiftRouter.address, WE, ...proof)
    await on.GiftRouter.send(alice, 'giftWithPermit', bea.address, CLAP, 1, CONTENT, NOBODY, WE, ...proof)
    const next = await permit(on.WEToken, alice, on.GiftRouter, WE)
    await on.GiftRouter.send(alice, 'giftWithPermit', bea.address, CLAP, 1, CONTENT, NOBODY, WE, ...next)
    expect(await on.WEToken.number('balanceOf', bea.address)).toBe(1_000n * WE + (198n * WE) / 100n)
  })

  it('is refused at another price, in no or too large number, for nobody, unknown, unpaid, from another token, or paused', async () => {
    const { on, alice, bea, council } = scene
    const pay = (amount: bigint, ...order: unknown[]): Promise<unknown> =>
      payAndCall(on.WEToken, alice, on.GiftRouter, amount, GIFT, order)
    await refused(pay(WE - 1n, bea.address, CLAP, 1, CONTENT, NOBODY), 'WrongAmount', WE)
    await refused(pay(WE + 1n, bea.address, CLAP, 1, CONTENT, NOBODY), 'WrongAmount', WE)
    await refused(pay(0n, bea.address, CLAP, 0, CONTENT, NOBODY), 'OutOfRange')
    await refused(pay(WE, bea.address, CLAP, 10_001, CONTENT, NOBODY), 'OutOfRange')
    await refused(pay(WE, bea.address, 99, 1, CONTENT, NOBODY), 'NoGift', 99n)
    await refused(pay(WE, NOBODY, CLAP, 1, CONTENT, NOBODY), 'ERC20InvalidReceiver')
    await refused(payAndCall(on.WEToken, alice, on.GiftRouter, WE), 'OutOfRange')
    await refused(
      on.GiftRouter.send(alice, 'gift', bea.address, CLAP, 1, CONTENT, NOBODY),
      'ERC20InsufficientAllowance',
    )
    await refused(on.GiftRouter.send(alice, 'onTransferReceived', NOBODY, alice.address, WE, '0x'), 'NotToken')
    await on.GiftRouter.send(council, 'pause', DAY)
    await refused(pay(WE, bea.address, CLAP, 1, CONTENT, NOBODY), 'Paused')
    await on.GiftRouter.send(council, 'unpause')
    await pay(1_000n * WE, bea.address, 1, 10_000, CONTENT, NOBODY)
  })

  it('leaves the fee for its receiver; anybody may send it there', async () => {
    const { on, alice, bea, carl } = scene
    await payAndCall(on.WEToken, alice, on.GiftRouter, 10n * WE, GIFT, [bea.address, CLAP, 10, CONTENT, NOBODY])
    const before = await on.WEToken.number('balanceOf', on.TestFaucet.address)
    const { events, output } = await on.GiftRouter.send(carl, 'sweepFees')
    expect([BigInt(output), events[0]?.values.amount]).toEqual([WE / 10n, WE / 10n])
    expect((await on.WEToken.number('balanceOf', on.TestFaucet.address)) - before).toBe(WE / 10n)
    expect(await on.WEToken.number('balanceOf', on.GiftRouter.address)).toBe(0n)
  })
})

describe('the sharer part', () => {
  it('changes at the next day only, and never above one half', async () => {
    const { on, bea, chain } = scene
    const now = (): Promise<bigint> => on.GiftRouter.number('sharerBpsOf', bea.address)
    const midnight = (chain.time / DAY + 1n) * DAY
    const { events } = await on.GiftRouter.send(bea, 'setSharerBps', 300)
    expect(events[0]?.values).toMatchObject({ creator: bea.address, bps: 300n, fromDay: midnight / DAY })
    chain.time = midnight - 1n
    expect(await now()).toBe(0n)
    chain.time = midnight
    expect(await now()).toBe(300n)
    await on.GiftRouter.send(bea, 'setSharerBps', 5_000)
    expect(await now()).toBe(300n)
    await on.GiftRouter.send(bea, 'setSharerBps', 100)
    expect(await now()).toBe(300n)
    chain.time += DAY
    expect(await now()).toBe(100n)
    await refused(on.GiftRouter.send(bea, 'setSharerBps', 5_001), 'OutOfRange')
  })

  it('and the fee have ceilings in the code', async () => {
    const { chain, on, alice } = scene
    const make = (catalog: string, receiver: string, feeBps: number): Promise<unknown> =>
      chain.deploy('GiftRouter', [on.WEToken.address, alice.address, catalog, receiver, feeBps])
    await refused(make(on.GiftCatalog.address, alice.address, 201), 'OutOfRange')
    await refused(make(on.GiftCatalog.address, NOBODY, 100), 'OutOfRange')
    await refused(make(alice.address, alice.address, 100), 'OutOfRange')
    await make(on.GiftCatalog.address, alice.address, 200)
  })
})

describe('the guardian', () => {
  it('pauses for at most 7 days, not again for 7 more, and only the guardian does', async () => {
    const { on, chain, alice, council } = scene
    const { GiftRouter: router } = on
    await refused(router.send(alice, 'pause', DAY), 'OwnableUnauthorizedAccount')
    await refused(router.send(alice, 'unpause'), 'OwnableUnauthorizedAccount')
    await refused(router.send(council, 'pause', 0), 'PauseRefused')
    await refused(router.send(council, 'pause', 7n * DAY + 1n), 'PauseRefused')
    await refused(router.send(council, 'unpause'), 'PauseRefused')
    const { events } = await router.send(council, 'pause', 7n * DAY)
    expect(events[0]?.values).toEqual({ until: chain.time + 7n * DAY })
    expect(await router.number('pausedUntil')).toBe(chain.time + 7n * DAY)
    chain.time += 14n * DAY - 1n
    await refused(router.send(council, 'unpause'), 'PauseRefused')
    await refused(router.send(council, 'pause', 1), 'PauseRefused')
    chain.time += 1n
    await router.send(council, 'pause', DAY)
    chain.time += 5n
    expect((await router.send(council, 'unpause')).events[0]?.values).toEqual({ until: chain.time })
    await refused(router.send(council, 'pause', 1), 'PauseRefused')
    chain.time += 7n * DAY
    await router.send(council, 'pause', 1)
  })

  it('hands the role on in two steps', async () => {
    const { on, alice, council } = scene
    await on.TipBank.send(council, 'transferOwnership', alice.address)
    await on.TipBank.send(council, 'pause', DAY)
    await on.TipBank.send(alice, 'acceptOwnership')
    await refused(on.TipBank.send(council, 'unpause'), 'OwnableUnauthorizedAccount')
    await on.TipBank.send(alice, 'unpause')
  })
})
