import { concat, type Wallet } from 'ethers'
import { beforeEach, describe, expect, it } from 'vitest'
import { DAY, WE } from './chain'
import { NOBODY, openScene, payAndCall, permit, refused, type Scene } from './scene'
import { extend, linesOf, pack, record, sign, tabOf, type Tab } from './tabs'

let scene: Scene
beforeEach(async () => (scene = await openScene()))

const deposit = (payer: Wallet, amount: bigint): Promise<unknown> =>
  payAndCall(scene.on.WEToken, payer, scene.on.TipBank, amount)

const account = async (payer: Wallet): Promise<bigint[]> =>
  [...((await scene.on.TipBank.read('accountOf', payer.address)) as bigint[])].map(BigInt)

const owed = (who: { address: string }): Promise<bigint> => scene.on.TipBank.number('owed', who.address)
const bank = (): string => scene.on.TipBank.address

function settle(records: readonly string[], { sharer = NOBODY, sharerBps = 0, creator = scene.bea.address } = {}) {
  return scene.on.TipBank.send(scene.carl, 'settle', creator, sharer, sharerBps, concat(records))
}

function tab(payer: Wallet, total: bigint, more: Partial<Tab> = {}): string {
  return record(tabOf(payer, scene.bea, total, more), payer, bank())
}

describe('deposits', () => {
  it('keep a fifth of what is in the bank as collateral, however it comes in', async () => {
    const { on, alice } = scene
    await deposit(alice, 100n * WE)
    expect(await account(alice)).toEqual([80n * WE, 20n * WE, 0n])
    await on.WEToken.send(alice, 'approve', bank(), 50n * WE)
    const { events } = await on.TipBank.send(alice, 'deposit', 50n * WE)
    expect(events.find(({ name }) => name === 'Deposited')?.values).toMatchObject({
      payer: alice.address,
      amount: 50n * WE,
      balance: 120n * WE,
      collateral: 30n * WE,
    })
    const proof = await permit(on.WEToken, alice, on.TipBank, 50n * WE)
    await on.TipBank.send(alice, 'depositWithPermit', 50n * WE, ...proof)
    expect(await account(alice)).toEqual([160n * WE, 40n * WE, 0n])
    expect(await on.WEToken.number('allowance', alice.address, bank())).toBe(0n)
  })

  it('lock no more for somebody who spends and tops up day after day', async () => {
    const { alice } = scene
    await deposit(alice, 100n * WE)
    for (let day = 1n; day <= 3n; day++) {
      await settle([tab(alice, 80n * WE * day)])
      await deposit(alice, 80n * WE)
    }
    expect(await account(alice)).toEqual([80n * WE, 20n * WE, 0n])
  })

  it('round the collateral up, so that it is never less than a fifth', async () => {
    await deposit(scene.alice, 6n)
    expect(await account(scene.alice)).toEqual([4n, 2n, 0n])
  })

  it('are refused when nothing, when leaving, when paused, with data, or from another token', async () => {
    const { on, alice, council, chain } = scene
    await refused(on.TipBank.send(alice, 'deposit', 0n), 'OutOfRange')
    await refused(on.TipBank.send(alice, 'deposit', 1n << 96n), 'OutOfRange')
    await refused(on.TipBank.send(alice, 'deposit', 1n), 'ERC20InsufficientAllowance')
    await refused(payAndCall(on.WEToken, alice, on.TipBank, 1n, ['uint256'], [1]), 'OutOfRange')
    await refused(on.TipBank.send(alice, 'onTransferReceived', alice.address, alice.address, WE, '0x'), 'NotToken')
    await on.TipBank.send(council, 'pause', DAY)
    await refused(deposit(alice, WE), 'Paused', chain.time + DAY)
    chain.time += DAY
    await deposit(alice, WE)
    await on.TipBank.send(alice, 'startExit')
    await refused(deposit(alice, WE), 'ExitPending')
  })

  it('go through when somebody used the permit before us', async () => {
    const { on, alice, carl } = scene
    const proof = await permit(on.WEToken, alice, on.TipBank, WE)
    await on.WEToken.send(carl, 'permit', alice.address, bank(), WE, ...proof)
    await on.TipBank.send(alice, 'depositWithPermit', WE, ...proof)
    expect((await account(alice))[0]).toBe((WE * 4n) / 5n)
    const foreign = await permit(on.WEToken, alice, on.TipBank, WE, { signer: carl })
    await refused(on.TipBank.send(alice, 'depositWithPermit', WE, ...foreign), 'ERC20InsufficientAllowance')
  })
})

