import type { GossipSub } from '@libp2p/gossipsub'
import type { Connection, PeerId } from '@libp2p/interface'
import { TokenBucket } from '@shared/mesh/token-bucket'
import { PeerFault } from './peer-fault'

/** Messages that are remembered as seen, of the two minutes that the library remembers all. */
const MOST_SEEN = 20_000
/** Bytes and messages of one peer at once, and then a second; a lively room is 20 lines of 1 KiB a second. */
const BYTES_BURST = 2 * 1024 * 1024
const BYTES_PER_SECOND = 256 * 1024
const MESSAGES_BURST = 4_000
const MESSAGES_PER_SECOND = 400
/** Pieces of nonsense; a newer version of the protocol may say what this one cannot read. */
const NONSENSE_BURST = 20
const NONSENSE_PER_SECOND = 0.1

interface Seen {
  entries: Map<string, unknown>
  put: (key: string, value?: unknown) => boolean
}

interface Rpc {
  subscriptions?: unknown[]
  messages?: unknown[]
}

/** What is used of GossipSub of @libp2p/gossipsub 17 beyond its types. */
interface Router {
  seenCache: Seen
  fastMsgIdCache?: Seen
  decodeRpc: (bytes: Uint8Array) => Rpc
  handleReceivedRpc: (from: PeerId, rpc: Rpc) => Promise<void>
  pipePeerReadStream: (peer: PeerId, source: AsyncIterable<{ subarray: () => Uint8Array }>) => Promise<void>
  handlePeerReadStreamError: (error: Error, peer: PeerId) => void
  components: { connectionManager: { getConnections: (peer: PeerId) => Connection[] } }
}

/**
 * What one peer can make gossipsub keep or do: the library reads all that comes, as fast as it comes, skips what it cannot
 * read, and remembers every message for two minutes. Who sends too much loses its connections.
 */
export function boundGossip(pubsub: GossipSub, now: () => number = () => performance.now()): void {
  const router = pubsub as unknown as Router
  for (const cache of [router.seenCache, router.fastMsgIdCache]) if (cache !== undefined) bound(cache)
  router.pipePeerReadStream = async (peer, source) => {
    const bytes = new TokenBucket(BYTES_PER_SECOND, BYTES_BURST, now())
    const messages = new TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST, now())
    const nonsense = new TokenBucket(NONSENSE_PER_SECOND, NONSENSE_BURST, now())
    try {
      for await (const data of source) {
        const encoded = data.subarray()
        if (!bytes.take(encoded.length, now())) throw new PeerFault('too many bytes of gossip')
        let rpc: Rpc
        try {
          rpc = router.decodeRpc(encoded)
        } catch (cause) {
          if (nonsense.take(1, now())) continue
          throw new PeerFault(`gossip that cannot be read: ${String(cause)}`)
        }
        const count = 1 + (rpc.messages?.length ?? 0) + (rpc.subscriptions?.length ?? 0)
        if (!messages.take(count, now())) throw new PeerFault('too many messages of gossip')
        router.handleReceivedRpc(peer, rpc).catch(() => undefined)
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      router.handlePeerReadStreamError(error, peer)
      if (!isFault(error)) return
      for (const connection of router.components.connectionManager.getConnections(peer)) {
        connection.abort(error instanceof PeerFault ? error : new PeerFault(error.message))
      }
    }
  }
}

/** Of a length beyond the limit the library only ends the stream, and the next one begins anew. */
function isFault(error: Error): boolean {
  return error instanceof PeerFault || error.name.startsWith('InvalidData') || error.name.startsWith('InvalidMessage')
}

function bound(cache: Seen): void {
  const put = cache.put.bind(cache)
  cache.put = (key, value) => {
    const isKnown = put(key, value)
    if (cache.entries.size > MOST_SEEN) cache.entries.delete(cache.entries.keys().next().value!)
    return isKnown
  }
}
