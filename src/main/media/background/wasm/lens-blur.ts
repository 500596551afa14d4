import { atPhase, between, bytesOf, cellRow, storeCells } from './cell-row'

/** As in grid.ts. */
const REACH = 36
const EVERY_ROW = 5
const LEAST_SHARE: f32 = 0.002
const GLOW: f32 = 5
const DITHER = memory.data<f32>([
  -0.46875, 0.03125, -0.34375, 0.15625, 0.28125, -0.21875, 0.40625, -0.09375, -0.28125, 0.21875, -0.40625, 0.09375,
  0.46875, -0.03125, 0.34375, -0.15625,
])

/** See `MattingKernel.weigh`. */
export function weigh(colours: usize, mask: usize, weighted: usize, size: i32, cells: i32): void {
  const plane = (<usize>size) << 2
  for (let at: usize = 0, end = (<usize>cells) << 2; at < end; at += 16) {
    const light = f32x4.mul(v128.load(colours + at), f32x4.splat(1.0 / 255.0))
    const square = f32x4.mul(light, light)
    const glow = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(GLOW), f32x4.mul(square, square)))
    const open = f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.splat(4), v128.load(mask + at)))
    const share = f32x4.mul(f32x4.max(open, f32x4.splat(LEAST_SHARE)), glow)
    for (let n: usize = 0; n < 3; n++) {
      v128.store(weighted + n * plane + at, f32x4.mul(share, v128.load(colours + n * plane + at)))
    }
    v128.store(weighted + 3 * plane + at, share)
  }
}

/** See `MattingKernel.disc`. */
export function disc(
  weighted: usize,
  size: i32,
  width: i32,
  height: i32,
  spans: usize,
  radius: i32,
  sums: usize,
): void {
  const line = (width + 2 * REACH) << 2
  const apart = radius < EVERY_ROW ? 1 : 2
  for (let n = 0; n < 4; n++) {
    const plane = weighted + ((n * size) << 2)
    sumRows(plane, width, height, line, sums)
    for (let y = 0; y < height; y++) {
      let from = -radius
      while (from < -y) from += apart
      const to = min(radius, height - 1 - y)
      const start = sums + y * line + (REACH << 2)
      const target = plane + ((y * width) << 2)
      const middle = spans + (radius << 2)
      let x = 0
      for (; x + 16 <= width; x += 16) disc16(start + (x << 2), line, middle, from, to, apart, target + (x << 2))
      for (; x < width; x += 4) disc4(start + (x << 2), line, middle, from, to, apart, target + (x << 2))
    }
  }
  const plane = (<usize>size) << 2
  for (let at = weighted, end = weighted + ((<usize>(width * height)) << 2); at < end; at += 16) {
    const share = f32x4.div(f32x4.splat(1), v128.load(at + 3 * plane))
    for (let n: usize = 0; n < 3; n++) v128.store(at + n * plane, f32x4.mul(share, v128.load(at + n * plane)))
  }
}

function disc4(start: usize, line: i32, middle: usize, from: i32, to: i32, apart: i32, target: usize): void {
  let sum = f32x4.splat(0)
  for (let dy = from; dy <= to; dy += apart) {
    const span = (<i32>load<f32>(middle + (dy << 2))) << 2
    const at = start + dy * line
    sum = f32x4.add(sum, f32x4.sub(v128.load(at + span), v128.load(at - span - 4)))
  }
  v128.store(target, sum)
}

function disc16(start: usize, line: i32, middle: usize, from: i32, to: i32, apart: i32, target: usize): void {
  let a = f32x4.splat(0)
  let b = f32x4.splat(0)
  let c = f32x4.splat(0)
  let d = f32x4.splat(0)
  for (let dy = from; dy <= to; dy += apart) {
    const span = (<i32>load<f32>(middle + (dy << 2))) << 2
    const right = start + dy * line + span
    const left = start + dy * line - span - 4
    a = f32x4.add(a, f32x4.sub(v128.load(right), v128.load(left)))
    b = f32x4.add(b, f32x4.sub(v128.load(right, 16), v128.load(left, 16)))
    c = f32x4.add(c, f32x4.sub(v128.load(right, 32), v128.load(left, 32)))
    d = f32x4.add(d, f32x4.sub(v128.load(right, 48), v128.load(left, 48)))
  }
  v128.store(target, a)
  v128.store(target, b, 16)
  v128.store(target, c, 32)
  v128.store(target, d, 48)
}