describe('settling', () => {
  it('pays creator, sharer and fee once, and logs who paid what', async () => {
    const { on, alice, bea, carl } = scene
    await deposit(alice, 100n * WE)
    const shared = { sharer: carl.address, sharerBps: 2_500 }
    const signed = tab(alice, 10n * WE, { ...shared, count: 7, chain: `0x${'ab'.repeat(32)}` })
    const { events, output } = await settle([signed], shared)
    expect(BigInt(output)).toBe(10n * WE)
    const [settled] = events
    expect(settled).toMatchObject({
      name: 'Settled',
      values: {
        creator: bea.address,
        sharer: carl.address,
        sharerBps: 2_500n,
        amount: 10n * WE,
        fee: WE / 10n,
        sharerPart: (99n * WE) / 40n,
      },
    })
    expect(linesOf(settled?.values.lines)).toEqual([{ payer: alice.address.toLowerCase(), amount: 10n * WE }])
    expect(await owed(bea)).toBe((297n * WE) / 40n)
    expect(await owed(carl)).toBe((99n * WE) / 40n)
    expect(await owed(on.TestFaucet)).toBe(WE / 10n)
    const line = [alice.address, bea.address, carl.address, 2_500]
    expect(await on.TipBank.number('paidOf', ...line)).toBe(10n * WE)
    await settle([tab(alice, 20n * WE, shared)], shared)
    expect([await owed(bea), await owed(carl)]).toEqual([(297n * WE) / 20n, (99n * WE) / 20n])
    expect(await owed(on.TestFaucet)).toBe(WE / 5n)
    expect(await on.TipBank.number('punishedOf', ...line)).toBe(0n)
  })

  it('is a no-op for what was paid: replayed, doubled, reordered or older tabs take nothing twice', async () => {
    const { alice, bea } = scene
    await deposit(alice, 100n * WE)
    const [first, second, third] = [1n, 2n, 3n].map((total) => tab(alice, total * WE)) as [string, string, string]
    const { events } = await settle([second, first, second, third, first, third])
    const payer = alice.address.toLowerCase()
    expect(linesOf(events[0]?.values.lines)).toEqual([
      { payer, amount: 2n * WE },
      { payer, amount: WE },
    ])
    const after = [await owed(bea), ...(await account(alice))]
    expect(after).toEqual([(297n * WE) / 100n, 77n * WE, 20n * WE, 0n])
    for (const again of [[first], [third], [second, third, first]]) {
      const { events, output } = await settle(again)
      expect([events, BigInt(output)]).toEqual([[], 0n])
    }
    expect([await owed(bea), ...(await account(alice))]).toEqual(after)
  })

  it('pays each line of a payer by itself', async () => {
    const { on, alice, bea, carl } = scene
    await deposit(alice, 100n * WE)
    await settle([tab(alice, 5n * WE)])
    await settle([tab(alice, 5n * WE, { sharer: carl.address, sharerBps: 1 })], { sharer: carl.address, sharerBps: 1 })
    await settle([tab(alice, 5n * WE, { sharer: carl.address, sharerBps: 0 })], { sharer: carl.address })
    const other = record(tabOf(alice, carl, 5n * WE), alice, bank())
    await settle([other], { creator: carl.address })
    expect((await account(alice))[0]).toBe(60n * WE)
    expect(await on.TipBank.number('paidOf', alice.address, bea.address, NOBODY, 0)).toBe(5n * WE)
  })

  it('settles many payers at once, each by their own balance', async () => {
    const { on, alice, bea, carl } = scene
    await deposit(alice, 10n * WE)
    await deposit(carl, 10n * WE)
    const { events } = await settle([tab(alice, WE), tab(carl, 2n * WE), tab(alice, 3n * WE)])
    expect(linesOf(events[0]?.values.lines).map(({ amount }) => amount)).toEqual([WE, 2n * WE, 2n * WE])
    expect(await owed(bea)).toBe((495n * WE) / 100n)
    expect(await on.WEToken.number('balanceOf', bank())).toBe(20n * WE)
  })

  it('costs no more than the ceilings', async () => {
    const { on, chain, bea } = scene
    const payers = Array.from({ length: 50 }, (_, index) => chain.account(`payer ${index}`))
    for (const payer of payers) {
      await on.TestFaucet.send(payer, 'claim')
      await deposit(payer, 900n * WE)
    }
    const all = (total: bigint): string[] => payers.map((payer) => tab(payer, total, { count: 50 }))
    const first = await settle(all(1_234_567_890_123_456_789n))
    expect(Number(first.gasUsed) / 50).toBeLessThan(35_400)
    const warm = await settle(all(2_345_678_901_234_567_890n))
    expect(Number(warm.gasUsed) / 50).toBeLessThan(18_000) // 17,036 at 200: bench gas
    expect(Number((await on.TipBank.send(bea, 'withdraw')).gasUsed)).toBeLessThan(57_000)
  })

  it.each([
    ['no records', (): string => '0x', 'BadLength'],
    ['a cut record', (signed: string): string => signed.slice(0, -2), 'BadLength'],
    ['a byte too many', (signed: string): string => `${signed}00`, 'BadLength'],
  ])('refuses %s', async (_, make, error) => {
    await deposit(scene.alice, 10n * WE)
    await refused(settle([make(tab(scene.alice, WE))]), error)
  })

  it('refuses a sharer part above one half, and one without a sharer', async () => {
    const { alice, carl } = scene
    await deposit(alice, 10n * WE)
    await refused(settle([tab(alice, WE)], { sharer: carl.address, sharerBps: 5_001 }), 'OutOfRange')
    await refused(settle([tab(alice, WE)], { sharerBps: 1 }), 'OutOfRange')
    const most = { sharer: carl.address, sharerBps: 5_000 }
    await settle([tab(alice, WE, most)], most)
  })
})

