import { StudioError } from '@shared/errors'
import { readAudioSpecificConfig } from '../audio-specific-config'
import type { PictureConfig, SoundConfig } from '../live-packet'
import { sizeOfAvcC } from './sps-size'

export type FlvPicture =
  { kind: 'config'; config: PictureConfig } | { kind: 'packet'; key: boolean; offsetMs: number; data: Buffer } | null
export type FlvSound = { kind: 'config'; config: SoundConfig } | { kind: 'packet'; data: Buffer } | null

const AVC = 7
const AAC = 10
/** Parameter sets of real encoders are below 200 bytes. */
const MAX_CONFIG = 4096

/**
 * The body of a picture tag or message (FLV 10.1, E.4.3). Null for what carries nothing to show.
 * @throws StudioError `not-h264`, `bad-stream`
 */
export function readPicture(body: Buffer): FlvPicture {
  const first = body[0]
  if (first === undefined) return null
  if ((first & 0x80) !== 0 || (first & 0x0f) !== AVC) {
    throw new StudioError('not-h264', 'The picture is not H.264. Choose H.264 (x264, NVENC H.264 …) as video encoder.')
  }
  if (first >> 4 === 5 || body.length < 6) return null // a command frame, or the end of a sequence
  const data = body.subarray(5)
  if (body[1] === 0) return { kind: 'config', config: pictureConfig(data) }
  if (body[1] !== 1) return null
  return { kind: 'packet', key: first >> 4 === 1, offsetMs: body.readIntBE(2, 3), data }
}

/**
 * The body of a sound tag or message (FLV 10.1, E.4.2).
 * @throws StudioError `not-aac`, `bad-stream`
 */
export function readSound(body: Buffer): FlvSound {
  const first = body[0]
  if (first === undefined) return null
  if (first >> 4 !== AAC) throw new StudioError('not-aac', 'The sound is not AAC. Choose AAC as audio encoder.')
  if (body.length < 3) return null
  const data = body.subarray(2)
  if (body[1] === 0) return { kind: 'config', config: soundConfig(data) }
  return body[1] === 1 ? { kind: 'packet', data } : null
}

/** @throws StudioError `bad-stream` for what no decoder can use */
export function pictureConfig(avcC: Uint8Array): PictureConfig {
  const size = avcC[0] === 1 && avcC.length <= MAX_CONFIG ? sizeOfAvcC(avcC) : null
  if (!size) throw damaged('its picture has no readable settings')
  return { avcC: Uint8Array.from(avcC), ...size }
}

/** @throws StudioError `bad-stream` for what no decoder can use */
export function soundConfig(asc: Uint8Array): SoundConfig {
  if (asc.length < 2 || asc.length > MAX_CONFIG) throw damaged('its sound has no readable settings')
  const { type, rate, channels } = readAudioSpecificConfig(asc)
  if (rate === undefined || channels > 7 || type === 0 || type === 31) throw damaged('its sound is of an unusual kind')
  return { asc: Uint8Array.from(asc), rate, channels: channels === 7 ? 8 : channels || 2 }
}

function damaged(what: string): StudioError {
  return new StudioError('bad-stream', `The incoming stream is damaged: ${what}. Stop the stream and start it again.`)
}
