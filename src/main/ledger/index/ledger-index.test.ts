import { BrowserProvider, type Wallet } from 'ethers'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryKind } from '@shared/ledger/ledger-entry'
import { EVERYTHING, type LedgerFilter } from '@shared/ledger/ledger-query'
import { WEI_PER_WE } from '@shared/money/we-amount'
import { localDeployment } from '../../../../contracts/deployment'
import { FREELY, testWallet } from '../embedded/testing/temp-ledger'
import { openLedger, type OpenLedger } from '../embedded/open-ledger'
import { LocalNetwork } from '../local-network'
import { RpcNetwork } from '../rpc/rpc-network'
import { Anvil, anvilAccount, hasAnvil } from '../testing/anvil'
import { HEART, settleTab, STORY_CONTENT, STORY_LIVE, tellStory, act } from '../testing/money-story'
import { testNetwork } from '../testing/test-intent'
import type { IndexSource } from './index-source'
import { IndexSync } from './index-sync'
import { LedgerIndex } from './ledger-index'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'we-index-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const kindsOf = (index: LedgerIndex, filter: Partial<LedgerFilter>): EntryKind[] =>
  index.page({ ...EVERYTHING, ...filter }, null, 200).entries.map(({ kind }) => kind)
const lower = (wallet: { address: string }): string => wallet.address.toLowerCase()

describe('the index of a ledger of ours', () => {
  let opened: OpenLedger
  let network: LocalNetwork
  let index: LedgerIndex
  let provider: BrowserProvider
  const viewer: Wallet = testWallet(1)
  const creator: Wallet = testWallet(2)
  const sharer: Wallet = testWallet(3)

  beforeAll(async () => {
    opened = await openLedger({ dir: join(dir, 'ledger'), admission: FREELY })
    const { chainId, contracts } = opened.ledger
    network = await LocalNetwork.open(
      { chainId: BigInt(chainId), contracts, request: (call) => opened.request(call) },
      'Local ledger',
    )
    provider = new BrowserProvider(opened, undefined, { cacheTimeout: -1 })
    provider.pollingInterval = 10
    await tellStory(contracts, {
      ...{ viewer: viewer.connect(provider), creator: creator.connect(provider), sharer: lower(sharer) },
      chainId: BigInt(chainId),
    })
    index = new LedgerIndex(join(dir, 'local.sqlite'), 'one')
    await new IndexSync(index, network).run()
  })
  afterAll(async () => {
    index.close()
    provider.destroy()
    await opened.close()
  })

  test('has everything that happened, newest first, also what was refused; parts only when asked for', () => {
    const kinds = kindsOf(index, {}).filter((kind) => kind !== 'design')
    expect(kinds.slice(0, 10)).toEqual([
      ...[
        'transaction',
        'settlement',
        'deposit',
        'approval',
        'gift',
        'approval',
        'rule',
        'live',
        'packets',
        'approval',
      ],
    ])
    expect(kinds).toContain('registration')
    const parts = kindsOf(index, { parts: true })
    expect(parts.filter((kind) => kind === 'transfer').length).toBeGreaterThan(4)
    expect(kinds).not.toContain('transfer')
    const [refused] = index.page({ ...EVERYTHING, kinds: ['transaction'] }, null, 1).entries
    expect(refused).toMatchObject({ failed: true, contract: 'GiftRouter', parties: [{ address: lower(viewer) }] })
  })

  test('finds by person, channel, content, kind and time, and by several of them', () => {
    expect(kindsOf(index, { person: lower(sharer) })).toEqual(['settlement'])
    expect(kindsOf(index, { person: lower(viewer), channel: lower(creator) })).toEqual(['settlement', 'gift'])
    expect(kindsOf(index, { channel: lower(creator), kinds: ['live', 'packets'] })).toEqual(['live', 'packets'])
    expect(kindsOf(index, { content: STORY_CONTENT })).toEqual(['gift', 'registration'])
    expect(kindsOf(index, { content: STORY_LIVE, person: lower(viewer) })).toEqual([])
    const [gift] = index.page({ ...EVERYTHING, kinds: ['gift'] }, null, 1).entries
    expect(gift).toMatchObject({ amountWei: 3n * HEART, settled: true, fields: { giftId: '3', qty: '3' } })
    expect(kindsOf(index, { kinds: ['gift'], since: gift!.time, until: gift!.time + 1 })).toEqual(['gift'])
    expect(kindsOf(index, { kinds: ['gift'], since: gift!.time + 100 })).toEqual([])
    expect(kindsOf(index, { until: 1 })).toEqual([])
  })

  test('tells of an entry who signed its block, who was in it, and what else the transaction did', async () => {
    const [settled] = index.page({ ...EVERYTHING, kinds: ['settlement'] }, null, 1).entries
    const details = index.get(settled!.id)!
    expect(details.parties).toEqual([
      { role: 'creator', address: lower(creator) },
      { role: 'sharer', address: lower(sharer) },
      { role: 'payer', address: lower(viewer) },
    ])
    expect(details.entry.fields['lines']).toBe(`${lower(viewer)}:${20n * WEI_PER_WE}`)
    const block = (await provider.getBlock(settled!.block))!
    expect(details.block).toMatchObject({ hash: block.hash, authority: block.miner.toLowerCase() })
    const [gift] = index.page({ ...EVERYTHING, kinds: ['gift'] }, null, 1).entries
    expect(index.get(gift!.id)!.others.map(({ kind }) => kind)).toEqual(['transfer', 'transfer'])
    expect(index.get('999999-0')).toBeNull()
  })

  test('goes page by page without losing or repeating any, while new ones come', async () => {
    const all = index.page(EVERYTHING, null, 200).entries.map(({ id }) => id)
    const seen: string[] = []
    let after: string | null = null
    let turns = 0
    do {
      const page = index.page(EVERYTHING, after, 3)
      seen.push(...page.entries.map(({ id }) => id))
      after = page.next
      if (turns === 1) {
        const people = { viewer: viewer.connect(provider), creator: creator.connect(provider), sharer: lower(sharer) }
        await settleTab(opened.ledger.contracts, { ...people, chainId: network.network.chainId }, 21n * WEI_PER_WE)
        await new IndexSync(index, network).run()
      }
      turns += 1
    } while (after !== null)
    expect(seen).toEqual(all)
    expect(index.page(EVERYTHING, null, 200).entries).toHaveLength(all.length + 1)
  })

  test('is the same when built anew, in a file that was broken, and in one of another ledger', async () => {
    const before = index.page({ ...EVERYTHING, parts: true }, null, 200)
    const broken = join(dir, 'broken.sqlite')
    await writeFile(broken, 'not a database, but long enough to be looked at as one '.repeat(40))
    for (const path of [join(dir, 'new.sqlite'), broken]) {
      const again = new LedgerIndex(path, 'one')
      await new IndexSync(again, network).run()
      expect(again.page({ ...EVERYTHING, parts: true }, null, 200)).toEqual(before)
      again.close()
    }
    const other = new LedgerIndex(broken, 'two')
    expect(other.size).toBe(0)
    other.close()
  })
})

