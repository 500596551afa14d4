/** Fixed point of the coefficients: 1 is 1024, as in plain/change-writer.ts. */
const ONE: f32 = 1024
const ONE_BITS: i32 = 10

/**
 * Value += gain * value + offset, both enlarged bilinearly, in the same integers as plain/change-writer.ts.
 *
 * @param gains, offsets room for the planes as integers
 * @param rowGain, rowOffset room for one row, and one number before and five behind it
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
  round(gain, gains, columns * rows)
  round(offset, offsets, columns * rows)
  // The value of a sample lies in the middle of its square: weights are odd numbers of half pixels.
  const halves = step + step
  const bits = 32 - clz(halves) - 1
  for (let y = 0; y < height; y++) {
    const place = y + y + 1 + step
    const below = place / halves
    const weight = place - below * halves
    const upper = (max(below - 1, 0) * columns) << 2
    const lower = (min(below, rows - 1) * columns) << 2
    const anyGain = mixRows(gains + upper, gains + lower, columns, halves - weight, weight, rowGain)
    const anyOffset = mixRows(offsets + upper, offsets + lower, columns, halves - weight, weight, rowOffset)
    if (anyGain || anyOffset) changeRow(pixels + y * stride, width, step, bits, rowGain, rowOffset)
  }
}

function round(from: usize, to: usize, count: i32): void {
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const scaled = f32x4.add(f32x4.mul(v128.load(from + at), f32x4.splat(ONE)), f32x4.splat(0.5))
    v128.store(to + at, i32x4.trunc_sat_f32x4_s(f32x4.floor(scaled)))
  }
}

/** Coefficients of one row of pixels, from the second number of `row` on, the ends repeated; false when all are 0. */
function mixRows(upper: usize, lower: usize, columns: i32, rest: i32, weight: i32, row: usize): bool {
  const a = i32x4.splat(rest)
  const b = i32x4.splat(weight)
  const to = row + 4
  let any = i32x4.splat(0)
  for (let at = 0, end = columns << 2; at < end; at += 16) {
    const mixed = i32x4.add(i32x4.mul(v128.load(upper + at), a), i32x4.mul(v128.load(lower + at), b))
    v128.store(to + at, mixed)
    any = v128.or(any, mixed)
  }
  store<i32>(row, load<i32>(to))
  store<i32>(to + (columns << 2), load<i32>(row + (columns << 2)))
  return v128.any_true(any)
}

/** Segment i, from the middle of sample i - 1 to that of sample i, lies between numbers i and i + 1 of the rows. */
function changeRow(pixels: usize, width: i32, step: i32, bits: i32, rowGain: usize, rowOffset: usize): void {
  const begin = min(step >> 1, width)
  if (begin > 0) changeSegment(pixels, 0, begin, step + 1, bits, rowGain, rowOffset)
  let x = begin
  let i: usize = 4
  const count = (16 / step) << 2
  for (; x + 16 <= width; x += 16, i += count) {
    const g = rowGain + i
    const o = rowOffset + i
    let any = v128.or(v128.load(g), v128.load(o))
    // The vectors hold what comes after the last segment as well; that some of it is not 0 does no harm.
    any = v128.or(any, v128.or(v128.load(g, 4), v128.load(o, 4)))
    if (step < 4) {
      any = v128.or(any, v128.or(v128.load(g, 20), v128.load(o, 20)))
      if (step == 1) {
        any = v128.or(any, v128.or(v128.load(g, 36), v128.load(o, 36)))
        any = v128.or(any, v128.or(v128.load(g, 48), v128.load(o, 48)))
      }
    }
    if (!v128.any_true(any)) continue
    if (step == 4) change16of4(pixels + x, g, o)
    else if (step == 2) change16of2(pixels + x, g, o)
    else if (step == 8) change16of8(pixels + x, g, o)
    else change16of1(pixels + x, g, o)
  }
  // From the middle of a sample on, also in whole samples of step 1, which lie on their pixels.
  for (; x < width; x += step, i += 4) {
    const first = step == 1 ? 0 : 1
    changeSegment(pixels + x, i, min(step, width - x), first, bits, rowGain, rowOffset)
  }
}

