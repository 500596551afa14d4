/**
 * The loops of the compositor in AssemblyScript with SIMD; `plane-scaler.ts` and `compositor.ts` say in TypeScript what
 * they do, to the last bit. The host lays out all memory and passes addresses; buffers have a vector of room behind them.
 */

/** `PlaneScaler.filter`: weighted sums of rows, then of columns. Weights are i16 with sum 256, first pixels i32. */
export function filter(
  source: usize,
  stride: i32,
  target: usize,
  targetStride: i32,
  count: i32,
  taps: i32,
  first: usize,
  weights: usize,
  lowest: i32,
  highest: i32,
  rows: i32,
  rowTaps: i32,
  rowFirst: usize,
  rowWeights: usize,
  sums: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const from = source + load<i32>(rowFirst + (row << 2)) * stride
    sumRows(from, stride, rowTaps, rowWeights + row * rowTaps * 2, lowest, highest, sums)
    const to = target + row * targetStride
    if (taps == 2) sumPairs(to, count, first, weights, sums)
    else if (taps == 4) sumFours(to, count, first, weights, sums)
    else sumMany(to, count, taps, first, weights, sums)
  }
}

/** 15 bits for each column: 255 * 256, halved so that it fits a signed number. */
function sumRows(from: usize, stride: i32, taps: i32, weights: usize, lowest: i32, highest: i32, sums: usize): void {
  const one = i16x8.splat(1)
  for (let x = lowest; x < highest; x += 16) {
    let low = one
    let high = one
    let at = from + x
    for (let tap = 0; tap < taps; tap++) {
      const weight = v128.load16_splat(weights + (tap << 1))
      const pixels = v128.load(at)
      low = i16x8.add(low, i16x8.mul(i16x8.extend_low_i8x16_u(pixels), weight))
      high = i16x8.add(high, i16x8.mul(i16x8.extend_high_i8x16_u(pixels), weight))
      at += stride
    }
    v128.store(sums + (x << 1), i16x8.shr_u(low, 1))
    v128.store(sums + (x << 1) + 16, i16x8.shr_u(high, 1))
  }
}

function storeFour(to: usize, sums: v128): void {
  const rounded = i32x4.shr_s(i32x4.add(sums, i32x4.splat(16384)), 15)
  const words = i16x8.narrow_i32x4_s(rounded, rounded)
  store<u32>(to, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0))
}

function storeOne(to: usize, at: usize, taps: i32, weights: usize): void {
  let sum: i32 = 16384
  for (let tap = 0; tap < taps; tap++) sum += <i32>load<i16>(at + (tap << 1)) * <i32>load<i16>(weights + (tap << 1))
  store<u8>(to, sum >> 15)
}

function sumPairs(to: usize, count: i32, first: usize, weights: usize, sums: usize): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const at = first + (i << 2)
    let pairs = v128.load32_zero(sums + (load<i32>(at) << 1))
    pairs = v128.load32_lane(sums + (load<i32>(at, 4) << 1), pairs, 1)
    pairs = v128.load32_lane(sums + (load<i32>(at, 8) << 1), pairs, 2)
    pairs = v128.load32_lane(sums + (load<i32>(at, 12) << 1), pairs, 3)
    storeFour(to + i, i32x4.dot_i16x8_s(pairs, v128.load(weights + (i << 2))))
  }
  for (; i < count; i++) storeOne(to + i, sums + (load<i32>(first + (i << 2)) << 1), 2, weights + (i << 2))
}

function sumFours(to: usize, count: i32, first: usize, weights: usize, sums: usize): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const at = first + (i << 2)
    const share = weights + (i << 3)
    let a = v128.load64_zero(sums + (load<i32>(at) << 1))
    a = v128.load64_lane(sums + (load<i32>(at, 4) << 1), a, 1)
    let b = v128.load64_zero(sums + (load<i32>(at, 8) << 1))
    b = v128.load64_lane(sums + (load<i32>(at, 12) << 1), b, 1)
    a = i32x4.dot_i16x8_s(a, v128.load(share))
    b = i32x4.dot_i16x8_s(b, v128.load(share, 16))
    storeFour(to + i, i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7)))
  }
  for (; i < count; i++) storeOne(to + i, sums + (load<i32>(first + (i << 2)) << 1), 4, weights + (i << 3))
}

/** Taps in eights. */
function sumMany(to: usize, count: i32, taps: i32, first: usize, weights: usize, sums: usize): void {
  let share = weights
  for (let i = 0; i < count; i++) {
    let at = sums + (load<i32>(first + (i << 2)) << 1)
    let sum = i32x4.dot_i16x8_s(v128.load(at), v128.load(share))
    share += 16
    for (let tap = 8; tap < taps; tap += 8) {
      at += 16
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(at), v128.load(share)))
      share += 16
    }
    const pairs = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1))
    store<u8>(to + i, (i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) + 16384) >> 15)
  }
}

/** `PlaneScaler.halve`: means of 2x2 pixels. */
export function halve(source: usize, stride: i32, target: usize, targetStride: i32, count: i32, rows: i32): void {
  const two = i16x8.splat(2)
  for (let row = 0; row < rows; row++) {
    const from = source + 2 * row * stride
    const to = target + row * targetStride
    let i = 0
    for (; i + 8 <= count; i += 8) {
      const at = from + (i << 1)
      const upper = i16x8.extadd_pairwise_i8x16_u(v128.load(at))
      const lower = i16x8.extadd_pairwise_i8x16_u(v128.load(at + stride))
      const means = i16x8.shr_u(i16x8.add(i16x8.add(upper, lower), two), 2)
      v128.store64_lane(to + i, i8x16.narrow_i16x8_u(means, means), 0)
    }
    for (; i < count; i++) {
      const at = from + (i << 1)
      const sum = <i32>load<u8>(at) + load<u8>(at, 1) + load<u8>(at + stride) + load<u8>(at + stride, 1)
      store<u8>(to + i, (sum + 2) >> 2)
    }
  }
}

/** `crossfade`: weight of `other` in 256ths. The length is a multiple of 16 or has room behind it. */
export function fade(canvas: usize, other: usize, length: i32, weight: i32): void {
  const mine = i16x8.splat(<i16>(256 - weight))
  const its = i16x8.splat(<i16>weight)
  const half = i16x8.splat(128)
  for (let i = 0; i < length; i += 16) {
    const a = v128.load(canvas + i)
    const b = v128.load(other + i)
    const low = i16x8.add(
      i16x8.mul(i16x8.extend_low_i8x16_u(a), mine),
      i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(b), its), half),
    )
    const high = i16x8.add(
      i16x8.mul(i16x8.extend_high_i8x16_u(a), mine),
      i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(b), its), half),
    )
    v128.store(canvas + i, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)))
  }
}
