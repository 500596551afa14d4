import { H264_NAL, nalType } from './nal-unit'
import type { RtpPacket } from './rtp-packet'

/** One picture as it came. */
export interface AssembledPicture {
  /** RTP ticks. */
  timestamp: number
  key: boolean
  /** NAL units behind their lengths (u32), without parameter sets. */
  data: Buffer
  /** Newest parameter sets; of key pictures. */
  sets: { sps: Buffer; pps: Buffer } | null
}

const MAX_PICTURE = 4 << 20
const MAX_UNITS = 512
const MAX_SET = 1024
const STAP_A = 24
const FU_A = 28

/**
 * Pictures out of RTP packets in order, RFC 6184, packetization mode 1: single NAL units (5.6), STAP-A (5.7.1), FU-A (5.8).
 * After a gap everything up to the next key picture is left out: a decoder could only show it damaged.
 */
export class H264Assembler {
  /** A key picture is needed before anything can be shown. */
  needsKey = true
  private units: Buffer[] = []
  private bytes = 0
  private timestamp = -1
  private isWhole = true
  private fragments: Buffer[] | null = null
  private sps: Buffer | null = null
  private pps: Buffer | null = null

  constructor(private readonly onPicture: (picture: AssembledPicture) => void) {}

  /** @param packet null: some are missing here */
  push(packet: RtpPacket | null): void {
    if (packet === null) {
      this.needsKey = true
      this.isWhole = false
      this.fragments = null
      return
    }
    if (packet.timestamp !== this.timestamp) {
      // the packet with the marker of the picture before is missing
      if (this.units.length > 0) this.finish()
      this.timestamp = packet.timestamp
    }
    this.take(packet.payload)
    if (packet.marker) this.finish()
  }

  private take(payload: Buffer): void {
    if (payload.length === 0) return
    const type = nalType(payload)
    if (type >= 1 && type < STAP_A) this.add(payload)
    else if (type === STAP_A) {
      for (let at = 1; at + 2 < payload.length;) {
        const length = payload.readUInt16BE(at)
        if (length === 0 || at + 2 + length > payload.length) return
        this.add(payload.subarray(at + 2, at + 2 + length))
        at += 2 + length
      }
    } else if (type === FU_A && payload.length > 2) {
      const head = payload[1]!
      if ((head & 0x80) !== 0) this.fragments = [Buffer.of((payload[0]! & 0x60) | (head & 0x1f))]
      if (!this.fragments) {
        this.isWhole = false
        return
      }
      this.fragments.push(payload.subarray(2))
      this.bytes += payload.length
      if (this.bytes > MAX_PICTURE) this.drop()
      else if ((head & 0x40) !== 0) {
        const unit = Buffer.concat(this.fragments)
        this.bytes -= unit.length
        this.fragments = null
        this.add(unit)
      }
    }
  }

  private add(unit: Buffer): void {
    const type = nalType(unit)
    if (type === H264_NAL.sps || type === H264_NAL.pps) {
      if (unit.length < 4 && type === H264_NAL.sps) return
      if (unit.length > MAX_SET) return
      if (type === H264_NAL.sps) this.sps = Buffer.from(unit)
      else this.pps = Buffer.from(unit)
    } else if (type !== H264_NAL.delimiter && type !== H264_NAL.filler) {
      this.bytes += unit.length
      this.units.push(unit)
      if (this.bytes > MAX_PICTURE || this.units.length > MAX_UNITS) this.drop()
    }
  }

  private drop(): void {
    this.units = []
    this.bytes = 0
    this.fragments = null
    this.isWhole = false
    this.needsKey = true
  }

  private finish(): void {
    const { units, isWhole, sps, pps } = this
    const isCutOff = this.fragments !== null
    this.units = []
    this.bytes = 0
    this.fragments = null
    this.isWhole = true
    if (units.length === 0) return
    if (!isWhole || isCutOff) {
      this.needsKey = true
      return
    }
    const key = units.some((unit) => nalType(unit) === H264_NAL.key)
    if (key && sps && pps) this.needsKey = false
    if (this.needsKey) return
    const data = Buffer.concat(
      units.flatMap((unit) => {
        const length = Buffer.allocUnsafe(4)
        length.writeUInt32BE(unit.length)
        return [length, unit]
      }),
    )
    this.onPicture({ timestamp: this.timestamp, key, data, sets: key && sps && pps ? { sps, pps } : null })
  }
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1.2) of one SPS and one PPS. */
export function avcCOf({ sps, pps }: { sps: Buffer; pps: Buffer }): Buffer {
  const head = Buffer.of(1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1, sps.length >> 8, sps.length & 0xff)
  const middle = Buffer.of(1, pps.length >> 8, pps.length & 0xff)
  // profiles from High on say how colours are sampled: 4:2:0, 8 bits, which is all that WebRTC has
  const end = [100, 110, 122, 144].includes(sps[1]!) ? Buffer.of(0xfd, 0xf8, 0xf8, 0) : Buffer.alloc(0)
  return Buffer.concat([head, sps, middle, pps, end])
}
