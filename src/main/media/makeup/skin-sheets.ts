import type { FaceSurface } from './face-surface'
import { weightTexture, type MeshSheet, type WeightTexture } from './textured-mesh'

/** Texels along both sides; a face a third of a 720p frame wide is 430 pixels. */
const SIDE = 160
const FAINT = 0.05
/** A line between two places of the skin, each between two points of the mesh, on the person's right side. */
type Stroke = [from: Place, to: Place, radius: number, weightFrom: number, weightTo: number]
type Place = [a: number, b: number, share: number]
const at = (index: number): Place => [index, index, 0]

/** On the apple of the cheek and lifted towards the temple, weaker there. Radius in shares of the flat layout. */
const BLUSH: Stroke[] = [
  [[205, 50, 0.8], [50, 123, 0.5], 0.066, 0.75, 0.9],
  [[50, 123, 0.5], [116, 227, 0.3], 0.06, 0.9, 0.4],
]

/** Below the cheekbone from the ear, along the jaw, both sides of the nose, and the temple. */
const CONTOUR: Stroke[] = [
  [[137, 227, 0.2], at(147), 0.042, 0.5, 0.66],
  [at(147), [207, 187, 0.2], 0.038, 0.66, 0.15],
  [[58, 215, 0.2], [172, 138, 0.25], 0.042, 0.55, 0.8],
  [[172, 138, 0.25], [150, 169, 0.3], 0.038, 0.8, 0.15],
  [at(245), at(188), 0.019, 0.15, 0.4],
  [at(188), at(236), 0.019, 0.4, 0.4],
  [at(236), [134, 220, 0.5], 0.019, 0.4, 0.1],
  [[71, 139, 0.5], [139, 34, 0.3], 0.06, 0.25, 0.25],
]

/** The soft make-up of the skin, painted once in the flat layout of the face. */
export function skinSheets(surface: FaceSurface): { blush: MeshSheet; contour: MeshSheet } {
  return { blush: bake(surface, BLUSH), contour: bake(surface, CONTOUR) }
}

function bake({ triangles, uv }: FaceSurface, strokes: Stroke[]): MeshSheet {
  const lines = strokes.map(([from, to, radius, weightFrom, weightTo]) => {
    const [x0, y0] = placeOf(uv, from)
    const [x1, y1] = placeOf(uv, to)
    return { x0, y0, dx: x1 - x0, dy: y1 - y0, radius, weightFrom, rise: weightTo - weightFrom }
  })
  const texture = weightTexture(SIDE, SIDE, (across, y) => {
    // Both halves of the layout are alike.
    const x = Math.min(across, 1 - across)
    let rest = 1
    for (const { x0, y0, dx, dy, radius, weightFrom, rise } of lines) {
      const t = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0), 1)
      const far = Math.hypot(x - x0 - t * dx, y - y0 - t * dy) / radius
      // Where two strokes meet they share; they do not add up.
      rest = Math.min(rest, 1 - (weightFrom + rise * t) * bell(far))
    }
    // What is too faint to be seen need not be painted.
    return Math.max(0, (1 - rest - FAINT) / (1 - FAINT))
  })
  return { triangles: painted(triangles, uv, texture), uv, texture }
}

/** 1 in the middle, 0.37 at distance 1, exactly 0 from 1.9 on. */
function bell(distance: number): number {
  return distance < 1.9 ? Math.exp(-distance * distance) * Math.min(1, (1.9 - distance) / 0.7) : 0
}

function placeOf(uv: Float32Array, [a, b, share]: Place): [number, number] {
  const mixed = (axis: number): number => uv[2 * a + axis]! * (1 - share) + uv[2 * b + axis]! * share
  return [mixed(0), mixed(1)]
}

/** The triangles that have any paint within, or a texel beside. */
function painted(triangles: Uint16Array, uv: Float32Array, { width, height, data }: WeightTexture): Uint16Array {
  const kept: number[] = []
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = triangles.subarray(i, i + 3)
    const us = Array.from(corners, (index) => uv[2 * index]! * width - 0.5)
    const vs = Array.from(corners, (index) => uv[2 * index + 1]! * height - 0.5)
    let most = 0
    for (let y = Math.floor(Math.min(...vs)) - 1; y <= Math.max(...vs) + 1; y++)
      for (let x = Math.floor(Math.min(...us)) - 1; x <= Math.max(...us) + 1; x++)
        if (x >= 0 && y >= 0 && x < width && y < height && isNear(us, vs, x, y))
          most = Math.max(most, data[(y + 1) * (width + 2) + x + 1]!)
    if (most > 0) kept.push(...corners)
  }
  return Uint16Array.from(kept)
}

/** Whether a place lies no further outside of any edge of a triangle than the diagonal of a texel. */
function isNear(us: number[], vs: number[], x: number, y: number): boolean {
  const [a, b, c] = us as [number, number, number]
  const [d, e, f] = vs as [number, number, number]
  const side = Math.sign((b - a) * (f - d) - (c - a) * (e - d))
  const off = (x0: number, y0: number, x1: number, y1: number): number =>
    (side * ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0))) / Math.hypot(x1 - x0, y1 - y0)
  return Math.min(off(a, d, b, e), off(b, e, c, f), off(c, f, a, d)) > -Math.SQRT2
}
