/** The same as in plain/smoothing.ts. */
const LEAST_WEIGHT: f32 = 1e-3
const TEXTURE: f32 = 2
const BLACK: f32 = 16
const RANGE: f32 = 219

/** Weight, and luma and its square times the weight. */
export function weighLuma(
  luma: usize,
  texture: usize,
  weight: usize,
  total: usize,
  mean: usize,
  square: usize,
  count: i32,
  usual: f32,
): void {
  const zero = f32x4.splat(0)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const w = f32x4.add(v128.load(weight + at), f32x4.splat(LEAST_WEIGHT))
    const light = v128.load(luma + at)
    const weighed = f32x4.mul(w, light)
    v128.store(total + at, w)
    v128.store(mean + at, weighed)
    const rough = f32x4.pmax(f32x4.sub(v128.load(texture + at), f32x4.splat(usual)), zero)
    const energy = f32x4.add(f32x4.mul(light, light), f32x4.mul(rough, f32x4.splat(TEXTURE)))
    v128.store(square + at, f32x4.mul(w, energy))
  }
}

/** Slope and intercept of the self-guided filter, times the weight, in `square` and `mean`. */
export function fitLuma(weight: usize, total: usize, mean: usize, square: usize, count: i32, noise: f32): void {
  const one = f32x4.splat(1)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const over = f32x4.div(one, v128.load(total + at))
    const average = f32x4.mul(v128.load(mean + at), over)
    const spread = f32x4.sub(f32x4.mul(v128.load(square + at), over), f32x4.mul(average, average))
    const variance = f32x4.pmax(spread, f32x4.splat(0))
    const w = f32x4.add(v128.load(weight + at), f32x4.splat(LEAST_WEIGHT))
    const squared = f32x4.mul(variance, variance)
    const slope = f32x4.div(squared, f32x4.add(squared, f32x4.splat(noise * noise)))
    v128.store(square + at, f32x4.mul(w, slope))
    v128.store(mean + at, f32x4.mul(f32x4.mul(w, average), f32x4.sub(one, slope)))
  }
}

/** Gain and offset of luma: Y - fine * (1 - slope) * (Y - luma) - middle * (luma - even). */
export function smoothLuma(
  luma: usize,
  skin: usize,
  total: usize,
  mean: usize,
  square: usize,
  gain: usize,
  offset: usize,
  count: i32,
  fine: f32,
  middle: f32,
): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const mask = v128.load(skin + at)
    if (!v128.any_true(mask)) {
      v128.store(gain + at, zero)
      v128.store(offset + at, zero)
      continue
    }
    const light = v128.load(luma + at)
    const over = f32x4.div(one, v128.load(total + at))
    const slope = f32x4.mul(v128.load(square + at), over)
    const even = f32x4.add(f32x4.mul(slope, light), f32x4.mul(v128.load(mean + at), over))
    const share = f32x4.mul(f32x4.sub(one, slope), f32x4.splat(fine))
    const smoothed = f32x4.add(f32x4.mul(light, share), f32x4.mul(f32x4.sub(even, light), f32x4.splat(middle)))
    v128.store(gain + at, f32x4.neg(f32x4.mul(mask, share)))
    v128.store(offset + at, f32x4.mul(mask, smoothed))
  }
}

/** The tangent of whitening, after what gain and offset do already. */
export function whitenLuma(luma: usize, tone: usize, gain: usize, offset: usize, count: i32, lift: f32): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const fade = v128.load(tone + at)
    if (!v128.any_true(fade)) continue
    const light = v128.load(luma + at)
    const white = f32x4.mul(fade, f32x4.splat(lift))
    const share = f32x4.mul(f32x4.sub(light, f32x4.splat(BLACK)), f32x4.splat(<f32>1.0 / RANGE))
    const x = f32x4.pmin(f32x4.pmax(share, zero), one)
    const bow = f32x4.sub(f32x4.splat(1.15), f32x4.mul(x, f32x4.splat(0.3)))
    const rise = f32x4.mul(f32x4.mul(f32x4.mul(x, f32x4.sub(one, x)), bow), f32x4.splat(RANGE))
    const bend = f32x4.sub(f32x4.mul(x, f32x4.splat(0.9)), f32x4.splat(2.9))
    const slope = f32x4.add(f32x4.splat(1.15), f32x4.mul(x, bend))
    const grown = f32x4.add(one, f32x4.mul(white, slope))
    const added = f32x4.mul(white, f32x4.sub(rise, f32x4.mul(slope, light)))
    v128.store(gain + at, f32x4.sub(f32x4.mul(grown, f32x4.add(one, v128.load(gain + at))), one))
    v128.store(offset + at, f32x4.add(f32x4.mul(grown, v128.load(offset + at)), added))
  }
}

/** Weight, and U and V times the weight. */
export function weighChroma(
  u: usize,
  v: usize,
  weight: usize,
  total: usize,
  mean: usize,
  square: usize,
  count: i32,
): void {
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const w = f32x4.add(v128.load(weight + at), f32x4.splat(LEAST_WEIGHT))
    v128.store(total + at, w)
    v128.store(mean + at, f32x4.mul(w, v128.load(u + at)))
    v128.store(square + at, f32x4.mul(w, v128.load(v + at)))
  }
}

/** Gain and offset of U or V: by `even`, and where it is red, towards the mean near by; tinted and shifted. */
export function changeChroma(
  skin: usize,
  tone: usize,
  redness: usize,
  total: usize,
  mean: usize,
  gain: usize,
  offset: usize,
  count: i32,
  even: f32,
  tint: f32,
  target: f32,
  shift: f32,
): void {
  const one = f32x4.splat(1)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const smoothed = f32x4.mul(v128.load(skin + at), f32x4.splat(even))
    const mask = f32x4.add(smoothed, f32x4.mul(v128.load(redness + at), f32x4.sub(one, smoothed)))
    const fade = v128.load(tone + at)
    const tinted = f32x4.mul(fade, f32x4.splat(tint))
    const shifted = f32x4.mul(fade, f32x4.splat(shift))
    const kept = f32x4.sub(one, tinted)
    const near = f32x4.div(v128.load(mean + at), v128.load(total + at))
    const added = f32x4.add(f32x4.mul(tinted, f32x4.splat(target)), shifted)
    v128.store(gain + at, f32x4.sub(f32x4.mul(f32x4.sub(one, mask), kept), one))
    v128.store(offset + at, f32x4.add(f32x4.mul(f32x4.mul(kept, mask), near), added))
  }
}