describe('signatures', () => {
  it('bind every field of the tab, the contract and the chain', async () => {
    const { alice, bea, carl, on } = scene
    await deposit(alice, 100n * WE)
    await deposit(carl, 100n * WE)
    const honest = tabOf(alice, bea, WE, {
      count: 3,
      chain: extend(`0x${'00'.repeat(32)}`, { giftId: 1, qty: 1, contentId: `0x${'01'.repeat(32)}`, time: 1n }),
    })
    const signature = sign(honest, alice, bank())
    for (const changed of [
      { payer: carl.address },
      { total: 2n * WE },
      { count: 4 },
      { chain: `0x${'02'.repeat(32)}` },
    ]) {
      await refused(settle([pack({ ...honest, ...changed }, signature)]), 'BadSignature', 0n)
    }
    const good = pack(honest, signature)
    await refused(settle([good], { creator: carl.address }), 'BadSignature')
    await refused(settle([good], { sharer: carl.address }), 'BadSignature')
    const shared = { sharer: carl.address, sharerBps: 10 }
    await refused(settle([tab(alice, WE, shared)], { sharer: carl.address, sharerBps: 11 }), 'BadSignature')
    await refused(settle([record(honest, alice, on.GiftRouter.address)]), 'BadSignature')
    await refused(settle([pack(honest, sign(honest, alice, bank(), 1))]), 'BadSignature')
    await refused(settle([tab(carl, WE), pack(honest, sign(honest, carl, bank()))]), 'BadSignature', 1n)
    await settle([good])
  })

  it('with a high s (the mirrored form) are refused', async () => {
    const { alice, bea } = scene
    await deposit(alice, 10n * WE)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const honest = tabOf(alice, bea, WE)
    const { r, s, yParity } = sign(honest, alice, bank())
    // EIP-2098 leaves 255 bits for s; a mirrored s mostly fits them not, then its top bit reads as the parity.
    const mirrored = order - BigInt(s)
    for (const parity of [0n, 1n]) {
      const vs = `0x${((parity << 255n) | (mirrored & ((1n << 255n) - 1n))).toString(16).padStart(64, '0')}`
      await refused(settle([pack(honest, { r, yParityAndS: vs })]), 'BadSignature', 0n)
    }
    const flipped = `0x${((BigInt(1 - yParity) << 255n) | BigInt(s)).toString(16).padStart(64, '0')}`
    await refused(settle([pack(honest, { r, yParityAndS: flipped })]), 'BadSignature', 0n)
  })

  it('that recover nobody do not speak for the zero account', async () => {
    const nothing = { r: `0x${'00'.repeat(32)}`, yParityAndS: `0x${'00'.repeat(32)}` }
    await refused(settle([pack({ ...tabOf(scene.alice, scene.bea, WE), payer: NOBODY }, nothing)]), 'BadSignature', 0n)
    await refused(settle([pack(tabOf(scene.alice, scene.bea, WE), nothing)]), 'BadSignature', 0n)
  })
})

