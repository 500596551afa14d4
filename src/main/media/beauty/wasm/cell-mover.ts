/** Positions are in 1/65536 pixel, the mix of columns in 1/128 and of rows in 1/256, as in plain/cell-mover.ts. */
const FIXED: i32 = 65536
/** Steps that keep the columns of eight pixels, with their right neighbours, within 16. */
const LONGEST_STEP: i32 = FIXED + (FIXED / 8) * 7
/** Steps at which eight pixels come from at most three rows. */
const STEEPEST_STEP: i32 = FIXED / 7

/**
 * Moves the pixels of a grid of cells, in the same integers as plain/cell-mover.ts, eight pixels at a time where they
 * come from inside of the picture. Whether they do is asked once for a cell.
 *
 * @param copy room for the pixels before the move and 16 bytes more
 */
export function moveCells(
  pixels: usize,
  stride: i32,
  width: i32,
  height: i32,
  nx: usize,
  ny: usize,
  columns: i32,
  rows: i32,
  cell: i32,
  scale: f32,
  copy: usize,
): void {
  for (let y = 0; y < height; y++) memory.copy(copy + y * width, pixels + y * stride, width)
  const bits = ctz(cell)
  // Just before the last column and row, so that both neighbours of a place are inside.
  const lastX = (width - 1) * FIXED - 1
  const lastY = (height - 1) * FIXED - 1
  const fixed = f32x4.splat(scale * <f32>FIXED)
  for (let row = 0; row + 1 < rows; row++) {
    const y0 = row * cell
    const y1 = min(y0 + cell, height)
    for (let column = 0; column + 1 < columns; column++) {
      const a = (row * columns + column) << 2
      const b = a + (columns << 2)
      // x and y of the left corner, x and y of the right one.
      const upper = i32x4.trunc_sat_f32x4_s(f32x4.mul(corners(nx + a, ny + a), fixed))
      const lower = i32x4.trunc_sat_f32x4_s(f32x4.mul(corners(nx + b, ny + b), fixed))
      if (!v128.any_true(v128.or(upper, lower))) continue
      const x0 = column * cell
      const count = min(cell, width - x0)
      const fall = i32x4.sub(lower, upper)
      const isFast =
        (count & 3) == 0 && isInside(upper, lower, x0, y0, cell, lastX, lastY) && isGentle(upper, lower, bits)
      let fallen = i32x4.splat(0)
      for (let y = y0; y < y1; y++) {
        const ends = i32x4.add(upper, i32x4.shr_s(fallen, bits))
        fallen = i32x4.add(fallen, fall)
        const steps = i32x4.shr_s(i32x4.sub(v128.shuffle<i32>(ends, ends, 2, 3, 2, 3), ends), bits)
        const sx = (x0 << 16) + i32x4.extract_lane(ends, 0)
        const sy = (y << 16) + i32x4.extract_lane(ends, 1)
        const stepX = FIXED + i32x4.extract_lane(steps, 0)
        const stepY = i32x4.extract_lane(steps, 1)
        const to = pixels + y * stride + x0
        if (isFast) moveRow(to, count, sx, sy, stepX, stepY, copy, width)
        else moveEach(to, count, sx, sy, stepX, stepY, copy, width, lastX, lastY)
      }
    }
  }
}

/** All pixels of a cell come from inside of the picture: its corners do, with a pixel to spare. */
function isInside(upper: v128, lower: v128, x0: i32, y0: i32, cell: i32, lastX: i32, lastY: i32): bool {
  const least = i32x4.min_s(upper, lower)
  const most = i32x4.max_s(upper, lower)
  const size = cell << 16
  const left = (x0 << 16) + min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 2) + size)
  const right = (x0 << 16) + max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 2) + size)
  const above = min(i32x4.extract_lane(upper, 1), i32x4.extract_lane(upper, 3))
  const below = max(i32x4.extract_lane(lower, 1), i32x4.extract_lane(lower, 3))
  const top = (y0 << 16) + min(above, min(i32x4.extract_lane(lower, 1), i32x4.extract_lane(lower, 3)) + size)
  const bottom = (y0 << 16) + max(below + size, max(i32x4.extract_lane(upper, 1), i32x4.extract_lane(upper, 3)))
  return left >= FIXED && right <= lastX - FIXED && top >= FIXED && bottom <= lastY - FIXED
}

/** No row of a cell is so stretched or steep that eight pixels need more than `moveRow` reads. */
function isGentle(upper: v128, lower: v128, bits: i32): bool {
  const first = i32x4.shr_s(i32x4.sub(v128.shuffle<i32>(upper, upper, 2, 3, 2, 3), upper), bits)
  const last = i32x4.shr_s(i32x4.sub(v128.shuffle<i32>(lower, lower, 2, 3, 2, 3), lower), bits)
  // A row between may round to one more or less than both.
  const least = i32x4.sub(i32x4.min_s(first, last), i32x4.splat(2))
  const most = i32x4.add(i32x4.max_s(first, last), i32x4.splat(2))
  return (
    i32x4.extract_lane(least, 0) >= -FIXED &&
    i32x4.extract_lane(most, 0) <= LONGEST_STEP - FIXED &&
    i32x4.extract_lane(least, 1) >= -STEEPEST_STEP &&
    i32x4.extract_lane(most, 1) <= STEEPEST_STEP
  )
}

