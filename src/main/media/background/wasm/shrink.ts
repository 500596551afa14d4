/** Means of step x step pixels into cells, 16 pixels of a row at a time. */
export function shrink(
  pixels: usize,
  stride: i32,
  width: i32,
  height: i32,
  step: i32,
  cells: usize,
  columns: i32,
): void {
  for (let y = 0; y < height; y += step) {
    let to = cells + (((y / step) * columns) << 2)
    const row = pixels + y * stride
    const rows = min(step, height - y)
    let x = 0
    if (rows == step && step <= 8) {
      for (; x + 16 <= width; x += 16) to = shrink16(row + x, stride, step, to)
    }
    for (; x < width; x += step, to += 4) {
      const across = min(step, width - x)
      let sum: i32 = 0
      for (let j = 0; j < rows; j++) {
        for (let i = 0; i < across; i++) sum += <i32>load<u8>(row + j * stride + x + i)
      }
      store<f32>(to, <f32>sum / <f32>(rows * across))
    }
  }
}

/** Returns where the next mean goes. */
function shrink16(at: usize, stride: i32, step: i32, to: usize): usize {
  if (step == 1) {
    const all = v128.load(at)
    storeMeans(to, i16x8.extend_low_i8x16_u(all), 1)
    storeMeans(to + 32, i16x8.extend_high_i8x16_u(all), 1)
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