describe('overspending', () => {
  it('one deposit promised to ten creators: everything is paid out once, collateral goes to who is short and to nobody', async () => {
    const { on, chain, alice } = scene
    await deposit(alice, 100n * WE) // 80 to spend, 20 collateral
    const supply = await on.WEToken.number('totalSupply')
    const creators = Array.from({ length: 10 }, (_, index) => chain.account(`creator ${index}`))
    const got: bigint[] = []
    for (const creator of creators) {
      const signed = record(tabOf(alice, creator, 50n * WE), alice, bank())
      await on.TipBank.send(creator, 'settle', creator.address, NOBODY, 0, signed)
      got.push(await owed(creator))
    }
    // 50 to the first; 30 to the second and half of all collateral; nothing is left for the others.
    expect(got.slice(0, 2)).toEqual([(495n * WE) / 10n, (297n * WE) / 10n + 10n * WE])
    expect(got.slice(2)).toEqual(creators.slice(2).map(() => 0n))
    expect(await account(alice)).toEqual([0n, 0n, 0n])
    expect(await on.WEToken.number('totalSupply')).toBe(supply - 10n * WE)
    const all = got.reduce((sum, one) => sum + one, 0n) + (await owed(on.TestFaucet))
    expect(await on.WEToken.number('balanceOf', bank())).toBe(all)
  })

  it('tells what is missing, and takes collateral for a promise only once however often it is shown', async () => {
    const { on, alice, bea } = scene
    await deposit(alice, 100n * WE)
    const signed = tab(alice, 84n * WE)
    const { events } = await settle([signed])
    expect(events.find(({ name }) => name === 'Short')?.values).toMatchObject({
      payer: alice.address,
      creator: bea.address,
      sharer: NOBODY,
      total: 84n * WE,
      missing: 4n * WE,
      slashed: 4n * WE,
    })
    expect(await account(alice)).toEqual([0n, 16n * WE, 0n])
    expect(await owed(bea)).toBe((80n * 99n * WE) / 100n + 2n * WE)
    const line = [alice.address, bea.address, NOBODY, 0]
    expect(await on.TipBank.number('paidOf', ...line)).toBe(80n * WE)
    expect(await on.TipBank.number('punishedOf', ...line)).toBe(84n * WE)
    expect((await settle([signed, signed])).events).toEqual([])
    expect(await account(alice)).toEqual([0n, 16n * WE, 0n])
    // Only what is promised beyond it costs more.
    await settle([tab(alice, 85n * WE)])
    expect(await account(alice)).toEqual([0n, 15n * WE, 0n])
  })

  it('leaves the debt: a later deposit pays it, without a second punishment', async () => {
    const { on, alice, bea } = scene
    await deposit(alice, 100n * WE)
    const signed = tab(alice, 84n * WE)
    await settle([signed])
    const before = await owed(bea)
    await deposit(alice, 2n * WE + 5n * WE) // whole 23, of it 16 collateral as before
    expect(await account(alice)).toEqual([7n * WE, 16n * WE, 0n])
    const { events } = await settle([signed])
    expect(events.map(({ name }) => name)).toEqual(['Settled'])
    expect((await owed(bea)) - before).toBe((4n * 99n * WE) / 100n)
    expect(await account(alice)).toEqual([3n * WE, 16n * WE, 0n])
    expect(await on.TipBank.number('paidOf', alice.address, bea.address, NOBODY, 0)).toBe(84n * WE)
  })

  it('a debt paid in part later is punished only for what was promised on top', async () => {
    const { alice } = scene
    await deposit(alice, 100n * WE)
    await settle([tab(alice, 90n * WE)]) // short by 10: collateral 10 left
    await deposit(alice, 4n * WE) // balance 4
    expect(await account(alice)).toEqual([4n * WE, 10n * WE, 0n])
    await settle([tab(alice, 91n * WE)]) // pays 4 of 11; 1 is new
    expect(await account(alice)).toEqual([0n, 9n * WE, 0n])
  })

  it('an odd wei of collateral is burnt, not lost', async () => {
    const { on, alice, bea } = scene
    await deposit(alice, 10n) // 8 + 2
    const before = await on.WEToken.number('totalSupply')
    await settle([tab(alice, 9n)])
    expect(await owed(bea)).toBe(8n)
    expect(before - (await on.WEToken.number('totalSupply'))).toBe(1n)
    expect(await account(alice)).toEqual([0n, 1n, 0n])
  })

  it('a payer without anything costs nobody anything', async () => {
    const { alice, bea } = scene
    const { events } = await settle([tab(alice, 5n * WE)])
    expect(events.map(({ name, values }) => [name, values.slashed])).toEqual([['Short', 0n]])
    expect(await owed(bea)).toBe(0n)
  })
})