/** @param first distance of the first pixel from the left end of the segment, in half pixels */
function changeSegment(at: usize, i: usize, count: i32, first: i32, bits: i32, rowGain: usize, rowOffset: usize): void {
  const gainA = load<i32>(rowGain + i)
  const offsetA = load<i32>(rowOffset + i)
  const gainStep = load<i32>(rowGain + i, 4) - gainA
  const offsetStep = load<i32>(rowOffset + i, 4) - offsetA
  const shift = ONE_BITS + bits + bits
  let gain = (gainA << bits) + gainStep * first
  let offset = (offsetA << bits) + offsetStep * first + (1 << (shift - 1))
  for (let end = at + count; at < end; at++) {
    const value = <i32>load<u8>(at)
    store<u8>(at, <u8>min(max(value + ((value * gain + offset) >> shift), 0), 255))
    gain += gainStep + gainStep
    offset += offsetStep + offsetStep
  }
}

function change16of4(at: usize, g: usize, o: usize): void {
  const odd = i32x4(1, 3, 5, 7)
  const gains = i32x4.shl(v128.load(g), 3)
  const gainSteps = i32x4.sub(v128.load(g, 4), v128.load(g))
  const offsets = i32x4.add(i32x4.shl(v128.load(o), 3), i32x4.splat(1 << 15))
  const offsetSteps = i32x4.sub(v128.load(o, 4), v128.load(o))
  const pixels = v128.load(at)
  const low = i16x8.extend_low_i8x16_u(pixels)
  const high = i16x8.extend_high_i8x16_u(pixels)
  const a = change4(
    i32x4.extend_low_i16x8_u(low),
    v128.shuffle<i32>(gains, gains, 0, 0, 0, 0),
    v128.shuffle<i32>(gainSteps, gainSteps, 0, 0, 0, 0),
    v128.shuffle<i32>(offsets, offsets, 0, 0, 0, 0),
    v128.shuffle<i32>(offsetSteps, offsetSteps, 0, 0, 0, 0),
    odd,
    16,
  )
  const b = change4(
    i32x4.extend_high_i16x8_u(low),
    v128.shuffle<i32>(gains, gains, 1, 1, 1, 1),
    v128.shuffle<i32>(gainSteps, gainSteps, 1, 1, 1, 1),
    v128.shuffle<i32>(offsets, offsets, 1, 1, 1, 1),
    v128.shuffle<i32>(offsetSteps, offsetSteps, 1, 1, 1, 1),
    odd,
    16,
  )
  const c = change4(
    i32x4.extend_low_i16x8_u(high),
    v128.shuffle<i32>(gains, gains, 2, 2, 2, 2),
    v128.shuffle<i32>(gainSteps, gainSteps, 2, 2, 2, 2),
    v128.shuffle<i32>(offsets, offsets, 2, 2, 2, 2),
    v128.shuffle<i32>(offsetSteps, offsetSteps, 2, 2, 2, 2),
    odd,
    16,
  )
  const d = change4(
    i32x4.extend_high_i16x8_u(high),
    v128.shuffle<i32>(gains, gains, 3, 3, 3, 3),
    v128.shuffle<i32>(gainSteps, gainSteps, 3, 3, 3, 3),
    v128.shuffle<i32>(offsets, offsets, 3, 3, 3, 3),
    v128.shuffle<i32>(offsetSteps, offsetSteps, 3, 3, 3, 3),
    odd,
    16,
  )
  store16(at, a, b, c, d)
}

function change16of2(at: usize, g: usize, o: usize): void {
  const pixels = v128.load(at)
  const low = i16x8.extend_low_i8x16_u(pixels)
  const high = i16x8.extend_high_i8x16_u(pixels)
  const a = twoOf2(i32x4.extend_low_i16x8_u(low), g, o)
  const b = twoOf2(i32x4.extend_high_i16x8_u(low), g + 8, o + 8)
  const c = twoOf2(i32x4.extend_low_i16x8_u(high), g + 16, o + 16)
  const d = twoOf2(i32x4.extend_high_i16x8_u(high), g + 24, o + 24)
  store16(at, a, b, c, d)
}

