import { NO_TRIANGLE, type Part, type Shape } from './shape'

export type Vec3 = readonly [number, number, number]
/** `#rrggbb`, or display values 0..1. */
export type Colour = string | Vec3
/** Where a point of a model goes; models are built round their own origin. */
export type Placement = (x: number, y: number, z: number) => Vec3

type PartOptions = Pick<Part, 'material'> & Partial<Pick<Part, 'anchor' | 'lift' | 'blend' | 'soft' | 'hides' | 'sway'>>

const asIs: Placement = (x, y, z) => [x, y, z]

/** Collects vertices and triangles part by part; normals are smooth wherever triangles share a vertex. */
export class ShapeBuilder {
  private readonly parts: Part[] = []
  private readonly positions: number[] = []
  private readonly colours: number[] = []
  private readonly alphas: number[] = []
  private readonly triangles: number[] = []
  private place: Placement = asIs
  private flipped = false

  /** Opens a part; what is drawn belongs to it until the next one. */
  part({
    material,
    anchor = 'none',
    lift = 0,
    blend = false,
    soft = true,
    hides = false,
    sway = null,
  }: PartOptions): void {
    this.closePart()
    const [firstVertex, firstTriangle] = [this.alphas.length, this.triangles.length / 3]
    const range = { firstVertex, endVertex: 0, firstTriangle, endTriangle: 0, firstEdge: 0, endEdge: 0 }
    this.parts.push({ material, anchor, lift, blend, soft, hides, sway, ...range })
  }

  /** Moves all that `draw` adds. @param mirror also turns left into right: `place` then sees the left-hand model */
  at(place: Placement, draw: () => void, mirror = false): void {
    const [outer, wasFlipped] = [this.place, this.flipped]
    this.place = (x, y, z) => {
      const [px, py, pz] = place(x, y, z)
      return outer(mirror ? -px : px, py, pz)
    }
    this.flipped = wasFlipped !== mirror
    draw()
    this.place = outer
    this.flipped = wasFlipped
  }

  vertex(x: number, y: number, z: number, colour: Colour, alpha = 1): number {
    this.positions.push(...this.place(x, y, z))
    const rgb = typeof colour === 'string' ? parse(colour) : colour
    this.colours.push(...rgb.map((value) => value * value))
    return this.alphas.push(alpha) - 1
  }

  /** Counter-clockwise from outside. */
  triangle(a: number, b: number, c: number): void {
    if (this.flipped) this.triangles.push(a, c, b)
    else this.triangles.push(a, b, c)
  }

  quad(a: number, b: number, c: number, d: number): void {
    this.triangle(a, b, c)
    this.triangle(a, c, d)
  }

  /** @throws RangeError when there are more vertices or triangles than 16 bits can number */
  build(): Shape {
    this.closePart()
    if (this.alphas.length >= NO_TRIANGLE || this.triangles.length / 3 >= NO_TRIANGLE)
      throw new RangeError('too many vertices for one shape')
    const edges: number[] = []
    for (const part of this.parts) {
      part.firstEdge = edges.length / 5
      if (part.soft && !part.hides) this.collectEdges(part, edges)
      part.endEdge = edges.length / 5
    }
    return {
      parts: this.parts,
      positions: Float32Array.from(this.positions),
      normals: this.normals(),
      colours: Float32Array.from(this.colours),
      alphas: Float32Array.from(this.alphas),
      triangles: Uint16Array.from(this.triangles),
      edges: Uint16Array.from(edges),
    }
  }

  private closePart(): void {
    const last = this.parts.at(-1)
    if (!last) return
    last.endVertex = this.alphas.length
    last.endTriangle = this.triangles.length / 3
  }

  private normals(): Float32Array {
    const { positions: p, triangles } = this
    const normals = new Float32Array(p.length)
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [triangles[t]! * 3, triangles[t + 1]! * 3, triangles[t + 2]! * 3]
      const u = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!] as const
      const v = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!] as const
      const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
      for (const corner of [a, b, c]) for (let k = 0; k < 3; k++) normals[corner + k]! += n[k]!
    }
    for (let i = 0; i < normals.length; i += 3) {
      const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!) || 1
      for (let k = 0; k < 3; k++) normals[i + k]! /= length
    }
    return normals
  }

  /** Edges are found by place: vertices are doubled where a colour or a crease is sharp. */
  private collectEdges(part: Part, out: number[]): void {
    const key = (vertex: number): string =>
      this.positions
        .slice(vertex * 3, vertex * 3 + 3)
        .map((value) => Math.round(value * 2000))
        .join()
    const names = Array.from({ length: part.endVertex - part.firstVertex }, (_, i) => key(part.firstVertex + i))
    const seen = new Map<string, number>()
    for (let t = part.firstTriangle; t < part.endTriangle; t++) {
      for (let k = 0; k < 3; k++) {
        const [a, b, c] = [0, 1, 2].map((step) => this.triangles[t * 3 + ((k + step) % 3)]!) as [number, number, number]
        const [from, to] = [names[a - part.firstVertex]!, names[b - part.firstVertex]!]
        if (from === to) continue
        const known = seen.get(`${to}|${from}`)
        if (known !== undefined && out[known + 3] === NO_TRIANGLE) out[known + 3] = t
        else seen.set(`${from}|${to}`, out.push(a, b, t, NO_TRIANGLE, c) - 5)
      }
    }
  }
}

function parse(colour: string): Vec3 {
  const value = Number.parseInt(colour.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

/** From one colour to another, t in 0..1. */
export function mixed(from: string, to: string, t: number): Vec3 {
  const [a, b] = [parse(from), parse(to)]
  const share = Math.min(Math.max(t, 0), 1)
  return [0, 1, 2].map((k) => a[k]! + (b[k]! - a[k]!) * share) as unknown as Vec3
}
