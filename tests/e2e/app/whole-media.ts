/**
 * The whole tags of the beginning of an FLV stream: what was cut off at its end is left out. Adobe Flash Video File
 * Format Specification 10.1, annex E.
 */
export function wholeFlv(bytes: Buffer): Buffer[] {
  let end = 13 // header and the first PreviousTagSize
  while (end + 11 <= bytes.length) {
    const next = end + 11 + bytes.readUIntBE(end + 1, 3) + 4
    if (next > bytes.length) break
    end = next
  }
  return [bytes.subarray(0, end)]
}

/**
 * The whole boxes of the beginning of a fragmented MP4 stream (ISO/IEC 14496-12), one part for each initialisation: an
 * encoder that is changed in mid-stream begins another, which MediaSource takes and ffmpeg takes only as another file.
 */
export function wholeMp4(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let start = 0
  let end = 0
  while (end + 8 <= bytes.length) {
    const next = end + bytes.readUInt32BE(end)
    if (next > bytes.length || next < end + 8) break
    if (bytes.toString('latin1', end + 4, end + 8) === 'ftyp' && end > start) {
      parts.push(bytes.subarray(start, end))
      start = end
    }
    end = next
  }
  return [...parts, bytes.subarray(start, end)]
}
