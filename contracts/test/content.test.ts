import { AbiCoder, concat, keccak256 } from 'ethers'
import { beforeEach, describe, expect, it } from 'vitest'
import { registryName } from '../deployment'
import { DAY, WE } from './chain'
import { CONTENT, NOBODY, openScene, payAndCall, refused, type Scene } from './scene'

let scene: Scene
beforeEach(async () => (scene = await openScene()))

const ROOT = `0x${'11'.repeat(32)}`
const ZERO = `0x${'00'.repeat(32)}`

async function register(splits: readonly (readonly [string, number])[] = []): Promise<string> {
  const { on, bea } = scene
  await on.ContentRegistry.send(bea, 'register', CONTENT, ROOT, 'CC-BY-4.0', splits)
  return (await on.ContentRegistry.read('itemIdOf', bea.address, CONTENT)) as string
}

describe('registering content', () => {
  it('notes creator, time, licence and splits under a number that contains the creator', async () => {
    const { on, bea, carl, chain } = scene
    const splits = [[bea.address, 7_500n] as const, [carl.address, 2_500n] as const]
    const { events } = await on.ContentRegistry.send(bea, 'register', CONTENT, ROOT, 'MIT', splits)
    const itemId = keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32'], [bea.address, CONTENT]))
    expect(events[0]).toMatchObject({
      name: 'Registered',
      values: { itemId, creator: bea.address, cid: CONTENT, contentRoot: ROOT, licence: 'MIT', splits },
    })
    expect(await on.ContentRegistry.read('itemIdOf', bea.address, CONTENT)).toBe(itemId)
    expect(await on.ContentRegistry.read('itemOf', itemId)).toEqual([bea.address, chain.time])
    expect(await on.ContentRegistry.read('splitsOf', itemId)).toEqual(splits)
  })

  it('first by somebody else does not keep the creator out', async () => {
    const { on, carl } = scene
    await on.ContentRegistry.send(carl, 'register', CONTENT, ROOT, '', [])
    await register()
  })

  it('refuses what is there already and what is outside the limits', async () => {
    const { on, bea, carl } = scene
    const make = (cid: string, licence: string, splits: readonly (readonly [string, number])[]): Promise<unknown> =>
      on.ContentRegistry.send(bea, 'register', cid, ROOT, licence, splits)
    await refused(make(ZERO, '', []), 'OutOfRange')
    await refused(make(CONTENT, 'x'.repeat(65), []), 'OutOfRange')
    await refused(make(CONTENT, '', [[bea.address, 9_999]]), 'OutOfRange')
    await refused(
      make(CONTENT, '', [
        [bea.address, 10_000],
        [carl.address, 1],
      ]),
      'OutOfRange',
    )
    await refused(
      make(CONTENT, '', [
        [bea.address, 10_000],
        [carl.address, 0],
      ]),
      'OutOfRange',
    )
    await refused(make(CONTENT, '', [[NOBODY, 10_000]]), 'OutOfRange')
    const eight = Array.from({ length: 8 }, () => [bea.address, 1_250] as const)
    await refused(make(CONTENT, '', [...eight, [bea.address, 1]]), 'OutOfRange')
    await make(CONTENT, 'x'.repeat(64), eight)
    await refused(make(CONTENT, '', []), 'AlreadyThere')
  })

  it("hands an item on with the owner's own parts, not with those of others", async () => {
    const { on, alice, bea, carl } = scene
    const itemId = await register([
      [bea.address, 6_000],
      [carl.address, 3_000],
      [bea.address, 1_000],
    ])
    await refused(on.ContentRegistry.send(carl, 'transfer', itemId, carl.address), 'NotOwner')
    await refused(on.ContentRegistry.send(bea, 'transfer', itemId, NOBODY), 'OutOfRange')
    await refused(on.ContentRegistry.send(bea, 'transfer', itemId, bea.address), 'OutOfRange')
    const { events } = await on.ContentRegistry.send(bea, 'transfer', itemId, alice.address)
    expect(events[0]).toMatchObject({ name: 'Transferred', values: { itemId, from: bea.address, to: alice.address } })
    expect(await on.ContentRegistry.read('splitsOf', itemId)).toEqual([
      [alice.address, 6_000n],
      [carl.address, 3_000n],
      [alice.address, 1_000n],
    ])
    await refused(on.ContentRegistry.send(bea, 'transfer', itemId, carl.address), 'NotOwner')
  })

  it('anchors many records by one root and finds each by its proof', async () => {
    const { on, bea, carl, chain } = scene
    const records = ['a1', 'b2', 'c3'].map((byte) => `0x${byte.repeat(32)}`)
    const [a, b, c] = records.map((one) => keccak256(keccak256(one))) as [string, string, string]
    const pair = (x: string, y: string): string => keccak256(concat(x < y ? [x, y] : [y, x]))
    const root = pair(pair(a, b), c)
    await refused(on.ContentRegistry.send(bea, 'anchor', ZERO, 3), 'OutOfRange')
    const { events } = await on.ContentRegistry.send(bea, 'anchor', root, 3)
    expect(events[0]).toMatchObject({ name: 'Anchored', values: { account: bea.address, root, count: 3n } })
    await refused(on.ContentRegistry.send(bea, 'anchor', root, 3), 'AlreadyThere')
    const at = (who: string, record: string, proof: string[]): Promise<bigint> =>
      on.ContentRegistry.number('recordAnchoredAt', who, record, proof)
    expect(await at(bea.address, records[0]!, [b, c])).toBe(chain.time)
    expect(await at(bea.address, records[2]!, [pair(a, b)])).toBe(chain.time)
    expect(await at(bea.address, records[1]!, [b, c])).toBe(0n)
    expect(await at(carl.address, records[0]!, [b, c])).toBe(0n)
  })
})

