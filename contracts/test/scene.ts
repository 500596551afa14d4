import { AbiCoder, Signature, type Wallet } from 'ethers'
import { expect } from 'vitest'
import { TYPED_DATA } from '../../src/shared/wallet/typed-data'
import { Chain, CHAIN_ID, type Contract, type Deployed, deployLocal, Refused } from './chain'

export const FOREVER = 2n ** 40n
export const CONTENT = `0x${'c7'.repeat(32)}`
export const NOBODY = `0x${'00'.repeat(20)}`

/** Everything deployed; Alice, Bea and Carl have 1,000 WE each. */
export interface Scene {
  readonly chain: Chain
  readonly on: Deployed
  /** Council and guardian. */
  readonly council: Wallet
  readonly alice: Wallet
  readonly bea: Wallet
  readonly carl: Wallet
}

let scene: Scene | null = null

/** A fresh scene for each test; the deployment itself is done once a file. */
export async function openScene(): Promise<Scene> {
  if (scene === null) {
    scene = await makeScene()
    scene.chain.mark()
  } else await scene.chain.rewind()
  return scene
}

async function makeScene(): Promise<Scene> {
  const chain = await Chain.create()
  const on = await deployLocal(chain)
  const people = ['alice', 'bea', 'carl'].map((name) => chain.account(name)) as [Wallet, Wallet, Wallet]
  for (const person of people) await on.TestFaucet.send(person, 'claim')
  const [alice, bea, carl] = people
  return { chain, on, council: chain.account('deployer'), alice, bea, carl }
}

/** Pays a contract by ERC-1363 with encoded data. */
export async function payAndCall(
  token: Contract,
  from: Wallet,
  to: Contract,
  amount: bigint,
  types: readonly string[] = [],
  values: readonly unknown[] = [],
): ReturnType<Contract['send']> {
  const data = types.length === 0 ? '0x' : AbiCoder.defaultAbiCoder().encode([...types], [...values])
  return token.send(from, 'transferAndCall(address,uint256,bytes)', to.address, amount, data)
}

/** deadline, v, r, s of a permit of `owner` for exactly `value`. */
export async function permit(
  token: Contract,
  owner: Wallet,
  spender: Contract,
  value: bigint,
  { deadline = FOREVER, signer = owner }: { deadline?: bigint; signer?: Wallet } = {},
): Promise<readonly [bigint, number, string, string]> {
  const nonce = await token.number('nonces', owner.address)
  const domain = { name: 'WE', version: '1', chainId: CHAIN_ID, verifyingContract: token.address }
  const message = { owner: owner.address, spender: spender.address, value, nonce, deadline }
  const signed = await signer.signTypedData(domain, { Permit: [...TYPED_DATA.Permit] }, message)
  const { v, r, s } = Signature.from(signed)
  return [deadline, v, r, s]
}

/** The transaction must be refused with exactly this error of the contract. */
export async function refused(done: Promise<unknown>, error: string, ...values: readonly unknown[]): Promise<void> {
  const reason = await done.then(
    () => null,
    (problem: unknown) => problem,
  )
  expect(reason, `expected ${error}`).toBeInstanceOf(Refused)
  expect((reason as Refused).error).toBe(error)
  if (values.length > 0) expect((reason as Refused).values).toEqual(values)
}

/** Balances by name, to compare at once. */
export async function balances(
  token: Contract,
  of: Record<string, { address: string }>,
): Promise<Record<string, bigint>> {
  const entries = await Promise.all(
    Object.entries(of).map(async ([name, { address }]) => [name, await token.number('balanceOf', address)] as const),
  )
  return Object.fromEntries(entries)
}
