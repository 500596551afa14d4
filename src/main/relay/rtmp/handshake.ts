import { randomFillSync } from 'node:crypto'
import { BadRtmp } from './chunk-reader'

const SIZE = 1536
const VERSION = 3

/**
 * The handshake as a server has it (RTMP 1.0, 5.2), the plain form: OBS, ffmpeg, librtmp and nginx all accept it. At
 * most 3,073 bytes are kept.
 */
export class Handshake {
  private got: Buffer = Buffer.alloc(0)
  private answered = false

  constructor(private readonly answer: (bytes: Buffer) => void) {}

  /**
   * Takes what has come; returns what lies behind the handshake once it is complete, null before.
   * @throws BadRtmp for another protocol
   */
  push(chunk: Buffer): Buffer | null {
    this.got = this.got.length > 0 ? Buffer.concat([this.got, chunk]) : chunk
    if (this.got.length > 0 && this.got[0] !== VERSION) throw new BadRtmp('this is not RTMP')
    if (this.got.length < 1 + SIZE) return null
    if (!this.answered) {
      this.answered = true
      const out = Buffer.alloc(1 + 2 * SIZE)
      out[0] = VERSION
      randomFillSync(out, 9, SIZE - 8) // S1: our time 0, four zeros, then anything
      this.got.copy(out, 1 + SIZE, 1, 1 + SIZE) // S2 is C1
      this.answer(out)
    }
    return this.got.length < 1 + 2 * SIZE ? null : this.got.subarray(1 + 2 * SIZE)
  }
}
