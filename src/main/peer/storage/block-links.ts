import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { BLOCKS_PROTOCOL, TCP_DATA_BYTES, WEBRTC_DATA_BYTES } from './block-frame'
import { BlockClient } from './block-client'
import { BlockMemory } from './block-memory'
import { BlockServer, type ServeBlocks, type ServedMemory } from './block-server'
import type { UplinkBucket } from './uplink-bucket'

/** Who asks opens one stream; a second covers the moment in which the first is found dead. */
const STREAMS_PER_PEER = 2
const OPEN_TIMEOUT_MS = 5_000

/** The streams of this node: at most one to each peer for asking, and those that others opened. */
export class BlockLinks {
  readonly #clients = new Map<string, Promise<BlockClient | null>>()
  readonly #barred = new Set<string>()
  readonly #served: ServedMemory = new Map()
  /** Of blocks that arrive on all links. */
  readonly memory = new BlockMemory()

  constructor(
    private readonly libp2p: Libp2p,
    private readonly source: ServeBlocks,
    private readonly uplink: UplinkBucket,
  ) {}

  async start(): Promise<void> {
    await this.libp2p.handle(BLOCKS_PROTOCOL, (stream, connection) => this.#serve(stream, connection), {
      maxInboundStreams: STREAMS_PER_PEER,
      maxOutboundStreams: STREAMS_PER_PEER,
    })
  }

  /** Peers connected now that were not caught lying. */
  peers(): string[] {
    return this.libp2p
      .getPeers()
      .map(String)
      .filter((peerId) => !this.#barred.has(peerId))
  }

  /** Calls for each new connection; returns the function that ends it. */
  onPeer(heard: (peerId: string) => void): () => void {
    const listener = ({ detail }: CustomEvent<{ toString: () => string }>): void => heard(detail.toString())
    // identify tells that the peer speaks the protocol
    this.libp2p.addEventListener('peer:connect', listener)
    return () => this.libp2p.removeEventListener('peer:connect', listener)
  }

  /** The link to a peer; null when it cannot be had or must not be used. */
  open(peerId: string): Promise<BlockClient | null> {
    if (this.#barred.has(peerId)) return Promise.resolve(null)
    const known = this.#clients.get(peerId)
    if (known) return known
    const opening = this.#dial(peerId)
    this.#clients.set(peerId, opening)
    return opening
  }

  /** The peer sent bytes that are not what it said: nothing more is asked of it while this node runs. */
  bar(peerId: string): void {
    this.#barred.add(peerId)
    void this.#clients.get(peerId)?.then((client) => client?.abort('a block that is not what was asked for'))
  }

  async stop(): Promise<void> {
    await this.libp2p.unhandle(BLOCKS_PROTOCOL)
    for (const client of await Promise.all(this.#clients.values())) client?.close()
    this.#clients.clear()
  }

  async #dial(peerId: string): Promise<BlockClient | null> {
    try {
      if (await this.#speaksOtherwise(peerId)) throw new Error('another protocol')
      const stream = await this.libp2p.dialProtocol(peerIdFromString(peerId), BLOCKS_PROTOCOL, {
        signal: AbortSignal.timeout(OPEN_TIMEOUT_MS),
        maxOutboundStreams: STREAMS_PER_PEER,
      })
      return new BlockClient(stream, peerId, this.memory, () => this.#clients.delete(peerId))
    } catch {
      this.#clients.delete(peerId)
      return null
    }
  }

  /** Identify said so: in a public network most are no nodes of ours, and need not be asked every 2 s. */
  async #speaksOtherwise(peerId: string): Promise<boolean> {
    const known = await this.libp2p.peerStore.get(peerIdFromString(peerId)).catch(() => null)
    return known !== null && known.protocols.length > 0 && !known.protocols.includes(BLOCKS_PROTOCOL)
  }

  #serve(stream: Stream, connection: Connection): void {
    const webrtc = connection.remoteAddr.toString().includes('webrtc')
    const dataBytes = webrtc ? WEBRTC_DATA_BYTES : TCP_DATA_BYTES
    new BlockServer(stream, connection.remotePeer.toString(), this.source, this.uplink, dataBytes, this.#served)
  }
}