function sumRows(plane: usize, width: i32, height: i32, line: i32, sums: usize): void {
  for (let y = 0; y < height; y++) {
    let to = sums + y * line
    memory.fill(to, 0, REACH << 2)
    to += REACH << 2
    let sum: f32 = 0
    for (let at = plane + ((y * width) << 2), end = at + (width << 2); at < end; at += 4, to += 4) {
      sum += load<f32>(at)
      store<f32>(to, sum)
    }
    for (let i = 0; i < REACH; i++, to += 4) store<f32>(to, sum)
  }
}

/** See `MattingKernel.enlarge`. */
export function enlarge(
  cells: usize,
  columns: i32,
  rows: i32,
  step: i32,
  pixels: usize,
  stride: i32,
  height: i32,
  scratch: usize,
): void {
  for (let row = 0; row < height; row++) {
    cellRow(cells, columns, rows, row, step, scratch)
    const dither = DITHER + ((row & 3) << 4)
    if (step == 4 || step == 2) {
      if (step == 4) enlargeFours(scratch, columns, pixels + row * stride, dither)
      else enlargeTwos(scratch, columns, pixels + row * stride, dither)
      continue
    }
    for (let first = 0; first < columns; first += 4) {
      const to = pixels + row * stride + first * step
      for (let quad = 0; quad << 2 < step; quad++) {
        let words = i32x4.splat(0)
        for (let i = 0, count = min(step, 4); i < count; i++) {
          const value = atPhase(scratch + (first << 2), (quad << 2) + i, step)
          words = v128.or(words, bytesOf(f32x4.add(value, ditherOf(dither, i, step)), i))
        }
        storeCells(to, step, quad, words)
      }
    }
  }
}

/** What four cells add to their pixel `phase`: the pattern repeats every four pixels. */
function ditherOf(row: usize, phase: i32, step: i32): v128 {
  if (step >= 4) return v128.load32_splat(row + (phase << 2))
  const four = v128.load(row)
  if (step == 1) return four
  return phase == 0 ? v128.shuffle<f32>(four, four, 0, 2, 0, 2) : v128.shuffle<f32>(four, four, 1, 3, 1, 3)
}

/** Cells of four pixels: luma of 720p and 1080p. */
function enlargeFours(cells: usize, columns: i32, pixels: usize, dither: usize): void {
  const half = f32x4.splat(0.5)
  const a = f32x4.add(v128.load32_splat(dither), half)
  const b = f32x4.add(v128.load32_splat(dither, 4), half)
  const c = f32x4.add(v128.load32_splat(dither, 8), half)
  const d = f32x4.add(v128.load32_splat(dither, 12), half)
  for (let at = cells, end = cells + ((<usize>columns) << 2), to = pixels; at < end; at += 16, to += 16) {
    const left = v128.load(at)
    const middle = v128.load(at, 4)
    const right = v128.load(at, 8)
    const first = byteOf(f32x4.add(between(middle, left, 0.375), a))
    const second = i32x4.shl(byteOf(f32x4.add(between(middle, left, 0.125), b)), 8)
    const third = i32x4.shl(byteOf(f32x4.add(between(middle, right, 0.125), c)), 16)
    const fourth = i32x4.shl(byteOf(f32x4.add(between(middle, right, 0.375), d)), 24)
    v128.store(to, v128.or(v128.or(first, second), v128.or(third, fourth)))
  }
}

/** Cells of two pixels: chroma of 720p and 1080p. */
function enlargeTwos(cells: usize, columns: i32, pixels: usize, dither: usize): void {
  const four = f32x4.add(v128.load(dither), f32x4.splat(0.5))
  const a = v128.shuffle<f32>(four, four, 0, 2, 0, 2)
  const b = v128.shuffle<f32>(four, four, 1, 3, 1, 3)
  for (let at = cells, end = cells + ((<usize>columns) << 2), to = pixels; at < end; at += 16, to += 8) {
    const middle = v128.load(at, 4)
    const first = byteOf(f32x4.add(between(middle, v128.load(at), 0.25), a))
    const second = i32x4.shl(byteOf(f32x4.add(between(middle, v128.load(at, 8), 0.25), b)), 8)
    const words = v128.or(first, second)
    v128.store64_lane(to, i16x8.narrow_i32x4_u(words, words), 0)
  }
}

/** Rounded down; means of bytes and half a dither cannot leave 0 to 255.97. */
function byteOf(numbers: v128): v128 {
  return i32x4.trunc_sat_f32x4_u(numbers)
}