describe.runIf(hasAnvil())('the index of a real chain', () => {
  let anvil: Anvil
  let source: IndexSource
  let provider: ReturnType<Anvil['provider']>
  let addresses: ReadonlyMap<string, string>
  const asked: number[] = []
  let most = Infinity

  beforeAll(async () => {
    anvil = await Anvil.start(['--slots-in-an-epoch', '1'])
    provider = anvil.provider()
    const system = anvilAccount(0).connect(provider)
    const steps = localDeployment(system.address)
    for (const { data } of steps) await (await system.sendTransaction({ data, gasLimit: 6_000_000 })).wait()
    addresses = new Map(steps.map(({ name, address }) => [name, address]))
    const people = { viewer: anvilAccount(1).connect(provider), creator: anvilAccount(2).connect(provider) }
    await tellStory(addresses, { ...people, sharer: lower(anvilAccount(3)), chainId: 31_337n })
    const ledger = await RpcNetwork.open(testNetwork(anvil.url))
    source = {
      ...{ kind: 'rpc', firstBlock: 0 },
      contracts: new Map([...addresses].map(([name, address]) => [address, name])),
      request: (call) => {
        const [filter] = (call.params ?? []) as [{ fromBlock: string; toBlock: string }]
        if (call.method !== 'eth_getLogs') return ledger.request(call)
        const range = Number(filter.toBlock) - Number(filter.fromBlock) + 1
        asked.push(range)
        if (range > most) return Promise.reject(Object.assign(new Error('query exceeds max range'), { code: -32_602 }))
        return ledger.request(call)
      },
    }
  })
  afterAll(async () => {
    provider.destroy()
    await anvil.stop()
  })

  test('is built in ranges that shrink until the node answers; what is not final is marked', async () => {
    most = 5
    const index = new LedgerIndex(join(dir, 'chain.sqlite'), 'chain')
    await new IndexSync(index, source).run()
    expect(asked[0]).toBeGreaterThan(5)
    expect(asked.at(-1)).toBeLessThanOrEqual(5)
    most = Infinity
    expect(kindsOf(index, { channel: lower(anvilAccount(2)) }).slice(0, 3)).toEqual(['settlement', 'gift', 'rule'])
    const { entries } = index.page(EVERYTHING, null, 200)
    expect(entries[0]?.settled).toBe(false)
    expect(entries.at(-1)?.settled).toBe(true)
    await anvil.rpc('anvil_mine', '0x5')
    await new IndexSync(index, source).run()
    expect(index.page(EVERYTHING, null, 1).entries[0]?.settled).toBe(true)
    index.close()
  })

  test('forgets what the chain takes back', async () => {
    const index = new LedgerIndex(join(dir, 'reorg.sqlite'), 'chain')
    const snapshot = await anvil.rpc('evm_snapshot')
    await act(addresses, ['TestFaucet', 'claim'], anvilAccount(4).connect(provider))
    await new IndexSync(index, source).run()
    expect(kindsOf(index, { person: lower(anvilAccount(4)) })).toEqual(['faucet'])
    await anvil.rpc('evm_revert', snapshot)
    await new IndexSync(index, source).run()
    expect(kindsOf(index, { person: lower(anvilAccount(4)) })).toEqual([])
    await act(addresses, ['WEToken', 'approve'], anvilAccount(5).connect(provider), anvilAccount(6).address, 1n)
    await new IndexSync(index, source).run()
    expect(kindsOf(index, { person: lower(anvilAccount(5)) })).toEqual(['approval'])
    index.close()
  })
})
