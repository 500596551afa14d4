import { randomInt } from 'node:crypto'
import { RTP_HEADER, writeRtp } from './rtp-packet'
import { writeSenderReport } from './rtcp'

/** Packets that can be asked for again: at least a second of 8 Mbit/s. */
const KEPT = 1024
/** One packet is sent again at most so often; who still misses it waits for the next key picture. */
const MAX_AGAIN = 3

/** One track on its way out: numbers its packets, keeps the newest for those who miss some, and tells its clock. */
export class RtpSender {
  readonly ssrc = randomInt(1, 2 ** 32 - 1)
  private sequence = randomInt(0x8000)
  private readonly firstStamp = randomInt(2 ** 32 - 1)
  private readonly kept = new Array<{ sequence: number; packet: Buffer; again: number } | undefined>(KEPT)
  private packets = 0
  private bytes = 0

  /** @param clockRate ticks a second */
  constructor(
    public payloadType: number,
    private readonly clockRate: number,
  ) {}

  /** The packets of one picture or one frame of sound. @param time of it, in ticks of this track since any beginning */
  write(time: number, payloads: readonly (readonly Uint8Array[])[], markLast: boolean): Buffer[] {
    const timestamp = (this.firstStamp + time) % 2 ** 32
    return payloads.map((parts, i) => {
      const { sequence } = this
      const marker = markLast && i === payloads.length - 1
      const packet = writeRtp({ payloadType: this.payloadType, marker, sequence, timestamp, ssrc: this.ssrc }, parts)
      this.kept[sequence % KEPT] = { sequence, packet, again: 0 }
      this.sequence = (sequence + 1) & 0xffff
      this.packets++
      this.bytes += packet.length - RTP_HEADER
      return packet
    })
  }

  /** Packets that the other side misses, as far as they are still kept. */
  again(sequences: readonly number[]): Buffer[] {
    return sequences.flatMap((sequence) => {
      const entry = this.kept[sequence % KEPT]
      if (entry?.sequence !== sequence || entry.again >= MAX_AGAIN) return []
      entry.again++
      return [entry.packet]
    })
  }

  /** @param ms time since the beginning that `write` counts from, milliseconds; @param unixMs the wall time of that moment */
  report(ms: number, unixMs: number, cname: string): Buffer | null {
    if (this.packets === 0) return null
    const timestamp = (this.firstStamp + Math.round((ms * this.clockRate) / 1000)) % 2 ** 32
    return writeSenderReport({ ssrc: this.ssrc, unixMs, timestamp, packets: this.packets, bytes: this.bytes, cname })
  }
}