describe('selling content', () => {
  const owed = (who: { address: string }): Promise<bigint> => scene.on.AccessMarket.number('owed', who.address)

  it("divides the price by the splits after the fee; rounding is the owner's", async () => {
    const { on, alice, bea, carl } = scene
    const itemId = await register([
      [bea.address, 3_333],
      [carl.address, 6_667],
    ])
    await on.AccessMarket.send(bea, 'setPrice', itemId, 101n)
    await on.WEToken.send(alice, 'approve', on.AccessMarket.address, 101n)
    const { events } = await on.AccessMarket.send(alice, 'buy', itemId, 101n)
    expect(events.find(({ name }) => name === 'Bought')?.values).toEqual({
      itemId,
      buyer: alice.address,
      owner: bea.address,
      price: 101n,
    })
    expect([await owed(on.TestFaucet), await owed(bea), await owed(carl)]).toEqual([1n, 34n, 66n])
    expect(await on.AccessMarket.read('hasBought', itemId, alice.address)).toBe(true)
    await refused(payAndCall(on.WEToken, alice, on.AccessMarket, 101n, ['bytes32'], [itemId]), 'AlreadyBought')
    await on.AccessMarket.send(bea, 'withdraw')
    await on.AccessMarket.send(alice, 'withdrawFor', carl.address)
    expect(await on.WEToken.number('balanceOf', carl.address)).toBe(1_000n * WE + 66n)
    await refused(on.AccessMarket.send(bea, 'withdraw'), 'Nothing')
  })

  it("without splits is all the owner's, by payment in one step", async () => {
    const { on, alice, bea } = scene
    const itemId = await register()
    await on.AccessMarket.send(bea, 'setPrice', itemId, 10n * WE)
    await payAndCall(on.WEToken, alice, on.AccessMarket, 10n * WE, ['bytes32'], [itemId])
    expect(await owed(bea)).toBe((99n * WE) / 10n)
    const { events } = await on.AccessMarket.send(bea, 'withdraw')
    expect(events[0]).toMatchObject({ name: 'Withdrawn', values: { account: bea.address, amount: (99n * WE) / 10n } })
  })

  it('is refused at another price than seen, when not for sale, paused, or priced by a stranger', async () => {
    const { on, alice, bea, council } = scene
    const itemId = await register()
    const buy = (amount: bigint): Promise<unknown> =>
      payAndCall(on.WEToken, alice, on.AccessMarket, amount, ['bytes32'], [itemId])
    await refused(buy(WE), 'NotForSale')
    await refused(on.AccessMarket.send(alice, 'setPrice', itemId, WE), 'NotOwner')
    await refused(on.AccessMarket.send(bea, 'setPrice', itemId, 100_000n * WE + 1n), 'OutOfRange')
    await on.AccessMarket.send(bea, 'setPrice', itemId, 100_000n * WE)
    const { events } = await on.AccessMarket.send(bea, 'setPrice', itemId, WE)
    expect(events[0]).toMatchObject({ name: 'Priced', values: { itemId, owner: bea.address, price: WE } })
    await refused(buy(WE - 1n), 'WrongAmount', WE)
    await refused(buy(WE + 1n), 'WrongAmount', WE)
    await refused(on.AccessMarket.send(alice, 'buy', itemId, WE), 'ERC20InsufficientAllowance')
    await on.AccessMarket.send(council, 'pause', DAY)
    await refused(buy(WE), 'Paused')
    await refused(on.AccessMarket.send(alice, 'buyPackets', 1), 'Paused')
    await on.AccessMarket.send(council, 'unpause')
    await buy(WE)
    await on.AccessMarket.send(bea, 'setPrice', itemId, 0n)
    await refused(payAndCall(on.WEToken, bea, on.AccessMarket, WE, ['bytes32'], [itemId]), 'NotForSale')
  })
})

