import { createSocket } from 'node:dgram'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { PeerNode } from '../../src/main/peer/peer-node'
import { loadDeviceKey } from '../../src/main/wallet/device-key'

/** True when a multicast datagram comes back to this machine: containers often have none. */
function hasMulticast(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    const answer = (works: boolean): void => {
      clearTimeout(timer)
      socket.close()
      resolve(works)
    }
    const timer = setTimeout(() => answer(false), 500)
    socket.on('error', () => answer(false))
    socket.on('message', () => answer(true))
    socket.bind(0, () => {
      try {
        socket.addMembership('224.0.0.251')
        socket.setMulticastLoopback(true)
        socket.send('?', socket.address().port, '224.0.0.251')
      } catch {
        answer(false)
      }
    })
  })
}

const multicast = await hasMulticast()
if (!multicast) console.warn('NOT RUN: discovery by mDNS, since this machine has no multicast')
const folders: string[] = []
const nodes: PeerNode[] = []

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((one) => one.stop()))
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

test.skipIf(!multicast)('nodes of one network find each other by mDNS alone', async () => {
  for (let count = 0; count < 2; count++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'we-mdns-'))
    folders.push(dataDir)
    const { peerKey } = await loadDeviceKey(dataDir)
    nodes.push(await PeerNode.start({ dataDir, privateKey: peerKey, profile: 'lan', beaconDir: null }))
  }
  const [one, two] = nodes as [PeerNode, PeerNode]
  await vi.waitFor(() => expect(one.connectedPeers).toContain(two.peerId), { timeout: 30_000 })
})
