import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { ConnectionLimits } from './connection-limits'
import { PeerFault } from './peer-fault'

const peer = (name: string): PeerId => ({ toString: () => name }) as PeerId

type Fake = MultiaddrConnection & { end: (error?: Error) => void }

function from(address: string): Fake {
  const target = new EventTarget()
  const remoteAddr = multiaddr(address)
  const addEventListener = target.addEventListener.bind(target)
  const end = (error?: Error): boolean => target.dispatchEvent(Object.assign(new Event('close'), { error }))
  return { remoteAddr, addEventListener, end } as unknown as Fake
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
  const comes = (name: string): Fake | null => {
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

it('a peer that broke a rule stays away for a while, then longer; its neighbours do not, unless many of them do', () => {
  let now = 0
  const { gater, lets } = boundLimits(() => now)
  const comes = (name: string, host = '192.0.2.1'): Fake | null => {
    const connection = from(`/ip4/${host}/tcp/4001`)
    if (!lets(host) || gater.denyInboundConnection(connection)) return null
    if (gater.denyInboundEncryptedConnection(peer(name), connection)) {
      connection.end()
      return null
    }
    gater.denyInboundUpgradedConnection(peer(name), connection)
    return connection
  }
  comes('a')!.end(new PeerFault('a rule'))
  expect(comes('a')).toBeNull()
  comes('b')!.end(new Error('gone'))
  expect(comes('b')).not.toBeNull()
  now += 16_000
  comes('a')!.end(new PeerFault('again'))
  now += 16_000
  expect(comes('a')).toBeNull()
  now += 16_000
  expect(comes('a')).not.toBeNull()
  for (let at = 0; at < 20; at++) comes(`crowd ${at}`)?.end(new PeerFault('a rule'))
  expect(comes('b')).toBeNull()
  expect(comes('b', '192.0.2.2')).not.toBeNull()
  now += 60_000
  expect(comes('b')).not.toBeNull()
})

it('sockets of one address are let in as fast as a household joins, whatever address of its 64 bits it uses', () => {
  let now = 0
  const { lets } = boundLimits(() => now)
  const knocks = (times: number): number =>
    Array.from({ length: times }, (_, at) => lets(`2001:db8:0:7::${at.toString(16)}`)).filter(Boolean).length
  expect(knocks(400)).toBe(150)
  now += 2_000
  expect(knocks(400)).toBe(30)
  expect(lets('2001:db8:0:8::1')).toBe(true)
  expect(lets('::ffff:192.0.2.1')).toBe(true)
})

it('while many addresses storm the door, whoever did not come lately is let in', () => {
  let now = 0
  const { lets } = boundLimits(() => now)
  let storm = 0
  for (let at = 0; at < 6_000; at++) {
    now += 1
    if (lets(`198.51.100.${at % 40}`)) storm += 1
  }
  expect(storm).toBeLessThan(300 + 6 * 30 + 40 * 5)
  expect(lets('192.0.2.1')).toBe(true)
  expect(lets('192.0.2.2')).toBe(true)
})

function boundLimits(now: () => number): Pick<ConnectionLimits, 'gater' | 'lets'> {
  const limits = new ConnectionLimits(now)
  return { gater: limits.gater, lets: (ip) => limits.lets(ip) }
}
