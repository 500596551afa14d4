/** What the other side says in one RTCP datagram. */
export interface RtcpNews {
  /** Sequence numbers that it misses (RFC 4585, 6.2.1), by the SSRC that they belong to. */
  missing: { ssrc: number; sequences: number[] }[]
  /** SSRCs of which it wants a key picture (PLI, RFC 4585, 6.3.1; FIR, RFC 5104, 4.3.1). */
  keyWanted: number[]
  /** Receiver's report on one of our SSRCs, RFC 3550, 6.4.1. `lost`: share of the newest packets, 0 to 1. */
  reports: { ssrc: number; lost: number }[]
  /** Sender's clocks: wall time in NTP's seconds, and the RTP timestamp of that moment. */
  clocks: { ssrc: number; ntpSeconds: number; timestamp: number }[]
  /** SSRCs that have said goodbye. */
  byes: number[]
}

const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const GOODBYE = 203
const TRANSPORT_FEEDBACK = 205
const PAYLOAD_FEEDBACK = 206
const NACK = 1
const PLI = 1
const FIR = 4
/** Seconds from 1900 to 1970. */
const NTP_OFFSET = 2_208_988_800
/** Nobody needs more of one datagram. */
const MAX_MISSING = 256
const MAX_REPORTS = 31

/** Reads a compound packet (RFC 3550, 6.1) as far as it is whole; never throws. */
export function readRtcp(bytes: Buffer): RtcpNews {
  const news: RtcpNews = { missing: [], keyWanted: [], reports: [], clocks: [], byes: [] }
  let asked = 0
  for (let at = 0; at + 8 <= bytes.length && bytes[at]! >> 6 === 2;) {
    const end = at + 4 + bytes.readUInt16BE(at + 2) * 4
    if (end > bytes.length || end < at + 8) break
    const packet = bytes.subarray(at, end)
    const count = packet[0]! & 0x1f
    const type = packet[1]!
    if (type === SENDER_REPORT && packet.length >= 28) {
      const ntpSeconds = packet.readUInt32BE(8) + packet.readUInt32BE(12) / 2 ** 32
      news.clocks.push({ ssrc: packet.readUInt32BE(4), ntpSeconds, timestamp: packet.readUInt32BE(16) })
      readReports(packet, 28, count, news)
    } else if (type === RECEIVER_REPORT) readReports(packet, 8, count, news)
    else if (type === GOODBYE) news.byes.push(packet.readUInt32BE(4))
    else if (type === TRANSPORT_FEEDBACK && count === NACK && packet.length >= 16) {
      const sequences: number[] = []
      for (let i = 12; i + 4 <= packet.length && asked < MAX_MISSING; i += 4) {
        const first = packet.readUInt16BE(i)
        const mask = packet.readUInt16BE(i + 2)
        for (let bit = -1; bit < 16 && asked < MAX_MISSING; bit++) {
          if (bit >= 0 && (mask & (1 << bit)) === 0) continue
          sequences.push((first + bit + 1) & 0xffff)
          asked++
        }
      }
      news.missing.push({ ssrc: packet.readUInt32BE(8), sequences })
    } else if (type === PAYLOAD_FEEDBACK && count === PLI && packet.length >= 12) {
      news.keyWanted.push(packet.readUInt32BE(8))
    } else if (type === PAYLOAD_FEEDBACK && count === FIR && packet.length >= 20) {
      news.keyWanted.push(packet.readUInt32BE(12))
    }
    at = end
  }
  return news
}

function readReports(packet: Buffer, from: number, count: number, { reports }: RtcpNews): void {
  for (let i = 0; i < count && from + (i + 1) * 24 <= packet.length && reports.length < MAX_REPORTS; i++) {
    const at = from + i * 24
    reports.push({ ssrc: packet.readUInt32BE(at), lost: packet[at + 4]! / 256 })
  }
}

/**
 * A sender's report (RFC 3550, 6.4.1) with the name that joins picture and sound (SDES CNAME, 6.5.1).
 * @param unixMs wall time of the moment that has `timestamp`
 */
