import { autoNAT } from '@libp2p/autonat'
import { bootstrap } from '@libp2p/bootstrap'
import { dcutr } from '@libp2p/dcutr'
import { kadDHT, passthroughMapper, removePrivateAddressesMapper, type SingleKadDHT } from '@libp2p/kad-dht'
import type { Libp2pOptions, ServiceFactoryMap } from 'libp2p'
import type { ServiceMap } from '@libp2p/interface'

/** A network in which strangers find each other. Left out everywhere: this node joins none. */
export interface PublicNetworkOptions {
  /**
   * Entry points of a network of one's own, with peer ids; empty for its first node. `null`: the public IPFS network.
   * Nodes of an own network ask nobody outside it.
   */
  bootstrap: string[] | null
  /** Delegated routers (https://specs.ipfs.tech/routing/http-routing-v1/); by default the public one in the public network, none in an own. */
  routers?: string[]
}

/** Where the public network is entered: the list of kubo (config/bootstrap_peers.go), without those that speak QUIC alone. */
export const PUBLIC_BOOTSTRAP = [
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmbLHAnMoJPWSCR5Zhtx6BHJX9KiKNN6tpvbUcqanj75Nb',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmcZf59bWwK5XFi76CZX8cbJ4BhTzzA3gU1ZjYZcYW3dwt',
  '/dnsaddr/va1.bootstrap.libp2p.io/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8',
  '/ip4/104.131.131.82/tcp/4001/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ',
]
const PUBLIC_ROUTERS = ['https://delegated-ipfs.dev']
/** libp2p kad-dht specification; an own network has a name of its own, so that the two never grow together. */
const PUBLIC_PROTOCOL = '/ipfs/kad/1.0.0'
export const OWN_PROTOCOL = '/we/kad/1.0.0'
/** Looking for oneself tells the first neighbours; by default only every 5 minutes, too late where few are there at first. */
const SELF_QUERY_MS = { public: 300_000, own: 30_000 }

export type PublicServices = ServiceMap & { dht?: SingleKadDHT }

export function routerUrls({ bootstrap: own, routers }: PublicNetworkOptions): string[] {
  return routers ?? (own === null ? PUBLIC_ROUTERS : [])
}

export function entryPoints({ bootstrap: own }: PublicNetworkOptions): string[] {
  return own ?? PUBLIC_BOOTSTRAP
}

/** What is added to the libp2p composition. In the public network this node asks and does not answer (DHT client). */
export function publicParts(options: PublicNetworkOptions): {
  services: ServiceFactoryMap<PublicServices>
  peerDiscovery: NonNullable<Libp2pOptions['peerDiscovery']>
} {
  const isPublic = options.bootstrap === null
  const list = entryPoints(options)
  const services = {
    dht: kadDHT({
      protocol: isPublic ? PUBLIC_PROTOCOL : OWN_PROTOCOL,
      clientMode: isPublic,
      peerInfoMapper: isPublic ? removePrivateAddressesMapper : passthroughMapper,
      querySelfInterval: isPublic ? SELF_QUERY_MS.public : SELF_QUERY_MS.own,
    }),
    autoNAT: autoNAT(),
    dcutr: dcutr(),
  }
  return {
    // kadDHT wants a ping beside it, which the composition has and this type cannot say
    services: services as unknown as ServiceFactoryMap<PublicServices>,
    peerDiscovery: list.length === 0 ? [] : [bootstrap({ list })],
  }
}
