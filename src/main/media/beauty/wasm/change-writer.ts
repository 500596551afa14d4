/** Fixed point, as in plain/change-writer.ts: gains of 2^14, offsets of 2^6, products rounded as in Q15. */
const GAIN_ONE: f32 = 16384
const OFFSET_ONE: f32 = 64
const LIMIT: f32 = 16383

/**
 * Value += gain * value + offset, both enlarged bilinearly, in the same integers as plain/change-writer.ts.
 *
 * @param gains, offsets room for the planes as 16-bit integers
 * @param rowGain, rowOffset room for one row, one number before and a vector behind it
 */
export function addChange(
  pixels: usize,
  stride: i32,
  width: i32,
  height: i32,
  step: i32,
  gain: usize,
  offset: usize,
  columns: i32,
  rows: i32,
  gains: usize,
  offsets: usize,
  rowGain: usize,
  rowOffset: usize,
): void {
  round(gain, gains, columns * rows, GAIN_ONE)
  round(offset, offsets, columns * rows, OFFSET_ONE)
  // The value of a sample lies in the middle of its square: weights are odd numbers of half pixels.
  const halves = step + step
  const unit = 32768 / halves
  for (let y = 0; y < height; y++) {
    const place = y + y + 1 + step
    const below = place / halves
    const weight = (place - below * halves) * unit
    const upper = (max(below - 1, 0) * columns) << 1
    const lower = (min(below, rows - 1) * columns) << 1
    const anyGain = mixRows(gains + upper, gains + lower, columns, weight, rowGain)
    const anyOffset = mixRows(offsets + upper, offsets + lower, columns, weight, rowOffset)
    if (anyGain || anyOffset) changeRow(pixels + y * stride, width, step, rowGain, rowOffset)
  }
}

function round(from: usize, to: usize, count: i32, one: f32): void {
  const scale = f32x4.splat(one)
  const end = (<usize>count) << 2
  let at: usize = 0
  do {
    const low = rounded(f32x4.mul(v128.load(from + at), scale))
    const high = rounded(f32x4.mul(v128.load(from + at, 16), scale))
    v128.store(to + (at >> 1), i16x8.narrow_i32x4_s(low, high))
    at += 32
  } while (at < end)
}

function rounded(values: v128): v128 {
  const limit = f32x4.splat(LIMIT)
  const cut = f32x4.pmin(f32x4.pmax(values, f32x4.neg(limit)), limit)
  return i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(cut, f32x4.splat(0.5))))
}

/** Coefficients of one row of pixels, from the second number of `row` on, the ends repeated; false when all are 0. */
function mixRows(upper: usize, lower: usize, columns: i32, weight: i32, row: usize): bool {
  const share = i16x8.splat(<i16>weight)
  const to = row + 2
  let any = i32x4.splat(0)
  const end = columns << 1
  let at = 0
  do {
    const a = v128.load(upper + at)
    const mixed = i16x8.add(a, i16x8.q15mulr_sat_s(i16x8.sub(v128.load(lower + at), a), share))
    v128.store(to + at, mixed)
    any = v128.or(any, mixed)
    at += 16
  } while (at < end)
  store<i16>(row, load<i16>(to))
  store<i16>(to + (columns << 1), load<i16>(row + (columns << 1)))
  return v128.any_true(any)
}

/** Segment i, from the middle of sample i - 1 to that of sample i, lies between numbers i and i + 1 of the rows. */
function changeRow(pixels: usize, width: i32, step: i32, rowGain: usize, rowOffset: usize): void {
  const begin = min(step >> 1, width)
  if (begin > 0) changeSegment(pixels, 0, begin, step + 1, step, rowGain, rowOffset)
  let x = begin
  let i: usize = 2
  const whole = x + ((width - x) & ~15)
  if (x < whole) {
    const to = pixels + whole
    if (step == 4) changeBy4(pixels + x, to, rowGain + i, rowOffset + i)
    else if (step == 2) changeBy2(pixels + x, to, rowGain + i, rowOffset + i)
    else if (step == 8) changeBy8(pixels + x, to, rowGain + i, rowOffset + i)
    else changeBy1(pixels + x, to, rowGain + i, rowOffset + i)
    i += ((whole - x) / step) << 1
    x = whole
  }
  // From the middle of a sample on, also in whole samples of step 1, which lie on their pixels.
  for (; x < width; x += step, i += 2) {
    changeSegment(pixels + x, i, min(step, width - x), step == 1 ? 0 : 1, step, rowGain, rowOffset)
  }
}

/*
 * The loops over 16 pixels at a time, one for each step. They are tested at their ends, as in cell-mover.ts. The vectors
 * hold what comes after the last segment as well; that some of it is not 0 does no harm.
 */

function changeBy1(from: usize, to: usize, rowGain: usize, rowOffset: usize): void {
  let at = from
  let g = rowGain
  let o = rowOffset
  do {
    const gains = v128.load(g)
    const offsets = v128.load(o)
    const nextGains = v128.load(g, 16)
    const nextOffsets = v128.load(o, 16)
    if (v128.any_true(v128.or(v128.or(gains, offsets), v128.or(nextGains, nextOffsets)))) {
      store16(at, gains, offsets, nextGains, nextOffsets)
    }
    at += 16
    g += 32
    o += 32
  } while (at < to)
}

