import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Identify } from '@libp2p/identify'
import { createLibp2p, type Libp2p } from 'libp2p'
import { afterEach, expect, test, vi } from 'vitest'
import { patientIdentify } from './patient-identify'

type Node = Libp2p<{ identify: Identify }>
const nodes: Node[] = []

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop()
})

async function start(): Promise<Node> {
  const node: Node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: patientIdentify(() => true) },
  })
  nodes.push(node)
  return node
}

test('who was dialled knows at once where to send others, and who dialled learns what the other speaks too', async () => {
  const [dialled, dialling] = [await start(), await start()]
  const asked = vi.spyOn(dialling.services.identify, 'identify')
  const known = new Set<string>()
  for (const node of nodes) node.addEventListener('peer:identify', ({ detail }) => known.add(detail.peerId.toString()))
  await dialling.dial(dialled.getMultiaddrs())
  expect(asked).not.toHaveBeenCalled() // nothing of it is in the way of what the connection is for
  await vi.waitFor(() => expect(known.size).toBe(2), { timeout: 30_000 })
  const { addresses } = await dialled.peerStore.get(dialling.peerId)
  expect(addresses.map(({ multiaddr }) => multiaddr.toString())).toEqual(
    dialling.getMultiaddrs().map((address) => address.toString().replace(/\/p2p\/.*/, '')),
  )
})
