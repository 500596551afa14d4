import { BrowserProvider, Contract, ContractFactory, isError, Wallet, type TransactionResponse } from 'ethers'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLedger, type OpenLedger } from './open-ledger'
import { FREELY, removeTempFolders, tempFolder, TILL_ADDRESS, TILL_GENESIS, testWallet } from './testing/temp-ledger'
import { TILL_ABI, TILL_BYTECODE } from './testing/till'

/** What a contract of the tests offers; ethers makes its methods at run time. */
type Till = Contract & {
  pay(amount: bigint): Promise<TransactionResponse>
  paid(account: string): Promise<bigint>
  sum(): Promise<bigint>
  now_(): Promise<bigint>
  before(): Promise<string>
}

let now = Date.UTC(2026, 10, 1)
let opened: OpenLedger
let dir: string
let provider: BrowserProvider
let wallet: Wallet

const open = async (): Promise<void> => {
  opened = await openLedger({ dir, calls: TILL_GENESIS, clock: () => now, admission: FREELY })
  provider = new BrowserProvider(opened, undefined, { cacheTimeout: -1 })
  provider.pollingInterval = 20
  wallet = testWallet(0).connect(provider)
}
const till = (address = TILL_ADDRESS): Till => new Contract(address, TILL_ABI, wallet) as Till

beforeEach(async () => {
  dir = await tempFolder()
  await open()
})
afterEach(async () => {
  provider.destroy()
  await opened.close()
})
afterAll(removeTempFolders)

describe('a ledger of this computer, used by ethers like any network', () => {
  it('has its own chain id and the contracts of its genesis', async () => {
    const { chainId } = await provider.getNetwork()
    expect(Number(chainId)).toBe(opened.ledger.chainId)
    const start = Buffer.from(opened.ledger.genesisHash).readUInt32BE(0)
    expect(Number(chainId)).toBe(0x5745000000 + start)
    expect(opened.ledger.contracts.get('Till')).toBe(TILL_ADDRESS)
    expect((await provider.getCode(TILL_ADDRESS)).length).toBeGreaterThan(1000)
    expect(await till().sum()).toBe(0n)
  })

  it('takes a transaction without any coin and gives its receipt, logs and block', async () => {
    const sent = await till().pay(7n)
    const receipt = await sent.wait()
    expect(receipt).toMatchObject({ status: 1, blockNumber: 1, to: expect.stringMatching(/^0x/) as string })
    expect(receipt!.gasPrice).toBe(0n)
    expect(await till().paid(wallet.address)).toBe(7n)

    const [log] = await provider.getLogs({ address: TILL_ADDRESS, fromBlock: 0 })
    const event = till().interface.parseLog(log!)
    expect(event?.args.toArray()).toEqual([wallet.address, 7n, 7n])
    const block = await provider.getBlock(1, true)
    expect(block!.prefetchedTransactions[0]!.hash).toBe(sent.hash)
    expect(block!.hash).toBe((await provider.getBlock(block!.hash!))!.hash)
    expect((await provider.getTransaction(sent.hash))!.from).toBe(wallet.address)
    expect(await provider.getTransactionCount(wallet.address)).toBe(1)
  })

  it('deploys a contract, whose calls fail with the reason that it gives', async () => {
    const made = await new ContractFactory(TILL_ABI, TILL_BYTECODE, wallet).deploy()
    await made.waitForDeployment()
    const own = till(await made.getAddress())
    await (await own.pay(1n)).wait()
    const refusedBy = async (amount: bigint): Promise<unknown> =>
      own
        .getFunction('pay')
        .staticCall(amount)
        .catch((error: unknown) => error)
    const empty = await refusedBy(0n)
    expect(isError(empty, 'CALL_EXCEPTION') && empty.revert?.name).toBe('Empty')
    const tooMuch = await refusedBy(10n ** 30n)
    expect(isError(tooMuch, 'CALL_EXCEPTION') && tooMuch.reason).toBe('too much')
    expect(await own.sum()).toBe(1n)
  })

  it('answers about the past, too', async () => {
    for (const amount of [1n, 2n, 4n]) await (await till().pay(amount)).wait()
    const sums = await Promise.all(
      [0, 1, 2, 3].map((blockTag) => till().getFunction('sum')({ blockTag }) as Promise<bigint>),
    )
    expect(sums).toEqual([0n, 1n, 3n, 7n])
    const logs = await till().queryFilter('Paid', 2, 2)
    expect(logs.map(({ data }) => BigInt(data.slice(0, 66)))).toEqual([2n])
  })

  it('gives contracts the time of now and the hashes of earlier blocks', async () => {
    now += 5_000_000
    expect(await till().now_()).toBe(BigInt(Math.floor(now / 1000)))
    await (await till().pay(1n)).wait()
    expect(await till().before()).toBe((await provider.getBlock('latest'))!.hash)
    now -= 9_000_000 // a clock that was set back
    await (await till().pay(1n)).wait()
    const times = await Promise.all([1, 2].map(async (height) => (await provider.getBlock(height))!.timestamp))
    expect(times[1]).toBe(times[0])
  })

  it('estimates gas with which the transaction works', async () => {
    const estimate = await till().getFunction('pay').estimateGas(5n)
    const receipt = await (await till().pay(5n)).wait()
    expect(Number(estimate)).toBeGreaterThanOrEqual(Number(receipt!.gasUsed))
    expect(Number(estimate)).toBeLessThan(Number(receipt!.gasUsed) * 1.1)
  })

  it('has everything again after it was closed', async () => {
    const { hash } = await till().pay(9n)
    await provider.waitForTransaction(hash)
    const before = opened.ledger.head
    provider.destroy()
    await opened.close()
    await open()
    expect(opened.ledger.head).toEqual(before)
    expect(await till().sum()).toBe(9n)
    expect((await provider.getTransactionReceipt(hash))!.status).toBe(1)
    await (await till().pay(1n)).wait()
    expect(await till().sum()).toBe(10n)
  })

  it('puts many transactions that come at once into few blocks, each in its order', async () => {
    const accounts = Array.from({ length: 5 }, (_, index) => testWallet(index + 10).connect(provider))
    const sent = accounts.map(async (account) => {
      for (let nonce = 0; nonce < 6; nonce++) {
        await account.sendTransaction({
          to: TILL_ADDRESS,
          data: till().interface.encodeFunctionData('pay', [1n]),
          nonce,
          gasLimit: 150_000,
        })
      }
    })
    await Promise.all(sent)
    while (opened.ledger.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await till().sum()).toBe(30n)
    expect(opened.ledger.head.height).toBeLessThan(30)
  })
})