function changeBy2(from: usize, to: usize, rowGain: usize, rowOffset: usize): void {
  const weights = i16x8(8192, 24576, 8192, 24576, 8192, 24576, 8192, 24576)
  let at = from
  let g = rowGain
  let o = rowOffset
  do {
    const gains = v128.load(g)
    const offsets = v128.load(o)
    const nextGains = v128.load(g, 2)
    const nextOffsets = v128.load(o, 2)
    if (v128.any_true(v128.or(v128.or(gains, offsets), v128.or(nextGains, nextOffsets)))) {
      const gainSteps = i16x8.sub(nextGains, gains)
      const offsetSteps = i16x8.sub(nextOffsets, offsets)
      store16(
        at,
        between(low2(gains), low2(gainSteps), weights),
        between(low2(offsets), low2(offsetSteps), weights),
        between(high2(gains), high2(gainSteps), weights),
        between(high2(offsets), high2(offsetSteps), weights),
      )
    }
    at += 16
    g += 16
    o += 16
  } while (at < to)
}

function changeBy4(from: usize, to: usize, rowGain: usize, rowOffset: usize): void {
  const weights = i16x8(4096, 12288, 20480, 28672, 4096, 12288, 20480, 28672)
  let at = from
  let g = rowGain
  let o = rowOffset
  do {
    const gains = v128.load(g)
    const offsets = v128.load(o)
    const nextGains = v128.load(g, 2)
    const nextOffsets = v128.load(o, 2)
    if (v128.any_true(v128.or(v128.or(gains, offsets), v128.or(nextGains, nextOffsets)))) {
      const gainSteps = i16x8.sub(nextGains, gains)
      const offsetSteps = i16x8.sub(nextOffsets, offsets)
      store16(
        at,
        between(low4(gains), low4(gainSteps), weights),
        between(low4(offsets), low4(offsetSteps), weights),
        between(high4(gains), high4(gainSteps), weights),
        between(high4(offsets), high4(offsetSteps), weights),
      )
    }
    at += 16
    g += 8
    o += 8
  } while (at < to)
}

function changeBy8(from: usize, to: usize, rowGain: usize, rowOffset: usize): void {
  const weights = i16x8(2048, 6144, 10240, 14336, 18432, 22528, 26624, 30720)
  let at = from
  let g = rowGain
  let o = rowOffset
  do {
    const gains = v128.load(g)
    const offsets = v128.load(o)
    const nextGains = v128.load(g, 2)
    const nextOffsets = v128.load(o, 2)
    if (v128.any_true(v128.or(v128.or(gains, offsets), v128.or(nextGains, nextOffsets)))) {
      const gainSteps = i16x8.sub(nextGains, gains)
      const offsetSteps = i16x8.sub(nextOffsets, offsets)
      store16(
        at,
        between(low8(gains), low8(gainSteps), weights),
        between(low8(offsets), low8(offsetSteps), weights),
        between(high8(gains), high8(gainSteps), weights),
        between(high8(offsets), high8(offsetSteps), weights),
      )
    }
    at += 16
    g += 4
    o += 4
  } while (at < to)
}

/** @param first distance of the first pixel from the left end of the segment, in half pixels */
function changeSegment(at: usize, i: usize, count: i32, first: i32, step: i32, rowGain: usize, rowOffset: usize): void {
  const gain = <i32>load<i16>(rowGain + i)
  const offset = <i32>load<i16>(rowOffset + i)
  const gainStep = <i32>load<i16>(rowGain + i, 2) - gain
  const offsetStep = <i32>load<i16>(rowOffset + i, 2) - offset
  const unit = 16384 / step
  let weight = first * unit
  for (let end = at + count; at < end; at++, weight += unit + unit) {
    const value = <i32>load<u8>(at)
    const product = product15(value << 7, gain + product15(gainStep, weight))
    const change = (product + offset + product15(offsetStep, weight) + 32) >> 6
    store<u8>(at, <u8>min(max(value + change, 0), 255))
  }
}

function product15(a: i32, b: i32): i32 {
  return (a * b + 16384) >> 15
}

function low4(v: v128): v128 {
  return v128.shuffle<i16>(v, v, 0, 0, 0, 0, 1, 1, 1, 1)
}

function high4(v: v128): v128 {
  return v128.shuffle<i16>(v, v, 2, 2, 2, 2, 3, 3, 3, 3)
}

function low2(v: v128): v128 {
  return v128.shuffle<i16>(v, v, 0, 0, 1, 1, 2, 2, 3, 3)
}

function high2(v: v128): v128 {
  return v128.shuffle<i16>(v, v, 4, 4, 5, 5, 6, 6, 7, 7)
}

function low8(v: v128): v128 {
  return v128.shuffle<i16>(v, v, 0, 0, 0, 0, 0, 0, 0, 0)
}

function high8(v: v128): v128 {
  return v128.shuffle<i16>(v, v, 1, 1, 1, 1, 1, 1, 1, 1)
}

function between(from: v128, step: v128, weights: v128): v128 {
  return i16x8.add(from, i16x8.q15mulr_sat_s(step, weights))
}

/** Changes 16 pixels by the coefficients of the first and the last eight; cuts off at 0 and 255. */
function store16(at: usize, gainLow: v128, offsetLow: v128, gainHigh: v128, offsetHigh: v128): void {
  const pixels = v128.load(at)
  const low = changed(i16x8.extend_low_i8x16_u(pixels), gainLow, offsetLow)
  const high = changed(i16x8.extend_high_i8x16_u(pixels), gainHigh, offsetHigh)
  v128.store(at, i8x16.narrow_i16x8_u(low, high))
}

function changed(values: v128, gain: v128, offset: v128): v128 {
  const product = i16x8.q15mulr_sat_s(i16x8.shl(values, 7), gain)
  const change = i16x8.add(i16x8.add(product, offset), i16x8.splat(32))
  return i16x8.add(values, i16x8.shr_s(change, 6))
}
