import { flvTag } from './flv/flv-tag'
import { rtmpMedia } from './rtmp/rtmp-media'

/** What a decoder of the picture must be told first. Sizes in pixels. */
export interface PictureConfig {
  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15. */
  avcC: Uint8Array
  width: number
  height: number
}

/** What a decoder of the sound must be told first. */
export interface SoundConfig {
  /** AudioSpecificConfig, ISO/IEC 14496-3. */
  asc: Uint8Array
  /** Samples a second. */
  rate: number
  channels: number
}

export interface StreamConfig {
  picture: PictureConfig | null
  sound: SoundConfig | null
}

export type Track = 'picture' | 'sound'

/** One encoded picture (NAL units behind their lengths) or one raw AAC frame. */
export interface MediaPacket {
  track: Track
  /** A picture that needs no other; sound never is. */
  key: boolean
  /** Decoding time, milliseconds; grows within a track. */
  timeMs: number
  /** Presentation minus decoding time, milliseconds; 0 without reordered pictures. */
  offsetMs: number
  data: Uint8Array
}

/**
 * A packet on its way to the readers: written once for each protocol, however many read it, so that what waits for
 * slow readers is the same bytes for all of them.
 */
export class LivePacket implements MediaPacket {
  /** Decoding time in the ticks of its track in MP4: 1/90,000 s, or samples of sound. */
  readonly ticks: number
  readonly track: Track
  readonly key: boolean
  readonly timeMs: number
  readonly offsetMs: number
  readonly data: Uint8Array
  private flvBytes: Buffer | null = null
  private rtmpBytes: Buffer | null = null
  private mp4Bytes: Uint8Array | null = null

  constructor({ track, key, timeMs, offsetMs, data }: MediaPacket, ticks: number) {
    this.ticks = ticks
    this.track = track
    this.key = key
    this.timeMs = timeMs
    this.offsetMs = offsetMs
    this.data = data
  }

  get flv(): Uint8Array {
    return (this.flvBytes ??= flvTag(this))
  }

  get rtmp(): Uint8Array {
    return (this.rtmpBytes ??= rtmpMedia(this))
  }

  /** As a fragment of its own, which `write` makes. */
  mp4(write: (packet: LivePacket) => Uint8Array): Uint8Array {
    return (this.mp4Bytes ??= write(this))
  }
}
