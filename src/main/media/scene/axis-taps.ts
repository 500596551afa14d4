/** How one axis is sampled; positions are pixels of one plane. */
export interface AxisRequest {
  /** Where the sampled part of the source begins and ends; not whole. */
  from: number
  to: number
  /** Where the result begins and ends; whole. */
  start: number
  end: number
  /** What of the result is wanted, within start and end. */
  first: number
  last: number
  mirrored: boolean
  /** Room for so many weights at each position, at least: 2, 4, 8, 16 and so on. Extra ones are 0. */
  padded: boolean
}

/** For each wanted position of the result: from which source pixel on, and with which weights of 256. */
export interface AxisTaps {
  count: number
  /** Weights of one position; unused ones are 0. */
  taps: number
  /** First source pixel of each position. Unpadded taps stay within the sampled part. */
  first: Int32Array
  /** `taps` weights of each position, sum 256. */
  weights: Int16Array
  /** The source pixels that are used: from (inclusive) to (exclusive). */
  lowest: number
  highest: number
  /** Every position is one whole source pixel, in order: a copy. */
  isCopy: boolean
  /** Every position is the mean of the next two whole source pixels. */
  isHalf: boolean
}

const ONE = 256

/**
 * The weights of one axis of a separable filter: the mean of the covered area where pixels become fewer (a box filter
 * with fractional edges), linear interpolation between pixel centres where they become more. Pixels outside the sampled
 * part never shine in.
 */
export function axisTaps({ from, to, start, end, first, last, mirrored, padded }: AxisRequest): AxisTaps {
  const count = last - first
  const scale = (to - from) / (end - start)
  const low = Math.floor(from + 1e-6)
  const high = Math.max(low + 1, Math.ceil(to - 1e-6))
  // Areas of whole pixels from edge to edge, halves above all, touch no pixel more; others may begin within one.
  const isWhole = Number.isInteger(scale) && Number.isInteger(from)
  const needed = Math.min(high - low, scale > 1 ? Math.ceil(scale) + (isWhole ? 0 : 1) : 2)
  const taps = padded ? paddedTaps(needed) : needed
  const made: AxisTaps = {
    ...{ count, taps, first: new Int32Array(count), weights: new Int16Array(count * taps) },
    ...{ lowest: high, highest: low, isCopy: true, isHalf: needed >= 2 },
  }
  const cover = new Float64Array(needed)
  for (let i = 0; i < count; i++) {
    const at = mirrored ? end - 1 - (first + i - start) : first + i
    const begin = from + (at - start) * scale
    const centre = begin + scale / 2 - 0.5
    const wanted = scale > 1 ? Math.floor(begin + 1e-6) : Math.floor(centre + 1e-6)
    const pixel = Math.max(low, Math.min(high - needed, wanted))
    cover.fill(0)
    if (scale > 1) {
      for (let tap = 0; tap < needed; tap++) {
        cover[tap] = Math.max(0, Math.min(begin + scale, pixel + tap + 1) - Math.max(begin, pixel + tap)) / scale
      }
    } else {
      const near = Math.max(0, Math.min(needed - 1, centre - pixel))
      const left = Math.min(needed - 1, Math.floor(near + 1e-6))
      const share = Math.max(0, near - left)
      cover[left]! += 1 - share
      if (left + 1 < needed) cover[left + 1]! += share
    }
    quantise(cover, made.weights, i * taps)
    made.first[i] = pixel
    const used = made.weights.subarray(i * taps, (i + 1) * taps)
    made.lowest = Math.min(made.lowest, pixel)
    made.highest = Math.max(made.highest, pixel + needed)
    made.isCopy &&= used.includes(ONE) && used.indexOf(ONE) === pixelOfCopy(made, i) - pixel
    made.isHalf &&= pixel === made.first[0]! + 2 * i && used[0] === ONE / 2 && used[1] === ONE / 2
  }
  return made
}

/** Fast loops take weights in twos, fours, or eights. */
function paddedTaps(needed: number): number {
  if (needed <= 4) return needed <= 2 ? 2 : 4
  return 8 * Math.ceil(needed / 8)
}

/** Where position `i` must read if all is a copy that begins where position 0 reads. */
function pixelOfCopy({ first, weights, taps }: AxisTaps, i: number): number {
  return first[0]! + weights.subarray(0, taps).indexOf(ONE) + i
}

/** Shares to weights whose sum is exactly 256: the rounded running sum. */
function quantise(cover: Float64Array, weights: Int16Array, at: number): void {
  const total = cover.reduce((sum, share) => sum + share, 0)
  let sum = 0
  let given = 0
  cover.forEach((share, tap) => {
    sum += share
    const upTo = Math.round((sum / total) * ONE)
    weights[at + tap] = upTo - given
    given = upTo
  })
}
