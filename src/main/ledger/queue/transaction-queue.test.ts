import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonRpcProvider } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { positional, type Eip1193Call } from '@shared/ledger/eip-1193'
import type { SigningLedger } from '@shared/ledger/signing-ledger'
import { StudioError } from '@shared/errors'
import { RpcNetwork } from '../rpc/rpc-network'
import { Anvil, anvilAccount, hasAnvil } from '../testing/anvil'
import { deployLogContract } from '../testing/log-contract'
import { testIntent, testNetwork, topicOf } from '../testing/test-intent'
import { walletSigner } from '../testing/wallet-signer'
import { TransactionQueue, type QueueOptions } from './transaction-queue'

const code = (name: string) => expect.objectContaining({ name: 'StudioError', code: name }) as Error

describe.runIf(hasAnvil())('sending transactions', () => {
  let anvil: Anvil
  let provider: JsonRpcProvider
  let ledger: RpcNetwork
  let contract = ''
  let dir = ''
  let account = 0
  const queues: TransactionQueue[] = []

  beforeAll(async () => {
    anvil = await Anvil.start()
    provider = anvil.provider()
    contract = await deployLogContract(anvilAccount(9).connect(provider))
    ledger = await RpcNetwork.open(testNetwork(anvil.url))
  })
  afterAll(async () => {
    provider.destroy()
    await anvil.stop()
  })
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'we-queue-'))
    account = (account + 1) % 8 // each test has a fresh account
  })
  afterEach(async () => {
    await anvil.rpc('evm_setAutomine', true)
    await Promise.all(queues.splice(0).map((queue) => queue.close()))
    await rm(dir, { recursive: true })
  })

  const open = async (options: Partial<QueueOptions> = {}): Promise<TransactionQueue> => {
    const signer = walletSigner(anvilAccount(account))
    const times = { pollMs: 10, patienceMs: 1_000, ...options.times }
    const queue = await TransactionQueue.open({ dir, ledger, signer, ...options, times })
    queues.push(queue)
    return queue
  }
  const times = async (number: number): Promise<number> =>
    (await provider.getLogs({ address: contract, fromBlock: 0, topics: [topicOf(number)] })).length
  const until = async (ready: () => Promise<boolean>): Promise<void> => {
    while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const waiting = () => anvil.rpc('txpool_content') as Promise<{ pending: Record<string, object> }>
  const hashesOf = async (): Promise<string[]> => {
    const own = Object.entries((await waiting()).pending).find(
      ([address]) => address.toLowerCase() === anvilAccount(account).address.toLowerCase(),
    )
    return Object.values(own?.[1] ?? {}).map((transaction) => (transaction as { hash: string }).hash)
  }

  test('a burst goes out in order, one in flight, without gaps in the nonces', async () => {
    const queue = await open()
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map((number) => queue.send(testIntent(contract, number))))
    const blocks = outcomes.map((outcome) => (outcome.state === 'mined' ? outcome.block : -1))
    expect(blocks).toEqual([...blocks].sort((a, b) => a - b))
    expect(new Set(blocks).size).toBe(5)
    expect(queue.pending).toEqual([])
  })

  test('the same intent is sent once, however often it is asked for, also after a restart', async () => {
    const queue = await open()
    const intent = testIntent(contract, 11)
    const [first, second] = await Promise.all([queue.send(intent), queue.send(intent)])
    expect(second).toEqual(first)
    await queue.close()
    queues.pop()
    expect(await (await open()).send(intent)).toEqual(first)
    expect(await times(11)).toBe(1)
    await expect((await open()).send({ ...intent, value: 1n })).rejects.toThrow(code('intent-differs'))
  })

  test('what would fail is not sent, and the next goes through', async () => {
    const queue = await open()
    const broken = { ...testIntent(contract, 12), value: 10n ** 30n }
    expect(await queue.send(broken)).toMatchObject({ state: 'not-sent', code: 'would-fail' })
    expect(await queue.send(testIntent(contract, 13))).toMatchObject({ state: 'mined', reverted: false })
  })

  test('what the person declines, or a check forbids, is not sent', async () => {
    const declined = new StudioError('declined', 'You said no.')
    const signer = { ...walletSigner(anvilAccount(account)), signTransaction: () => Promise.reject(declined) }
    expect(await (await open({ signer })).send(testIntent(contract, 14))).toMatchObject({ code: 'declined' })
    const stopped: SigningLedger = {
      network: ledger.network,
      request: (call) => ledger.request(call),
      checkBeforeSigning: () => Promise.reject(new StudioError('nodes-disagree', 'They differ.')),
    }
    const outcome = await (await open({ ledger: stopped })).send(testIntent(contract, 15))
    expect(outcome).toEqual({ state: 'not-sent', code: 'nodes-disagree', message: 'They differ.' })
    expect(await times(14)).toBe(0)
  })

  test('dropped by the node, it is sent again', async () => {
    const queue = await open()
    await anvil.rpc('evm_setAutomine', false)
    const done = queue.send(testIntent(contract, 21))
    await until(async () => (await hashesOf()).length === 1)
    await anvil.rpc('anvil_dropTransaction', (await hashesOf())[0])
    await until(async () => (await hashesOf()).length === 1)
    await anvil.rpc('evm_mine')
    expect(await done).toMatchObject({ state: 'mined' })
    expect(await times(21)).toBe(1)
  })

  test('replaced from elsewhere, it is reported as never happening', async () => {
    const queue = await open()
    await anvil.rpc('evm_setAutomine', false)
    const done = queue.send(testIntent(contract, 22))
    await until(async () => (await hashesOf()).length === 1)
    const nonce = await provider.getTransactionCount(anvilAccount(account).address, 'latest')
    const fee = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n }
    await anvilAccount(account)
      .connect(provider)
      .sendTransaction({ to: contract, data: topicOf(23), nonce, ...fee })
    await anvil.rpc('evm_mine')
    expect(await done).toMatchObject({ state: 'not-sent', code: 'replaced' })
    expect([await times(22), await times(23)]).toEqual([0, 1])
    await anvil.rpc('evm_setAutomine', true)
    expect(await queue.send(testIntent(contract, 24))).toMatchObject({ state: 'mined' })
  })

  test('one that waits gets a higher fee, by itself or when asked; only one form is mined', async () => {
    const queue = await open({ times: { raiseAfterMs: 300 } })
    await anvil.rpc('evm_setAutomine', false)
    const done = queue.send(testIntent(contract, 31))
    await until(async () => (await hashesOf()).length === 1)
    const [first] = await hashesOf()
    queue.raiseFee('intent-31')
    await until(async () => (await hashesOf())[0] !== first)
    const [second] = await hashesOf()
    await until(async () => (await hashesOf())[0] !== second)
    await anvil.rpc('evm_mine')
    const outcome = await done
    expect(outcome.state === 'mined' && [first, second].includes(outcome.hash)).toBe(false)
    expect(await times(31)).toBe(1)
  })

  test('one that waits is cancelled by an empty one in its place', async () => {
    const queue = await open()
    await anvil.rpc('evm_setAutomine', false)
    const done = queue.send(testIntent(contract, 32))
    await until(async () => (await hashesOf()).length === 1)
    const [first] = await hashesOf()
    queue.cancel('intent-32')
    await until(async () => (await hashesOf())[0] !== first)
    await anvil.rpc('evm_mine')
    expect(await done).toMatchObject({ state: 'not-sent', code: 'cancelled' })
    expect(await times(32)).toBe(0)
  })

  test('while another transaction of the account waits, nothing of it is replaced', async () => {
    const queue = await open({ times: { patienceMs: 100 } })
    await anvil.rpc('evm_setAutomine', false)
    await anvilAccount(account)
      .connect(provider)
      .sendTransaction({ to: contract, data: topicOf(33) })
    expect(await queue.send(testIntent(contract, 34))).toMatchObject({ code: 'account-busy' })
    await anvil.rpc('evm_mine')
    expect([await times(33), await times(34)]).toEqual([1, 0])
  })

  test('ended at any call to the ledger, before or after it: the next run brings each intent to one end', async () => {
    let number = 100
    for (const lost of ['call', 'answer'] as const) {
      for (let calls = 1; calls <= 9; calls += 1) {
        number += 1
        const dying = dyingAfter(ledger, calls, lost)
        const queue = await TransactionQueue.open({
          ...{ dir, ledger: dying.ledger, signer: walletSigner(anvilAccount(account)) },
          times: { pollMs: 5 },
        })
        const intent = testIntent(contract, number)
        const ended = queue.send(intent)
        await Promise.race([dying.dead, ended])
        const next = await open()
        await next.recovered
        const outcome = await next.send(intent)
        expect([lost, calls, await times(number)]).toEqual([lost, calls, outcome.state === 'mined' ? 1 : 0])
        const closed = queue.close()
        dying.bury()
        await Promise.allSettled([closed, ended])
      }
    }
  })

  test('a journal whose last line was cut is read, one with a broken line is refused and left alone', async () => {
    await (await open()).send(testIntent(contract, 41))
    const path = join(dir, (await readdir(dir))[0]!)
    await appendFile(path, '{"t":"intent","intent":{"id":"half')
    const queue = await open()
    expect(queue.outcomeOf('intent-41')).toMatchObject({ state: 'mined' })
    expect(await queue.send(testIntent(contract, 42))).toMatchObject({ state: 'mined' })
    expect((await open()).outcomeOf('intent-42')).toMatchObject({ state: 'mined' })
    const text = `nonsense\n${await readFile(path, 'utf8')}`
    await writeFile(path, text)
    await expect(open()).rejects.toThrow(code('journal-unreadable'))
    expect(await readFile(path, 'utf8')).toBe(text)
  })
})

/** A ledger that an app uses which ends at its n-th call: nothing comes back any more. */
function dyingAfter(ledger: RpcNetwork, calls: number, lost: 'call' | 'answer') {
  let left = calls
  let die = (): void => undefined
  const dead = new Promise<void>((resolve) => (die = resolve))
  let bury = (): void => undefined
  const never = new Promise<never>((_resolve, reject) => (bury = () => reject(new Error('gone'))))
  never.catch(() => undefined)
  const request = async (call: Eip1193Call): Promise<unknown> => {
    left -= 1
    if (left > 0) return ledger.request({ ...call, params: positional(call) })
    if (left === 0 && lost === 'answer') await ledger.request(call)
    die()
    return never
  }
  return { dead, bury, ledger: { network: ledger.network, request, checkBeforeSigning: () => Promise.resolve() } }
}
