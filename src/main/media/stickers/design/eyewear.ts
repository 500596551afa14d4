import { MATERIALS } from '../model/material'
import type { Vec2 } from '../model/pillow'
import { mixed, type Colour, type ShapeBuilder, type Vec3 } from '../model/shape-builder'
import { sweep } from '../model/sweep'
import type { Material } from '../model/material'

interface Eyewear {
  /** Outline of the left lens about its middle, counter-clockwise, centimetres. */
  outline: readonly Vec2[]
  /** Middle of the left lens. */
  lens: readonly [number, number]
  /** Half thickness of the rim in the plane of the lens, and in depth. */
  rim: readonly [number, number]
  material: Material
  /** By how high on the rim it lies, 0 at the bottom, 1 at the top. */
  colour: (height: number) => Colour
  temple: string
  /** Colour of the lens and its opacity at the top and at the bottom; null is clear glass. */
  /** Opacity of the sky's streaks on the lens. */
  glint: number
  /** How far they go down, 1 is to the lower rim of a round lens. */
  reach: number
  tint: { top: string; bottom: string; opacity: readonly [number, number] } | null
  /** Height of the hinge over the middle of the lens. */
  hinge: number
  bridge: { y: number; arch: number; radius: number }
}

/** Lenses lie on a cylinder round the face: how deep at distance x from the middle. */
function wrap(x: number): number {
  return 6.55 - 0.034 * x * x
}

/** Glasses of any outline: tinted lenses, rims, bridge, and temples that fade out over the ears. */
export function eyewear(builder: ShapeBuilder, design: Eyewear): void {
  const { tint } = design
  for (const mirror of [false, true]) {
    if (!tint) break
    builder.part({ material: MATERIALS.lens, anchor: 'eyes', lift: 0.6, blend: true, soft: false })
    builder.at(
      (x, y, z) => [x, y, z],
      () => lens(builder, design, tint),
      mirror,
    )
  }
  builder.part({ material: { ...MATERIALS.shade, glow: 1 }, anchor: 'eyes', lift: 0.6, blend: true, soft: false })
  for (const side of [-1, 1]) {
    streak(builder, design, side, -0.42, 0.3)
    streak(builder, design, side, 0.02, 0.1)
  }
  for (const mirror of [false, true]) {
    builder.part({ material: design.material, anchor: 'eyes', lift: 0.15, blend: true })
    builder.at(
      (x, y, z) => [x, y, z],
      () => temple(builder, design),
      mirror,
    )
  }
  builder.part({ material: design.material, anchor: 'eyes', lift: 0.8 })
  for (const mirror of [false, true])
    builder.at(
      (x, y, z) => [x, y, z],
      () => rim(builder, design),
      mirror,
    )
  bridge(builder, design)
}

function lens(builder: ShapeBuilder, { outline, lens: [cx, cy] }: Eyewear, tint: NonNullable<Eyewear['tint']>): void {
  const low = Math.min(...outline.map(([, y]) => y))
  const high = Math.max(...outline.map(([, y]) => y))
  const rings = [1, 0.5]
  const at = (x: number, y: number): number => {
    const height = (y - low) / (high - low)
    const opacity = tint.opacity[1] + (tint.opacity[0] - tint.opacity[1]) * height
    // A slight dome, so that the mirrored window bends as it does on glass.
    const dome = 0.35 * (1 - (x / 3) ** 2 - (y / 3) ** 2)
    return builder.vertex(cx + x, cy + y, wrap(cx + x) + dome - 0.25, mixed(tint.bottom, tint.top, height), opacity)
  }
  // The rim covers its edge, so half of the corners will do.
  const corners = outline.filter((_, i) => i % 2 === 0)
  const lines = rings.map((s) => corners.map(([x, y]) => at(x * s, y * s)))
  const centre = at(0, 0)
  const count = corners.length
  for (let r = 0; r + 1 < lines.length; r++) {
    const [outer, inner] = [lines[r]!, lines[r + 1]!]
    for (let k = 0; k < count; k++) builder.quad(outer[k]!, outer[(k + 1) % count]!, inner[(k + 1) % count]!, inner[k]!)
  }
  const last = lines.at(-1)!
  for (let k = 0; k < count; k++) builder.triangle(last[k]!, last[(k + 1) % count]!, centre)
}

/**
 * A slanted streak of the sky on a lens, fading downwards; it leans to the same side on both.
 * @param from where its upper end begins, and `wide` how wide it is, in half widths of the lens
 */
