import { atPhase, between, bytesOf, cellRows, loadCells, numbersOf, storeCells } from './cell-row'

/** See `MattingKernel.composite`. */
export function composite(
  pixels: usize,
  backdrop: usize,
  alpha: usize,
  stride: i32,
  height: i32,
  person: usize,
  behind: usize,
  columns: i32,
  rows: i32,
  step: i32,
  scratch: usize,
): void {
  const length = (<usize>(columns + 8)) << 2
  if (step == 4 || step == 2) {
    compositeFast(pixels, backdrop, alpha, stride, height, person, behind, columns, rows, step, scratch)
    return
  }
  const whole = step == 1 ? i32x4.splat(255) : step == 2 ? i32x4.splat(0xffff) : i32x4.splat(-1)
  for (let row = 0; row < height; row++) {
    let done = 0
    for (let first = 0; first < columns; first += 4) {
      const from = row * stride + first * step
      for (let quad = 0; quad << 2 < step; quad++) {
        const cover = loadCells(alpha + from, step, quad)
        if (i32x4.all_true(i32x4.eq(cover, whole))) continue
        const below = loadCells(backdrop + from, step, quad)
        if (!v128.any_true(cover)) {
          storeCells(pixels + from, step, quad, below)
          continue
        }
        done = meansOf(person, behind, columns, rows, row, step, scratch, first, done)
        const mixed = mix4(
          loadCells(pixels + from, step, quad),
          below,
          cover,
          scratch + (first << 2),
          length,
          step,
          quad,
        )
        storeCells(pixels + from, step, quad, mixed)
      }
    }
  }
}

/** The mean colours of both sides along a row, near cell `first`; see `cellRows`. */
function meansOf(
  person: usize,
  behind: usize,
  columns: i32,
  rows: i32,
  row: i32,
  step: i32,
  scratch: usize,
  first: i32,
  done: i32,
): i32 {
  const apart = (<i32>(behind - person)) >> 2
  return cellRows(person, 2, apart, columns, rows, row, step, scratch, (<usize>(columns + 8)) << 2, first, done)
}

/** Up to four pixels of four cells. */
function mix4(pixels: v128, backdrop: v128, alpha: v128, means: usize, length: usize, step: i32, quad: i32): v128 {
  const one = f32x4.splat(1)
  const none = f32x4.splat(0)
  const most = f32x4.splat(255)
  let cells = i32x4.splat(0)
  for (let i = 0, count = min(step, 4); i < count; i++) {
    const phase = (quad << 2) + i
    const cover = f32x4.div(numbersOf(alpha, i), most)
    const mean = atPhase(means, phase, step)
    const behind = f32x4.mul(f32x4.sub(one, cover), atPhase(means + length, phase, step))
    const rest = f32x4.sub(f32x4.sub(numbersOf(pixels, i), f32x4.mul(cover, mean)), behind)
    const own = f32x4.min(f32x4.max(f32x4.add(mean, f32x4.mul(cover, rest)), none), most)
    const below = numbersOf(backdrop, i)
    cells = v128.or(cells, bytesOf(f32x4.add(below, f32x4.mul(cover, f32x4.sub(own, below))), i))
  }
  return cells
}

/** As `composite` for cells of four or two pixels: luma and chroma of 720p and 1080p. */
function compositeFast(
  pixels: usize,
  backdrop: usize,
  alpha: usize,
  stride: i32,
  height: i32,
  person: usize,
  behind: usize,
  columns: i32,
  rows: i32,
  step: i32,
  scratch: usize,
): void {
  const length = (<usize>(columns + 8)) << 2
  const whole = i8x16.splat(-1)
  const cells = 16 / step
  for (let row = 0; row < height; row++) {
    let done = 0
    const start = row * stride
    // Sixteen pixels at a time; their cells are four, or twice four.
    for (let first = 0; first < columns; first += cells) {
      const from = start + first * step
      const cover = v128.load(alpha + from)
      if (!v128.any_true(cover)) {
        v128.store(pixels + from, v128.load(backdrop + from))
        continue
      }
      if (i8x16.all_true(i8x16.eq(cover, whole))) continue
      done = meansOf(person, behind, columns, rows, row, step, scratch, first, done)
      if (step == 2) done = meansOf(person, behind, columns, rows, row, step, scratch, first + 4, done)
      const means = scratch + (first << 2)
      if (step == 4) mixFours(pixels + from, backdrop + from, cover, means, means + length)
      else {
        mixTwos(pixels + from, backdrop + from, alpha + from, means, means + length)
        mixTwos(pixels + from + 8, backdrop + from + 8, alpha + from + 8, means + 16, means + 16 + length)
      }
    }
  }
}

function mixFours(pixels: usize, backdrop: usize, cover: v128, person: usize, behind: usize): void {
  const own = v128.load(pixels)
  const below = v128.load(backdrop)
  const a = mixed(own, below, cover, person, behind, 0, 0.375)
  const b = mixed(i32x4.shr_u(own, 8), i32x4.shr_u(below, 8), i32x4.shr_u(cover, 8), person, behind, 0, 0.125)
  const c = mixed(i32x4.shr_u(own, 16), i32x4.shr_u(below, 16), i32x4.shr_u(cover, 16), person, behind, 8, 0.125)
  const d = mixed(i32x4.shr_u(own, 24), i32x4.shr_u(below, 24), i32x4.shr_u(cover, 24), person, behind, 8, 0.375)
  v128.store(pixels, v128.or(v128.or(bytesOf(a, 0), bytesOf(b, 1)), v128.or(bytesOf(c, 2), bytesOf(d, 3))))
}

function mixTwos(pixels: usize, backdrop: usize, alpha: usize, person: usize, behind: usize): void {
  const own = i32x4.extend_low_i16x8_u(v128.load64_zero(pixels))
  const below = i32x4.extend_low_i16x8_u(v128.load64_zero(backdrop))
  const cover = i32x4.extend_low_i16x8_u(v128.load64_zero(alpha))
  const a = mixed(own, below, cover, person, behind, 0, 0.25)
  const b = mixed(i32x4.shr_u(own, 8), i32x4.shr_u(below, 8), i32x4.shr_u(cover, 8), person, behind, 8, 0.25)
  const words = v128.or(bytesOf(a, 0), bytesOf(b, 1))
  v128.store64_lane(pixels, i16x8.narrow_i32x4_u(words, words), 0)
}

/** The lowest pixel of each lane; `side` is 0 when it lies before the middle of its cell, 8 when behind. */
function mixed(own: v128, below: v128, alpha: v128, person: usize, behind: usize, side: usize, share: f32): v128 {
  const cover = f32x4.div(numbersOf(alpha, 0), f32x4.splat(255))
  const mean = between(v128.load(person, 4), v128.load(person + side), share)
  const other = between(v128.load(behind, 4), v128.load(behind + side), share)
  const seen = numbersOf(own, 0)
  const old = f32x4.mul(f32x4.sub(f32x4.splat(1), cover), other)
  const rest = f32x4.sub(f32x4.sub(seen, f32x4.mul(cover, mean)), old)
  const self = f32x4.min(f32x4.max(f32x4.add(mean, f32x4.mul(cover, rest)), f32x4.splat(0)), f32x4.splat(255))
  const base = numbersOf(below, 0)
  return f32x4.add(base, f32x4.mul(cover, f32x4.sub(self, base)))
}
