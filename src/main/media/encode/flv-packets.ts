import { StudioError } from '@shared/errors'
import { join } from '@shared/media/mp4-boxes'

/** Far above any packet of ours; a length beyond it means that we lost the borders. */
const MAX_TAG = 16 << 20
const HEADER = 11
const AUDIO = 8
const VIDEO = 9
const AVC = 7
const AAC = 10

export interface FlvHandlers {
  /** Before the first packet: avcC (ISO/IEC 14496-15) of a picture, AudioSpecificConfig (14496-3) of a sound. */
  onConfig(bytes: Uint8Array): void
  /** One encoded picture (NAL units behind their lengths) or one AAC frame. */
  onPacket(bytes: Uint8Array, key: boolean): void
}

/**
 * Takes the packets out of an FLV stream (Adobe FLV specification 10.1, annex E) of one track. FLV, because its
 * muxer writes every packet whole and at once; MP4 keeps each until the next is there. Its times are not read: packets
 * are counted.
 * @throws StudioError `bad-stream` from `push`; the reader must not be used after that
 */
export class FlvPackets {
  private pending: Uint8Array[] = []
  private length = 0
  /** What must be there before the next step: the file header with its first back pointer, then a tag's header. */
  private started = false

  constructor(private readonly handlers: FlvHandlers) {}

  push(chunk: Uint8Array): void {
    this.pending.push(chunk)
    this.length += chunk.length
    if (!this.started) {
      if (this.length < 13) return
      const head = this.take(13)
      if (head[0] !== 0x46 || head[1] !== 0x4c || head[2] !== 0x56) throw damaged('it does not begin as FLV')
      this.started = true
    }
    while (this.length >= HEADER) {
      if (this.pending[0]!.length < HEADER) this.pending = [join(this.pending)]
      const first = this.pending[0]!
      const size = (first[1]! << 16) | (first[2]! << 8) | first[3]!
      if (size > MAX_TAG) throw damaged(`a packet of ${size} bytes`)
      if (this.length < HEADER + size + 4) return
      this.tag(this.take(HEADER + size + 4).subarray(0, HEADER + size))
    }
  }

  private take(size: number): Uint8Array {
    const all = this.pending.length === 1 ? this.pending[0]! : join(this.pending)
    const rest = all.subarray(size)
    this.pending = rest.length > 0 ? [rest] : []
    this.length -= size
    return all.subarray(0, size)
  }

  private tag(bytes: Uint8Array): void {
    const type = bytes[0]! & 0x1f
    const format = bytes[HEADER] ?? 0
    const kind = bytes[HEADER + 1]
    if (type === VIDEO) {
      if ((format & 0xf) !== AVC) throw damaged('the picture is not H.264')
      if (bytes[HEADER + 2] || bytes[HEADER + 3] || bytes[HEADER + 4]) throw damaged('reordered pictures')
      this.give(kind, tight(bytes.subarray(HEADER + 5)), format >> 4 === 1)
    } else if (type === AUDIO) {
      if (format >> 4 !== AAC) throw damaged('the sound is not AAC')
      this.give(kind, tight(bytes.subarray(HEADER + 2)), true)
    }
  }

  private give(kind: number | undefined, data: Uint8Array, key: boolean): void {
    if (kind === 0) this.handlers.onConfig(data)
    else if (kind === 1) this.handlers.onPacket(data, key)
  }
}

/**
 * A copy with memory of its own. A Buffer's `slice` only looks at the chunk of the pipe, and a message port copies the
 * whole memory behind such a look.
 */
function tight(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

function damaged(what: string): StudioError {
  return new StudioError('bad-stream', `The encoded stream is damaged: ${what}. Stop and start again.`)
}
