/** 1 over the face, falling smoothly to 0 at the ellipse; what it writes past a row is written again by the next. */
export function fadeTone(
  tone: usize,
  width: i32,
  height: i32,
  p0: f32,
  px: f32,
  py: f32,
  q0: f32,
  qx: f32,
  qy: f32,
): void {
  const one = f32x4.splat(1)
  const lanes = f32x4(0, 1, 2, 3)
  const pLanes = f32x4.mul(lanes, f32x4.splat(px))
  const qLanes = f32x4.mul(lanes, f32x4.splat(qx))
  for (let y = 0; y < height; y++) {
    const row = tone + ((y * width) << 2)
    const pRow = p0 + <f32>y * py
    const qRow = q0 + <f32>y * qy
    for (let x = 0; x < width; x += 4) {
      const p = f32x4.add(f32x4.splat(pRow + <f32>x * px), pLanes)
      const q = f32x4.add(f32x4.splat(qRow + <f32>x * qx), qLanes)
      const inside = f32x4.sub(one, f32x4.add(f32x4.mul(p, p), f32x4.mul(q, q)))
      const t = clamp(f32x4.mul(inside, f32x4.splat(1.9)))
      v128.store(row + (x << 2), smooth(t))
    }
  }
}

/** Weight and gate: how much each sample looks like skin; and `skin` without its holes. */
export function gateSkin(
  luma: usize,
  u: usize,
  v: usize,
  texture: usize,
  skin: usize,
  tone: usize,
  holes: usize,
  toneless: usize,
  weight: usize,
  gate: usize,
  count: i32,
  axisU: f32,
  axisV: f32,
  chroma: f32,
  backwards: f32,
  forwards: f32,
  sideways: f32,
  strictly: f32,
  darkFrom: f32,
  darkTo: f32,
  roughFrom: f32,
  roughTo: f32,
  shaded: f32,
  ownLuma: f32,
): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  const grey = f32x4.splat(128)
  const overRough = f32x4.splat(<f32>1.0 / (roughTo - roughFrom))
  const overDark = f32x4.splat(<f32>1.0 / (darkTo - darkFrom))
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const open = f32x4.pmax(f32x4.sub(one, v128.load(holes + at)), zero)
    const face = v128.load(skin + at)
    v128.store(skin + at, f32x4.mul(face, open))
    const light = v128.load(luma + at)
    const seen = v128.and(f32x4.gt(v128.load(tone + at), zero), f32x4.gt(light, f32x4.splat(darkFrom)))
    if (!v128.any_true(seen)) {
      v128.store(weight + at, zero)
      v128.store(gate + at, zero)
      continue
    }
    const pu = f32x4.sub(v128.load(u + at), grey)
    const pv = f32x4.sub(v128.load(v + at), grey)
    const along = f32x4.sub(
      f32x4.add(f32x4.mul(pu, f32x4.splat(axisU)), f32x4.mul(pv, f32x4.splat(axisV))),
      f32x4.splat(chroma),
    )
    const turn = f32x4.sub(f32x4.mul(pu, f32x4.splat(axisV)), f32x4.mul(pv, f32x4.splat(axisU)))
    const below = f32x4.pmax(f32x4.sub(f32x4.splat(ownLuma), light), zero)
    const darker = f32x4.add(one, f32x4.mul(below, f32x4.splat(shaded)))
    const hue = v128.bitselect(f32x4.mul(darker, f32x4.splat(sideways)), f32x4.splat(strictly), f32x4.gt(face, zero))
    const depth = v128.bitselect(f32x4.splat(backwards), f32x4.splat(forwards), f32x4.lt(along, zero))
    const aside = f32x4.mul(turn, hue)
    const off = f32x4.mul(along, depth)
    const distance = f32x4.add(f32x4.mul(aside, aside), f32x4.mul(off, off))
    // 1 up to a distance of 0.7, 0 from 1.5 on.
    const near = clamp(f32x4.mul(f32x4.sub(f32x4.splat(2.25), distance), f32x4.splat(1.0 / 1.75)))
    const rise = smooth(clamp(f32x4.mul(f32x4.sub(light, f32x4.splat(darkFrom)), overDark)))
    const bright = v128.bitselect(one, rise, f32x4.ge(light, f32x4.splat(darkTo)))
    const even = clamp(f32x4.mul(f32x4.sub(f32x4.splat(roughTo), v128.load(texture + at)), overRough))
    const looks = v128.and(f32x4.mul(f32x4.mul(near, bright), even), seen)
    const toned = f32x4.pmax(f32x4.sub(one, v128.load(toneless + at)), zero)
    v128.store(weight + at, f32x4.mul(looks, open))
    v128.store(gate + at, f32x4.mul(looks, toned))
  }
}

/** Takes the gate, blurred, into `skin` and `tone`. */
export function closeMasks(skin: usize, tone: usize, gate: usize, count: i32): void {
  const one = f32x4.splat(1)
  for (let at: usize = 0, end = (<usize>count) << 2; at < end; at += 16) {
    const fade = v128.load(tone + at)
    const soft = v128.load(gate + at)
    const border = f32x4.pmin(f32x4.mul(fade, f32x4.splat(5)), one)
    v128.store(skin + at, f32x4.mul(v128.load(skin + at), f32x4.mul(soft, border)))
    v128.store(tone + at, f32x4.mul(fade, soft))
  }
}

/** To 0..1. The `p` forms differ for what is no number only, and are one instruction. */
function clamp(values: v128): v128 {
  return f32x4.pmin(f32x4.pmax(values, f32x4.splat(0)), f32x4.splat(1))
}

/** t² (3 - 2 t) */
function smooth(t: v128): v128 {
  return f32x4.mul(f32x4.mul(t, t), f32x4.sub(f32x4.splat(3), f32x4.add(t, t)))
}
