/** The same as in plain/shrink.ts. */
const ROUGHEST: f32 = 128

/** Means of step x step pixels, 16 pixels of a row at a time. */
export function shrink(pixels: usize, stride: i32, width: i32, height: i32, step: i32, target: usize): void {
  let to = target
  for (let y = 0; y < height; y += step) {
    const row = pixels + y * stride
    const rows = min(step, height - y)
    let x = 0
    if (rows == step) {
      for (; x + 16 <= width; x += 16) to = shrink16(row + x, stride, step, to)
    }
    for (; x < width; x += step, to += 4) {
      const columns = min(step, width - x)
      let sum: i32 = 0
      for (let j = 0; j < rows; j++) {
        for (let i = 0; i < columns; i++) sum += <i32>load<u8>(row + j * stride + x + i)
      }
      store<f32>(to, <f32>sum / <f32>(rows * columns))
    }
  }
}

/** Returns where the next mean goes. */
function shrink16(at: usize, stride: i32, step: i32, to: usize): usize {
  if (step == 1) {
    const pixels = v128.load(at)
    const low = i16x8.extend_low_i8x16_u(pixels)
    const high = i16x8.extend_high_i8x16_u(pixels)
    storeMeans(to, low, 1)
    storeMeans(to + 32, high, 1)
    return to + 64
  }
  // Sums of two neighbours fit into 16 bits for up to 8 rows: 8 * 2 * 255.
  let pairs = i16x8.extadd_pairwise_i8x16_u(v128.load(at))
  for (let row = 1; row < step; row++) {
    pairs = i16x8.add(pairs, i16x8.extadd_pairwise_i8x16_u(v128.load(at + row * stride)))
  }
  if (step == 2) {
    storeMeans(to, pairs, 0.25)
    return to + 32
  }
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs)
  if (step == 4) {
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(fours), f32x4.splat(1.0 / 16.0)))
    return to + 16
  }
  store<f32>(to, <f32>(i32x4.extract_lane(fours, 0) + i32x4.extract_lane(fours, 1)) * (1.0 / 64.0))
  store<f32>(to + 4, <f32>(i32x4.extract_lane(fours, 2) + i32x4.extract_lane(fours, 3)) * (1.0 / 64.0))
  return to + 8
}

function storeMeans(to: usize, sums: v128, share: f32): void {
  const factor = f32x4.splat(share)
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(sums)), factor))
  v128.store(to + 16, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(sums)), factor))
}

/** Means of step x step pixels and their variance, 16 pixels of a row at a time; step 2, 4 or 8. */
export function shrinkTexture(
  pixels: usize,
  stride: i32,
  width: i32,
  height: i32,
  step: i32,
  means: usize,
  texture: usize,
): void {
  let to: usize = 0
  for (let y = 0; y < height; y += step) {
    const row = pixels + y * stride
    const rows = min(step, height - y)
    let x = 0
    if (rows == step) {
      for (; x + 16 <= width; x += 16) to = texture16(row + x, stride, step, means, texture, to)
    }
    for (; x < width; x += step, to += 4) {
      const columns = min(step, width - x)
      let sum: i32 = 0
      let squares: i32 = 0
      for (let j = 0; j < rows; j++) {
        for (let i = 0; i < columns; i++) {
          const value = <i32>load<u8>(row + j * stride + x + i)
          sum += value
          squares += value * value
        }
      }
      storeTexture(means + to, texture + to, sum, squares, rows * columns)
    }
  }
}

/** Returns where the next mean goes, from the start of the planes. */
function texture16(at: usize, stride: i32, step: i32, means: usize, texture: usize, to: usize): usize {
  let pairs = i16x8.splat(0)
  let low = i32x4.splat(0)
  let high = i32x4.splat(0)
  for (let row = 0; row < step; row++) {
    const pixels = v128.load(at + row * stride)
    pairs = i16x8.add(pairs, i16x8.extadd_pairwise_i8x16_u(pixels))
    const a = i16x8.extend_low_i8x16_u(pixels)
    const b = i16x8.extend_high_i8x16_u(pixels)
    low = i32x4.add(low, i32x4.dot_i16x8_s(a, a))
    high = i32x4.add(high, i32x4.dot_i16x8_s(b, b))
  }
  if (step == 2) {
    storeTextures(means + to, texture + to, i32x4.extend_low_i16x8_u(pairs), low, 0.25)
    storeTextures(means + to + 16, texture + to + 16, i32x4.extend_high_i16x8_u(pairs), high, 0.25)
    return to + 32
  }
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs)
  const even = v128.shuffle<i32>(low, high, 0, 2, 4, 6)
  const squares = i32x4.add(even, v128.shuffle<i32>(low, high, 1, 3, 5, 7))
  if (step == 4) {
    storeTextures(means + to, texture + to, fours, squares, 1.0 / 16.0)
    return to + 16
  }
  const left = i32x4.extract_lane(fours, 0) + i32x4.extract_lane(fours, 1)
  const right = i32x4.extract_lane(fours, 2) + i32x4.extract_lane(fours, 3)
  const leftSquares = i32x4.extract_lane(squares, 0) + i32x4.extract_lane(squares, 1)
  const rightSquares = i32x4.extract_lane(squares, 2) + i32x4.extract_lane(squares, 3)
  storeTexture(means + to, texture + to, left, leftSquares, 64)
  storeTexture(means + to + 4, texture + to + 4, right, rightSquares, 64)
  return to + 8
}

function storeTextures(means: usize, texture: usize, sums: v128, squares: v128, share: f32): void {
  const factor = f32x4.splat(share)
  const mean = f32x4.mul(f32x4.convert_i32x4_u(sums), factor)
  v128.store(means, mean)
  const variance = f32x4.sub(f32x4.mul(f32x4.convert_i32x4_u(squares), factor), f32x4.mul(mean, mean))
  v128.store(texture, f32x4.pmin(variance, f32x4.splat(ROUGHEST)))
}

function storeTexture(means: usize, texture: usize, sum: i32, squares: i32, count: i32): void {
  const mean = <f32>sum / <f32>count
  store<f32>(means, mean)
  store<f32>(texture, min<f32>(<f32>squares / <f32>count - mean * mean, ROUGHEST))
}
