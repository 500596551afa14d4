import { BrowserProvider } from 'ethers'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EVERYTHING } from '@shared/ledger/ledger-query'
import type { LedgerState } from '@shared/ledger/ledger-state'
import { FREELY, testWallet } from '../embedded/testing/temp-ledger'
import { openLedger, type OpenLedger } from '../embedded/open-ledger'
import { LocalNetwork } from '../local-network'
import { Anvil, anvilAccount, hasAnvil } from '../testing/anvil'
import { deployLogContract } from '../testing/log-contract'
import { act, STORY_CONTENT, tellStory } from '../testing/money-story'
import { csvLine } from './export-text'
import { LedgerDesk } from './ledger-desk'
import { networkInfo } from './open-network'

const code = (name: string) => expect.objectContaining({ name: 'StudioError', code: name }) as Error

describe('looking things up in the ledger', () => {
  let dir = ''
  let opened: OpenLedger
  let local: LocalNetwork
  let desk: LedgerDesk
  let provider: BrowserProvider
  const states: LedgerState[] = []
  const viewer = testWallet(1)

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'we-desk-'))
    opened = await openLedger({ dir: join(dir, 'home'), admission: FREELY })
    const { chainId, contracts } = opened.ledger
    const ledger = {
      chainId: BigInt(chainId),
      contracts,
      request: (call: Parameters<typeof opened.request>[0]) => opened.request(call),
    }
    local = await LocalNetwork.open(ledger, 'Local ledger')
    provider = new BrowserProvider(opened, undefined, { cacheTimeout: -1 })
    provider.pollingInterval = 10
    const people = { viewer: viewer.connect(provider), creator: testWallet(2).connect(provider) }
    await tellStory(contracts, { ...people, sharer: testWallet(3).address, chainId: ledger.chainId })
    desk = await LedgerDesk.open({ dir, local, onChanged: (state) => states.push(state) })
    opened.ledger.onBlock(() => desk.poke())
    await desk.current(AbortSignal.timeout(10_000))
  })
  afterAll(async () => {
    await desk.close()
    provider.destroy()
    await opened.close()
    await rm(dir, { recursive: true })
  })

  test('content is found by its CID and by a link to it; what is no address of content is refused with words', () => {
    const cid = CID.createV1(0x70, create(0x12, Buffer.from(STORY_CONTENT.slice(2), 'hex'))).toString()
    for (const content of [cid, `we://ipfs/${cid}#A%20walk`, STORY_CONTENT]) {
      const page = desk.query({ ...EVERYTHING, content, after: null, limit: 10 })
      expect(page.entries.map(({ kind }) => kind)).toEqual(['gift', 'registration'])
    }
    expect(() => desk.query({ ...EVERYTHING, content: 'a walk', after: null, limit: 1 })).toThrow(code('bad-content'))
  })

  test('each entry says that this computer executed its block, and who signed it', () => {
    const [newest] = desk.query({ ...EVERYTHING, after: null, limit: 1 }).entries
    const [authority] = opened.ledger.genesis.authorities
    const signed = `0x${Buffer.from(authority!).toString('hex')}`
    expect(desk.entry(newest!.id)?.verifier).toEqual({ how: 'executed', authority: signed })
  })

  test('what happens now is there without asking the ledger again', async () => {
    const at = performance.now()
    await act(opened.ledger.contracts, ['TestFaucet', 'claim'], testWallet(7).connect(provider))
    const filter = { ...EVERYTHING, person: testWallet(7).address.toLowerCase(), after: null, limit: 1 }
    while (desk.query(filter).entries.length === 0 && performance.now() - at < 4_000) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(desk.query(filter).entries).toHaveLength(1)
    expect(performance.now() - at).toBeLessThan(4_000) // 0.1 s on a free machine; the next look by itself is after 5 s
  })

  test('exports all that matches as CSV and as JSON, whole or not at all', async () => {
    const { total } = desk.query({ ...EVERYTHING, after: null, limit: 1 })
    const csv = join(dir, 'all.csv')
    expect(await desk.export(EVERYTHING, 'csv', csv)).toBe(total)
    const lines = (await readFile(csv, 'utf8')).trimEnd().split('\r\n')
    expect(lines).toHaveLength(total + 1)
    const gift = lines.find((line) => line.includes(',gift,'))!
    expect(gift).toContain(`,1.5,${viewer.address.toLowerCase()},${testWallet(2).address.toLowerCase()},`)
    const json = join(dir, 'gifts.json')
    await desk.export({ ...EVERYTHING, kinds: ['gift'] }, 'json', json)
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject([
      { kind: 'gift', amountWei: '1500000000000000000', verifier: { how: 'executed' } },
    ])
    const cancelled = desk.export(EVERYTHING, 'csv', join(dir, 'no.csv'))
    desk.cancelExport()
    await expect(cancelled).rejects.toThrow(code('cancelled'))
    await expect(desk.export(EVERYTHING, 'csv', join(dir, 'missing', 'a.csv'))).rejects.toThrow(code('export-failed'))
    expect((await readdir(dir)).filter((name) => /part$|^no/.test(name))).toEqual([])
    expect(desk.state.exporting).toBeNull()
  })

  test('a stranger cannot smuggle a formula into the table', () => {
    const [gift] = desk.query({ ...EVERYTHING, kinds: ['gift'], after: null, limit: 1 }).entries
    const { entry, blockHash, verifier } = desk.entry(gift!.id)!
    const line = csvLine({ entry: { ...entry, contract: '=HYPERLINK("http://x")' }, blockHash, verifier })
    expect(line).toContain(`"'=HYPERLINK(""http://x"")"`)
  })

  test('while another process has the ledger, what was indexed is read', async () => {
    const reader = await LedgerDesk.open({ dir, local: null })
    await reader.current(AbortSignal.timeout(1_000))
    const page = { ...EVERYTHING, after: null, limit: 200 }
    expect(reader.query(page)).toEqual(desk.query(page))
    expect(reader.state.networks).toEqual(desk.state.networks)
    await reader.close()
  })

  test('a ledger of a live that was watched is looked at like the own one, and the own one comes back', async () => {
    const other = await openLedger({ dir: join(dir, 'other'), admission: FREELY })
    const { chainId, contracts } = other.ledger
    const request = (call: Parameters<typeof other.request>[0]) => other.request(call)
    const followed = await LocalNetwork.open({ chainId: BigInt(chainId), contracts, request }, 'Ledger of a live')
    const info = { ...networkInfo(followed.network) }
    const looking = await LedgerDesk.open({
      ...{ dir: join(dir, 'looking'), local },
      followed: { list: () => Promise.resolve([info]), open: () => Promise.resolve(followed) },
    })
    await looking.current(AbortSignal.timeout(10_000))
    const all = looking.query({ ...EVERYTHING, after: null, limit: 1 }).total
    await looking.chooseNetwork(info.key)
    await looking.current(AbortSignal.timeout(10_000))
    expect(looking.state).toMatchObject({ active: info.key, networks: [{ kind: 'local' }, info] })
    expect(looking.query({ ...EVERYTHING, after: null, limit: 1 }).total).toBe(0)
    // the wallet asks about the own one meanwhile
    const home = looking.state.networks[0]!.key
    const mine = () => looking.entriesOf(viewer.address.toLowerCase(), home, 10)
    await expect.poll(async () => (await mine()).length).toBe(10)
    await looking.chooseNetwork(home)
    expect(looking.query({ ...EVERYTHING, after: null, limit: 1 }).total).toBe(all)
    await expect(looking.chooseNetwork('local-1')).rejects.toThrow(code('no-network'))
    await looking.close()
    await other.close()
  })

  test.runIf(hasAnvil())('a real chain is added, used and removed; the local ledger comes back', async () => {
    const anvil = await Anvil.start()
    const node = anvil.provider()
    const address = await deployLogContract(anvilAccount(0).connect(node))
    node.destroy()
    const form = { name: 'A chain', rpcUrl: `${anvil.url}?key=secret`, secondRpcUrl: null }
    await expect(desk.addNetwork({ ...form, contracts: 'what?' })).rejects.toThrow(code('bad-contracts'))
    const added = await desk.addNetwork({ ...form, contracts: JSON.stringify({ contracts: { WEToken: { address } } }) })
    expect(added).toMatchObject({ key: 'rpc-31337', hosts: [new URL(anvil.url).host] })
    await desk.checkNetwork(added.key)
    await desk.chooseNetwork(added.key)
    await desk.current(AbortSignal.timeout(5_000))
    expect(desk.state).toMatchObject({ active: added.key, sync: { state: 'current' } })
    expect(desk.query({ ...EVERYTHING, after: null, limit: 10 }).total).toBe(0)
    await anvil.stop()
    await expect(desk.checkNetwork(added.key)).rejects.toThrow(code('rpc-unreachable'))
    await desk.removeNetwork(added.key)
    await desk.current(AbortSignal.timeout(5_000))
    expect(desk.query({ ...EVERYTHING, after: null, limit: 10 }).total).toBeGreaterThan(10)
    await expect.poll(() => states.at(-1)?.active).toBe(desk.state.active)
    expect((await readdir(join(dir, 'index'))).filter((name) => name.startsWith('rpc'))).toEqual([])
  })
})
