import { smoothstep } from './noise'

/** A layer of one number per texel on the square skin texture, painted by distance to lines and outlines. */
export class SkinLayer {
  readonly values: Float32Array

  constructor(
    readonly size: number,
    fillWith = 0,
  ) {
    this.values = new Float32Array(size * size).fill(fillWith)
  }

  /**
   * Raises the layer along a line through `points` (texels) to `amount`, falling to zero at `radius` texels; the
   * line thins out at both ends when `taper`. Takes the maximum with what is there.
   */
  stroke(points: readonly Point[], radius: number, amount: number, taper = true): void {
    const lengths = [0]
    for (let i = 1; i < points.length; i++) lengths.push(lengths[i - 1]! + distance(points[i - 1]!, points[i]!))
    const total = lengths[lengths.length - 1]!
    for (let i = 1; i < points.length; i++) {
      const [ax, ay] = points[i - 1]!
      const [bx, by] = points[i]!
      const dx = bx - ax
      const dy = by - ay
      const square = dx * dx + dy * dy || 1
      this.within(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by), radius, (x, y, index) => {
        const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square))
        const away = Math.hypot(x - ax - dx * t, y - ay - dy * t)
        if (away >= radius) return
        const along = (lengths[i - 1]! + t * Math.sqrt(square)) / total
        const end = taper ? Math.min(1, 4 * Math.min(along, 1 - along) + 0.15) : 1
        const value = amount * end * smoothstep(1, 0, away / radius)
        if (value > this.values[index]!) this.values[index] = value
      })
    }
  }

  /** Raises the layer to `amount` inside a closed outline, with an edge `soft` texels wide about the border. */
  area(outline: readonly Point[], soft: number, amount: number): void {
    const xs = outline.map(([x]) => x)
    const ys = outline.map(([, y]) => y)
    this.within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), soft + 1, (x, y, index) => {
      let inside = false
      let nearest = Infinity
      for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
        const [ax, ay] = outline[i]!
        const [bx, by] = outline[j]!
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
        const dx = bx - ax
        const dy = by - ay
        const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
        nearest = Math.min(nearest, Math.hypot(x - ax - dx * t, y - ay - dy * t))
      }
      const value = amount * smoothstep(soft, -soft, inside ? -nearest : nearest)
      if (value > this.values[index]!) this.values[index] = value
    })
  }

  /** Raises the layer to `amount` at a point, falling smoothly to zero at `radius` texels. */
  spot([cx, cy]: Point, radius: number, amount: number): void {
    this.within(cx, cy, cx, cy, radius, (x, y, index) => {
      const value = amount * smoothstep(1, 0, Math.hypot(x - cx, y - cy) / radius)
      if (value > this.values[index]!) this.values[index] = value
    })
  }

  private within(
    left: number,
    top: number,
    right: number,
    bottom: number,
    margin: number,
    visit: (x: number, y: number, index: number) => void,
  ): void {
    const last = this.size - 1
    for (let y = Math.max(0, Math.floor(top - margin)); y <= Math.min(last, Math.ceil(bottom + margin)); y++) {
      for (let x = Math.max(0, Math.floor(left - margin)); x <= Math.min(last, Math.ceil(right + margin)); x++) {
        visit(x + 0.5, y + 0.5, y * this.size + x)
      }
    }
  }
}

export type Point = readonly [number, number]

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}

/** Puts points between points on a Catmull-Rom curve, so that painted lines show no corners. */
export function curve(points: readonly Point[], closed = false): Point[] {
  const out: Point[] = []
  const count = points.length
  const at = (i: number): Point =>
    closed ? points[(i + count) % count]! : points[Math.min(count - 1, Math.max(0, i))]!
  const spans = closed ? count : count - 1
  for (let i = 0; i < spans; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    for (let step = 0; step < 4; step++) {
      const t = step / 4
      const blend = (a: number, b: number, c: number, d: number): number =>
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
      out.push([blend(p0[0], p1[0], p2[0], p3[0]), blend(p0[1], p1[1], p2[1], p3[1])])
    }
  }
  if (!closed) out.push(points[count - 1]!)
  return out
}
