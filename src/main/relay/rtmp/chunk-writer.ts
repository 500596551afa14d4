/** What our side announces and keeps to: one picture is then one or a few chunks. */
export const OUT_CHUNK_SIZE = 60_000

/** Message types, "Adobe's Real Time Messaging Protocol" 1.0 (2012), 5.4, 6.2 and 7.1. */
export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  sound: 8,
  picture: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  data: 18,
  command: 20,
  aggregate: 22,
} as const

export interface OutMessage {
  /** Chunk stream, 2 to 63. */
  chunkStream: number
  type: number
  /** Message stream: 0 for the connection, 1 for the one stream that each of our sessions has. */
  stream: number
  /** Milliseconds; wraps at 2^32. */
  time: number
  body: readonly Uint8Array[]
}

/** One message as chunks with a full header (RTMP 1.0, 5.3.1), so that the bytes fit every connection. */
export function writeMessage({ chunkStream, type, stream, time, body }: OutMessage, chunkSize: number): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 0)
  const clock = time >>> 0
  const isLong = clock >= 0xffffff
  const chunks = Math.max(1, Math.ceil(length / chunkSize))
  const extra = isLong ? 4 : 0
  const out = Buffer.allocUnsafe(12 + extra + length + (chunks - 1) * (1 + extra))
  out[0] = chunkStream
  out.writeUIntBE(isLong ? 0xffffff : clock, 1, 3)
  out.writeUIntBE(length, 4, 3)
  out[7] = type
  out.writeUInt32LE(stream, 8)
  if (isLong) out.writeUInt32BE(clock, 12)
  let at = 12 + extra
  let room = chunkSize
  for (const part of body) {
    for (let taken = 0; taken < part.length;) {
      if (room === 0) {
        out[at++] = 0xc0 | chunkStream
        if (isLong) at = out.writeUInt32BE(clock, at)
        room = chunkSize
      }
      const count = Math.min(room, part.length - taken)
      out.set(part.subarray(taken, taken + count), at)
      at += count
      taken += count
      room -= count
    }
  }
  return out
}
