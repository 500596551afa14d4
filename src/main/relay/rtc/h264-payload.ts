import { H264_NAL, nalType } from './nal-unit'

/** Fits the smallest path of the internet that WebRTC reckons with, with SRTP and UDP around it. */
const MAX_PAYLOAD = 1180
const STAP_A = 24
const FU_A = 28

/** SPS and PPS of an avcC (ISO/IEC 14496-15, 5.3.3.1.2), or an empty list where it cannot be read. */
export function parameterSets(avcC: Uint8Array): Uint8Array[] {
  const sets: Uint8Array[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = (avcC[at++] ?? 0) & mask
    for (let i = 0; i < count; i++) {
      const length = ((avcC[at] ?? 0) << 8) | (avcC[at + 1] ?? 0)
      at += 2
      if (length === 0 || at + length > avcC.length) return []
      sets.push(avcC.subarray(at, at + length))
      at += length
    }
  }
  return sets
}

/** The NAL units of a picture, each behind its length (u32); what is cut off is left out. */
export function* nalUnits(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 4 < data.length;) {
    const length = data[at]! * 2 ** 24 + ((data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!)
    at += 4
    if (length === 0 || at + length > data.length) return
    yield data.subarray(at, at + length)
    at += length
  }
}

/**
 * One picture as RTP payloads, RFC 6184, packetization mode 1: parameter sets together before a key picture (a STAP-A,
 * 5.7.1), a NAL unit that fits as it is (5.6), a larger one in FU-As (5.8). Each payload is a list of parts that lie one
 * behind the other; the large ones are not copied.
 * @param sets parameter sets of the picture, when it is a key picture
 */
export function h264Payloads(data: Uint8Array, sets: readonly Uint8Array[], maxPayload = MAX_PAYLOAD): Uint8Array[][] {
  const units: Uint8Array[] = []
  let hasSets = false
  for (const unit of nalUnits(data)) {
    const type = nalType(unit)
    if (type === H264_NAL.delimiter || type === H264_NAL.filler) continue
    hasSets ||= type === H264_NAL.sps
    units.push(unit)
  }
  const payloads: Uint8Array[][] = []
  if (!hasSets && sets.length > 0 && units.length > 0) {
    const size = sets.reduce((sum, { length }) => sum + 2 + length, 1)
    if (size <= maxPayload) payloads.push(together(sets))
    else units.unshift(...sets)
  }
  for (const unit of units) {
    if (unit.length <= maxPayload) payloads.push([unit])
    else payloads.push(...inPieces(unit, maxPayload))
  }
  return payloads
}

function together(units: readonly Uint8Array[]): Uint8Array[] {
  const importance = Math.max(...units.map((unit) => unit[0]! & 0x60))
  const parts: Uint8Array[] = [Uint8Array.of(importance | STAP_A)]
  for (const unit of units) parts.push(Uint8Array.of(unit.length >> 8, unit.length & 0xff), unit)
  return parts
}

function inPieces(unit: Uint8Array, maxPayload: number): Uint8Array[][] {
  const head = unit[0]!
  const room = maxPayload - 2
  const count = Math.ceil((unit.length - 1) / room)
  // equal pieces: no tiny last one
  const size = Math.ceil((unit.length - 1) / count)
  const pieces: Uint8Array[][] = []
  for (let at = 1; at < unit.length; at += size) {
    const first = at === 1 ? 0x80 : 0
    const last = at + size >= unit.length ? 0x40 : 0
    pieces.push([Uint8Array.of((head & 0x60) | FU_A, first | last | (head & 0x1f)), unit.subarray(at, at + size)])
  }
  return pieces
}
