import type { Vec2 } from './pillow'

/** A closed smooth curve through the points (Catmull, Rom 1974), `steps` places between two of them. */
export function smoothLoop(points: readonly Vec2[], steps: number): Vec2[] {
  const count = points.length
  return points.flatMap((_, i) => {
    const [a, b, c, d] = [-1, 0, 1, 2].map((k) => points[(i + k + count) % count]!) as [Vec2, Vec2, Vec2, Vec2]
    return Array.from({ length: steps }, (_, s) => {
      const t = s / steps
      const at = (k: 0 | 1): number =>
        0.5 *
        (2 * b[k] +
          (c[k] - a[k]) * t +
          (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t +
          (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t * t * t)
      return [at(0), at(1)] as const
    })
  })
}

/** Superellipse (Lamé): `power` 2 is an ellipse, more is boxier. Counter-clockwise from the right. */
export function superellipse(rx: number, ry: number, power: number, count: number): Vec2[] {
  const bend = (value: number): number => Math.sign(value) * Math.abs(value) ** (2 / power)
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count
    return [rx * bend(Math.cos(angle)), ry * bend(Math.sin(angle))] as const
  })
}

/** A heart of half width 1 about its centre, point down, counter-clockwise; its corners are rounded for a rim. */
export function heart(count: number): Vec2[] {
  const sharp = Array.from({ length: count }, (_, i): Vec2 => {
    const t = Math.PI / 2 - (2 * Math.PI * i) / count
    const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)
    return [Math.sin(t) ** 3, (y + 2.4) / 16]
  })
  return rounded(rounded(rounded(sharp)))
}

/** Each point moves half of the way to the middle of its neighbours. */
function rounded(loop: readonly Vec2[]): Vec2[] {
  return loop.map(([x, y], i) => {
    const [before, after] = [loop[(i + loop.length - 1) % loop.length]!, loop[(i + 1) % loop.length]!]
    return [(before[0] + 2 * x + after[0]) / 4, (before[1] + 2 * y + after[1]) / 4]
  })
}
