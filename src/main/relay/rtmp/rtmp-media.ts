import { configBodies, metadata, packetHead, TAG } from '../flv/flv-tag'
import type { MediaPacket, StreamConfig } from '../live-packet'
import { MESSAGE, OUT_CHUNK_SIZE, writeMessage } from './chunk-writer'

/** Chunk streams of media, as others have them; 2 and 3 are control and commands. */
const CHUNK_STREAM = { [MESSAGE.sound]: 4, [MESSAGE.picture]: 5, [MESSAGE.data]: 6 } as const
/** The one message stream of a session. */
export const MEDIA_STREAM = 1

/** A packet for a player that pulls by RTMP; message types are those of FLV's tags. */
export function rtmpMedia(packet: MediaPacket): Buffer {
  const type = packet.track === 'picture' ? MESSAGE.picture : MESSAGE.sound
  return message(type, packet.timeMs, [packetHead(packet), packet.data])
}

/** What a player must have before the first packet. */
export function rtmpStart(config: StreamConfig, timeMs: number): Buffer {
  return Buffer.concat([
    message(MESSAGE.data, 0, [metadata(config)]),
    ...configBodies(config).map(({ type, body }) =>
      message(type === TAG.picture ? MESSAGE.picture : MESSAGE.sound, timeMs, [body]),
    ),
  ])
}

function message(type: keyof typeof CHUNK_STREAM, timeMs: number, body: readonly Uint8Array[]): Buffer {
  const out = { chunkStream: CHUNK_STREAM[type], type, stream: MEDIA_STREAM, time: Math.round(timeMs), body }
  return writeMessage(out, OUT_CHUNK_SIZE)
}
