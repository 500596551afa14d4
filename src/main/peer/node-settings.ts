import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { gossipsub, type GossipSub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { PrivateKey, ServiceMap } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import { MemoryDatastore } from 'datastore-core'
import type { Libp2pOptions } from 'libp2p'
import type { LinkShaper } from './mesh/link-shaper'

/** `lan`: all interfaces and mDNS; `test`: loopback alone, explicit addresses. Neither sends anything outside. */
export type NodeProfile = 'lan' | 'test'

/** mDNS name of our nodes alone, so that other libp2p programs on the network stay out. */
const MDNS_SERVICE_TAG = '_we-studio._udp.local'

const LISTEN: Record<NodeProfile, string[]> = {
  lan: ['/ip4/0.0.0.0/tcp/0', '/ip4/0.0.0.0/udp/0/webrtc-direct'],
  test: ['/ip4/127.0.0.1/tcp/0'],
}

export type NodeServices = ServiceMap & { pubsub: GossipSub }

export interface NodeSettings {
  privateKey: PrivateKey
  profile: NodeProfile
  listen: string[] | undefined
  iceServers: string[]
  /** True for an address that must not be dialled. */
  denies: (address: Multiaddr) => boolean
  /** Tests and benches: the line that all TCP connections go through. */
  line?: LinkShaper | undefined
}

/** The libp2p composition of peer.md 3, with the values of its section 6 and the reasons there. */
export function libp2pSettings({
  privateKey,
  profile,
  listen,
  iceServers,
  denies,
  line,
}: NodeSettings): Libp2pOptions<NodeServices> {
  // [] too is passed on: the library's default list names public STUN servers
  const rtcConfiguration = { iceServers: iceServers.map((urls) => ({ urls })) }
  return {
    privateKey,
    // whom one met stays in memory: addresses of today are of no use tomorrow, and nobody else's business
    datastore: new MemoryDatastore(),
    addresses: { listen: listen ?? LISTEN[profile] },
    transports: [
      line ? line.shape(tcp()) : tcp(),
      webRTCDirect({ rtcConfiguration }),
      webRTC({ rtcConfiguration }),
      circuitRelayTransport(),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: denies },
    connectionManager: {
      // 5 a second and 10 at once by default: eight viewers behind one address are refused
      inboundConnectionThreshold: 200,
      maxIncomingPendingConnections: 200,
      dialTimeout: 8_000,
    },
    // its ping over a saturated uplink times out, and by default the connection is cut for it
    connectionMonitor: { abortConnectionOnPingFailure: false },
    peerDiscovery: profile === 'lan' ? [mdns({ serviceTag: MDNS_SERVICE_TAG, interval: 10_000 })] : [],
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        allowPublishToZeroTopicPeers: true,
        emitSelf: false,
        maxInboundDataLength: 16 * 1024,
        // more than 10 peers on one address are silently cut off by default: one household, campus or test machine
        scoreParams: { IPColocationFactorWeight: 0 },
      }),
    },
  }
}
