/** The same as in plain/flaws.ts. */
const MOST_PULL: f32 = 0.9
const FOLD: f32 = 3
const RED_FROM: f32 = 1
const RED_SPAN: f32 = 2.5
const KNEE: f32 = 10
const PALE: f32 = 30
const RECOLOUR: f32 = 0.7

/** Lifts round dips and lines of luma on skin to their surroundings, four samples at a time. */
export function fillDips(
  luma: usize,
  v: usize,
  skin: usize,
  lines: usize,
  gain: usize,
  offset: usize,
  redness: usize,
  width: i32,
  height: i32,
  radius: i32,
  spots: f32,
  least: f32,
  most: f32,
): void {
  memory.fill(redness, 0, (<usize>(width * height)) << 2)
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  const half = f32x4.splat(0.5)
  const strength = f32x4.splat(spots)
  const slant = max(1, <i32>nearest(<f32>radius * <f32>0.7))
  const side: isize = radius << 2
  const down: isize = (radius * width) << 2
  const falling: isize = (slant * (width + 1)) << 2
  const rising: isize = (slant * (width - 1)) << 2
  const last = width - radius
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < last; x += 4) {
      const at: usize = (y * width + x) << 2
      // Lanes past the end of the row keep what they have.
      const inside = i32x4.lt_s(i32x4.add(i32x4.splat(x), i32x4(0, 1, 2, 3)), i32x4.splat(last))
      const mask = v128.and(v128.load(skin + at), inside)
      if (!v128.any_true(f32x4.gt(mask, zero))) continue
      const place = luma + at
      const light = v128.load(place)
      const a = f32x4.add(v128.load(place - side), v128.load(place + side))
      const b = f32x4.add(v128.load(place - down), v128.load(place + down))
      const c = f32x4.add(v128.load(place - falling), v128.load(place + falling))
      const d = f32x4.add(v128.load(place - rising), v128.load(place + rising))
      const lowest = f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d))
      const highest = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d))
      const round = f32x4.sub(f32x4.mul(lowest, half), light)
      const line = f32x4.sub(f32x4.mul(highest, half), light)
      const asSpot = f32x4.mul(f32x4.mul(strength, mask), countOf(round, least, most))
      const asLine = f32x4.mul(f32x4.mul(v128.load(lines + at), mask), countOf(line, least, FOLD * most))
      const pull = f32x4.mul(f32x4.splat(MOST_PULL), f32x4.pmax(asSpot, asLine))
      const lift = f32x4.pmax(f32x4.mul(asSpot, round), f32x4.mul(asLine, f32x4.pmin(line, f32x4.splat(most))))
      const added = f32x4.add(f32x4.mul(pull, light), f32x4.mul(lift, f32x4.splat(MOST_PULL)))
      const kept = f32x4.sub(one, pull)
      v128.store(gain + at, f32x4.sub(f32x4.mul(kept, f32x4.add(one, v128.load(gain + at))), one))
      v128.store(offset + at, f32x4.add(f32x4.mul(kept, v128.load(offset + at)), added))
      const colour = v + at
      const e = f32x4.add(v128.load(colour - side), v128.load(colour + side))
      const f = f32x4.add(v128.load(colour - down), v128.load(colour + down))
      const g = f32x4.add(v128.load(colour - falling), v128.load(colour + falling))
      const h = f32x4.add(v128.load(colour - rising), v128.load(colour + rising))
      const reddest = f32x4.pmax(f32x4.pmax(e, f), f32x4.pmax(g, h))
      const over = f32x4.sub(f32x4.sub(v128.load(colour), f32x4.mul(reddest, half)), f32x4.splat(RED_FROM))
      const red = clamp(f32x4.mul(over, f32x4.splat(<f32>1.0 / RED_SPAN)))
      v128.store(redness + at, f32x4.pmax(f32x4.mul(f32x4.mul(strength, mask), red), asSpot))
    }
  }
}

/** 0 up to a depth of `least`, 1 from twice that on, 0 again from one and a half times `most`. */
function countOf(depth: v128, least: f32, most: f32): v128 {
  const rise = clamp(f32x4.sub(f32x4.mul(depth, f32x4.splat(<f32>1.0 / least)), f32x4.splat(1)))
  const fall = clamp(f32x4.sub(f32x4.splat(3), f32x4.mul(depth, f32x4.splat(<f32>2.0 / most))))
  return f32x4.mul(rise, fall)
}

/** Lowers luma of the skin above `from`. */
export function dullShine(
  luma: usize,
  skin: usize,
  offset: usize,
  redness: usize,
  count: i32,
  share: f32,
  from: f32,
): void {
  const zero = f32x4.splat(0)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const excess = f32x4.pmax(f32x4.sub(v128.load(luma + at), f32x4.splat(from)), zero)
    if (!v128.any_true(excess)) continue
    const mask = f32x4.mul(v128.load(skin + at), f32x4.splat(share))
    const lowered = f32x4.div(f32x4.mul(excess, excess), f32x4.add(excess, f32x4.splat(KNEE)))
    v128.store(offset + at, f32x4.sub(v128.load(offset + at), f32x4.mul(mask, lowered)))
    const pale = clamp(f32x4.mul(excess, f32x4.splat(<f32>1.0 / PALE)))
    const recoloured = f32x4.mul(f32x4.mul(mask, pale), f32x4.splat(RECOLOUR))
    v128.store(redness + at, f32x4.pmax(v128.load(redness + at), recoloured))
  }
}

/** To 0..1. */
function clamp(values: v128): v128 {
  return f32x4.pmin(f32x4.pmax(values, f32x4.splat(0)), f32x4.splat(1))
}
