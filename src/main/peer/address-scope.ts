import { BlockList, isIP } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Addresses that never leave the local network: RFC 1918, 3927, 4193, 4291, 6598 (carrier NAT is left out: not local). */
const LOCAL = new BlockList()
LOCAL.addSubnet('10.0.0.0', 8)
LOCAL.addSubnet('172.16.0.0', 12)
LOCAL.addSubnet('192.168.0.0', 16)
LOCAL.addSubnet('169.254.0.0', 16)
LOCAL.addSubnet('127.0.0.0', 8)
LOCAL.addSubnet('fc00::', 7, 'ipv6')
LOCAL.addSubnet('fe80::', 10, 'ipv6')
LOCAL.addAddress('::1', 'ipv6')

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** True when the address is an IP of this machine's loopback; false for names and relays. */
export function isLoopbackAddress(address: Multiaddr): boolean {
  return isIn(LOOPBACK, address)
}

/** True when the address is an IP of a local network or loopback; false for names and relays. */
export function isLocalAddress(address: Multiaddr): boolean {
  return isIn(LOCAL, address)
}

function isIn(list: BlockList, address: Multiaddr): boolean {
  const components = address.getComponents()
  if (components.some(({ name }) => name === 'p2p-circuit')) return false
  const host = components[0]
  if (host?.value === undefined || (host.name !== 'ip4' && host.name !== 'ip6')) return false
  const family = isIP(host.value)
  return family !== 0 && list.check(host.value, family === 6 ? 'ipv6' : 'ipv4')
}
