import { beforeEach, describe, expect, it } from 'vitest'
import { createdBy, DAY, WE } from './chain'
import { NOBODY, openScene, payAndCall, permit, refused, type Scene } from './scene'

let scene: Scene
beforeEach(async () => (scene = await openScene()))

describe('WE', () => {
  it('is minted once, in the five parts', async () => {
    const { on } = scene
    const of = (name: 'FoundationVesting' | 'TeamVesting' | 'CommunityVesting' | 'TestFaucet'): Promise<bigint> =>
      on.WEToken.number('balanceOf', on[name].address)
    expect(await on.WEToken.number('totalSupply')).toBe(1_250_000_000n * WE)
    expect(await on.WEToken.number('TOTAL')).toBe(1_250_000_000n * WE)
    expect(await of('FoundationVesting')).toBe(375_000_000n * WE)
    expect(await of('TeamVesting')).toBe(62_500_000n * WE)
    expect(await of('CommunityVesting')).toBe(62_500_000n * WE)
    expect(await of('TestFaucet')).toBe(750_000_000n * WE - 3_000n * WE) // issue + ecosystem, less three claims
    const parts = ['ISSUE', 'FOUNDATION', 'ECOSYSTEM', 'TEAM', 'COMMUNITY']
    const sizes = await Promise.all(parts.map((part) => on.WEToken.number(part)))
    expect(sizes.map((size) => size / WE)).toEqual([625_000_000n, 375_000_000n, 125_000_000n, 62_500_000n, 62_500_000n])
  })

  it('is a token of 18 places that can be sent, approved and burnt', async () => {
    const { on, alice, bea } = scene
    expect([await on.WEToken.read('name'), await on.WEToken.read('symbol')]).toEqual(['WE', 'WE'])
    expect(await on.WEToken.number('decimals')).toBe(18n)
    const { gasUsed } = await on.WEToken.send(alice, 'transfer', bea.address, WE)
    expect(gasUsed).toBeLessThan(35_000n)
    await refused(on.WEToken.send(alice, 'transfer', bea.address, 1_000n * WE), 'ERC20InsufficientBalance')
    await on.WEToken.send(alice, 'burn', 9n * WE)
    expect(await on.WEToken.number('totalSupply')).toBe(1_249_999_991n * WE)
  })

  it('takes a permit once, in time, from its owner', async () => {
    const { on, alice, bea, chain } = scene
    const allowance = (): Promise<bigint> => on.WEToken.number('allowance', alice.address, on.TipBank.address)
    const ask = (proof: readonly unknown[]): Promise<unknown> =>
      on.WEToken.send(bea, 'permit', alice.address, on.TipBank.address, WE, ...proof)
    const proof = await permit(on.WEToken, alice, on.TipBank, WE)
    await ask(proof)
    expect(await allowance()).toBe(WE)
    await refused(ask(proof), 'ERC2612InvalidSigner')
    const late = await permit(on.WEToken, alice, on.TipBank, WE, { deadline: chain.time - 1n })
    await refused(ask(late), 'ERC2612ExpiredSignature')
    await refused(ask(await permit(on.WEToken, alice, on.TipBank, WE, { signer: bea })), 'ERC2612InvalidSigner')
  })

  it('pays and calls only contracts that take payments; otherwise nothing moves', async () => {
    const { on, alice, bea } = scene
    const call = 'transferAndCall(address,uint256)'
    await refused(on.WEToken.send(alice, call, bea.address, WE), 'revert')
    await refused(on.WEToken.send(alice, call, on.ContentRegistry.address, WE), 'revert')
    await refused(payAndCall(on.WEToken, alice, on.TipBank, 1_001n * WE), 'ERC20InsufficientBalance')
    expect(await on.WEToken.number('balanceOf', alice.address)).toBe(1_000n * WE)
    await on.WEToken.send(alice, 'approve', bea.address, 5n * WE)
    await on.WEToken.send(
      bea,
      'transferFromAndCall(address,address,uint256)',
      alice.address,
      on.TipBank.address,
      5n * WE,
    )
    const [balance] = (await on.TipBank.read('accountOf', alice.address)) as [bigint]
    expect(balance).toBe(4n * WE) // the payer's deposit, not the spender's
  })

  it('refuses a receiver that answers something else', async () => {
    const { on, alice, chain } = scene
    // Answers 32 zero bytes to everything: PUSH1 32 PUSH0 RETURN.
    const deaf = await chain.deployCode([], '0x6460205ff300' + '5f526005601bf3')
    await refused(on.WEToken.send(alice, 'transferAndCall(address,uint256)', deaf.address, WE), 'NotTaken')
  })

  it('cannot be deployed with a part for nobody', async () => {
    const { chain, alice } = scene
    const to = Array.from({ length: 5 }, () => alice.address)
    for (let index = 0; index < 5; index++) {
      await refused(chain.deploy('WEToken', to.with(index, NOBODY)), 'ERC20InvalidReceiver')
    }
  })
})

