/** ISO/IEC 14496-3, table 1.18. */
const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]

/**
 * The first two bytes of an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1), which it must have. `rate` in samples a second;
 * undefined for an index that stands for none.
 */
export function readAudioSpecificConfig(asc: Uint8Array): {
  type: number
  rateIndex: number
  rate: number | undefined
  channels: number
} {
  const rateIndex = ((asc[0]! & 7) << 1) | (asc[1]! >> 7)
  return { type: asc[0]! >> 3, rateIndex, rate: RATES[rateIndex], channels: (asc[1]! >> 3) & 0xf }
}
