import type { MediaPacket, StreamConfig } from '../live-packet'
import { encodeAmf0 } from '../rtmp/amf0'

/** Tag types, Adobe Flash Video File Format Specification 10.1, annex E.4.1. */
export const TAG = { sound: 8, picture: 9, script: 18 } as const

/** "FLV", version 1, which tracks there are, and the size of the tag before the first one. */
export function flvHeader({ picture, sound }: StreamConfig): Buffer {
  return Buffer.of(0x46, 0x4c, 0x56, 1, (sound ? 4 : 0) | (picture ? 1 : 0), 0, 0, 0, 9, 0, 0, 0, 0)
}

/** What a player must have before the first packet: metadata and the codecs' configurations. */
export function flvStart(config: StreamConfig, timeMs: number): Buffer {
  // Metadata at time 0: ffmpeg takes later script tags for subtitles.
  const parts = [flvHeader(config), tag(TAG.script, 0, [metadata(config)])]
  for (const { type, body } of configBodies(config)) parts.push(tag(type, timeMs, [body]))
  return Buffer.concat(parts)
}

/** One packet with the tag's head and the pointer back behind it. */
export function flvTag(packet: MediaPacket): Buffer {
  const type = packet.track === 'picture' ? TAG.picture : TAG.sound
  return tag(type, packet.timeMs, [packetHead(packet), packet.data])
}

/** What comes before the data in the body of a tag or of an RTMP message (annex E.4.2 and E.4.3): H.264 or AAC. */
export function packetHead({ track, key, offsetMs }: Pick<MediaPacket, 'track' | 'key' | 'offsetMs'>): Buffer {
  if (track === 'sound') return Buffer.of(0xaf, 1)
  const head = Buffer.of(key ? 0x17 : 0x27, 1, 0, 0, 0)
  head.writeIntBE(Math.round(offsetMs), 2, 3)
  return head
}

/** The bodies that carry the codecs' configurations. */
export function configBodies({ picture, sound }: StreamConfig): { type: number; body: Buffer }[] {
  return [
    ...(picture ? [{ type: TAG.picture, body: Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), picture.avcC]) }] : []),
    ...(sound ? [{ type: TAG.sound, body: Buffer.concat([Buffer.of(0xaf, 0), sound.asc]) }] : []),
  ]
}

/** The body of the script tag `onMetaData`. */
export function metadata({ picture, sound }: StreamConfig): Buffer {
  return encodeAmf0('onMetaData', {
    ...(picture ? { width: picture.width, height: picture.height, videocodecid: 7 } : {}),
    ...(sound ? { audiocodecid: 10, audiosamplerate: sound.rate, stereo: sound.channels > 1 } : {}),
    encoder: 'WE Studio',
  })
}

function tag(type: number, timeMs: number, body: readonly Uint8Array[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 0)
  const bytes = Buffer.allocUnsafe(11 + length + 4)
  const time = Math.round(timeMs) >>> 0
  bytes[0] = type
  bytes.writeUIntBE(length, 1, 3)
  bytes.writeUIntBE(time & 0xffffff, 4, 3)
  bytes[7] = time >>> 24
  bytes.fill(0, 8, 11)
  let at = 11
  for (const part of body) {
    bytes.set(part, at)
    at += part.length
  }
  bytes.writeUInt32BE(11 + length, at)
  return bytes
}
