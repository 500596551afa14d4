import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BrowserProvider, keccak256, NonceManager } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RpcNetworkEntry } from '@shared/ledger/rpc-network'
import { Anvil, anvilAccount, hasAnvil } from '../testing/anvil'
import { deployLogContract } from '../testing/log-contract'
import { NetworkBook } from './network-book'
import { parseRpcAddress } from './rpc-address'
import { RpcEndpoint } from './rpc-endpoint'
import { RpcNetwork } from './rpc-network'

const code = (name: string) => expect.objectContaining({ name: 'StudioError', code: name }) as Error
const WHO = anvilAccount(3).address

describe('the address of a node', () => {
  test.each(['https://rpc.example.org/v1/KEY', 'http://127.0.0.1:8545', 'http://[::1]:8545', 'http://192.168.1.7'])(
    '%s is taken',
    (text) => expect(parseRpcAddress(text).href).toContain(new URL(text).host),
  )
  test.each(['rpc.example.org', 'http://rpc.example.org', 'ws://127.0.0.1', 'https://me:secret@rpc.example.org', ''])(
    '%j is refused with words',
    (text) => expect(() => parseRpcAddress(text)).toThrow(code('bad-rpc-address')),
  )
})

describe('a node that misbehaves', () => {
  let server: Server
  let answer: RequestListener
  let url = ''
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const ask = () => new RpcEndpoint(url, { timeoutMs: 300 }).request({ method: 'eth_chainId' })

  test('that never answers is given up', async () => {
    answer = () => undefined
    await expect(ask()).rejects.toThrow(code('rpc-unreachable'))
  })

  test('that sends without end is cut off', async () => {
    let sent = 0
    answer = (_request, response) => {
      const part = Buffer.alloc(1 << 20, 0x20)
      const more = (): void => {
        if (response.destroyed) return
        sent += part.length
        response.write(part, more)
      }
      more()
    }
    await expect(new RpcEndpoint(url).request({ method: 'eth_getLogs' })).rejects.toThrow(code('rpc-garbled'))
    expect(sent).toBeLessThan(64 << 20)
  })

  test('that sends the person elsewhere is not followed', async () => {
    answer = (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
    await expect(ask()).rejects.toThrow(code('rpc-unreachable'))
  })

  test('that is a web page says so', async () => {
    answer = (_request, response) => response.end('<html>')
    await expect(ask()).rejects.toThrow(/no JSON/)
  })

  test('that is busy is asked again', async () => {
    let asked = 0
    answer = (_request, response) => {
      asked += 1
      if (asked < 3) response.writeHead(429).end()
      else response.end('{"jsonrpc":"2.0","id":1,"result":"0x1"}')
    }
    expect(await ask()).toBe('0x1')
  })
})

describe.runIf(hasAnvil())('a real chain behind a node', () => {
  let one: Anvil
  let two: Anvil
  let dir = ''
  let contract = ''

  beforeAll(async () => {
    ;[one, two, dir] = await Promise.all([
      Anvil.start(['--timestamp', '1700000000']),
      Anvil.start(['--timestamp', '1700000000']),
      mkdtemp(join(tmpdir(), 'we-networks-')),
    ])
    // the same blocks on both
    for (const node of [one, two]) {
      const provider = node.provider()
      const signer = new NonceManager(anvilAccount(0).connect(provider))
      await node.rpc('evm_setNextBlockTimestamp', 1_700_000_100)
      contract = await deployLogContract(signer)
      await node.rpc('evm_setNextBlockTimestamp', 1_700_000_200)
      await (await signer.sendTransaction({ to: contract, data: `0x${'ab'.repeat(32)}` })).wait()
      provider.destroy()
    }
  })
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()])
    await rm(dir, { recursive: true })
  })

  const book = () => NetworkBook.load(join(dir, `${Math.random()}`, 'networks.json'), { retryMs: 20 })
  const list = (codeHash?: string) => ({
    contracts: { WEToken: { address: contract, ...(codeHash === undefined ? {} : { codeHash }) } },
    firstBlock: 0,
  })
  const added = async (second = false): Promise<RpcNetworkEntry> =>
    (await book()).add({ name: 'Test', rpcUrl: one.url, secondRpcUrl: second ? two.url : null, list: list() })

  test('is added with its contracts pinned, kept on disk, used, and removed', async () => {
    const path = join(dir, 'kept', 'networks.json')
    const networks = await NetworkBook.load(path)
    const entry = await networks.add({ name: 'Test', rpcUrl: one.url, secondRpcUrl: two.url, list: list() })
    const hash = keccak256((await one.rpc('eth_getCode', contract, 'latest')) as string)
    expect(entry).toMatchObject({ chainId: 31_337n, contracts: { WEToken: { address: contract, codeHash: hash } } })
    await networks.choose('rpc-31337')
    const kept = await NetworkBook.load(path)
    expect([kept.active, kept.find('rpc-31337')]).toEqual(['rpc-31337', entry])
    await expect(networks.add({ name: 'Again', rpcUrl: one.url, secondRpcUrl: null, list: list() })).rejects.toThrow(
      code('network-exists'),
    )
    await networks.remove('rpc-31337')
    expect(await NetworkBook.load(path)).toMatchObject({ active: null, networks: [] })
    await writeFile(path, '{"networks":')
    await expect(NetworkBook.load(path)).rejects.toThrow(code('networks-unreadable'))
    expect(await readFile(path, 'utf8')).toBe('{"networks":')
  })

  test('is not added when its contracts are others than the list says, or of another chain', async () => {
    const wrong = (change: object) =>
      book().then((networks) =>
        networks.add({ name: 'Test', rpcUrl: one.url, secondRpcUrl: null, list: { ...list(), ...change } }),
      )
    await expect(wrong(list(`0x${'11'.repeat(32)}`))).rejects.toThrow(code('code-differs'))
    await expect(wrong({ chainId: 1 })).rejects.toThrow(code('foreign-chain'))
    await expect(wrong({ contracts: { WEToken: { address: WHO.toLowerCase() } } })).rejects.toThrow(code('no-contract'))
    await expect(wrong({ contracts: {} })).rejects.toThrow(code('no-contract'))
  })

  test('is read and written to by ethers like any other; the node is never asked to sign', async () => {
    const network = await RpcNetwork.open(await added())
    const provider = new BrowserProvider(network, undefined, { pollingInterval: 50 })
    const signer = anvilAccount(5).connect(provider)
    const receipt = await (await signer.sendTransaction({ to: contract, data: `0x${'cd'.repeat(32)}` })).wait()
    expect(receipt?.logs[0]?.topics[0]).toBe(`0x${'cd'.repeat(32)}`)
    await expect(network.request({ method: 'personal_sign', params: [] })).rejects.toMatchObject({ code: 4200 })
    provider.destroy()
  })

  test('whose contract is exchanged, or that becomes another chain, gets no signature', async () => {
    const network = await RpcNetwork.open(await added())
    await network.checkBeforeSigning({ account: WHO, to: contract })
    const real = await one.rpc('eth_getCode', contract, 'latest')
    await one.rpc('anvil_setCode', contract, '0x00')
    await expect(network.checkBeforeSigning({ to: contract })).rejects.toThrow(code('code-differs'))
    await one.rpc('anvil_setCode', contract, real)
    await network.checkBeforeSigning({ to: contract })
    await one.rpc('anvil_setChainId', 5)
    await expect(network.checkBeforeSigning()).rejects.toThrow(code('foreign-chain'))
    await one.rpc('anvil_setChainId', 31_337)
  })

  test('told differently by a second node gets no signature until both agree; the words name both', async () => {
    const network = await RpcNetwork.open(await added(true), { retryMs: 20 })
    const balance = () => network.request({ method: 'eth_getBalance', params: [WHO, 'latest'] })
    expect(await balance()).toBe('0x21e19e0c9bab2400000')
    await two.rpc('anvil_setBalance', WHO, '0x5')
    await expect(balance()).rejects.toThrow(code('nodes-disagree'))
    await expect(network.checkBeforeSigning()).rejects.toThrow(new URL(two.url).host)
    await two.rpc('anvil_setBalance', WHO, '0x21e19e0c9bab2400000')
    await network.checkBeforeSigning({ account: WHO })
    expect(await balance()).toBe('0x21e19e0c9bab2400000')
  })

  test('whose second node hides what happened, or is away, gets no signature', async () => {
    const lonely = await Anvil.start(['--timestamp', '1700000000'])
    await lonely.rpc('anvil_setCode', contract, await one.rpc('eth_getCode', contract, 'latest'))
    await lonely.rpc('anvil_mine', '0x2')
    const entry = { ...(await added()), secondRpcUrl: lonely.url }
    const network = await RpcNetwork.open(entry, { retryMs: 20 })
    const logs = network.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x0', address: contract }] })
    await expect(logs).rejects.toThrow(code('nodes-disagree'))
    await expect(network.checkBeforeSigning()).rejects.toThrow(code('nodes-disagree'))
    await lonely.stop()
    await expect(network.checkBeforeSigning()).rejects.toThrow(code('rpc-unreachable'))
  })
})
