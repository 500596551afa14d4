import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { afterEach, expect, test, vi } from 'vitest'
import { PeerNode } from '../../src/main/peer/peer-node'
import type { PublicNetworkOptions } from '../../src/main/peer/public/public-parts'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

const MIB = 1024 * 1024
const folders: string[] = []
const nodes: PeerNode[] = []
const servers: Server[] = []

async function node(publicNetwork: PublicNetworkOptions | null): Promise<PeerNode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'we-public-'))
  folders.push(dataDir)
  const { peerKey } = await loadDeviceKey(dataDir)
  const started = await PeerNode.start({ dataDir, privateKey: peerKey, profile: 'test', publicNetwork })
  nodes.push(started)
  return started
}

async function publish(on: PeerNode, bytes: number): Promise<{ cid: CID; content: Buffer }> {
  const dir = await mkdtemp(join(tmpdir(), 'we-public-'))
  folders.push(dir)
  const content = randomBytes(bytes)
  await writeFile(join(dir, 'clip.mp4'), content)
  return { cid: CID.parse((await on.files.publish(join(dir, 'clip.mp4'))).cid), content }
}

async function read(on: PeerNode, cid: CID, signal?: AbortSignal): Promise<Buffer> {
  const file = await on.files.open(cid, { store: false, ...(signal ? { signal } : {}) })
  const parts: Uint8Array[] = []
  for await (const part of file.read()) parts.push(part)
  await file.close()
  return Buffer.concat(parts)
}

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((one) => one.stop()))
  for (const server of servers.splice(0)) server.close().closeAllConnections()
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

test('a file published on one of 8 nodes is found by its CID on another that knows only the entry point', async () => {
  const first = await node({ bootstrap: [] })
  const bootstrap = [first.multiaddrs[0]!]
  const others = await Promise.all(Array.from({ length: 6 }, () => node({ bootstrap })))
  const anna = others[0]!
  const { cid, content } = await publish(anna, 3 * MIB + 5)
  const told = await anna.publicNetwork!.announced(cid, AbortSignal.timeout(20_000))
  expect(told).toBeGreaterThanOrEqual(1)
  expect(anna.publicNetwork!.figures).toMatchObject({ announced: 1, toAnnounce: 1 })

  const ben = await node({ bootstrap })
  await vi.waitFor(() => expect(ben.publicNetwork!.figures.nodes).toBeGreaterThan(0), { timeout: 30_000 })
  expect(Buffer.compare(await read(ben, cid, AbortSignal.timeout(30_000)), content)).toBe(0)
  expect(ben.connectedPeers).toContain(anna.peerId)
})

test('a file that is taken back is not announced any more; one that comes later is', async () => {
  const first = await node({ bootstrap: [] })
  const anna = await node({ bootstrap: [first.multiaddrs[0]!] })
  const one = await publish(anna, 1000)
  await anna.publicNetwork!.announced(one.cid, AbortSignal.timeout(20_000))
  await anna.files.remove(one.cid)
  const two = await publish(anna, 2000)
  await anna.publicNetwork!.announced(two.cid, AbortSignal.timeout(20_000))
  expect(anna.publicNetwork!.figures).toMatchObject({ announced: 1, toAnnounce: 1 })
})

test('a delegated router says who has a file; a router that lies does no harm', async () => {
  const anna = await node(null)
  const { cid, content } = await publish(anna, 2 * MIB)
  const asked: string[] = []
  const liar = `12D3KooW${'x'.repeat(44)}`
  const server = createServer((request, response) => {
    asked.push(request.url!)
    response.setHeader('content-type', 'application/x-ndjson')
    response.write(`${JSON.stringify({ Schema: 'peer', ID: liar, Addrs: ['/ip4/127.0.0.1/tcp/1'] })}\n`)
    response.write(`${JSON.stringify({ Schema: 'peer', ID: 'nonsense', Addrs: ['also nonsense'] })}\n`)
    response.end(
      `${JSON.stringify({ Schema: 'peer', ID: anna.peerId, Addrs: [anna.multiaddrs[0]!.replace(/\/p2p\/.*/, '')] })}\n`,
    )
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const ben = await node({
    bootstrap: [],
    routers: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
  })
  expect(Buffer.compare(await read(ben, cid, AbortSignal.timeout(25_000)), content)).toBe(0)
  expect(asked[0]).toContain(`/routing/v1/providers/${cid.toString()}`)
  // by its root alone: a search for each block would be a flood of its own
  expect(new Set(asked.map((url) => url.split('?')[0])).size).toBe(1)
})

test('a node of an own network does not speak with the public one, and a node that is off does neither', async () => {
  const own = await node({ bootstrap: [] })
  const off = await node(null)
  expect(own.helia.libp2p.getProtocols()).toContain('/we/kad/1.0.0')
  expect(own.helia.libp2p.getProtocols()).not.toContain('/ipfs/kad/1.0.0')
  expect(off.publicNetwork).toBeNull()
  expect(off.helia.libp2p.getProtocols().filter((name) => /kad|autonat|dcutr/.test(name))).toEqual([])
})
