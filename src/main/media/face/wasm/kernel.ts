/** The same as in i420-source.ts. */
const BLACK: f32 = 16
const LUMA_GAIN: f32 = 255.0 / 219.0

/**
 * Turns gathered samples of one row into red, green and blue, four at a time (BT.601, limited range).
 *
 * @param lumas four bytes a sample: upper left, upper right, lower left, lower right
 * @param chromas two bytes a sample: U, V
 * @param x, y source of the first sample, in 1/65536 pixel; @param dx, dy to the next
 * @param red where the first red goes; green and blue lie `plane` bytes on, each
 */
export function mixRow(
  lumas: usize,
  chromas: usize,
  count: i32,
  x: i32,
  y: i32,
  dx: i32,
  dy: i32,
  red: usize,
  plane: usize,
  low: f32,
): void {
  const byte = i32x4.splat(255)
  const part = i32x4.splat(0xffff)
  const unit = f32x4.splat(<f32>1.0 / <f32>65536.0)
  const lanes = i32x4(0, 1, 2, 3)
  const stepX = i32x4.splat(dx << 2)
  const stepY = i32x4.splat(dy << 2)
  const base = f32x4.splat(low)
  const gain = f32x4.splat((<f32>1.0 - low) / <f32>255.0)
  let px = i32x4.add(i32x4.splat(x), i32x4.mul(i32x4.splat(dx), lanes))
  let py = i32x4.add(i32x4.splat(y), i32x4.mul(i32x4.splat(dy), lanes))
  for (let i = 0; i < count; i += 4) {
    const quads = v128.load(lumas + (i << 2))
    const a = f32x4.convert_i32x4_s(v128.and(quads, byte))
    const b = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(quads, 8), byte))
    const c = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(quads, 16), byte))
    const d = f32x4.convert_i32x4_s(i32x4.shr_u(quads, 24))
    const fx = f32x4.mul(f32x4.convert_i32x4_s(v128.and(px, part)), unit)
    const fy = f32x4.mul(f32x4.convert_i32x4_s(v128.and(py, part)), unit)
    const upper = f32x4.add(a, f32x4.mul(f32x4.sub(b, a), fx))
    const lower = f32x4.add(c, f32x4.mul(f32x4.sub(d, c), fx))
    const light = f32x4.add(upper, f32x4.mul(f32x4.sub(lower, upper), fy))
    const pairs = i32x4.extend_low_i16x8_u(v128.load64_zero(chromas + (i << 1)))
    const u = f32x4.sub(f32x4.convert_i32x4_s(v128.and(pairs, byte)), f32x4.splat(128))
    const v = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_u(pairs, 8)), f32x4.splat(128))
    const grey = f32x4.mul(f32x4.sub(light, f32x4.splat(BLACK)), f32x4.splat(LUMA_GAIN))
    const r = f32x4.add(grey, f32x4.mul(v, f32x4.splat(1.596)))
    const g = f32x4.sub(f32x4.sub(grey, f32x4.mul(u, f32x4.splat(0.392))), f32x4.mul(v, f32x4.splat(0.813)))
    const to = red + (i << 2)
    v128.store(to, f32x4.add(base, f32x4.mul(gain, clamp(r))))
    v128.store(to + plane, f32x4.add(base, f32x4.mul(gain, clamp(g))))
    const blue = f32x4.add(grey, f32x4.mul(u, f32x4.splat(2.017)))
    v128.store(to + plane + plane, f32x4.add(base, f32x4.mul(gain, clamp(blue))))
    px = i32x4.add(px, stepX)
    py = i32x4.add(py, stepY)
  }
}

function clamp(values: v128): v128 {
  return f32x4.pmin(f32x4.pmax(values, f32x4.splat(0)), f32x4.splat(255))
}