describe('live packets', () => {
  const packets = (who: { address: string }): Promise<bigint> => scene.on.AccessMarket.number('packetsOf', who.address)
  const owed = (who: { address: string }): Promise<bigint> => scene.on.AccessMarket.number('owed', who.address)

  it('are bought, burnt for a live, and given back at the same price while unused', async () => {
    const { on, bea } = scene
    const bought = await payAndCall(on.WEToken, bea, on.AccessMarket, 6n * WE)
    expect(bought.events.find(({ name }) => name === 'PacketsBought')?.values).toEqual({
      account: bea.address,
      count: 60n,
      amount: 6n * WE,
    })
    await on.WEToken.send(bea, 'approve', on.AccessMarket.address, WE)
    await on.AccessMarket.send(bea, 'buyPackets', 10)
    expect(await packets(bea)).toBe(70n)
    const started = await on.AccessMarket.send(bea, 'startLive', ROOT, 15)
    expect(started.events).toMatchObject([
      { name: 'LiveStarted', values: { creator: bea.address, packetHash: ROOT, count: 15n, total: 15n } },
    ])
    const stayed = await on.AccessMarket.send(bea, 'startLive', ROOT, 5)
    expect(stayed.events[0]?.values.total).toBe(20n)
    expect(await on.AccessMarket.number('livePackets', bea.address, ROOT)).toBe(20n)
    expect(await owed(on.TestFaucet)).toBe(2n * WE)
    const given = await on.AccessMarket.send(bea, 'refund', 50)
    expect(given.events[0]).toMatchObject({
      name: 'PacketsRefunded',
      values: { account: bea.address, count: 50n, amount: 5n * WE },
    })
    expect(await packets(bea)).toBe(0n)
    expect(await on.WEToken.number('balanceOf', bea.address)).toBe(998n * WE)
  })

  it('pay the seeders their part of each burnt minute', async () => {
    const { on, chain, alice, bea, carl } = scene
    const terms = [3n, alice.address, 6_667, carl.address, 0] as const
    const market = await chain.deploy('AccessMarket', [
      on.WEToken.address,
      alice.address,
      on.ContentRegistry.address,
      ...terms,
    ])
    await payAndCall(on.WEToken, bea, market, 30n)
    await market.send(bea, 'startLive', ROOT, 10)
    expect([await market.number('owed', alice.address), await market.number('owed', carl.address)]).toEqual([20n, 10n])
  })

  it('are refused in part, in no or too large number, beyond what one has, or from another token', async () => {
    const { on, bea } = scene
    const price = WE / 10n
    await refused(payAndCall(on.WEToken, bea, on.AccessMarket, price + 1n), 'WrongAmount', price)
    await refused(payAndCall(on.WEToken, bea, on.AccessMarket, price - 1n), 'OutOfRange')
    await refused(on.AccessMarket.send(bea, 'buyPackets', 0), 'OutOfRange')
    await refused(on.AccessMarket.send(bea, 'buyPackets', 100_001), 'OutOfRange')
    await refused(on.AccessMarket.send(bea, 'buyPackets', 100_000), 'ERC20InsufficientAllowance')
    await refused(on.AccessMarket.send(bea, 'onTransferReceived', NOBODY, bea.address, WE, '0x'), 'NotToken')
    await payAndCall(on.WEToken, bea, on.AccessMarket, 5n * price)
    await refused(on.AccessMarket.send(bea, 'startLive', ROOT, 6), 'TooFewPackets', 5n)
    await refused(on.AccessMarket.send(bea, 'refund', 6), 'TooFewPackets', 5n)
    await refused(on.AccessMarket.send(bea, 'startLive', ROOT, 0), 'OutOfRange')
    await refused(on.AccessMarket.send(bea, 'refund', 0), 'OutOfRange')
  })

  it('and the fee have ceilings in the code', async () => {
    const { chain, on, alice } = scene
    const me = alice.address
    const make = (...args: unknown[]): Promise<unknown> =>
      chain.deploy('AccessMarket', [on.WEToken.address, me, ...args])
    const registry = on.ContentRegistry.address
    await refused(make(me, 1n, me, 0, me, 0), 'OutOfRange')
    await refused(make(registry, 0n, me, 0, me, 0), 'OutOfRange')
    await refused(make(registry, 10n * WE + 1n, me, 0, me, 0), 'OutOfRange')
    await refused(make(registry, 1n, NOBODY, 0, me, 0), 'OutOfRange')
    await refused(make(registry, 1n, me, 10_001, me, 0), 'OutOfRange')
    await refused(make(registry, 1n, me, 0, NOBODY, 0), 'OutOfRange')
    await refused(make(registry, 1n, me, 0, me, 201), 'OutOfRange')
    await make(registry, 10n * WE, me, 10_000, me, 200)
    expect(await on.AccessMarket.number('PACKET_SECONDS')).toBe(60n)
  })
})

