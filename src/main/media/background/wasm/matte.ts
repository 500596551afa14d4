import { atPhase, between, bytesOf, cellRows, loadCells, numbersOf, storeCells } from './cell-row'

/** As in grid.ts. */
const COVER_FROM: f32 = 0.14
const COVER_TO: f32 = 0.86
const NEAR: f32 = 4
const NEAR_LESS: f32 = 0.2

/** See `MattingKernel.matte`. */
export function matte(
  y: usize,
  u: usize,
  v: usize,
  stride: i32,
  height: i32,
  lines: usize,
  size: i32,
  settled: usize,
  columns: i32,
  rows: i32,
  step: i32,
  alpha: usize,
  scratch: usize,
): void {
  const length = (<usize>(columns + 8)) << 2
  for (let row = 0; row < height; row++) {
    const place = min(max((<f32>row + 0.5) / <f32>step - 0.5, <f32>0), <f32>(rows - 1))
    const top = settled + <i32>place * columns
    const bottom = settled + min(<i32>place + 1, rows - 1) * columns
    let done = 0
    for (let first = 0; first < columns; first += 4) {
      const from = row * stride + first * step
      if (step == 4 && first + 16 <= columns && fillSixteen(top + first, bottom + first, alpha + from)) {
        first += 12
        continue
      }
      const clear = sameAll(top + first, bottom + first, min(columns - first, 4))
      if (clear != 128) {
        const all = i8x16.splat(<i8>clear)
        if (step == 2) v128.store64_lane(alpha + from, all, 0)
        else for (let i = 0; i < step << 2; i += 16) v128.store(alpha + from + i, all)
        continue
      }
      done = cellRows(lines, 5, size, columns, rows, row, step, scratch, length, first, done)
      const chroma = (row >> 1) * (stride >> 1) + ((first * step) >> 1)
      if (step == 4) coverFours(y + from, u + chroma, v + chroma, scratch + (first << 2), length, alpha + from)
      else cover4(y + from, u + chroma, v + chroma, scratch + (first << 2), length, step, alpha + from)
    }
  }
}

/** Fills a row of pixels of sixteen cells when all of them, of two rows, are settled alike. */
function fillSixteen(top: usize, bottom: usize, alpha: usize): bool {
  const upper = v128.load(top)
  const lower = v128.load(bottom)
  const all = i8x16.splat(-1)
  const whole = i8x16.all_true(i8x16.eq(v128.and(upper, lower), all))
  if (!whole && v128.any_true(v128.or(upper, lower))) return false
  v128.store(alpha, upper)
  v128.store(alpha, upper, 16)
  v128.store(alpha, upper, 32)
  v128.store(alpha, upper, 48)
  return true
}

/** The state that four cells of two rows have in common, 128 when they have none. */
function sameAll(top: usize, bottom: usize, count: i32): i32 {
  const value = <i32>load<u8>(top)
  if (count == 4) {
    const all = value * 0x01010101
    return <i32>load<u32>(top) == all && <i32>load<u32>(bottom) == all ? value : 128
  }
  for (let k = 0; k < count; k++) {
    if (<i32>load<u8>(top + k) != value || <i32>load<u8>(bottom + k) != value) return 128
  }
  return value
}

/** One row of pixels of four cells. */
function cover4(y: usize, u: usize, v: usize, lines: usize, length: usize, step: i32, alpha: usize): void {
  const gain = f32x4.splat(255 / (COVER_TO - COVER_FROM))
  const start = f32x4.splat(COVER_FROM)
  const count = min(step, 4)
  for (let quad = 0; quad << 2 < step; quad++) {
    const light = loadCells(y, step, quad)
    let cells = i32x4.splat(0)
    for (let i = 0; i < count; i++) {
      const phase = (quad << 2) + i
      const half = phase >> 1
      const blue = numbersOf(loadCells(u, step >> 1, half >> 2), half & 3)
      const red = numbersOf(loadCells(v, step >> 1, half >> 2), half & 3)
      let cover = f32x4.mul(atPhase(lines, phase, step), numbersOf(light, i))
      cover = f32x4.add(cover, f32x4.mul(atPhase(lines + length, phase, step), blue))
      cover = f32x4.add(cover, f32x4.mul(atPhase(lines + 2 * length, phase, step), red))
      cover = f32x4.add(cover, atPhase(lines + 3 * length, phase, step))
      const near = nearTo(cover, atPhase(lines + 4 * length, phase, step))
      cells = v128.or(cells, bytesOf(f32x4.mul(f32x4.sub(near, start), gain), i))
    }
    storeCells(alpha, step, quad, cells)
  }
}

