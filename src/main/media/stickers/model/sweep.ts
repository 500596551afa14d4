import type { Colour, ShapeBuilder, Vec3 } from './shape-builder'

interface SweepOptions {
  /** Half axes of the cross-section at t 0..1 along the path: across `axis`, and along it. */
  radius: (t: number) => readonly [number, number]
  /** Direction that the section's second axis keeps to; must not run along the path. */
  axis: Vec3
  sides: number
  closed?: boolean
  colour: (t: number, angle: number) => Colour
  alpha?: (t: number) => number
}

/** A tube along a path; open ends are closed by a point. */
export function sweep(builder: ShapeBuilder, path: readonly Vec3[], options: SweepOptions): void {
  const { radius, axis, sides, closed = false, colour, alpha = () => 1 } = options
  const count = path.length
  const rings: number[][] = []
  for (let i = 0; i < count; i++) {
    const t = closed ? i / count : i / (count - 1)
    const before = path[closed ? (i + count - 1) % count : Math.max(0, i - 1)]!
    const after = path[closed ? (i + 1) % count : Math.min(count - 1, i + 1)]!
    const tangent = unit(minus(after, before))
    const across = unit(cross(tangent, axis))
    const along = cross(across, tangent)
    const [ra, rb] = radius(t)
    const ring: number[] = []
    for (let k = 0; k < sides; k++) {
      const angle = (2 * Math.PI * k) / sides
      const [c, s] = [Math.cos(angle) * ra, Math.sin(angle) * rb]
      const [x, y, z] = [0, 1, 2].map((n) => path[i]![n]! + across[n]! * c + along[n]! * s) as [number, number, number]
      ring.push(builder.vertex(x, y, z, colour(t, angle), alpha(t)))
    }
    rings.push(ring)
  }
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [a, b] = [rings[i]!, rings[(i + 1) % count]!]
    for (let k = 0; k < sides; k++) builder.quad(a[k]!, b[k]!, b[(k + 1) % sides]!, a[(k + 1) % sides]!)
  }
  if (closed) return
  for (const [t, index] of [
    [0, 0],
    [1, count - 1],
  ] as const) {
    const tip = builder.vertex(...path[index]!, colour(t, 0), alpha(t))
    const ring = rings[index]!
    for (let k = 0; k < sides; k++) {
      const next = ring[(k + 1) % sides]!
      if (index === 0) builder.triangle(tip, ring[k]!, next)
      else builder.triangle(tip, next, ring[k]!)
    }
  }
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

export function minus(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

export function unit(a: Vec3): Vec3 {
  const length = Math.hypot(...a) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}
