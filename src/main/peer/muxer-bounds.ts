import { TokenBucket } from '@shared/mesh/token-bucket'
import { PeerFault } from './peer-fault'

/** Streams that a peer may open on one connection at once, and then a second; bitswap opens one for each message. */
const OPENS_BURST = 300
const OPENS_PER_SECOND = 60
/** Streams that have not said what they are for. */
const MOST_UNNAMED = 32
/**
 * Bytes on streams that have not said what they are for, over all of them. Honest ones send a window (256 KiB) behind what they are for
 * without waiting for an answer, as go-libp2p does with each message of bitswap; this node may be busy when it comes.
 */
const MOST_UNNAMED_BYTES = 512 * 1024
/** Bytes that came and nobody here has taken yet, over all streams of the connection. */
const MOST_UNREAD_BYTES = 512 * 1024
/** Pings in a row, and then a second; implementations send one in 10 to 30 s. */
const PINGS_BURST = 60
const PINGS_PER_SECOND = 2
/**
 * Streams of a peer that this node had to cut for what they did, or for being too many: so many in a row, and then a second. An
 * honest node runs into it when it asks for shows that ended here, a few times.
 */
const CUTS_BURST = 48
const CUTS_PER_SECOND = 1
/** What waits below the streams for a peer that reads slowly: heads of frames, and a piece of each stream of up to a window. */
const MOST_UNSENT_BYTES = 8 * 1024 * 1024
/** A peer that sends and reads nothing for so long is cut. */
const STALLED_MS = 30_000

/** What is used of a stream of @libp2p/yamux 8. */
export interface BoundedStream {
  streamId: number
  /** Empty until it is negotiated. */
  protocol: string
  readBufferLength: number
  addEventListener: (name: 'close', heard: (event: { error?: Error; local?: boolean }) => void) => void
}

/** What is used of its muxer. */
export interface BoundedMuxer {
  status: string
  streams: BoundedStream[]
  incomingStream: (id: number) => void
  onRemoteStream: (stream: BoundedStream) => void
  sendFrame: (frame: { type: number; flag: number; streamID: number; length: number }) => void
}

/** What is used of the connection below it. */
interface Below {
  writableNeedsDrain?: boolean
  maxWriteBufferLength?: number
  addEventListener?: (name: 'drain', heard: () => void) => void
}

const WINDOW_UPDATE = 1
const RESET = 8

/**
 * What a peer can make this node keep on one connection, for all protocols alike: streams without a name, unread and unsent bytes,
 * answers to pings. @libp2p/yamux 8 counts streams alone.
 */
export class MuxerBounds {
  readonly #opens: TokenBucket
  readonly #pings: TokenBucket
  readonly #cuts: TokenBucket
  /** Bytes that came on streams without a name, by stream. */
  readonly #unnamed = new Map<number, number>()
  #unnamedBytes = 0
  /** Since when nothing leaves. */
  #stalledAt = Infinity

  /** @param onFault ends the connection; also heard outside a frame of the peer */
  constructor(
    private readonly muxer: BoundedMuxer,
    private readonly below: Below,
    onFault: (fault: PeerFault) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    below.maxWriteBufferLength = MOST_UNSENT_BYTES
    below.addEventListener?.('drain', () => (this.#stalledAt = Infinity))
    this.#opens = new TokenBucket(OPENS_PER_SECOND, OPENS_BURST, now())
    this.#pings = new TokenBucket(PINGS_PER_SECOND, PINGS_BURST, now())
    this.#cuts = new TokenBucket(CUTS_PER_SECOND, CUTS_BURST, now())
    const incoming = muxer.incomingStream.bind(muxer)
    muxer.incomingStream = (id) => {
      if (!this.#opens.take(1, now())) throw new PeerFault('too many streams opened')
      if (muxer.streams.filter(({ protocol }) => protocol === '').length < MOST_UNNAMED) incoming(id)
      else muxer.sendFrame({ type: WINDOW_UPDATE, flag: RESET, streamID: id, length: 0 })
    }
    const onRemoteStream = muxer.onRemoteStream.bind(muxer)
    muxer.onRemoteStream = (stream) => {
      onRemoteStream(stream)
      stream.addEventListener('close', ({ error, local }) => {
        // one that ends with its connection was not cut for what it did
        if (error === undefined || local !== true || muxer.status !== 'open') return
        if (!this.#cuts.take(1, this.now())) onFault(new PeerFault('too many streams had to be cut'))
      })
    }
  }

  /** A frame begins. Throws when the peer takes nothing of what waits for it. */
  began(): void {
    if (this.below.writableNeedsDrain !== true) return
    this.#stalledAt = Math.min(this.#stalledAt, this.now())
    if (this.now() - this.#stalledAt > STALLED_MS) throw new Error('the peer reads nothing')
  }

  /** Throws PeerFault when the peer asks for a sign of life too often. */
  ping(): void {
    if (!this.#pings.take(1, this.now())) throw new PeerFault('too many pings')
  }

  /** Bytes of a frame came on a stream. Throws when it may not send them yet, or not so many. */
  came(stream: BoundedStream, length: number): void {
    if (stream.protocol !== '') {
      if (stream.readBufferLength === 0) return
      const unread = this.muxer.streams.reduce((sum, { readBufferLength }) => sum + readBufferLength, 0)
      if (unread > MOST_UNREAD_BYTES) throw new Error(`${unread} unread bytes`)
      return
    }
    this.#unnamed.set(stream.streamId, (this.#unnamed.get(stream.streamId) ?? 0) + length)
    this.#unnamedBytes += length
    if (this.#unnamedBytes <= MOST_UNNAMED_BYTES) return
    const open = new Set(this.muxer.streams.flatMap(({ protocol, streamId }) => (protocol === '' ? [streamId] : [])))
    this.#unnamedBytes = 0
    for (const [id, bytes] of this.#unnamed) {
      if (open.has(id)) this.#unnamedBytes += bytes
      else this.#unnamed.delete(id)
    }
    if (this.#unnamedBytes > MOST_UNNAMED_BYTES) throw new Error('bytes of streams that do not say what for')
  }
}
