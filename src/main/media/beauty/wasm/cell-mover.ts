/** Positions are in 1/65536 pixel, the mix of neighbours in 1/256, as in plain/cell-mover.ts. */
const FIXED: f64 = 65536

/**
 * Moves the pixels of a grid of cells, in the same integers as plain/cell-mover.ts, eight pixels at a time where they
 * come from inside of the picture.
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
  scale: f64,
  copy: usize,
): void {
  for (let y = 0; y < height; y++) memory.copy(copy + y * width, pixels + y * stride, width)
  const over = 1.0 / <f64>cell
  for (let row = 0; row + 1 < rows; row++) {
    const y0 = row * cell
    const y1 = min(y0 + cell, height)
    for (let column = 0; column + 1 < columns; column++) {
      const a = (row * columns + column) << 2
      const b = a + (columns << 2)
      // A pair of neighbours at a time: 0 when both stand still (a fade to 0 may have left -0).
      const stillX = (load<u64>(nx + a) | load<u64>(nx + b)) & 0x7fffffff7fffffff
      const stillY = (load<u64>(ny + a) | load<u64>(ny + b)) & 0x7fffffff7fffffff
      if ((stillX | stillY) == 0) continue
      const ax = <f64>load<f32>(nx + a) * scale
      const bx = <f64>load<f32>(nx + a, 4) * scale
      const cx = <f64>load<f32>(nx + b) * scale
      const dx = <f64>load<f32>(nx + b, 4) * scale
      const ay = <f64>load<f32>(ny + a) * scale
      const by = <f64>load<f32>(ny + a, 4) * scale
      const cy = <f64>load<f32>(ny + b) * scale
      const dy = <f64>load<f32>(ny + b, 4) * scale
      const x0 = column * cell
      const count = min(cell, width - x0)
      for (let y = y0; y < y1; y++) {
        const t = <f64>(y - y0) * over
        const leftX = ax + (cx - ax) * t
        const leftY = ay + (cy - ay) * t
        const sx = fixed(<f64>x0 + leftX)
        const sy = fixed(<f64>y + leftY)
        const stepX = fixed(1.0 + (bx + (dx - bx) * t - leftX) * over)
        const stepY = fixed((by + (dy - by) * t - leftY) * over)
        moveRow(pixels + y * stride + x0, count, sx, sy, stepX, stepY, copy, width, height)
      }
    }
  }
}

function fixed(pixels: f64): i32 {
  return <i32>Math.floor(pixels * FIXED + 0.5)
}

function moveRow(
  to: usize,
  count: i32,
  startX: i32,
  startY: i32,
  stepX: i32,
  stepY: i32,
  copy: usize,
  width: i32,
  height: i32,
): void {
  // Just before the last column and row, so that both neighbours of a place are inside.
  const lastX = ((width - 1) << 16) - 1
  const lastY = ((height - 1) << 16) - 1
  let sx = startX
  let sy = startY
  let left = count
  for (; left >= 8; left -= 8, to += 8, sx += stepX << 3, sy += stepY << 3) {
    const endX = sx + stepX * 7
    const endY = sy + stepY * 7
    const top = min(sy, endY)
    const bottom = max(sy, endY)
    const isInside = sx >= 0 && endX <= lastX && top >= 0 && bottom <= lastY
    const isNear = stepX >= 0 && (endX >> 16) - (sx >> 16) <= 14 && (bottom >> 16) - (top >> 16) <= 1
    if (isInside && isNear) move8(to, sx, sy, stepX, stepY, top >> 16, bottom >> 16, copy, width)
    else moveEach(to, 8, sx, sy, stepX, stepY, copy, width, lastX, lastY)
  }
  if (left > 0) moveEach(to, left, sx, sy, stepX, stepY, copy, width, lastX, lastY)
}

/** Eight pixels that come from at most 16 columns and from between two or three rows. */
function move8(
  to: usize,
  sx: i32,
  sy: i32,
  stepX: i32,
  stepY: i32,
  top: i32,
  bottom: i32,
  copy: usize,
  width: i32,
): void {
  const lanes = i32x4(0, 1, 2, 3)
  const column = sx >> 16
  const x0 = i32x4.add(i32x4.splat(sx - (column << 16)), i32x4.mul(i32x4.splat(stepX), lanes))
  const x1 = i32x4.add(x0, i32x4.splat(stepX << 2))
  const whole = i16x8.narrow_i32x4_u(i32x4.shr_s(x0, 16), i32x4.shr_s(x1, 16))
  // Each 16 bits hold the places of a pixel and of its right neighbour.
  const places = i16x8.add(v128.or(whole, i16x8.shl(whole, 8)), i16x8.splat(256))
  const byte = i32x4.splat(255)
  const fx = i16x8.narrow_i32x4_u(v128.and(i32x4.shr_s(x0, 8), byte), v128.and(i32x4.shr_s(x1, 8), byte))
  const y0 = i32x4.add(i32x4.splat(sy - (top << 16)), i32x4.mul(i32x4.splat(stepY), lanes))
  const y1 = i32x4.add(y0, i32x4.splat(stepY << 2))
  const fy = i16x8.narrow_i32x4_u(v128.and(i32x4.shr_s(y0, 8), byte), v128.and(i32x4.shr_s(y1, 8), byte))
  const from = copy + top * width + column
  let upper = between(v128.load(from), places, fx)
  let lower = between(v128.load(from + width), places, fx)
  if (bottom > top) {
    const third = between(v128.load(from + width + width), places, fx)
    const isBelow = i16x8.narrow_i32x4_s(i32x4.gt_s(y0, i32x4.splat(65535)), i32x4.gt_s(y1, i32x4.splat(65535)))
    upper = v128.bitselect(lower, upper, isBelow)
    lower = v128.bitselect(third, lower, isBelow)
  }
  const rest = i16x8.sub(i16x8.splat(256), fy)
  const half = i32x4.splat(32768)
  const low = i32x4.add(i32x4.extmul_low_i16x8_u(upper, rest), i32x4.extmul_low_i16x8_u(lower, fy))
  const high = i32x4.add(i32x4.extmul_high_i16x8_u(upper, rest), i32x4.extmul_high_i16x8_u(lower, fy))
  const mixed = i16x8.narrow_i32x4_u(i32x4.shr_u(i32x4.add(low, half), 16), i32x4.shr_u(i32x4.add(high, half), 16))
  v128.store64_lane(to, i8x16.narrow_i16x8_u(mixed, mixed), 0)
}

/** (p << 8) + (q - p) * f of each pixel p and its neighbour q, in 16 bits without sign. */
function between(row: v128, places: v128, f: v128): v128 {
  const pairs = i8x16.swizzle(row, places)
  const p = v128.and(pairs, i16x8.splat(255))
  const q = i16x8.shr_u(pairs, 8)
  return i16x8.add(i16x8.shl(p, 8), i16x8.mul(i16x8.sub(q, p), f))
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
    const fx = (px >> 8) & 255
    const from = copy + (py >> 16) * width + (px >> 16)
    const p = <i32>load<u8>(from)
    const q = <i32>load<u8>(from + width)
    const upper = (p << 8) + (<i32>load<u8>(from, 1) - p) * fx
    const lower = (q << 8) + (<i32>load<u8>(from + width, 1) - q) * fx
    store<u8>(to, <u8>(((upper << 8) + (lower - upper) * ((py >> 8) & 255) + 32768) >> 16))
  }
}
