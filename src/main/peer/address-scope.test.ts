import { networkInterfaces } from 'node:os'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { isLocalAddress, isLoopbackAddress } from './address-scope'
import { DialRule } from './peer-dialer'

const peer = '/p2p/12D3KooWKxjrEoh3v5zNYAkiUYFQSmGsbBiHpg7LTr98uePrVYwM'

describe('where an address leads', () => {
  test.each<[string, boolean, boolean]>([
    ['/ip4/127.0.0.1/tcp/4001', true, true],
    ['/ip6/::1/tcp/4001', true, true],
    ['/ip4/192.168.1.20/udp/4001/webrtc-direct', true, false],
    ['/ip4/10.1.2.3/tcp/1', true, false],
    ['/ip4/172.31.0.1/tcp/1', true, false],
    ['/ip4/172.32.0.1/tcp/1', false, false],
    ['/ip4/169.254.9.9/tcp/1', true, false],
    ['/ip6/fe80::1/tcp/1', true, false],
    ['/ip6/fd12::1/tcp/1', true, false],
    ['/ip6/::ffff:8.8.8.8/tcp/1', false, false],
    ['/ip4/8.8.8.8/tcp/4001', false, false],
    ['/ip6/2606:4700::1111/tcp/1', false, false],
    ['/dns4/localhost/tcp/4001', false, false],
    ['/dnsaddr/bootstrap.libp2p.io', false, false],
    [`/ip4/192.168.1.20/tcp/4001${peer}/p2p-circuit`, false, false],
  ])('%s', (text, local, loopback) => {
    for (const form of [text, text.includes('p2p-circuit') ? text : `${text}${peer}`]) {
      expect(isLocalAddress(multiaddr(form))).toBe(local)
      expect(isLoopbackAddress(multiaddr(form))).toBe(loopback)
    }
  })

  test('the networks of the own interfaces are local, whatever their numbers', () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    expect(own.length).toBeGreaterThan(0)
    for (const { family, address } of own) {
      expect(isLocalAddress(multiaddr(`/${family === 'IPv6' ? 'ip6' : 'ip4'}/${address}/tcp/1`))).toBe(true)
    }
  })

  test('outside the local network only what the person named is dialled', () => {
    const rule = new DialRule()
    expect(rule.denies(multiaddr('/ip4/8.8.8.8/tcp/4001'))).toBe(true)
    rule.wish([`/ip4/8.8.8.8/tcp/4001${peer}`])
    expect(rule.denies(multiaddr('/ip4/8.8.8.8/tcp/4001'))).toBe(false)
    expect(rule.denies(multiaddr('/ip4/8.8.8.8/tcp/4002'))).toBe(true)
    expect(() => rule.wish(['example.org:4001'])).toThrow(expect.objectContaining({ code: 'bad-multiaddr' }) as Error)
  })
})
