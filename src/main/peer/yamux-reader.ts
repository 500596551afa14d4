import { TokenBucket } from '@shared/mesh/token-bucket'
import { Uint8ArrayList } from 'uint8arraylist'
import type { BoundedStream, MuxerBounds } from './muxer-bounds'
import { PeerFault } from './peer-fault'

/** Of the yamux specification (https://github.com/hashicorp/yamux/blob/master/spec.md). */
const HEADER_BYTES = 12
const DATA = 0
const PING = 2
const FLAG_SYN = 1
const FLAG_FIN = 4
const FLAG_RST = 8
/** What a stream may send before it was told of more. */
const FIRST_WINDOW_BYTES = 256 * 1024
/** A frame whose bytes come bit by bit is gathered in this at first. */
const FIRST_GATHER_BYTES = 16 * 1024

/**
 * Frames that cost more than they carry, so many at once and then so many a second: small data counts 1, what opens a stream
 * or asks for an answer 10. A show in many pieces takes some hundreds a second, bitswap opens a stream for each message.
 */
const FRAMES_BURST = 20_000
const FRAMES_PER_SECOND = 4_000
const SMALL_BYTES = 256
const DEAR = 10

export interface YamuxHeader {
  type: number
  flag: number
  streamID: number
  length: number
}

/** What is used of a stream of @libp2p/yamux 8. */
export interface YamuxStream {
  streamId: number
  readStatus: string
  recvWindow: number
  recvWindowCapacity: number
  sendWindowUpdate: () => void
}

/** What is used of its muxer. */
export interface YamuxFrames {
  streams: YamuxStream[]
  handleFrame: (frame: { header: YamuxHeader; data?: Uint8ArrayList }) => void
}

/** Takes the bytes of a stream as they come; they are only there during the call. */
export type PieceSink = (piece: Uint8Array) => void

const sinks = new WeakMap<object, PieceSink>()

/** From now on the bytes that come on a yamux stream go to `sink` instead of into events. Of no effect on other streams. */
export function takePieces(stream: object, sink: PieceSink): void {
  sinks.set(stream, sink)
}

export class YamuxFault extends PeerFault {}

/**
 * Finds the frames in what a connection brings.
 * [Note: Own yamux reader] The decoder of @libp2p/yamux 8 keeps the bytes of a frame until the last one is here, whatever
 * length the header says: up to 4 GiB for twelve bytes of a stranger. Here a length beyond the stream's window ends the
 * connection with the header, and what is addressed to no stream is passed over. Bytes of a stream with a sink are handed out
 * as they come, without lists and events, which cost as much as the decryption.
 */
export class YamuxReader {
  readonly #head = new Uint8Array(HEADER_BYTES)
  #have = 0
  #header: YamuxHeader | null = null
  #left = 0
  #stream: YamuxStream | null = null
  #sink: PieceSink | null = null
  #gathered: Uint8Array | null = null
  #skips = false
  #isLent = false
  readonly #budget: TokenBucket

  constructor(
    private readonly muxer: YamuxFrames,
    private readonly now: () => number = () => performance.now(),
    private readonly bounds: MuxerBounds | null = null,
  ) {
    this.#budget = new TokenBucket(FRAMES_PER_SECOND, FRAMES_BURST, now())
  }

  /**
   * Throws YamuxFault, or what the muxer throws; the connection is over then.
   * @param isLent the chunk is only there during the call
   */
  push(chunk: Uint8Array, isLent = false): void {
    this.#isLent = isLent
    let at = 0
    while (at < chunk.length) {
      if (this.#header === null) {
        const length = Math.min(HEADER_BYTES - this.#have, chunk.length - at)
        if (length === HEADER_BYTES) this.#open(chunk, at)
        else {
          this.#head.set(chunk.subarray(at, at + length), this.#have)
          this.#have += length
          if (this.#have === HEADER_BYTES) this.#open(this.#head, 0)
        }
        at += length
      } else {
        const length = Math.min(this.#left, chunk.length - at)
        this.#take(chunk.subarray(at, at + length))
        at += length
      }
    }
  }

  #open(bytes: Uint8Array, at: number): void {
    this.#have = 0
    this.bounds?.began()
    if (bytes[at] !== 0) throw new YamuxFault('another version of yamux')
    const header = {
      type: bytes[at + 1]!,
      flag: (bytes[at + 2]! << 8) | bytes[at + 3]!,
      streamID: uint32(bytes, at + 4),
      length: uint32(bytes, at + 8),
    }
    const isData = header.type === DATA
    if ((!isData || header.length < SMALL_BYTES) && !this.#budget.take(costOf(header), this.now())) {
      throw new YamuxFault('too many small frames')
    }
    if (!isData) {
      if (header.type === PING && (header.flag & FLAG_SYN) !== 0) this.bounds?.ping()
      this.muxer.handleFrame({ header })
      return
    }
    const { length, flag, streamID } = header
    const stream = streamID === 0 ? undefined : this.muxer.streams.find((one) => one.streamId === streamID)
    // a stream that a frame of data opens has its first window
    if (length > (stream?.recvWindowCapacity ?? FIRST_WINDOW_BYTES)) {
      if (stream !== undefined || (flag & FLAG_SYN) === 1) throw new YamuxFault(`a frame of ${length} bytes`)
    }
    this.#skips = stream === undefined && (flag & FLAG_SYN) === 0 && streamID !== 0
    this.#sink = (flag & (FLAG_FIN | FLAG_RST)) === 0 && stream !== undefined ? (sinks.get(stream) ?? null) : null
    this.#stream = stream ?? null
    if (length === 0 || streamID === 0) {
      if (!this.#skips) this.muxer.handleFrame({ header, data: new Uint8ArrayList() })
      return
    }
    if (this.#sink !== null && stream !== undefined) stream.recvWindowCapacity -= length
    this.#header = header
    this.#left = length
  }

  #take(piece: Uint8Array): void {
    const header = this.#header!
    const before = header.length - this.#left
    this.#left -= piece.length
    const isLast = this.#left === 0
    if (isLast) this.#header = null
    if (this.#sink !== null) {
      this.#sink(piece)
      if (isLast) this.#stream!.sendWindowUpdate()
      return
    }
    if (this.#skips) return
    if (isLast && before === 0) {
      this.#hand(header, this.#isLent ? piece.slice() : piece)
      return
    }
    // in one piece of memory: a list of single bytes would cost a hundred times what was sent
    let gathered = this.#gathered
    if (gathered === null || gathered.length < before + piece.length) {
      const size = Math.min(header.length, Math.max(FIRST_GATHER_BYTES, 2 * (before + piece.length)))
      const larger = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
      if (gathered !== null) larger.set(gathered.subarray(0, before))
      gathered = larger
    }
    gathered.set(piece, before)
    this.#gathered = isLast ? null : gathered
    if (isLast) this.#hand(header, gathered.subarray(0, header.length))
  }

  #hand(header: YamuxHeader, bytes: Uint8Array): void {
    this.muxer.handleFrame({ header, data: new Uint8ArrayList(bytes) })
    const stream = this.#stream
    if (stream !== null) this.bounds?.came(stream as YamuxStream & BoundedStream, bytes.length)
  }
}

function costOf({ type, flag }: YamuxHeader): number {
  return (flag & FLAG_SYN) !== 0 || type === PING ? DEAR : 1
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
