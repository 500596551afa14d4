/**
 * Mean over a square, in place: along the rows into `rows`, then along the columns back.
 *
 * @param rows as large as the plane, @param columns as long as a row
 */
export function blur(plane: usize, rows: usize, columns: usize, width: i32, height: i32, radius: i32): void {
  meanAlongRows(plane, rows, width, height, min(radius, (width - 1) >> 1))
  meanAlongColumns(rows, plane, columns, width, height, min(radius, (height - 1) >> 1))
}

/** A running sum, four at a time: each vector of differences is summed up within itself and onto the last sum. */
function meanAlongRows(from: usize, to: usize, width: i32, height: i32, radius: i32): void {
  const scale: f32 = <f32>1.0 / <f32>(radius + radius + 1)
  const scales = f32x4.splat(scale)
  const zero = f32x4.splat(0)
  const ahead = radius << 2
  const behind = (radius + 1) << 2
  for (let y = 0; y < height; y++) {
    const start = from + ((y * width) << 2)
    const last = load<f32>(start + ((width - 1) << 2))
    const first = load<f32>(start)
    let at = start
    let target = to + ((y * width) << 2)
    let sum: f32 = first * <f32>(radius + 1)
    for (let i = 0; i < radius; i++) sum += load<f32>(start + (i << 2))
    for (const stop = start + ahead; at <= stop; at += 4, target += 4) {
      sum += load<f32>(at + ahead) - first
      store<f32>(target, sum * scale)
    }
    const stop = start + ((width - radius) << 2)
    let sums = f32x4.splat(sum)
    for (; at + 16 <= stop; at += 16, target += 16) {
      let change = f32x4.sub(v128.load(at + ahead), v128.load(at - behind))
      change = f32x4.add(change, v128.shuffle<f32>(zero, change, 0, 4, 5, 6))
      change = f32x4.add(change, v128.shuffle<f32>(zero, change, 0, 0, 4, 5))
      sums = f32x4.add(change, v128.shuffle<f32>(sums, sums, 3, 3, 3, 3))
      v128.store(target, f32x4.mul(sums, scales))
    }
    sum = f32x4.extract_lane(sums, 3)
    for (; at < stop; at += 4, target += 4) {
      sum += load<f32>(at + ahead) - load<f32>(at - behind)
      store<f32>(target, sum * scale)
    }
    for (const end = start + (width << 2); at < end; at += 4, target += 4) {
      sum += last - load<f32>(at - behind)
      store<f32>(target, sum * scale)
    }
  }
}

/** Goes down row by row with running sums of four columns; what it writes past a row is written again by the next. */
function meanAlongColumns(from: usize, to: usize, columns: usize, width: i32, height: i32, radius: i32): void {
  const scale = f32x4.splat(<f32>1.0 / <f32>(radius + radius + 1))
  const row = width << 2
  for (let x = 0; x < row; x += 16) {
    let sum = f32x4.mul(v128.load(from + x), f32x4.splat(<f32>(radius + 1)))
    for (let y = 0; y < radius; y++) sum = f32x4.add(sum, v128.load(from + y * row + x))
    v128.store(columns + x, sum)
  }
  for (let y = 0; y < height; y++) {
    const entering = from + min(y + radius, height - 1) * row
    const leaving = from + max(y - radius - 1, 0) * row
    const target = to + y * row
    for (let x = 0; x < row; x += 16) {
      const change = f32x4.sub(v128.load(entering + x), v128.load(leaving + x))
      const sum = f32x4.add(v128.load(columns + x), change)
      v128.store(columns + x, sum)
      v128.store(target + x, f32x4.mul(sum, scale))
    }
  }
}