describe('leaving', () => {
  it('takes a day, in which creators settle; then everything comes back', async () => {
    const { on, chain, alice } = scene
    await deposit(alice, 100n * WE)
    const { events } = await on.TipBank.send(alice, 'startExit')
    expect(events).toMatchObject([{ name: 'ExitStarted', values: { payer: alice.address, exitAt: chain.time + DAY } }])
    await refused(on.TipBank.send(alice, 'startExit'), 'ExitPending')
    await settle([tab(alice, 30n * WE)])
    expect((await account(alice))[2]).toBe(chain.time + DAY)
    chain.time += DAY - 1n
    await refused(on.TipBank.send(alice, 'finishExit'), 'NoExit')
    chain.time += 1n
    const before = await on.WEToken.number('balanceOf', alice.address)
    const done = await on.TipBank.send(alice, 'finishExit')
    expect(BigInt(done.output)).toBe(70n * WE)
    expect(done.events[0]).toMatchObject({ name: 'ExitFinished', values: { amount: 70n * WE } })
    expect((await on.WEToken.number('balanceOf', alice.address)) - before).toBe(70n * WE)
    expect(await account(alice)).toEqual([0n, 0n, 0n])
    await refused(on.TipBank.send(alice, 'finishExit'), 'NoExit')
    await refused(on.TipBank.send(alice, 'startExit'), 'Nothing')
  })

  it('can be called off', async () => {
    const { on, alice, chain } = scene
    await refused(on.TipBank.send(alice, 'cancelExit'), 'NoExit')
    await deposit(alice, 100n * WE)
    await on.TipBank.send(alice, 'startExit')
    const { events } = await on.TipBank.send(alice, 'cancelExit')
    expect(events).toMatchObject([{ name: 'ExitCancelled', values: { payer: alice.address } }])
    expect(await account(alice)).toEqual([80n * WE, 20n * WE, 0n])
    chain.time += 2n * DAY
    await refused(on.TipBank.send(alice, 'finishExit'), 'NoExit')
  })

  it('finishes with nothing when creators were owed all of it', async () => {
    const { on, alice, chain } = scene
    await deposit(alice, 100n * WE)
    await on.TipBank.send(alice, 'startExit')
    await settle([tab(alice, 500n * WE)])
    chain.time += DAY
    const { output, events } = await on.TipBank.send(alice, 'finishExit')
    expect([BigInt(output), events.map(({ name }) => name)]).toEqual([0n, ['ExitFinished']])
  })

  it('exits, settlements and withdrawals cannot be paused', async () => {
    const { on, alice, bea, council, chain } = scene
    await deposit(alice, 100n * WE)
    await on.TipBank.send(council, 'pause', 7n * DAY)
    await on.TipBank.send(alice, 'startExit')
    await settle([tab(alice, WE)])
    await on.TipBank.send(bea, 'withdraw')
    chain.time += DAY
    await on.TipBank.send(alice, 'finishExit')
  })
})

