import type { Colour, ShapeBuilder } from './shape-builder'

export type Vec2 = readonly [number, number]

/** A line round the form, drawn in from the outline towards the centre. */
export interface Ring {
  /** Size: 1 is the outline, 0 the centre. */
  s: number
  z: number
  /** One, or by the place in the outline's plane. */
  colour: Colour | ((x: number, y: number) => Colour)
  /** Begins a new surface: colour and normal change sharply here. */
  crease?: boolean
}

interface PillowOptions {
  /** Seen from the front, from the outline (s = 1) inwards. */
  front: readonly Ring[]
  /** The back, from the outline inwards; left out, the form is open behind. */
  back?: readonly Ring[]
  centre?: Vec2
  /** Opacity by place in the outline's plane. */
  fade?: (x: number, y: number) => number
}

/**
 * A cushion with the outline of a star-shaped form (every point seen from its centre), counter-clockwise as seen from
 * the front, in the x, y plane: petals, hearts, ears, noses.
 */
export function pillow(builder: ShapeBuilder, outline: readonly Vec2[], options: PillowOptions): void {
  half(builder, outline, options.front, options, false)
  if (options.back) half(builder, outline, options.back, options, true)
}

/** Rings of a round cushion: `depth` high in the middle, `steps` of them, one colour or by size. */
export function roundRings(depth: number, steps: number, colour: Colour | ((s: number) => Colour), z = 0): Ring[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const turn = (Math.PI / 2) * (i / steps)
    const s = i === steps ? 0 : Math.cos(turn)
    return { s, z: z + depth * Math.sin(turn), colour: typeof colour === 'function' ? colour(s) : colour }
  })
}

function half(
  builder: ShapeBuilder,
  outline: readonly Vec2[],
  rings: readonly Ring[],
  { centre: [cx, cy] = [0, 0], fade = () => 1 }: PillowOptions,
  back: boolean,
): void {
  const count = outline.length
  const vertex = (ring: Ring, x: number, y: number): number =>
    builder.vertex(x, y, ring.z, colourAt(ring, x, y), fade(x, y))
  const line = (ring: Ring): number[] =>
    ring.s === 0
      ? [vertex(ring, cx, cy)]
      : outline.map(([x, y]) => vertex(ring, cx + (x - cx) * ring.s, cy + (y - cy) * ring.s))
  let outer = line(rings[0]!)
  for (let r = 1; r < rings.length; r++) {
    const ring = rings[r]!
    const inner = line(ring)
    for (let k = 0; k < count; k++) {
      const next = (k + 1) % count
      const corners =
        inner.length === 1 ? [outer[k]!, outer[next]!, inner[0]!] : [outer[k]!, outer[next]!, inner[next]!]
      triangle(builder, corners, back)
      if (inner.length > 1) triangle(builder, [outer[k]!, inner[next]!, inner[k]!], back)
    }
    outer = ring.crease === true && ring.s > 0 ? line(ring) : inner
  }
}

function triangle(builder: ShapeBuilder, [a, b, c]: number[], back: boolean): void {
  if (back) builder.triangle(a!, c!, b!)
  else builder.triangle(a!, b!, c!)
}

function colourAt({ colour }: Ring, x: number, y: number): Colour {
  return typeof colour === 'function' ? colour(x, y) : colour
}
