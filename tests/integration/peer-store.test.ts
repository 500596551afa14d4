import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { afterEach, expect, test } from 'vitest'
import { rawCid } from '../../src/main/peer/content-id'
import { PeerNode } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

const folders: string[] = []
const nodes: PeerNode[] = []

async function node(dataDir?: string): Promise<PeerNode> {
  const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'we-store-')))
  if (dataDir === undefined) folders.push(dir)
  const { peerKey } = await loadDeviceKey(dir)
  const started = await PeerNode.start({ dataDir: dir, privateKey: peerKey, profile: 'test' })
  nodes.push(started)
  return started
}

async function bytesOf(one: PeerNode, cid: CID): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of one.helia.blockstore.get(cid, { signal: AbortSignal.timeout(10_000) })) parts.push(part)
  return Buffer.concat(parts)
}

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((one) => one.stop()))
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

test('a live segment can be had by its CID through Helia, here and by bitswap, without touching the disk', async () => {
  const [broadcaster, other] = [await node(), await node()]
  const broadcast = await broadcaster.startBroadcast(
    { title: 'T', category: 'Talk' },
    { width: 640, height: 360, fps: 30, mimeType: 'video/mp4' },
  )
  broadcast.setInit(randomBytes(1000))
  const bytes = new Uint8Array(randomBytes(100_000))
  const { cid } = await broadcast.publish(bytes, { durationMs: 500 })
  expect(Buffer.compare(await bytesOf(broadcaster, CID.parse(cid)), bytes)).toBe(0)

  const { multiaddr } = await import('@multiformats/multiaddr')
  await other.helia.libp2p.dial(broadcaster.multiaddrs.map((text) => multiaddr(text)))
  expect(Buffer.compare(await bytesOf(other, CID.parse(cid)), bytes)).toBe(0)

  await broadcast.stop()
  expect(await broadcaster.helia.blockstore.has(CID.parse(cid))).toBe(false)
  expect(await readdir(join(folders[0]!, 'blocks'))).toEqual([])
})

test('what is put into Helia is still there after a restart', async () => {
  const first = await node()
  const bytes = new Uint8Array(randomBytes(5000))
  const cid = rawCid(bytes)
  await first.helia.blockstore.put(cid, bytes)
  await first.stop()
  const again = await node(folders[0])
  expect(again.peerId).toBe(first.peerId)
  expect(Buffer.compare(await bytesOf(again, cid), bytes)).toBe(0)
})

test('an address that is taken is said in words, and nothing keeps running', async () => {
  const first = await node()
  const taken = first.multiaddrs[0]!.replace(/\/p2p\/.*/, '')
  const dataDir = await mkdtemp(join(tmpdir(), 'we-store-'))
  folders.push(dataDir)
  const { peerKey } = await loadDeviceKey(dataDir)
  await expect(
    PeerNode.start({ dataDir, privateKey: peerKey, profile: 'test', listen: [taken] }),
  ).rejects.toMatchObject({ code: 'network-start' })
})
