import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { GossipSub } from '@libp2p/gossipsub'
import { identifyPush, type Identify } from '@libp2p/identify'
import type { PeerDiscovery, PeerInfo, PrivateKey } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2pOptions } from 'libp2p'
import { BoundedDatastore } from './bounded-datastore'
import { ConnectionLimits } from './connection-limits'
import { guardedDoor } from './guarded-door'
import { halfWindows } from './half-windows'
import type { LinkShaper } from './mesh/link-shaper'
import { nativeTls } from './native-tls'
import { patientIdentify } from './patient-identify'
import { quickNoise } from './quick-noise'
import { quickYamux } from './quick-yamux'
import { rarePushes } from './rare-pushes'
import { shunningGossipsub } from './shunning-gossipsub'
import { wholeWrites } from './whole-writes'
import { publicParts, type PublicNetworkOptions, type PublicServices } from './public/public-parts'

/** `lan`: all interfaces and mDNS; `test`: loopback alone, explicit addresses. Neither sends anything outside by itself. */
export type NodeProfile = 'lan' | 'test'

/** mDNS name of our nodes alone, so that other libp2p programs on the network stay out. */
const MDNS_SERVICE_TAG = '_we-studio._udp.local'

/** That a peer has open here at once, on one connection. */
const MOST_STREAMS = 128

/** Of whom one met: three times the connections that there can be; one of ours takes 2 KB, a stranger with all it may say of itself 80. */
const MOST_MET = 1_000
const MOST_MET_BYTES = 4 * 1024 * 1024
const MOST_MET_BYTES_EACH = 16 * 1024

const LISTEN: Record<NodeProfile, string[]> = {
  lan: ['/ip4/0.0.0.0/tcp/0', '/ip4/0.0.0.0/udp/0/webrtc-direct'],
  test: ['/ip4/127.0.0.1/tcp/0'],
}

export type NodeServices = PublicServices & { pubsub: GossipSub; identify: Identify }

export interface NodeSettings {
  privateKey: PrivateKey
  profile: NodeProfile
  listen: string[] | undefined
  iceServers: string[]
  /** True for an address that must not be dialled. */
  denies: (address: Multiaddr) => boolean
  /** Tests and benches: the line that all TCP connections go through. */
  line?: LinkShaper | undefined
  /** Whether somebody waits for the first picture of a live. */
  isHurried?: () => boolean
  /** A node of the local network was found; what a public network tells of does not come here. */
  found: (peer: PeerInfo) => void
  /** Null: joins no public network. */
  publicNetwork: PublicNetworkOptions | null
}

/** The libp2p composition of peer.md 3, with the values of its section 6 and the reasons there. */
export function libp2pSettings({
  privateKey,
  profile,
  listen,
  iceServers,
  denies,
  line,
  isHurried = () => false,
  found,
  publicNetwork,
}: NodeSettings): Libp2pOptions<NodeServices> {
  const open = publicNetwork === null ? null : publicParts(publicNetwork)
  const limits = new ConnectionLimits()
  // [] too is passed on: the library's default list names public STUN servers
  const rtcConfiguration = { iceServers: iceServers.map((urls) => ({ urls })) }
  return {
    privateKey,
    // whom one met stays in memory: addresses of today are of no use tomorrow, and nobody else's business
    datastore: new BoundedDatastore(MOST_MET, MOST_MET_BYTES, MOST_MET_BYTES_EACH),
    addresses: { listen: listen ?? LISTEN[profile] },
    transports: [
      guardedDoor(line ? line.shape(wholeWrites(tcp())) : wholeWrites(tcp()), (ip) => limits.lets(ip)),
      webRTCDirect({ rtcConfiguration }),
      webRTC({ rtcConfiguration }),
      circuitRelayTransport(),
    ],
    // a shaped line shapes what libp2p writes, which native TLS goes past
    connectionEncrypters: line ? [quickNoise()] : [nativeTls(), quickNoise()],
    streamMuxers: [quickYamux(halfWindows(yamux({ maxInboundStreams: MOST_STREAMS })))],
    connectionGater: { ...limits.gater, denyDialMultiaddr: denies },
    connectionManager: {
      // 5 a second of one address and 10 at once by default: eight viewers behind one address are refused
      inboundConnectionThreshold: 60,
      maxIncomingPendingConnections: 200,
      dialTimeout: 8_000,
    },
    // its ping over a saturated uplink times out, and by default the connection is cut for it
    connectionMonitor: { abortConnectionOnPingFailure: false },
    peerDiscovery: [...(profile === 'lan' ? [localDiscovery(found)] : []), ...(open?.peerDiscovery ?? [])],
    services: {
      ...open?.services,
      identify: patientIdentify(isHurried),
      // protocols come and go with the other engines, long after the connection was identified
      identifyPush: rarePushes(identifyPush()),
      ping: ping(),
      pubsub: shunningGossipsub({
        allowPublishToZeroTopicPeers: true,
        emitSelf: false,
        // by default what is published goes to all peers at once: over the line of a broadcaster a fifth of the show
        floodPublish: false,
        // and to so many of the others (8 by default) where they hear of it from each other as well
        ...{ D: 4, Dlo: 3, Dhi: 8, Dscore: 2, Dout: 1 },
        // all that a newcomer of a lively room missed comes in one piece; a longer one would end the gossip of the two
        maxInboundDataLength: 128 * 1024,
        // what waits for a peer that reads nothing; all that is missed comes again
        maxOutboundBufferSize: 512 * 1024,
        // a topic counts 1 KiB: twice what a node with all topics of heads and the most rooms listens to
        maxTopicBytesPerPeer: 640 * 1024,
        // copies are known by author and number before a signature is checked again, by default after it
        fastMsgIdFn: ({ from, seqno }) =>
          `${Buffer.from(from ?? []).toString('latin1')} ${Buffer.from(seqno ?? []).toString('latin1')}`,
        // more than 10 peers on one address are silently cut off by default: one household, campus or test machine;
        // and every name that ever came is kept for an hour
        scoreParams: { IPColocationFactorWeight: 0, retainScore: 60_000 },
      }),
    },
  }
}

/** mDNS, heard apart from other discovery: a DHT tells of strangers by the hundred, and those are not dialled for it. */
function localDiscovery(found: (peer: PeerInfo) => void): ReturnType<typeof mdns> {
  const make = mdns({ serviceTag: MDNS_SERVICE_TAG, interval: 10_000 })
  return (components) => {
    const discovery: PeerDiscovery = make(components)
    discovery.addEventListener('peer', ({ detail }) => found(detail))
    return discovery
  }
}
