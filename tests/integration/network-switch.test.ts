import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import { PeerEngine } from '../../src/main/peer/peer-engine'
import { PeerNode } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'we-switch-'))
  ends.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function node(): Promise<PeerNode> {
  const dataDir = await folder()
  const { peerKey } = await loadDeviceKey(dataDir)
  const started = await PeerNode.start({
    ...{ dataDir, privateKey: peerKey, profile: 'test' },
    publicNetwork: { bootstrap: [] },
  })
  ends.push(() => started.stop())
  return started
}

test('switching on while a live is watched waits for its end, keeps the person and the files, and is undone alike', async () => {
  const entry = await node()
  const show = await entry.startBroadcast(
    { title: 'On air', category: 'Other' },
    { width: 640, height: 360, fps: 30, mimeType: 'video/mp4' },
  )
  show.setInit(randomBytes(1000))
  const dataDir = await folder()
  const { peerKey } = await loadDeviceKey(dataDir)
  const engine = new PeerEngine(() => undefined)
  ends.push(() => engine.close())
  const options = { dataDir, privateKey: peerKey, beaconDir: null, profile: 'test' } as const
  const { peerId, multiaddrs } = await engine.start(options, DEFAULT_SETTINGS.publicNetwork)
  expect(engine.publicNetwork.state).toBe('off')
  await writeFile(join(dataDir, 'a.bin'), randomBytes(300_000))
  const { cid } = await engine.library.publish(join(dataDir, 'a.bin'))
  expect(await entry.connect(multiaddrs)).toEqual([peerId])
  await engine.watch(show.url)

  engine.setPublicNetwork({ enabled: true, bootstrap: [entry.multiaddrs[0]!] })
  expect(engine.publicNetwork.state).toBe('waiting')
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(engine.publicNetwork.state).toBe('waiting')
  await engine.closeWatch()
  await vi.waitFor(() => expect(engine.publicNetwork).toMatchObject({ state: 'on', announced: 1 }), { timeout: 30_000 })
  expect(entry.connectedPeers).toContain(peerId)
  expect(engine.library.state().files.map((file) => file.cid)).toEqual([cid])
  // the first node, which knew nothing of the file, finds it
  const file = await entry.files.open(CID.parse(cid), { store: false, signal: AbortSignal.timeout(10_000) })
  expect(file.size).toBe(300_000)
  await file.close()

  engine.setPublicNetwork({ enabled: false, bootstrap: [] })
  await engine.settled()
  await vi.waitFor(() => expect(engine.publicNetwork.state).toBe('off'), { timeout: 30_000 })
  expect(engine.library.state().files).toHaveLength(1)
})

test('an entry point that cannot be read is refused with words, and nothing changes', async () => {
  const dataDir = await folder()
  const { peerKey } = await loadDeviceKey(dataDir)
  const engine = new PeerEngine(() => undefined)
  ends.push(() => engine.close())
  await engine.start({ dataDir, privateKey: peerKey, beaconDir: null, profile: 'test' }, DEFAULT_SETTINGS.publicNetwork)
  const bad = '/ip4/999.1.1.1/tcp/4001/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
  expect(() => engine.setPublicNetwork({ enabled: true, bootstrap: [bad] })).toThrow('is no entry point')
  expect(engine.publicNetwork).toMatchObject({ state: 'off', wanted: { enabled: false } })
})
