import { Interface } from 'ethers'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { LocalLedgers } from '../embedded/local-ledgers'
import { testWallet } from '../embedded/testing/temp-ledger'
import { homeNetwork, type LocalNetwork } from '../local-network'
import { walletSigner } from '../testing/wallet-signer'
import { TransactionQueue } from './transaction-queue'

const TOKEN = new Interface(['function approve(address spender, uint256 amount)', 'function claim()'])

let dir = ''
let ledgers: LocalLedgers
let network: LocalNetwork
let queue: TransactionQueue

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-own-queue-'))
  // a ledger that slows everybody down after three
  ledgers = new LocalLedgers({ dir: join(dir, 'ledgers'), admission: { burst: 3, refillMs: 100 } })
  network = await homeNetwork(ledgers)
  queue = await TransactionQueue.open({ dir, ledger: network, signer: walletSigner(testWallet(4)) })
})
afterAll(async () => {
  await queue.close()
  await ledgers.close()
  await rm(dir, { recursive: true, force: true })
})

const addressOf = (name: string): string => [...network.contracts].find(([, found]) => found === name)![0]
const send = (id: string, to: string, method: string, args: unknown[]) =>
  queue.send({ id, to: addressOf(to), data: TOKEN.encodeFunctionData(method, args), value: 0n, words: id })

test('an account without any coin gets its test WE, once', async () => {
  expect(await send('faucet', 'TestFaucet', 'claim', [])).toMatchObject({ state: 'mined', reverted: false })
  expect(await send('again', 'TestFaucet', 'claim', [])).toMatchObject({ state: 'not-sent', code: 'would-fail' })
})

test('what the ledger is too busy for waits, and all of it happens', async () => {
  const sent = Array.from({ length: 8 }, (_, at) =>
    send(`a${at}`, 'WEToken', 'approve', [addressOf('TipBank'), WEI_PER_WE]),
  )
  const outcomes = await Promise.all(sent)
  expect(outcomes.map(({ state }) => state)).toEqual(Array(8).fill('mined'))
})