/** As `cover4` for cells of four pixels, the size of 720p and 1080p. */
function coverFours(y: usize, u: usize, v: usize, lines: usize, length: usize, alpha: usize): void {
  const light = v128.load(y)
  const blue = i32x4.extend_low_i16x8_u(v128.load64_zero(u))
  const red = i32x4.extend_low_i16x8_u(v128.load64_zero(v))
  const first = covers(lines, 0, light, numbersOf(blue, 0), numbersOf(red, 0), length, 0.375)
  const second = covers(lines, 0, i32x4.shr_u(light, 8), numbersOf(blue, 0), numbersOf(red, 0), length, 0.125)
  const third = covers(lines, 8, i32x4.shr_u(light, 16), numbersOf(blue, 1), numbersOf(red, 1), length, 0.125)
  const fourth = covers(lines, 8, i32x4.shr_u(light, 24), numbersOf(blue, 1), numbersOf(red, 1), length, 0.375)
  const left = v128.or(bytesOf(first, 0), bytesOf(second, 1))
  v128.store(alpha, v128.or(left, v128.or(bytesOf(third, 2), bytesOf(fourth, 3))))
}

function covers(lines: usize, side: usize, light: v128, blue: v128, red: v128, length: usize, share: f32): v128 {
  const second = lines + length
  const third = second + length
  const fourth = third + length
  let cover = f32x4.mul(between(v128.load(lines, 4), v128.load(lines + side), share), numbersOf(light, 0))
  cover = f32x4.add(cover, f32x4.mul(between(v128.load(second, 4), v128.load(second + side), share), blue))
  cover = f32x4.add(cover, f32x4.mul(between(v128.load(third, 4), v128.load(third + side), share), red))
  cover = f32x4.add(cover, between(v128.load(fourth, 4), v128.load(fourth + side), share))
  const fifth = fourth + length
  cover = nearTo(cover, between(v128.load(fifth, 4), v128.load(fifth + side), share))
  return f32x4.mul(f32x4.sub(cover, f32x4.splat(COVER_FROM)), f32x4.splat(255 / (COVER_TO - COVER_FROM)))
}

/** Coverage kept to what its surroundings allow. */
function nearTo(cover: v128, around: v128): v128 {
  const mean = f32x4.mul(f32x4.splat(NEAR), around)
  const most = f32x4.sub(mean, f32x4.splat(NEAR_LESS))
  const least = f32x4.sub(mean, f32x4.splat(NEAR - 1 - NEAR_LESS))
  return f32x4.max(f32x4.min(cover, most), least)
}

/** See `MattingKernel.halve`. */
export function halve(alpha: usize, stride: i32, height: i32, half: usize): void {
  for (let row = 0; row < height >> 1; row++) {
    const from = alpha + 2 * row * stride
    const to = half + row * (stride >> 1)
    for (let x = 0; x < stride; x += 16) {
      const upper = i16x8.extadd_pairwise_i8x16_u(v128.load(from + x))
      const lower = i16x8.extadd_pairwise_i8x16_u(v128.load(from + stride + x))
      const mean = i16x8.shr_u(i16x8.add(upper, lower), 2)
      v128.store64_lane(to + (x >> 1), i8x16.narrow_i16x8_u(mean, mean), 0)
    }
  }
}
