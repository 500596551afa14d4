/** Kinds of NAL units, ITU-T H.264 table 7-1. */
export const H264_NAL = { slice: 1, key: 5, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const

export function nalType(unit: Uint8Array): number {
  return unit[0]! & 0x1f
}