describe('the registry of contracts', () => {
  const name = registryName('TipBank')
  const listed = async (): Promise<unknown[]> => [...((await scene.on.Registry.read('list', name)) as unknown[])]

  it('lists what was deployed, with the hash of its code', async () => {
    const { on, chain } = scene
    const code = await chain.codeOf(on.TipBank.address)
    const [account, since, codeHash] = await listed()
    expect([String(account).toLowerCase(), since, codeHash]).toEqual([on.TipBank.address, chain.time, keccak256(code)])
    expect(await on.Registry.read('list', registryName('Nothing'))).toEqual([NOBODY, 0n, ZERO])
  })

  it('takes a new version 7 days after the council proposed it, put in force by anybody', async () => {
    const { on, chain, council, carl } = scene
    const next = on.AccessMarket.address
    await refused(on.Registry.send(carl, 'propose', name, next), 'OwnableUnauthorizedAccount')
    await refused(on.Registry.send(carl, 'accept', name), 'NotReady')
    const readyAt = chain.time + 7n * DAY
    const { events } = await on.Registry.send(council, 'propose', name, next)
    expect(events[0]).toMatchObject({ name: 'Proposed', values: { name, readyAt } })
    const [proposed, when] = (await on.Registry.read('proposalOf', name)) as [string, bigint]
    expect([proposed.toLowerCase(), when]).toEqual([next, readyAt])
    chain.time = readyAt - 1n
    await refused(on.Registry.send(carl, 'accept', name), 'NotReady')
    chain.time = readyAt
    const done = await on.Registry.send(carl, 'accept', name)
    expect(done.events[0]?.name).toBe('Listed')
    expect(String((await listed())[0]).toLowerCase()).toBe(next)
    await refused(on.Registry.send(carl, 'accept', name), 'NotReady')
  })

  it('lets a proposal lapse, be replaced (its time starts anew) or be taken back', async () => {
    const { on, chain, council, carl } = scene
    const propose = (): Promise<unknown> => on.Registry.send(council, 'propose', name, on.AccessMarket.address)
    await propose()
    chain.time += 21n * DAY + 1n
    await refused(on.Registry.send(carl, 'accept', name), 'NotReady')
    await propose()
    chain.time += 6n * DAY
    await propose()
    chain.time += 6n * DAY
    await refused(on.Registry.send(carl, 'accept', name), 'NotReady')
    await refused(on.Registry.send(carl, 'cancel', name), 'OwnableUnauthorizedAccount')
    const { events } = await on.Registry.send(council, 'cancel', name)
    expect(events[0]?.name).toBe('Cancelled')
    await refused(on.Registry.send(council, 'cancel', name), 'NotReady')
    chain.time += 2n * DAY
    await refused(on.Registry.send(carl, 'accept', name), 'NotReady')
    await propose()
    chain.time += 21n * DAY
    await on.Registry.send(carl, 'accept', name)
  })

  it('refuses names and addresses without a contract', async () => {
    const { on, chain, council, alice } = scene
    await refused(on.Registry.send(council, 'propose', ZERO, on.TipBank.address), 'OutOfRange')
    await refused(on.Registry.send(council, 'propose', name, alice.address), 'OutOfRange')
    const make = (names: string[], accounts: string[]): Promise<unknown> =>
      chain.deploy('Registry', [council.address, names, accounts])
    await refused(make([name], []), 'OutOfRange')
    await refused(make([name, name], [on.TipBank.address, on.TipBank.address]), 'OutOfRange')
    await refused(make([name], [alice.address]), 'OutOfRange')
  })
})
