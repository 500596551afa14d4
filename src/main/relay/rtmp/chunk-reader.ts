import { MESSAGE } from './chunk-writer'

/** Thrown for what no honest sender of RTMP sends; the connection is closed. */
export class BadRtmp extends Error {
  override readonly name = 'BadRtmp'
}

export interface InMessage {
  type: number
  /** Message stream. */
  stream: number
  /** Milliseconds; wraps at 2^32. */
  time: number
  body: Buffer
}

/** State of one chunk stream (RTMP 1.0, 5.3.1). */
interface ChunkStream {
  type: number
  stream: number
  length: number
  time: number
  delta: number
  /** Whether the last header had an extended timestamp: then headers of type 3 have one, too. */
  extended: boolean
  /** What has come of the message so far: the first `got` bytes. */
  data: Buffer
  got: number
}

/** OBS uses 4, ffmpeg 5, librtmp up to 8. */
const MAX_CHUNK_STREAMS = 24
const MAX_CHUNK_SIZE = 0xffffff
const NOTHING: Buffer = Buffer.alloc(0)
/** A message in many chunks is collected in room that doubles from here on. */
const FIRST_ROOM = 4096
const HEADER_SIZES = [11, 7, 3, 0] as const
/** Basic, message and extended header at their longest. */
const MAX_HEADER = 3 + 11 + 4

/**
 * Takes messages out of a stream of chunks. Nothing is allocated because a header says so: a message is collected from
 * the bytes that have come, and is refused by its header when it is longer than `maxMessage` bytes.
 * @throws BadRtmp from `push`; the reader must not be used after that
 */
export class ChunkReader {
  /** Until somebody has shown a key, only commands are awaited: they are short. */
  maxMessage = 65_536
  private chunkSize = 128
  private readonly streams = new Map<number, ChunkStream>()
  /** Bytes of a header, or before a header, that is not whole yet. */
  private rest: Buffer = NOTHING
  /** The stream whose chunk is being read, and how much of it is still to come. */
  private open: ChunkStream | null = null
  private left = 0

  constructor(private readonly onMessage: (message: InMessage) => void) {}

  push(chunk: Buffer): void {
    let data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk
    this.rest = NOTHING
    while (data.length > 0) {
      if (!this.open) {
        const used = this.header(data)
        if (used === 0) {
          if (data.length >= MAX_HEADER) throw new BadRtmp('a chunk header that never ends')
          this.rest = Buffer.from(data)
          return
        }
        data = data.subarray(used)
      }
      data = this.payload(data)
    }
  }

  /** Reads a chunk's header; returns its length, 0 when it is not whole yet. */
  private header(data: Buffer): number {
    const format = data[0]! >> 6
    const low = data[0]! & 0x3f
    const basic = low === 0 ? 2 : low === 1 ? 3 : 1
    let size = basic + HEADER_SIZES[format]!
    if (data.length < size) return 0
    const id = low === 0 ? data[1]! + 64 : low === 1 ? data[1]! + data[2]! * 256 + 64 : low
    const known = this.streams.get(id)
    if (format !== 0 && !known) throw new BadRtmp('a chunk that continues nothing')
    let stamp = format < 3 ? data.readUIntBE(basic, 3) : 0
    const extended = format < 3 ? stamp === 0xffffff : known!.extended
    if (extended) {
      if (data.length < size + 4) return 0
      if (format < 3) stamp = data.readUInt32BE(size)
      size += 4
    }
    const stream = known ?? this.add(id)
    stream.extended = extended
    this.begin(stream, format, data, basic, stamp)
    return size
  }

  private add(id: number): ChunkStream {
    if (this.streams.size >= MAX_CHUNK_STREAMS) throw new BadRtmp('too many chunk streams')
    const stream = { type: 0, stream: 0, length: 0, time: 0, delta: 0, extended: false, data: NOTHING, got: 0 }
    this.streams.set(id, stream)
    return stream
  }

  private begin(stream: ChunkStream, format: number, data: Buffer, basic: number, stamp: number): void {
    if (format < 3 && stream.got > 0) throw new BadRtmp('a message inside another one')
    if (format < 2) {
      stream.length = data.readUIntBE(basic + 3, 3)
      stream.type = data[basic + 6]!
      if (stream.length > this.maxMessage) throw new BadRtmp(`a message of ${stream.length} bytes`)
    }
    if (format === 0) {
      stream.stream = data.readUInt32LE(basic + 7)
      stream.time = stamp
      stream.delta = 0 // 5.3.1.2.4 would repeat the time; librtmp and ffmpeg do not
    } else if (stream.got === 0) {
      if (format < 3) stream.delta = stamp
      stream.time = (stream.time + stream.delta) >>> 0
    }
    this.open = stream
    this.left = Math.min(this.chunkSize, stream.length - stream.got)
  }

  /** Takes what belongs to the open chunk; returns what is left. */
  private payload(data: Buffer): Buffer {
    const stream = this.open!
    const count = Math.min(this.left, data.length)
    const end = stream.got + count
    if (end > stream.data.length) {
      const room = Math.min(stream.length, Math.max(end, FIRST_ROOM, stream.data.length * 2))
      const larger = Buffer.allocUnsafeSlow(room)
      stream.data.copy(larger, 0, 0, stream.got)
      stream.data = larger
    }
    data.copy(stream.data, stream.got, 0, count)
    stream.got = end
    this.left -= count
    if (this.left === 0) {
      this.open = null
      if (stream.got >= stream.length) this.finish(stream)
      else this.checkUnfinished()
    }
    return data.subarray(count)
  }

  /** A sender may interleave its messages, but together they are not longer than one may be, and a half. */
  private checkUnfinished(): void {
    let sum = 0
    for (const { got } of this.streams.values()) sum += got
    if (sum > this.maxMessage * 1.5) throw new BadRtmp('too many messages at once')
  }

  private finish(stream: ChunkStream): void {
    const body = stream.data.subarray(0, stream.length)
    stream.data = NOTHING
    stream.got = 0
    if (stream.type === MESSAGE.setChunkSize) this.setChunkSize(body)
    else if (stream.type === MESSAGE.abort) this.abort(body)
    else this.onMessage({ type: stream.type, stream: stream.stream, time: stream.time, body })
  }

  private setChunkSize(body: Buffer): void {
    if (body.length < 4) throw new BadRtmp('a chunk size that is cut off')
    const size = body.readUInt32BE()
    if (size < 1 || size > MAX_CHUNK_SIZE) throw new BadRtmp(`chunks of ${size} bytes`)
    this.chunkSize = size
  }

  private abort(body: Buffer): void {
    const stream = body.length >= 4 ? this.streams.get(body.readUInt32BE()) : undefined
    if (!stream) return
    stream.data = NOTHING
    stream.got = 0
  }
}