/** Numbers of a node and its right neighbour from two planes: x, y, x, y. */
function corners(x: usize, y: usize): v128 {
  return v128.shuffle<f32>(v128.load64_zero(x), v128.load64_zero(y), 0, 4, 1, 5)
}

/**
 * Eight pixels at a time, or four at the end: they come from at most 16 columns and from between two or three rows. Of
 * a half that is not stored the sources may lie outside, by less than a vector and two rows.
 */
function moveRow(
  to: usize,
  count: i32,
  startX: i32,
  startY: i32,
  stepX: i32,
  stepY: i32,
  copy: usize,
  width: i32,
): void {
  const lanes = i32x4(0, 1, 2, 3)
  const byte = i16x8.splat(255)
  const xLow = i32x4.mul(i32x4.splat(stepX), lanes)
  const xHigh = i32x4.add(xLow, i32x4.splat(stepX << 2))
  const yLow = i32x4.mul(i32x4.splat(stepY), lanes)
  const yHigh = i32x4.add(yLow, i32x4.splat(stepY << 2))
  let sx = startX
  let sy = startY
  const end = to + count
  // Tested at its end: what stays the same is worked out anew in each turn of a loop that V8 (11, Node 20) tests at its head.
  do {
    const left = sx >> 16
    const endY = sy + stepY * 7
    const top = min(sy, endY) >> 16
    // In 16 bits: whole pixels from the first column or row on, and 1/256.
    const x = sixteen(i32x4.splat(sx & 0xffff), xLow, xHigh)
    const y = sixteen(i32x4.splat(sy - (top << 16)), yLow, yHigh)
    const whole = i16x8.shr_u(x, 8)
    // Each 16 bits hold the places of a pixel and of its right neighbour.
    const places = i16x8.add(v128.or(whole, i16x8.shl(whole, 8)), i16x8.splat(256))
    const fx = i16x8.shr_u(i16x8.shl(x, 8), 9)
    const fy = i16x8.shr_u(i16x8.shl(y, 8), 1)
    const from = copy + top * width + left
    let upper = between(v128.load(from), places, fx)
    let lower = between(v128.load(from + width), places, fx)
    if (max(sy, endY) >> 16 > top) {
      const third = between(v128.load(from + width + width), places, fx)
      const isBelow = i16x8.gt_s(y, byte)
      upper = v128.bitselect(lower, upper, isBelow)
      lower = v128.bitselect(third, lower, isBelow)
    }
    const mixed = i16x8.add(upper, i16x8.q15mulr_sat_s(i16x8.sub(lower, upper), fy))
    const rounded = i16x8.shr_u(i16x8.add(mixed, i16x8.splat(64)), 7)
    const bytes = i8x16.narrow_i16x8_u(rounded, rounded)
    if (to + 8 <= end) v128.store64_lane(to, bytes, 0)
    else v128.store32_lane(to, bytes, 0)
    to += 8
    sx += stepX << 3
    sy += stepY << 3
  } while (to < end)
}

function sixteen(start: v128, low: v128, high: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(start, low), 8), i32x4.shr_s(i32x4.add(start, high), 8))
}

/** Each pixel p and its right neighbour q mixed: (p << 7) + (q - p) * f. */
function between(row: v128, places: v128, f: v128): v128 {
  const pairs = i8x16.swizzle(row, places)
  const p = v128.and(pairs, i16x8.splat(255))
  return i16x8.add(i16x8.shl(p, 7), i16x8.mul(i16x8.sub(i16x8.shr_u(pairs, 8), p), f))
}

/** One by one; beside a border of the frame a place may lie outside: it takes the pixel of the border. */
function moveEach(
  to: usize,
  count: i32,
  sx: i32,
  sy: i32,
  stepX: i32,
  stepY: i32,
  copy: usize,
  width: i32,
  lastX: i32,
  lastY: i32,
): void {
  for (let end = to + count; to < end; to++, sx += stepX, sy += stepY) {
    const px = min(max(sx, 0), lastX)
    const py = min(max(sy, 0), lastY)
    const fx = (px >> 9) & 127
    const from = copy + (py >> 16) * width + (px >> 16)
    const p = <i32>load<u8>(from)
    const q = <i32>load<u8>(from + width)
    const upper = (p << 7) + (<i32>load<u8>(from, 1) - p) * fx
    const lower = (q << 7) + (<i32>load<u8>(from + width, 1) - q) * fx
    const fy = ((py >> 8) & 255) << 7
    store<u8>(to, <u8>((upper + (((lower - upper) * fy + 16384) >> 15) + 64) >> 7))
  }
}
