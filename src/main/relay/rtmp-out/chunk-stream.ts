/** One RTMP message (Adobe's Real Time Messaging Protocol 1.0, 6.1). */
export interface RtmpMessage {
  type: number
  streamId: number
  /** Milliseconds, modulo 2^32. */
  timestamp: number
  payload: Buffer
}

/** Message types of RTMP 1.0, 5.4 and 7.1. */
export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  data: 18,
  commandAmf3: 17,
  command: 20,
} as const

/** Bytes that break RTMP's rules; the connection is of no use any more. */
export class RtmpFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RtmpFault'
  }
}

const EXTENDED = 0xffffff

/**
 * The bytes of a message as chunks of at most `chunkSize` (RTMP 1.0, 5.3): a full header, then continuations.
 * @param chunkStream 2 to 63
 */
export function chunksOf(message: RtmpMessage, chunkStream: number, chunkSize: number): Buffer[] {
  const { type, streamId, payload } = message
  const timestamp = message.timestamp >>> 0
  const isExtended = timestamp >= EXTENDED
  const head = Buffer.alloc(isExtended ? 16 : 12)
  head[0] = chunkStream
  head.writeUIntBE(isExtended ? EXTENDED : timestamp, 1, 3)
  head.writeUIntBE(payload.length, 4, 3)
  head[7] = type
  head.writeUInt32LE(streamId, 8)
  if (isExtended) head.writeUInt32BE(timestamp, 12)
  const more = Buffer.alloc(isExtended ? 5 : 1)
  more[0] = 0xc0 | chunkStream
  if (isExtended) more.writeUInt32BE(timestamp, 1)

  const parts: Buffer[] = [head, payload.subarray(0, chunkSize)]
  for (let at = chunkSize; at < payload.length; at += chunkSize) parts.push(more, payload.subarray(at, at + chunkSize))
  return parts
}

/** A server's commands and control messages are small; media is not asked for. */
const MAX_MESSAGE = 64 * 1024
const MAX_CHUNK_SIZE = 0xffffff
const MAX_CHUNK_STREAMS = 64

interface ChunkState {
  timestamp: number
  delta: number
  length: number
  type: number
  streamId: number
  isExtended: boolean
  parts: Buffer[]
  got: number
}

/** Puts messages together out of the chunks that a server sends. Holds at most MAX_MESSAGE bytes for each chunk stream. */
export class ChunkReader {
  private chunkSize = 128
  private rest: Buffer = Buffer.alloc(0)
  private readonly streams = new Map<number, ChunkState>()

  /** Takes the next bytes, returns the messages they complete. @throws RtmpFault; nothing more may be pushed then */
  push(bytes: Buffer): RtmpMessage[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes])
    const messages: RtmpMessage[] = []
    for (;;) {
      const used = this.readChunk(this.rest, messages)
      if (used === 0) break
      this.rest = this.rest.subarray(used)
    }
    if (this.rest.length > 0) this.rest = Buffer.from(this.rest) // lets go of the socket's larger buffer
    return messages
  }

  /** Bytes of the chunk at the start of `bytes`; 0 when it is not whole yet. */
  private readChunk(bytes: Buffer, messages: RtmpMessage[]): number {
    if (bytes.length < 1) return 0
    const format = bytes[0]! >> 6
    let id = bytes[0]! & 0x3f
    let at = 1
    if (id < 2) {
      const more = id + 1
      if (bytes.length < 1 + more) return 0
      id = 64 + bytes[1]! + (more === 2 ? bytes[2]! * 256 : 0)
      at += more
    }
    const known = this.streams.get(id)
    if (!known && format !== 0) throw new RtmpFault('a chunk without the header it goes on from')
    const headLength = [11, 7, 3, 0][format]!
    if (bytes.length < at + headLength) return 0
    const state: ChunkState = known
      ? { ...known }
      : { timestamp: 0, delta: 0, length: 0, type: 0, streamId: 0, isExtended: false, parts: [], got: 0 }
    const isContinued = state.got > 0
    if (isContinued && format !== 3) throw new RtmpFault('a message begins inside another')
    let time = 0
    if (format < 3) {
      time = bytes.readUIntBE(at, 3)
      state.isExtended = time === EXTENDED
    }
    if (format < 2) {
      state.length = bytes.readUIntBE(at + 3, 3)
      state.type = bytes[at + 6]!
      if (state.length > MAX_MESSAGE) throw new RtmpFault(`a message of ${state.length} bytes`)
    }
    if (format === 0) state.streamId = bytes.readUInt32LE(at + 7)
    at += headLength
    if (state.isExtended) {
      if (bytes.length < at + 4) return 0
      time = bytes.readUInt32BE(at)
      at += 4
    }
    if (format === 0) {
      state.timestamp = time
      state.delta = 0
    } else if (!isContinued) {
      if (format < 3) state.delta = time
      state.timestamp = (state.timestamp + state.delta) >>> 0
    }
    const size = Math.min(this.chunkSize, state.length - state.got)
    if (bytes.length < at + size) return 0
    state.parts = [...state.parts, Buffer.from(bytes.subarray(at, at + size))]
    state.got += size
    if (state.got === state.length) {
      const { type, streamId, timestamp } = state
      this.take({ type, streamId, timestamp, payload: Buffer.concat(state.parts) }, messages)
      state.parts = []
      state.got = 0
    }
    if (!known && this.streams.size >= MAX_CHUNK_STREAMS) throw new RtmpFault('too many chunk streams')
    this.streams.set(id, state)
    return at + size
  }

  private take(message: RtmpMessage, messages: RtmpMessage[]): void {
    const { type, payload } = message
    if (type === MESSAGE.setChunkSize) {
      const size = payload.length >= 4 ? payload.readUInt32BE() : 0
      if (size < 1 || size > MAX_CHUNK_SIZE) throw new RtmpFault(`chunks of ${size} bytes`)
      this.chunkSize = size
    } else if (type === MESSAGE.abort) {
      const state = payload.length >= 4 ? this.streams.get(payload.readUInt32BE()) : undefined
      if (state) Object.assign(state, { parts: [], got: 0 })
    } else messages.push(message)
  }
}