/** Two segments of two pixels. */
function twoOf2(values: v128, g: usize, o: usize): v128 {
  const gains = v128.load(g)
  const offsets = v128.load(o)
  const gainA = v128.shuffle<i32>(gains, gains, 0, 0, 1, 1)
  const offsetA = v128.shuffle<i32>(offsets, offsets, 0, 0, 1, 1)
  const gainSteps = i32x4.sub(v128.shuffle<i32>(gains, gains, 1, 1, 2, 2), gainA)
  const offsetSteps = i32x4.sub(v128.shuffle<i32>(offsets, offsets, 1, 1, 2, 2), offsetA)
  const rounded = i32x4.add(i32x4.shl(offsetA, 2), i32x4.splat(1 << 13))
  return change4(values, i32x4.shl(gainA, 2), gainSteps, rounded, offsetSteps, i32x4(1, 3, 1, 3), 14)
}

function change16of8(at: usize, g: usize, o: usize): void {
  const pixels = v128.load(at)
  const low = i16x8.extend_low_i8x16_u(pixels)
  const high = i16x8.extend_high_i8x16_u(pixels)
  const a = halfOf8(i32x4.extend_low_i16x8_u(low), g, o, i32x4(1, 3, 5, 7))
  const b = halfOf8(i32x4.extend_high_i16x8_u(low), g, o, i32x4(9, 11, 13, 15))
  const c = halfOf8(i32x4.extend_low_i16x8_u(high), g + 4, o + 4, i32x4(1, 3, 5, 7))
  const d = halfOf8(i32x4.extend_high_i16x8_u(high), g + 4, o + 4, i32x4(9, 11, 13, 15))
  store16(at, a, b, c, d)
}

/** Four of the eight pixels of one segment. */
function halfOf8(values: v128, g: usize, o: usize, odd: v128): v128 {
  const gainA = v128.load32_splat(g)
  const offsetA = v128.load32_splat(o)
  const gainStep = i32x4.sub(v128.load32_splat(g, 4), gainA)
  const offsetStep = i32x4.sub(v128.load32_splat(o, 4), offsetA)
  const rounded = i32x4.add(i32x4.shl(offsetA, 4), i32x4.splat(1 << 17))
  return change4(values, i32x4.shl(gainA, 4), gainStep, rounded, offsetStep, odd, 18)
}

function change16of1(at: usize, g: usize, o: usize): void {
  const pixels = v128.load(at)
  const low = i16x8.extend_low_i8x16_u(pixels)
  const high = i16x8.extend_high_i8x16_u(pixels)
  const a = fourOf1(i32x4.extend_low_i16x8_u(low), g, o)
  const b = fourOf1(i32x4.extend_high_i16x8_u(low), g + 16, o + 16)
  const c = fourOf1(i32x4.extend_low_i16x8_u(high), g + 32, o + 32)
  const d = fourOf1(i32x4.extend_high_i16x8_u(high), g + 48, o + 48)
  store16(at, a, b, c, d)
}

/** Samples that lie on their pixels. */
function fourOf1(values: v128, g: usize, o: usize): v128 {
  const gain = i32x4.shl(v128.load(g), 1)
  const offset = i32x4.add(i32x4.shl(v128.load(o), 1), i32x4.splat(1 << 11))
  return i32x4.add(values, i32x4.shr_s(i32x4.add(i32x4.mul(values, gain), offset), 12))
}

/** value + ((value * gain + offset) >> shift), gain and offset rising along the segment */
function change4(
  values: v128,
  gain: v128,
  gainStep: v128,
  offset: v128,
  offsetStep: v128,
  place: v128,
  shift: i32,
): v128 {
  const gains = i32x4.add(gain, i32x4.mul(gainStep, place))
  const offsets = i32x4.add(offset, i32x4.mul(offsetStep, place))
  return i32x4.add(values, i32x4.shr_s(i32x4.add(i32x4.mul(values, gains), offsets), shift))
}

/** Cuts off at 0 and 255. */
function store16(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(at, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)))
}
