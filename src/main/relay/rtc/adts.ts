import { readAudioSpecificConfig } from '../audio-specific-config'

const HEADER = 7
/** The field of the length has 13 bits. */
const MAX_FRAME = 8191

/**
 * What goes before each AAC frame so that a stream of them can be read (ADTS, ISO/IEC 14496-3, 1.A.2.2); null for sound
 * that ADTS cannot describe.
 * @param asc AudioSpecificConfig
 */
export function adtsHeader(asc: Uint8Array): { of: (length: number) => Buffer; rate: number } | null {
  if (asc.length < 2) return null
  const { type, rateIndex, rate, channels } = readAudioSpecificConfig(asc)
  if (rate === undefined || type < 1 || type > 4 || channels < 1 || channels > 7) return null
  const of = (length: number): Buffer => {
    const size = Math.min(MAX_FRAME, HEADER + length)
    return Buffer.of(
      0xff,
      0xf1,
      ((type - 1) << 6) | (rateIndex << 2) | (channels >> 2),
      ((channels & 3) << 6) | (size >> 11),
      (size >> 3) & 0xff,
      ((size & 7) << 5) | 0x1f,
      0xfc,
    )
  }
  return { of, rate }
}
