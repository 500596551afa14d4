/**
 * A row of cells as it lies at a row of pixels, bilinear; cell k stands at `row[k + 1]`, and the first and the last are
 * there twice.
 */
export function cellRow(cells: usize, columns: i32, rows: i32, y: i32, step: i32, row: usize): void {
  const place = min(max((<f32>y + 0.5) / <f32>step - 0.5, <f32>0), <f32>(rows - 1))
  const top = <i32>place
  const upper = cells + ((top * columns) << 2)
  const lower = cells + ((min(top + 1, rows - 1) * columns) << 2)
  const share = f32x4.splat(place - <f32>top)
  for (let k: usize = 0, end = (<usize>columns) << 2; k < end; k += 16) {
    const a = v128.load(upper + k)
    v128.store(row + k + 4, f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(lower + k), a), share)))
  }
  store<f32>(row, load<f32>(row + 4))
  store<f32>(row + ((columns + 1) << 2), load<f32>(row + (columns << 2)))
}

/** Cells of a chunk: rows are worked out in parts, and only where something has an edge. */
const CHUNK = 32

/**
 * Works the part of such rows out that cells `first` to `first + 3` and their neighbours need, for `count` planes.
 * @param done one bit for each part that was worked out before; @returns the same with this one
 */
export function cellRows(
  planes: usize,
  count: i32,
  size: i32,
  columns: i32,
  rows: i32,
  y: i32,
  step: i32,
  row: usize,
  length: usize,
  first: i32,
  done: i32,
): i32 {
  const bit = 1 << (first / CHUNK)
  if (done & bit) return done
  const place = min(max((<f32>y + 0.5) / <f32>step - 0.5, <f32>0), <f32>(rows - 1))
  const top = <i32>place
  const share = f32x4.splat(place - <f32>top)
  const begin = max((first / CHUNK) * CHUNK - 4, 0)
  const end = min((first / CHUNK) * CHUNK + CHUNK + 4, columns)
  for (let n = 0; n < count; n++) {
    const plane = planes + ((n * size) << 2)
    const upper = plane + ((top * columns) << 2)
    const lower = plane + ((min(top + 1, rows - 1) * columns) << 2)
    const to = row + <usize>n * length
    for (let k: usize = (<usize>begin) << 2, stop = (<usize>end) << 2; k < stop; k += 16) {
      const a = v128.load(upper + k)
      v128.store(to + k + 4, f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(lower + k), a), share)))
    }
    if (begin == 0) store<f32>(to, load<f32>(to + 4))
    if (end == columns) store<f32>(to + ((columns + 1) << 2), load<f32>(to + (columns << 2)))
  }
  return done | bit
}

/** Of cells k to k + 3 in such a row, the values at their pixel `phase` of `step`; `at` is the place of cell k - 1. */
export function atPhase(at: usize, phase: i32, step: i32): v128 {
  const place: f32 = (<f32>phase + 0.5) / <f32>step - 0.5
  const middle = v128.load(at, 4)
  const other = place < 0 ? v128.load(at) : v128.load(at, 8)
  return f32x4.add(middle, f32x4.mul(f32x4.splat(abs(place)), f32x4.sub(other, middle)))
}

/**
 * The bytes of four cells, one cell in each lane, up to four of its pixels in the bytes of the lane, the first lowest:
 * pixels 4 * quad and on. `at` is the first pixel of the first cell.
 */
export function loadCells(at: usize, step: i32, quad: i32): v128 {
  if (step == 4) return v128.load(at)
  if (step == 2) return i32x4.extend_low_i16x8_u(v128.load64_zero(at))
  if (step == 1) return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
  const from = at + (quad << 2)
  let cells = v128.load32_zero(from)
  cells = v128.load32_lane(from + step, cells, 1)
  cells = v128.load32_lane(from + 2 * step, cells, 2)
  return v128.load32_lane(from + 3 * step, cells, 3)
}

/** Writes such bytes back. */
export function storeCells(at: usize, step: i32, quad: i32, cells: v128): void {
  if (step == 4) {
    v128.store(at, cells)
    return
  }
  if (step < 4) {
    const halves = i16x8.narrow_i32x4_u(cells, cells)
    if (step == 2) v128.store64_lane(at, halves, 0)
    else v128.store32_lane(at, i8x16.narrow_i16x8_u(halves, halves), 0)
    return
  }
  const to = at + (quad << 2)
  v128.store32_lane(to, cells, 0)
  v128.store32_lane(to + step, cells, 1)
  v128.store32_lane(to + 2 * step, cells, 2)
  v128.store32_lane(to + 3 * step, cells, 3)
}

/** Byte `phase` of each lane as a number. */
export function numbersOf(cells: v128, phase: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(cells, phase << 3), i32x4.splat(255)))
}

/** Numbers of 0 to 255, rounded, as byte `phase` of each lane. */
export function bytesOf(numbers: v128, phase: i32): v128 {
  const rounded = f32x4.add(numbers, f32x4.splat(0.5))
  const inside = f32x4.max(f32x4.min(rounded, f32x4.splat(255)), f32x4.splat(0))
  return i32x4.shl(i32x4.trunc_sat_f32x4_s(inside), phase << 3)
}

/** As `atPhase` where a cell has four pixels, for the values of the cells before, at and after. */
export function between(middle: v128, other: v128, share: f32): v128 {
  return f32x4.add(middle, f32x4.mul(f32x4.splat(share), f32x4.sub(other, middle)))
}
