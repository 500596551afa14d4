import dgram from 'node:dgram'
import dns from 'node:dns'
import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '@shared/ipc/studio-schema'
import { rawCid } from '../../src/main/peer/content-id'
import { PeerNode } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

/** mDNS (RFC 6762): stays in the local network by definition. */
const MDNS = ['224.0.0.251', 'ff02::fb']
const contacted: string[] = []
const folders: string[] = []
const nodes: PeerNode[] = []

/** Records whom the process talks to, and lets it. */
function listenIn(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const connect = net.Socket.prototype.connect
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...args: unknown[]) {
    const [first] = (Array.isArray(args[0]) ? args[0] : args) as [unknown]
    if (typeof first === 'object' && first !== null && 'port' in first) {
      contacted.push((first as { host?: string }).host ?? 'localhost')
    } else if (typeof first === 'number') contacted.push(typeof args[1] === 'string' ? args[1] : 'localhost')
    return Reflect.apply(connect, this, args) as net.Socket
  })
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const send = dgram.Socket.prototype.send as (...args: unknown[]) => void
  vi.spyOn(dgram.Socket.prototype, 'send').mockImplementation(function (this: dgram.Socket, ...args: unknown[]) {
    contacted.push(
      args.find((arg) => typeof arg === 'string' && net.isIP(arg) !== 0)?.toString() ?? `udp ${String(args[2])}`,
    )
    Reflect.apply(send, this, args)
  })
  const fetching = globalThis.fetch
  vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) => {
    contacted.push(`fetch ${input instanceof Request ? input.url : String(input)}`)
    return fetching(input, init)
  })
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt'] as const) {
    const real = dns[name] as (...args: unknown[]) => unknown
    vi.spyOn(dns, name).mockImplementation((...args: unknown[]) => {
      if (net.isIP(String(args[0])) === 0) contacted.push(`dns ${String(args[0])}`)
      return Reflect.apply(real, dns, args)
    })
  }
}

async function node(profile: 'lan' | 'test', beaconDir: string): Promise<PeerNode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'we-silence-'))
  folders.push(dataDir)
  const { peerKey } = await loadDeviceKey(dataDir)
  const started = await PeerNode.start({ dataDir, privateKey: peerKey, profile, beaconDir })
  nodes.push(started)
  return started
}

beforeEach(() => {
  contacted.length = 0
  listenIn()
})
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((one) => one.stop()))
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

test.each(['lan', 'test'] as const)(
  'a node (%s) that goes live and is watched talks to nobody outside',
  async (profile) => {
    const beaconDir = join(await mkdtemp(join(tmpdir(), 'we-silence-')), 'peers')
    folders.push(join(beaconDir, '..'))
    const [broadcaster, viewer] = [await node(profile, beaconDir), await node(profile, beaconDir)]
    const broadcast = await broadcaster.startBroadcast(
      { title: 'Quiet', category: 'Other' },
      { width: 640, height: 360, fps: 30, mimeType: 'video/mp4' },
    )
    broadcast.setInit(randomBytes(1000))
    await broadcast.publish(randomBytes(50_000), { durationMs: 500 })
    const view = await viewer.watch(broadcast.url)
    await vi.waitFor(() => expect(view.window()).toHaveLength(1), { timeout: 30_000 })
    // a block that nobody has: here createHelia() would ask public gateways and routers
    const missing = rawCid(randomBytes(32))
    await expect(async () => {
      for await (const part of viewer.helia.blockstore.get(missing, { signal: AbortSignal.timeout(1500) })) {
        expect(part).toBeUndefined()
      }
    }).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await Promise.all(nodes.splice(0).map((one) => one.stop()))

    const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
    const allowed = new Set([...own, '127.0.0.1', '::1', ...(profile === 'lan' ? MDNS : [])])
    expect(contacted.filter((to) => !allowed.has(to))).toEqual([])
    // the recording works: the two found each other, by the beacon or, where that is slower, by mDNS
    expect(contacted.some((to) => to === '127.0.0.1' || own.includes(to))).toBe(true)
    if (profile === 'lan') expect(contacted).toContain(MDNS[0])
  },
)

test('the public network is off by default: for a new person, for a node nobody said anything to, and then nothing of it runs', async () => {
  expect(DEFAULT_SETTINGS.publicNetwork).toEqual({ enabled: false, bootstrap: [] })
  const beaconDir = join(await mkdtemp(join(tmpdir(), 'we-silence-')), 'peers')
  folders.push(join(beaconDir, '..'))
  const silent = await node('lan', beaconDir)
  expect(silent.publicNetwork).toBeNull()
  expect(silent.helia.libp2p.getProtocols().filter((name) => /kad|autonat|dcutr/.test(name))).toEqual([])
  // bootstrap enters after 1 s, ours after 3 s
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
  expect(contacted.filter((to) => !new Set([...own, '127.0.0.1', '::1', ...MDNS]).has(to))).toEqual([])

  // the same recording hears a node that is switched on: its entry point is of this machine, so that nothing leaves it
  const dataDir = await mkdtemp(join(tmpdir(), 'we-silence-'))
  folders.push(dataDir)
  const { peerKey } = await loadDeviceKey(dataDir)
  contacted.length = 0
  const entry = '/ip4/127.9.9.9/tcp/4/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
  nodes.push(
    await PeerNode.start({ dataDir, privateKey: peerKey, profile: 'test', publicNetwork: { bootstrap: [entry] } }),
  )
  await vi.waitFor(() => expect(contacted).toContain('127.9.9.9'), { timeout: 30_000 })
})
