/** RTP header without contributors and extensions, RFC 3550, 5.1. */
export const RTP_HEADER = 12

export interface RtpPacket {
  payloadType: number
  marker: boolean
  /** 16 bits. */
  sequence: number
  /** 32 bits, in ticks of the payload's clock. */
  timestamp: number
  ssrc: number
  payload: Buffer
}

/** Whether a datagram of a multiplexed session is RTCP, RFC 5761, 4. */
export function isRtcp(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && bytes[1]! >= 192 && bytes[1]! <= 223
}

/** @param parts of the payload, one behind the other */
export function writeRtp(head: Omit<RtpPacket, 'payload'>, parts: readonly Uint8Array[]): Buffer {
  let length = RTP_HEADER
  for (const part of parts) length += part.length
  const packet = Buffer.allocUnsafe(length)
  packet[0] = 0x80
  packet[1] = (head.marker ? 0x80 : 0) | head.payloadType
  packet.writeUInt16BE(head.sequence & 0xffff, 2)
  packet.writeUInt32BE(head.timestamp >>> 0, 4)
  packet.writeUInt32BE(head.ssrc >>> 0, 8)
  let at = RTP_HEADER
  for (const part of parts) {
    packet.set(part, at)
    at += part.length
  }
  return packet
}

/** Null for what is no RTP packet of version 2. The payload lies inside `bytes`. */
export function readRtp(bytes: Buffer): RtpPacket | null {
  if (bytes.length < RTP_HEADER || bytes[0]! >> 6 !== 2) return null
  let start = RTP_HEADER + (bytes[0]! & 0xf) * 4
  if ((bytes[0]! & 0x10) !== 0) {
    if (bytes.length < start + 4) return null
    start += 4 + bytes.readUInt16BE(start + 2) * 4
  }
  const padding = (bytes[0]! & 0x20) === 0 ? 0 : bytes[bytes.length - 1]!
  const end = bytes.length - padding
  if (end < start) return null
  return {
    payloadType: bytes[1]! & 0x7f,
    marker: (bytes[1]! & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  }
}
