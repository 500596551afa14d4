import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Multiaddr } from '@multiformats/multiaddr'
import { LOCAL_NETWORKS } from '../platform/local-networks'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** True when the address is an IP of this machine's loopback; false for names and relays. */
export function isLoopbackAddress(address: Multiaddr): boolean {
  return isIn(LOOPBACK, address)
}

/** True when the address is an IP of a local network or loopback; false for names and relays. */
export function isLocalAddress(address: Multiaddr): boolean {
  return isIn(LOCAL_NETWORKS, address) || isIn(ownNetworks(), address)
}

/**
 * Whether a relay that a broadcaster named may be asked: one of this machine or its networks always, one elsewhere (or
 * behind a name) only when the person has joined the public network.
 */
export function mayAskRelay(url: string, isPublic: boolean): boolean {
  if (!URL.canParse(url)) return false
  if (isPublic) return true
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  if (family === 0) return host === 'localhost'
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  return LOCAL_NETWORKS.check(host, kind) || ownNetworks().check(host, kind)
}

const OWN_NETWORKS_FOR_MS = 10_000
/** An interface with a wider mask than this (a misconfigured tunnel) does not make half the internet local. */
const WIDEST = { IPv4: 16, IPv6: 48 }
let known = { list: new BlockList(), until: 0 }

/** The networks this machine is in: a campus may have public addresses in every room. */
function ownNetworks(): BlockList {
  if (Date.now() < known.until) return known.list
  const list = new BlockList()
  for (const { cidr, family } of Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])) {
    const [net = '', prefix = ''] = cidr?.split('/') ?? []
    if (isIP(net) !== 0 && Number(prefix) >= WIDEST[family]) {
      list.addSubnet(net, Number(prefix), family === 'IPv6' ? 'ipv6' : 'ipv4')
    }
  }
  known = { list, until: Date.now() + OWN_NETWORKS_FOR_MS }
  return list
}

function isIn(list: BlockList, address: Multiaddr): boolean {
  const components = address.getComponents()
  if (components.some(({ name }) => name === 'p2p-circuit')) return false
  const host = components[0]
  if (host?.value === undefined || (host.name !== 'ip4' && host.name !== 'ip6')) return false
  const family = isIP(host.value)
  return family !== 0 && list.check(host.value, family === 6 ? 'ipv6' : 'ipv4')
}
