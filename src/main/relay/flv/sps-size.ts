/** Far above 8K; a larger number means that the bits are not what we think. */
const MAX_SIDE = 16_384
/** Profiles whose SPS says how the colours are sampled, ITU-T H.264 7.3.2.1.1. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/**
 * Width and height in pixels that the first sequence parameter set of an avcC states (ITU-T H.264, 7.3.2.1.1); null
 * when it cannot be read.
 */
export function sizeOfAvcC(avcC: Uint8Array): { width: number; height: number } | null {
  if (avcC.length < 8 || (avcC[5]! & 0x1f) === 0) return null
  const length = (avcC[6]! << 8) | avcC[7]!
  if (length < 4 || 8 + length > avcC.length) return null
  const bits = new Bits(withoutEscapes(avcC.subarray(8, 8 + length)))
  try {
    return sizeOf(bits)
  } catch {
    return null
  }
}

function sizeOf(bits: Bits): { width: number; height: number } | null {
  bits.skip(8)
  const profile = bits.read(8)
  bits.skip(16)
  bits.golomb()
  let chroma = 1
  if (HIGH_PROFILES.has(profile)) {
    chroma = bits.golomb()
    if (chroma === 3) bits.skip(1)
    bits.golomb()
    bits.golomb()
    bits.skip(1)
    if (bits.read(1) === 1) for (let i = 0; i < (chroma === 3 ? 12 : 8); i++) skipScalingList(bits, i < 6 ? 16 : 64)
  }
  bits.golomb()
  const order = bits.golomb()
  if (order === 0) bits.golomb()
  else if (order === 1) {
    bits.skip(1)
    bits.golomb()
    bits.golomb()
    const cycle = bits.golomb()
    if (cycle > 255) return null
    for (let i = 0; i < cycle; i++) bits.golomb()
  }
  bits.golomb()
  bits.skip(1)
  const widthInBlocks = bits.golomb() + 1
  const heightInUnits = bits.golomb() + 1
  const frames = bits.read(1)
  if (frames === 0) bits.skip(1)
  bits.skip(1)
  const crop = bits.read(1) === 1 ? Array.from({ length: 4 }, () => bits.golomb()) : [0, 0, 0, 0]
  const stepX = chroma === 1 || chroma === 2 ? 2 : 1
  const stepY = (chroma === 1 ? 2 : 1) * (2 - frames)
  const width = widthInBlocks * 16 - stepX * (crop[0]! + crop[1]!)
  const height = heightInUnits * 16 * (2 - frames) - stepY * (crop[2]! + crop[3]!)
  return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE ? { width, height } : null
}

function skipScalingList(bits: Bits, size: number): void {
  if (bits.read(1) === 0) return
  let last = 8
  let next = 8
  for (let i = 0; i < size; i++) {
    if (next !== 0) {
      const code = bits.golomb()
      next = (last + (code % 2 === 0 ? -code / 2 : (code + 1) / 2) + 256) % 256
    }
    if (next !== 0) last = next
  }
}

/** 7.4.1: a 3 behind two zeros is only there to hide them. */
function withoutEscapes(nal: Uint8Array): Uint8Array {
  return nal.filter((byte, i) => !(byte === 3 && i >= 2 && nal[i - 1] === 0 && nal[i - 2] === 0))
}

class Bits {
  private at = 0

  constructor(private readonly bytes: Uint8Array) {}

  read(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      const byte = this.bytes[this.at >> 3]
      if (byte === undefined) throw new RangeError('cut off')
      value = value * 2 + ((byte >> (7 - (this.at & 7))) & 1)
      this.at++
    }
    return value
  }

  skip(count: number): void {
    this.read(count)
  }

  /** ue(v), 9.1 */
  golomb(): number {
    let zeros = 0
    while (this.read(1) === 0) if (++zeros > 31) throw new RangeError('no number')
    return 2 ** zeros - 1 + this.read(zeros)
  }
}
