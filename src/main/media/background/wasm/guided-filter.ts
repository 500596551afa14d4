/** As in grid.ts. */
const SURELY_NONE: f32 = 0.02
const SURELY_WHOLE: f32 = 0.98

/** See `MattingKernel.multiply`. */
export function multiply(block: usize, size: i32, cells: i32): void {
  const plane = (<usize>size) << 2
  for (let at = block, end = block + ((<usize>cells) << 2); at < end; at += 16) {
    const p = v128.load(at)
    const y = v128.load(at + plane)
    const u = v128.load(at + 2 * plane)
    const v = v128.load(at + 3 * plane)
    v128.store(at + 4 * plane, f32x4.mul(p, y))
    v128.store(at + 5 * plane, f32x4.mul(p, u))
    v128.store(at + 6 * plane, f32x4.mul(p, v))
    v128.store(at + 7 * plane, f32x4.mul(y, y))
    v128.store(at + 8 * plane, f32x4.mul(y, u))
    v128.store(at + 9 * plane, f32x4.mul(y, v))
    v128.store(at + 10 * plane, f32x4.mul(u, u))
    v128.store(at + 11 * plane, f32x4.mul(u, v))
    v128.store(at + 12 * plane, f32x4.mul(v, v))
  }
}

function less(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.sub(f32x4.mul(a, b), f32x4.mul(c, d))
}

function sum3(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(a, b), f32x4.mul(c, d)), f32x4.mul(e, f))
}

/** See `MattingKernel.fit`. */
export function fit(block: usize, size: i32, cells: i32, settled: usize, evenness: f32): void {
  const plane = (<usize>size) << 2
  const even = f32x4.splat(evenness)
  const one = f32x4.splat(1)
  const least = f32x4.splat(0.001)
  for (let i = 0; i < cells; i += 4) {
    const at = block + ((<usize>i) << 2)
    const p = v128.load(at)
    const y = v128.load(at + plane)
    const u = v128.load(at + 2 * plane)
    const v = v128.load(at + 3 * plane)
    const py = v128.load(at + 4 * plane)
    const pu = v128.load(at + 5 * plane)
    const pv = v128.load(at + 6 * plane)
    const a = f32x4.add(f32x4.sub(v128.load(at + 7 * plane), f32x4.mul(y, y)), even)
    const b = f32x4.sub(v128.load(at + 8 * plane), f32x4.mul(y, u))
    const c = f32x4.sub(v128.load(at + 9 * plane), f32x4.mul(y, v))
    const d = f32x4.add(f32x4.sub(v128.load(at + 10 * plane), f32x4.mul(u, u)), even)
    const e = f32x4.sub(v128.load(at + 11 * plane), f32x4.mul(u, v))
    const f = f32x4.add(f32x4.sub(v128.load(at + 12 * plane), f32x4.mul(v, v)), even)
    const ca = less(d, f, e, e)
    const cb = less(c, e, b, f)
    const cc = less(b, e, c, d)
    const cd = less(a, f, c, c)
    const ce = less(b, c, a, e)
    const cf = less(a, d, b, b)
    const inverse = f32x4.div(one, sum3(a, ca, b, cb, c, cc))
    const ty = f32x4.sub(py, f32x4.mul(p, y))
    const tu = f32x4.sub(pu, f32x4.mul(p, u))
    const tv = f32x4.sub(pv, f32x4.mul(p, v))
    const ay = f32x4.mul(sum3(ca, ty, cb, tu, cc, tv), inverse)
    const au = f32x4.mul(sum3(cb, ty, cd, tu, ce, tv), inverse)
    const av = f32x4.mul(sum3(cc, ty, ce, tu, cf, tv), inverse)
    const whole = f32x4.div(one, f32x4.max(p, least))
    const none = f32x4.div(one, f32x4.max(f32x4.sub(one, p), least))
    v128.store(at + plane, f32x4.mul(f32x4.sub(y, py), none))
    v128.store(at + 2 * plane, f32x4.mul(f32x4.sub(u, pu), none))
    v128.store(at + 3 * plane, f32x4.mul(f32x4.sub(v, pv), none))
    v128.store(at + 4 * plane, f32x4.mul(py, whole))
    v128.store(at + 5 * plane, f32x4.mul(pu, whole))
    v128.store(at + 6 * plane, f32x4.mul(pv, whole))
    v128.store(at + 7 * plane, ay)
    v128.store(at + 8 * plane, au)
    v128.store(at + 9 * plane, av)
    v128.store(at + 10 * plane, f32x4.sub(p, sum3(ay, y, au, u, av, v)))
    v128.store(at + 11 * plane, p)
    // 128, plus 127 where surely whole, less 128 where surely none.
    const more = v128.and(f32x4.gt(p, f32x4.splat(SURELY_WHOLE)), i32x4.splat(127))
    const fewer = v128.and(f32x4.lt(p, f32x4.splat(SURELY_NONE)), i32x4.splat(128))
    const value = i32x4.sub(i32x4.add(i32x4.splat(128), more), fewer)
    const half = i16x8.narrow_i32x4_s(value, value)
    v128.store32_lane(settled + i, i8x16.narrow_i16x8_u(half, half), 0)
  }
}