describe('earnings', () => {
  it('are taken by who earned them, or sent to them by anybody', async () => {
    const { on, alice, bea, carl } = scene
    await refused(on.TipBank.send(bea, 'withdraw'), 'Nothing')
    await deposit(alice, 100n * WE)
    await settle([tab(alice, 10n * WE)])
    const before = await on.WEToken.number('balanceOf', bea.address)
    const { events, output } = await on.TipBank.send(bea, 'withdraw')
    expect(BigInt(output)).toBe((99n * WE) / 10n)
    expect(events[0]).toMatchObject({ name: 'Withdrawn', values: { account: bea.address, amount: (99n * WE) / 10n } })
    expect((await on.WEToken.number('balanceOf', bea.address)) - before).toBe((99n * WE) / 10n)
    await refused(on.TipBank.send(bea, 'withdraw'), 'Nothing')
    await on.TipBank.send(carl, 'withdrawFor', on.TestFaucet.address)
    expect(await owed(on.TestFaucet)).toBe(0n)
    expect(await on.WEToken.number('balanceOf', bank())).toBe(90n * WE)
  })
})

describe('construction', () => {
  it('knows its limits', async () => {
    const { chain, on, alice } = scene
    const make = (token: string, receiver: string, feeBps: number): Promise<unknown> =>
      chain.deploy('TipBank', [token, alice.address, receiver, feeBps])
    await refused(make(on.WEToken.address, alice.address, 201), 'OutOfRange')
    await refused(make(on.WEToken.address, NOBODY, 200), 'OutOfRange')
    await refused(make(alice.address, alice.address, 200), 'OutOfRange')
    await make(on.WEToken.address, alice.address, 200)
    expect(await on.TipBank.number('EXIT_DELAY')).toBe(DAY)
    expect(await on.TipBank.number('RECORD_BYTES')).toBe(132n)
    expect(await on.TipBank.number('feeBps')).toBe(100n)
    expect(await on.TipBank.read('feeReceiver')).toBe(
      on.TestFaucet.address === '' ? '' : await on.GiftRouter.read('feeReceiver'),
    )
    const { name, version, chainId } = (await on.TipBank.read('eip712Domain')) as Record<string, unknown>
    expect([name, version, chainId]).toEqual(['WE TipBank', '1', BigInt(0x5745000001)])
  })
})