describe('vesting', () => {
  it('pays nothing in the cliff, then by the second, then all', async () => {
    const { on, chain, carl } = scene
    const all = 62_500_000n * WE
    const start = 1_790_000_000n
    const cliffEnd = start + 360n * DAY
    const length = 1_080n * DAY
    const vesting = on.TeamVesting
    expect(await vesting.number('cliffEnd')).toBe(cliffEnd)
    expect(await vesting.number('duration')).toBe(length)
    chain.time = cliffEnd - 1n
    expect(await vesting.number('releasable')).toBe(0n)
    expect((await vesting.send(carl, 'release')).events).toEqual([])
    chain.time = cliffEnd + length / 4n
    expect(await vesting.number('releasable')).toBe(all / 4n)
    const owner = await vesting.read('owner')
    const { events, output } = await vesting.send(carl, 'release')
    expect(BigInt(output)).toBe(all / 4n)
    expect(events[0]).toMatchObject({ name: 'Released', values: { to: owner, amount: all / 4n } })
    expect(await vesting.number('releasable')).toBe(0n)
    chain.time = cliffEnd + length / 2n
    expect(await vesting.number('releasable')).toBe(all / 4n)
    expect(await vesting.number('vestedAt', cliffEnd + length / 2n)).toBe(all / 2n)
    chain.time = cliffEnd + length
    await vesting.send(carl, 'release')
    expect(await vesting.number('released')).toBe(all)
    expect(await on.WEToken.number('balanceOf', vesting.address)).toBe(0n)
  })

  it('is only deployed over its money, with a sound schedule', async () => {
    const { on, chain, alice } = scene
    const make = async (
      values: Partial<Record<'amount' | 'start' | 'cliff' | 'duration' | 'fund', bigint>>,
    ): Promise<unknown> => {
      const { amount = WE, start = 1_800_000_000n, cliff = 0n, duration = 0n, fund = WE } = values
      const deployer = chain.account(`deployer of ${Object.entries(values).flat().join(' ')}`)
      if (fund > 0n) await on.WEToken.send(alice, 'transfer', createdBy(deployer, 0), fund)
      return chain.deploy(
        'AllocationVesting',
        [on.WEToken.address, alice.address, amount, start, cliff, duration],
        deployer,
      )
    }
    await refused(make({ fund: WE - 1n }), 'NotFunded')
    await refused(make({ amount: 0n, fund: 0n }), 'NotFunded')
    await refused(make({ start: 0n }), 'OutOfRange')
    await refused(make({ start: 1n << 40n }), 'OutOfRange')
    const most = 20n * 365n * DAY
    await refused(make({ cliff: most, duration: 1n }), 'OutOfRange')
    await make({ start: (1n << 40n) - 1n, cliff: 1n, duration: most - 1n })
    const sudden = (await make({})) as typeof on.TeamVesting
    expect(await sudden.number('releasable')).toBe(WE)
  })

  it('changes hands in two steps and is never without an owner', async () => {
    const { on, chain, alice, bea } = scene
    const deployer = chain.account('vesting deployer')
    await on.WEToken.send(alice, 'transfer', createdBy(deployer, 0), WE)
    const vesting = await chain.deploy(
      'AllocationVesting',
      [on.WEToken.address, alice.address, WE, 1n, 0n, 0n],
      deployer,
    )
    await refused(vesting.send(alice, 'renounceOwnership'), 'CannotRenounce')
    await refused(vesting.send(bea, 'renounceOwnership'), 'OwnableUnauthorizedAccount')
    await vesting.send(alice, 'transferOwnership', bea.address)
    expect(await vesting.read('owner')).toBe(alice.address)
    await vesting.send(bea, 'acceptOwnership')
    await vesting.send(alice, 'release')
    expect(await on.WEToken.number('balanceOf', bea.address)).toBe(1_001n * WE)
  })
})

describe('the faucet', () => {
  it('gives 1,000 WE once', async () => {
    const { on, chain } = scene
    const dora = chain.account('dora')
    const { events } = await on.TestFaucet.send(dora, 'claim')
    expect(events[0]).toMatchObject({ name: 'Claimed', values: { account: dora.address, amount: 1_000n * WE } })
    expect(await on.WEToken.number('balanceOf', dora.address)).toBe(1_000n * WE)
    await refused(on.TestFaucet.send(dora, 'claim'), 'AlreadyClaimed')
    expect(await on.TestFaucet.read('hasClaimed', dora.address)).toBe(true)
  })
})