export function writeSenderReport(report: {
  ssrc: number
  unixMs: number
  timestamp: number
  packets: number
  bytes: number
  cname: string
}): Buffer {
  const { ssrc, unixMs, timestamp, packets, bytes, cname } = report
  const name = Buffer.from(cname).subarray(0, 255)
  const sdesWords = Math.floor((4 + 2 + name.length) / 4) + 1
  const out = Buffer.alloc(28 + 4 + sdesWords * 4)
  out[0] = 0x80
  out[1] = SENDER_REPORT
  out.writeUInt16BE(6, 2)
  out.writeUInt32BE(ssrc, 4)
  const seconds = Math.floor(unixMs / 1000)
  out.writeUInt32BE((seconds + NTP_OFFSET) % 2 ** 32, 8)
  out.writeUInt32BE(Math.floor(((unixMs - seconds * 1000) / 1000) * 2 ** 32), 12)
  out.writeUInt32BE(timestamp >>> 0, 16)
  out.writeUInt32BE(packets >>> 0, 20)
  out.writeUInt32BE(bytes >>> 0, 24)
  out[28] = 0x81
  out[29] = 202
  out.writeUInt16BE(sdesWords, 30)
  out.writeUInt32BE(ssrc, 32)
  out[36] = 1
  out[37] = name.length
  name.copy(out, 38)
  return out
}

/** A receiver's report on one source, RFC 3550, 6.4.2. */
export function writeReceiverReport(report: {
  own: number
  ssrc: number
  /** Share of what came since the last report that was lost, 0 to 1. */
  lost: number
  lostInAll: number
  /** Highest sequence number with its rounds, 32 bits. */
  highest: number
}): Buffer {
  const out = Buffer.alloc(32)
  out[0] = 0x81
  out[1] = RECEIVER_REPORT
  out.writeUInt16BE(7, 2)
  out.writeUInt32BE(report.own, 4)
  out.writeUInt32BE(report.ssrc, 8)
  out[12] = Math.min(255, Math.floor(report.lost * 256))
  out.writeUIntBE(Math.min(0x7fffff, report.lostInAll), 13, 3)
  out.writeUInt32BE(report.highest >>> 0, 16)
  return out
}

/** Asks for packets again; `sequences` in growing order (RFC 4585, 6.2.1). */
export function writeNack(own: number, ssrc: number, sequences: readonly number[]): Buffer {
  const items: [first: number, mask: number][] = []
  for (const sequence of sequences) {
    const last = items.at(-1)
    const distance = last ? (sequence - last[0]) & 0xffff : 0
    if (last && distance >= 1 && distance <= 16) last[1] |= 1 << (distance - 1)
    else items.push([sequence, 0])
  }
  const out = Buffer.alloc(12 + items.length * 4)
  feedbackHead(out, TRANSPORT_FEEDBACK, NACK, own, ssrc)
  for (const [i, [first, mask]] of items.entries()) {
    out.writeUInt16BE(first, 12 + i * 4)
    out.writeUInt16BE(mask, 14 + i * 4)
  }
  return out
}

/** Asks for a key picture (PLI). */
export function writePictureLoss(own: number, ssrc: number): Buffer {
  const out = Buffer.alloc(12)
  feedbackHead(out, PAYLOAD_FEEDBACK, PLI, own, ssrc)
  return out
}

/** Says how much may be sent to us (REMB, draft-alvestrand-rmcat-remb-03, 2.2). */
export function writeBitrateLimit(own: number, ssrc: number, bitsPerSecond: number): Buffer {
  const out = Buffer.alloc(24)
  feedbackHead(out, PAYLOAD_FEEDBACK, 15, own, 0)
  out.write('REMB', 12)
  out[16] = 1
  let exponent = 0
  let mantissa = Math.floor(bitsPerSecond)
  for (; mantissa > 0x3ffff; mantissa = Math.floor(mantissa / 2)) exponent++
  out.writeUIntBE((exponent << 18) | mantissa, 17, 3)
  out.writeUInt32BE(ssrc >>> 0, 20)
  return out
}

function feedbackHead(out: Buffer, type: number, format: number, own: number, ssrc: number): void {
  out[0] = 0x80 | format
  out[1] = type
  out.writeUInt16BE(out.length / 4 - 1, 2)
  out.writeUInt32BE(own >>> 0, 4)
  out.writeUInt32BE(ssrc >>> 0, 8)
}
