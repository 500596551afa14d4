import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { ConnectionLimits } from './connection-limits'

const peer = (name: string): PeerId => ({ toString: () => name }) as PeerId

function from(address: string): MultiaddrConnection & { end: () => void } {
  const target = new EventTarget()
  const remoteAddr = multiaddr(address)
  const addEventListener = target.addEventListener.bind(target)
  const end = (): boolean => target.dispatchEvent(new Event('close'))
  return { remoteAddr, addEventListener, end } as unknown as MultiaddrConnection & { end: () => void }
}

it('one address cannot take the places of all others with handshakes that it never ends', () => {
  const { gater } = new ConnectionLimits()
  const stalled = Array.from({ length: 60 }, () => from('/ip4/192.0.2.1/tcp/4001'))
  const refused = stalled.filter((one) => gater.denyInboundConnection(one))
  expect(refused.length).toBe(12)
  expect(gater.denyInboundConnection(from('/ip4/192.0.2.2/tcp/4001'))).toBe(false)
  expect(gater.denyInboundConnection(from('/ip4/192.0.2.1/tcp/1/p2p-circuit'))).toBe(false)
  stalled[0]!.end()
  const next = from('/ip4/192.0.2.1/tcp/4001')
  expect(gater.denyInboundConnection(next)).toBe(false)
  expect(gater.denyInboundUpgradedConnection(peer('a'), next)).toBe(false)
  expect(gater.denyInboundConnection(from('/ip4/192.0.2.1/tcp/4001'))).toBe(false)
})

it('a peer has three connections, and one that comes again and again must wait', () => {
  let now = 0
  const limits = new ConnectionLimits(() => now)
  const comes = (name: string): (MultiaddrConnection & { end: () => void }) | null => {
    const connection = from('/ip4/192.0.2.1/tcp/4001')
    return limits.gater.denyInboundEncryptedConnection(peer(name), connection) ? null : connection
  }
  const open = [comes('a'), comes('a'), comes('a')]
  expect(open).not.toContain(null)
  expect(comes('a')).toBeNull()
  expect(comes('b')).not.toBeNull()
  for (const one of open) one!.end()
  let times = 0
  for (let again = comes('a'); again !== null; again = comes('a')) {
    again.end()
    times += 1
  }
  expect(times).toBe(5) // of 8, three were open
  now += 6_000
  expect(comes('a')).not.toBeNull()
  expect(limits.refused).toBe(2)
})
