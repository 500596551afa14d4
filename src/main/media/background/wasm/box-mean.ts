/** See `MattingKernel.blur`. The scratch plane takes the means along the rows. */
export function blur(planes: usize, count: i32, size: i32, scratch: usize, width: i32, height: i32, radius: i32): void {
  for (let n = 0; n < count; n++) {
    const plane = planes + ((n * size) << 2)
    alongRows(plane, scratch, width, height, min(radius, (width - 1) >> 1))
    alongColumns(scratch, plane, width, height, min(radius, (height - 1) >> 1))
  }
}

/** A running sum, four at a time: each vector of differences is summed up within itself and onto the last sum. */
function alongRows(from: usize, to: usize, width: i32, height: i32, radius: i32): void {
  const scale: f32 = <f32>1.0 / <f32>(radius + radius + 1)
  const scales = f32x4.splat(scale)
  const zero = f32x4.splat(0)
  const ahead = (radius + 1) << 2
  const behind = radius << 2
  for (let y = 0; y < height; y++) {
    const start = from + ((y * width) << 2)
    const first = load<f32>(start)
    const last = load<f32>(start + ((width - 1) << 2))
    let target = to + ((y * width) << 2)
    let sum: f32 = first * <f32>(radius + 1)
    for (let i = 1; i <= radius; i++) sum += load<f32>(start + (i << 2))
    let i = 0
    for (; i < radius && i < width; i++, target += 4) {
      store<f32>(target, sum * scale)
      const next = i + radius + 1
      sum += (next < width ? load<f32>(start + (next << 2)) : last) - first
    }
    // `sum` belongs to place i; a vector of four needs the next three and leaves the sum of the fourth after.
    for (; i + radius + 4 < width; i += 4, target += 16) {
      const at = start + (i << 2)
      const change = f32x4.sub(v128.load(at + ahead), v128.load(at - behind))
      let steps = f32x4.add(change, v128.shuffle<f32>(zero, change, 0, 4, 5, 6))
      steps = f32x4.add(steps, v128.shuffle<f32>(zero, steps, 0, 0, 4, 5))
      const sums = f32x4.splat(sum)
      v128.store(target, f32x4.mul(f32x4.add(sums, v128.shuffle<f32>(zero, steps, 0, 4, 5, 6)), scales))
      sum += f32x4.extract_lane(steps, 3)
    }
    for (; i < width; i++, target += 4) {
      store<f32>(target, sum * scale)
      const next = i + radius + 1
      sum += (next < width ? load<f32>(start + (next << 2)) : last) - load<f32>(start + ((i - radius) << 2))
    }
  }
}

/** Down strips of sixteen columns with the running sums in registers; runs over the end of a row into its follower. */
function alongColumns(from: usize, to: usize, width: i32, height: i32, radius: i32): void {
  let x = 0
  for (; x + 16 <= width; x += 16) strip16(from + (x << 2), to + (x << 2), width << 2, height, radius)
  for (; x + 4 <= width; x += 4) strip4(from + (x << 2), to + (x << 2), width << 2, height, radius)
  const scale: f32 = <f32>1.0 / <f32>(radius + radius + 1)
  for (; x < width; x++) {
    const first = from + (x << 2)
    let sum: f32 = load<f32>(first) * <f32>(radius + 1)
    for (let y = 1; y <= radius; y++) sum += load<f32>(first + ((y * width) << 2))
    for (let y = 0; y < height; y++) {
      store<f32>(to + ((y * width + x) << 2), sum * scale)
      sum += load<f32>(first + ((min(y + radius + 1, height - 1) * width) << 2))
      sum -= load<f32>(first + ((max(y - radius, 0) * width) << 2))
    }
  }
}

function strip4(from: usize, to: usize, row: i32, height: i32, radius: i32): void {
  const scale = f32x4.splat(<f32>1.0 / <f32>(radius + radius + 1))
  let sum = f32x4.mul(v128.load(from), f32x4.splat(<f32>(radius + 1)))
  for (let y = 1; y <= radius; y++) sum = f32x4.add(sum, v128.load(from + y * row))
  for (let y = 0; y < height; y++) {
    v128.store(to + y * row, f32x4.mul(sum, scale))
    const entering = v128.load(from + min(y + radius + 1, height - 1) * row)
    sum = f32x4.add(sum, f32x4.sub(entering, v128.load(from + max(y - radius, 0) * row)))
  }
}

function strip16(from: usize, to: usize, row: i32, height: i32, radius: i32): void {
  const scale = f32x4.splat(<f32>1.0 / <f32>(radius + radius + 1))
  const times = f32x4.splat(<f32>(radius + 1))
  let a = f32x4.mul(v128.load(from), times)
  let b = f32x4.mul(v128.load(from, 16), times)
  let c = f32x4.mul(v128.load(from, 32), times)
  let d = f32x4.mul(v128.load(from, 48), times)
  for (let y = 1; y <= radius; y++) {
    const at = from + y * row
    a = f32x4.add(a, v128.load(at))
    b = f32x4.add(b, v128.load(at, 16))
    c = f32x4.add(c, v128.load(at, 32))
    d = f32x4.add(d, v128.load(at, 48))
  }
  for (let y = 0; y < height; y++) {
    const target = to + y * row
    v128.store(target, f32x4.mul(a, scale))
    v128.store(target, f32x4.mul(b, scale), 16)
    v128.store(target, f32x4.mul(c, scale), 32)
    v128.store(target, f32x4.mul(d, scale), 48)
    const entering = from + min(y + radius + 1, height - 1) * row
    const leaving = from + max(y - radius, 0) * row
    a = f32x4.add(a, f32x4.sub(v128.load(entering), v128.load(leaving)))
    b = f32x4.add(b, f32x4.sub(v128.load(entering, 16), v128.load(leaving, 16)))
    c = f32x4.add(c, f32x4.sub(v128.load(entering, 32), v128.load(leaving, 32)))
    d = f32x4.add(d, f32x4.sub(v128.load(entering, 48), v128.load(leaving, 48)))
  }
}
