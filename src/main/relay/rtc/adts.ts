/** ISO/IEC 14496-3, table 1.18. */
const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]
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
  const type = asc[0]! >> 3
  const rateIndex = ((asc[0]! & 7) << 1) | (asc[1]! >> 7)
  const channels = (asc[1]! >> 3) & 0xf
  const rate = RATES[rateIndex]
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