function streak(builder: ShapeBuilder, design: Eyewear, side: number, from: number, wide: number): void {
  const { outline, glint, reach } = design
  const [cx, cy] = design.lens
  const half = Math.max(...outline.map(([x]) => x)) * 0.8
  const rows = 4
  const lines = Array.from({ length: rows + 1 }, (_, i) => {
    const t = i / rows
    const y = cy + half * (0.62 - 1.15 * t * reach)
    const alpha = glint * (1 - t) * Math.min(1, 6 * t + 0.2)
    return [0, 0.25, 0.75, 1].map((k) => {
      const x = side * cx + half * (from + wide * k - 0.42 * t * reach)
      const soft = k === 0 || k === 1 ? 0 : alpha
      return builder.vertex(x, y, wrap(x) + 0.12, '#f4f8ff', soft)
    })
  })
  for (let i = 0; i < rows; i++) {
    const [upper, lower] = [lines[i]!, lines[i + 1]!]
    for (let k = 0; k < 3; k++) builder.quad(lower[k]!, lower[k + 1]!, upper[k + 1]!, upper[k]!)
  }
}

function rim(builder: ShapeBuilder, { outline, lens: [cx, cy], rim: [flat, deep], colour }: Eyewear): void {
  const path = outline.map(([x, y]): Vec3 => [cx + x, cy + y, wrap(cx + x)])
  const heights = outline.map(([, y]) => y)
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  sweep(builder, path, {
    radius: () => [flat, deep],
    axis: [0, 0, 1],
    sides: 7,
    closed: true,
    colour: (t) => colour((heights[Math.round(t * path.length) % path.length]! - low) / (high - low)),
  })
}

function bridge(
  builder: ShapeBuilder,
  { outline, lens: [cx, cy], bridge: { y, arch, radius }, colour }: Eyewear,
): void {
  // From the inner side of one rim to that of the other.
  const inner = cx + Math.min(...outline.map(([x]) => x)) - 0.02
  const path = Array.from({ length: 9 }, (_, i): Vec3 => {
    const t = i / 4 - 1
    return [inner * t, cy + y + arch * (1 - t * t), wrap(inner) + 0.25 * (1 - t * t)]
  })
  sweep(builder, path, { radius: () => [radius, radius], axis: [0, 0, 1], sides: 8, colour: () => colour(0.8) })
}

function temple(builder: ShapeBuilder, { outline, lens: [cx, cy], hinge, rim: [, deep], temple: tone }: Eyewear): void {
  const outer = cx + Math.max(...outline.map(([x]) => x))
  const y = cy + hinge
  const points: Vec3[] = [
    [outer - 0.2, y, wrap(outer) - 0.05],
    [outer + 0.35, y + 0.03, wrap(outer) - 0.35],
    [Math.max(outer + 0.6, 6.95), y + 0.02, wrap(outer) - 1.2],
    [7.5, y - 0.04, 1.5],
    [7.8, y - 0.1, -1.2],
    [7.95, y - 0.2, -3.2],
    [8, y - 0.5, -4.6],
    [7.95, y - 1.2, -5.6],
    [7.9, y - 2.2, -6.3],
  ]
  const path = smoothPath(points, 3)
  sweep(builder, path, {
    radius: (t) => [t < 0.08 ? 0.2 : 0.13, 0.3 - 0.1 * t + (t < 0.1 ? deep * 0.2 : 0)],
    axis: [0, 1, 0],
    sides: 6,
    colour: () => tone,
    // The ears and the hair are not known: it is gone before it meets them.
    alpha: (t) => Math.min(1, Math.max(0, (0.86 - t) / 0.34)),
  })
}

function smoothPath(points: readonly Vec3[], steps: number): Vec3[] {
  const last = points.length - 1
  const out: Vec3[] = []
  for (let i = 0; i < last; i++) {
    const [a, b, c, d] = [i - 1, i, i + 1, i + 2].map((k) => points[Math.min(Math.max(k, 0), last)]!) as [
      ...[Vec3, Vec3],
      ...[Vec3, Vec3],
    ]
    for (let s = 0; s < steps; s++) {
      const t = s / steps
      out.push(
        [0, 1, 2].map(
          (k) =>
            0.5 *
            (2 * b[k]! +
              (c[k]! - a[k]!) * t +
              (2 * a[k]! - 5 * b[k]! + 4 * c[k]! - d[k]!) * t * t +
              (3 * b[k]! - a[k]! - 3 * c[k]! + d[k]!) * t * t * t),
        ) as unknown as Vec3,
      )
    }
  }
  out.push(points[last]!)
  return out
}
