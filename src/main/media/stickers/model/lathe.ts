import type { Colour, ShapeBuilder } from './shape-builder'

/** A point of the outline that is turned: radius and height; `crease` keeps the edge sharp there. */
export interface ProfilePoint {
  r: number
  y: number
  crease?: boolean
}

/**
 * Turns an outline about the y axis. The outline runs upwards on the outside of the form; radius 0 closes it.
 * @param colour by the number of the stretch between two points (0 first) and the angle; 0 faces the camera
 */
export function lathe(
  builder: ShapeBuilder,
  profile: readonly ProfilePoint[],
  segments: number,
  colour: (stretch: number, angle: number, end: 0 | 1) => Colour,
  alpha: (stretch: number, end: 0 | 1) => number = () => 1,
): void {
  let lower: number[] | null = null
  const ring = ({ r, y }: ProfilePoint, stretch: number, end: 0 | 1): number[] =>
    Array.from({ length: segments }, (_, k) => {
      const angle = (2 * Math.PI * k) / segments
      return builder.vertex(
        Math.sin(angle) * r,
        y,
        Math.cos(angle) * r,
        colour(stretch, angle, end),
        alpha(stretch, end),
      )
    })
  for (let i = 0; i + 1 < profile.length; i++) {
    const [from, to] = [profile[i]!, profile[i + 1]!]
    if (lower === null || from.crease === true) lower = ring(from, i, 0)
    const upper = ring(to, i, 1)
    for (let k = 0; k < segments; k++) {
      const next = (k + 1) % segments
      if (from.r > 0) builder.triangle(lower[k]!, lower[next]!, upper[next]!)
      if (to.r > 0) builder.triangle(lower[k]!, upper[next]!, upper[k]!)
    }
    lower = upper
  }
}

/** A ball, or an egg, about the origin: half axes, colour by height -1..1 and angle. */
export function ball(
  builder: ShapeBuilder,
  [rx, ry, rz]: readonly [number, number, number],
  segments: number,
  colour: (height: number, angle: number) => Colour,
): void {
  const rows = Math.max(4, Math.round(segments / 2))
  const heights = Array.from({ length: rows + 1 }, (_, i) => -Math.cos((Math.PI * i) / rows))
  const profile = heights.map((y) => ({ r: Math.abs(y) > 0.9999 ? 0 : Math.sqrt(1 - y * y), y }))
  builder.at(
    (x, y, z) => [x * rx, y * ry, z * rz],
    () => lathe(builder, profile, segments, (stretch, angle, end) => colour(heights[stretch + end]!, angle)),
  )
}
