/**
 * A smooth curve through points (Catmull-Rom; Catmull and Rom 1974), `parts` pieces for each span.
 *
 * @param points x, y, z; taken by `indices`
 * @param out x, y pairs; (spans * parts, and the last point where the curve is open)
 * @param at index of the first pair to write
 * @returns how many pairs were written
 */
export function smoothCurve(
  points: Float32Array,
  indices: readonly number[],
  closed: boolean,
  parts: number,
  out: Float32Array,
  at = 0,
): number {
  const count = indices.length
  const spans = closed ? count : count - 1
  let to = 2 * at
  for (let span = 0; span < spans; span++) {
    const b = 3 * indices[span]!
    const c = 3 * indices[(span + 1) % count]!
    const a = span > 0 ? 3 * indices[span - 1]! : closed ? 3 * indices[count - 1]! : b
    const d = span + 2 < count ? 3 * indices[span + 2]! : closed ? 3 * indices[(span + 2) % count]! : c
    for (let part = 0; part < parts; part++) {
      const t = part / parts
      out[to++] = between(points[a]!, points[b]!, points[c]!, points[d]!, t)
      out[to++] = between(points[a + 1]!, points[b + 1]!, points[c + 1]!, points[d + 1]!, t)
    }
  }
  if (!closed) {
    const last = 3 * indices[count - 1]!
    out[to++] = points[last]!
    out[to++] = points[last + 1]!
  }
  return to / 2 - at
}

function between(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}
