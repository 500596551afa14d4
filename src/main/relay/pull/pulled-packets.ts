import { StudioError } from '@shared/errors'
import { FlvReader, type FlvTagIn } from '../flv/flv-reader'
import { sizeOfAvcC } from '../flv/sps-size'

const AUDIO = 8
const VIDEO = 9
const AVC = 7
const AAC = 10
/** Parameter sets of real encoders are below 200 bytes. */
const MAX_CONFIG = 4096

/** One encoded picture (NAL units behind their lengths) or one AAC frame of 48,000 samples a second. */
export interface PulledPacket {
  track: 'picture' | 'sound'
  key: boolean
  /** Decoding and presentation time, milliseconds. */
  dtsMs: number
  ptsMs: number
  data: Uint8Array
}

export interface PulledConfig {
  avcC: Uint8Array
  /** Pixels. */
  width: number
  height: number
}

export interface PulledPacketHandlers {
  onConfig(config: PulledConfig): void
  /** AudioSpecificConfig, ISO/IEC 14496-3. */
  onSoundConfig(asc: Uint8Array): void
  onPacket(packet: PulledPacket): void
}

/**
 * Takes what our ffmpeg writes for a pulled video apart: FLV of H.264 and AAC (Adobe FLV 10.1, annex E).
 * @throws StudioError `bad-stream` from `push`; the reader must not be used after that
 */
export class PulledPackets {
  private readonly reader: FlvReader
  private lengthBytes = 4

  constructor(private readonly handlers: PulledPacketHandlers) {
    this.reader = new FlvReader((tag) => this.tag(tag))
  }

  push(chunk: Buffer): void {
    this.reader.push(chunk)
  }

  private tag({ type, time, body }: FlvTagIn): void {
    const [first = 0, kind] = body
    if (type === VIDEO && (first & 0xf) === AVC && body.length > 5) {
      const data = body.subarray(5)
      if (kind === 0) this.pictureConfig(data)
      else if (kind === 1) {
        if (this.lengthBytes !== 4) throw damaged('lengths of another size')
        const ptsMs = time + body.readIntBE(2, 3)
        this.packet({ track: 'picture', key: first >> 4 === 1, dtsMs: time, ptsMs, data })
      }
    } else if (type === AUDIO && first >> 4 === AAC && body.length > 2) {
      const data = body.subarray(2)
      if (kind === 0 && data.length <= MAX_CONFIG) this.handlers.onSoundConfig(Uint8Array.from(data))
      else if (kind === 1) this.packet({ track: 'sound', key: true, dtsMs: time, ptsMs: time, data })
    }
  }

  private pictureConfig(avcC: Buffer): void {
    const size = avcC[0] === 1 && avcC.length <= MAX_CONFIG ? sizeOfAvcC(avcC) : null
    if (!size) throw damaged('its picture has no readable settings')
    this.lengthBytes = (avcC[4]! & 3) + 1
    this.handlers.onConfig({ avcC: Uint8Array.from(avcC), ...size })
  }

  private packet(packet: PulledPacket): void {
    // Memory of its own: a message port would send all that lies behind a view.
    this.handlers.onPacket({ ...packet, data: Uint8Array.from(packet.data) })
  }
}

function damaged(what: string): StudioError {
  return new StudioError('bad-stream', `This video is damaged: ${what}.`)
}
