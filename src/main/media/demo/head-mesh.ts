import { StudioError } from '@shared/errors'
import { eyeOutline, LEFT_EYE, lipOutline, OVAL, RIGHT_EYE } from './face-regions'
import { smoothstep } from './noise'

/** resources/models/canonical-face.json: vertices are [x, y, z, u, v], centimetres and texture 0..1. */
export interface CanonicalFace {
  vertices: number[][]
  triangles: number[][]
}

/** Points of the face mesh proper; what follows in the arrays are rings that carry the skin on round the skull. */
export const LANDMARK_COUNT = 468
const RINGS = 2
/** Share of the texture kept free round the face for those rings. */
const UV_MARGIN = 0.11

/** The skull behind the face, found by fitting the upper oval: see `skullLevel`. */
export const SKULL = { x: 0, y: 3.5, z: -4.5, rx: 8, ry: 9.4, rz: 10 } as const

/**
 * The skin of the head at rest. The first `controls` vertices are posed; the rest are midpoints of edges, near outlines only,
 * moved off the straight line by a constant offset so that they look round (PN triangles, Vlachos et al. 2001).
 */
export interface HeadMesh {
  controls: number
  total: number
  /** x, y, z of every vertex at rest. */
  positions: Float32Array
  normals: Float32Array
  /** Texture position 0..1 of every vertex. */
  uv: Float32Array
  /** Two parents for each midpoint. */
  parents: Uint16Array
  offsets: Float32Array
  /** Farthest first; openings of eyes and mouth are left out. */
  triangles: Uint16Array
  /** The same surface before subdivision. */
  coarse: Uint16Array
  /** Edges that may lie on the silhouette or on an opening: vertex, vertex, triangle, triangle or -1. */
  edges: Int32Array
}

export function buildHeadMesh(face: CanonicalFace): HeadMesh {
  if (face.vertices.length !== LANDMARK_COUNT || face.vertices.some((vertex) => vertex.length < 5)) {
    throw new StudioError(
      'demo-mesh-invalid',
      'The face shape of the demo presenter is damaged. Run "npm run models" and start again.',
    )
  }
  const controls = LANDMARK_COUNT + RINGS * OVAL.length
  const points: number[][] = face.vertices.map(([x, y, z, u, v]) => [
    ...ownFeatures(...expectedShape(x!, y!), z!),
    UV_MARGIN + u! * (1 - 2 * UV_MARGIN),
    UV_MARGIN + v! * (1 - 2 * UV_MARGIN),
  ])
  for (let ring = 1; ring <= RINGS; ring++) for (const index of OVAL) points.push(ringPoint(points[index]!, ring))
  const coarse = [...withoutOpenings(face.triangles), ...ringTriangles()]
  const normals = vertexNormals(points, coarse)
  return subdivide(controls, points, normals, coarse)
}

/**
 * The canonical face is narrower than what the face mesh model takes for a mean face, and pulls every picture of it
 * that way: landmarks lay 2.6 % of the distance between the eyes off. A low polynomial in tens of centimetres, fitted in
 * four rounds of drawing and tracking, brings the drawn face to where the model does not pull (2.0 %).
 */
function expectedShape(x: number, y: number): [number, number] {
  const [u, v] = [x / 10, y / 10]
  const wider = 0.0786 - 0.028 * v - 0.0709 * v * v - 0.0696 * u * u
  const higher = 0.0149 - 0.0324 * v + 0.0208 * v * v - 0.0113 * u * u - 0.0216 * u * u * v
  // The rim stays, or the hair would no longer close round it.
  const inner = smoothstep(0.75, 0.45, Math.abs(u))
  return [x + x * wider * inner, y + 10 * higher * inner]
}

/**
 * The canonical face is a mean of geometry; this makes it one person: shorter chin and forehead, a wider and shorter
 * nose. The amounts bring it near what the face mesh model expects of a picture like this one (lock test).
 */
function ownFeatures(x: number, y: number, z: number): [number, number, number] {
  const chin = 0.5 * smoothstep(-5, -9.4, y)
  const brow = 0.3 * smoothstep(4.8, 8.2, y)
  const side = 0.28 * smoothstep(5.2, 7.6, Math.abs(x)) * smoothstep(-7, -3, y)
  const wing = 0.24 * smoothstep(1.7, 0, Math.hypot((Math.abs(x) - 1.6) * 1.2, y + 1)) * smoothstep(0, 0.9, Math.abs(x))
  const base = 0.24 * smoothstep(1.5, 0.2, Math.hypot(x * 0.7, y + 2.05)) * smoothstep(4.4, 5.4, z)
  return [x + Math.sign(x) * wing, y + chin - brow - side + base, z]
}

/** 1 on the skull's surface, less inside. */
export function skullLevel(x: number, y: number, z: number): number {
  return Math.hypot((x - SKULL.x) / SKULL.rx, (y - SKULL.y) / SKULL.ry, (z - SKULL.z) / SKULL.rz)
}

/** Carries the rim of the face on: over the skull above the cheeks, inwards and back under the jaw. */
function ringPoint(rim: number[], ring: number): number[] {
  const [x, y, z, u, v] = rim as [number, number, number, number, number]
  const level = skullLevel(x, y, z)
  const dx = (x - SKULL.x) / SKULL.rx / level
  const dy = (y - SKULL.y) / SKULL.ry / level
  const dz = (z - SKULL.z) / SKULL.rz / level - 0.26 * ring
  const length = Math.hypot(dx, dy, dz)
  const reach = Math.min(1.03, level) / length
  const over = [SKULL.x + SKULL.rx * dx * reach, SKULL.y + SKULL.ry * dy * reach, SKULL.z + SKULL.rz * dz * reach]
  const under = [x * (1 - 0.13 * ring), y + 0.35 * ring, z - 2.4 * ring]
  const t = smoothstep(-0.5, -4.5, y)
  const away = Math.hypot(u - 0.5, v - 0.52)
  const spread = 0.045 * ring
  return [
    over[0]! + (under[0]! - over[0]!) * t,
    over[1]! + (under[1]! - over[1]!) * t,
    over[2]! + (under[2]! - over[2]!) * t,
    u + ((u - 0.5) / away) * spread,
    v + ((v - 0.52) / away) * spread,
  ]
}

function ringTriangles(): number[][] {
  const triangles: number[][] = []
  const count = OVAL.length
  const at = (ring: number, i: number): number =>
    ring === 0 ? OVAL[i % count]! : LANDMARK_COUNT + (ring - 1) * count + (i % count)
  for (let ring = 0; ring < RINGS; ring++) {
    for (let i = 0; i < count; i++) {
      // OVAL runs clockwise as seen, so the outward quad is listed counter-clockwise.
      triangles.push([at(ring, i), at(ring, i + 1), at(ring + 1, i)])
      triangles.push([at(ring, i + 1), at(ring + 1, i + 1), at(ring + 1, i)])
    }
  }
  return triangles
}

function withoutOpenings(triangles: number[][]): number[][] {
  const openings = [eyeOutline(LEFT_EYE), eyeOutline(RIGHT_EYE), lipOutline(3)].map((outline) => new Set(outline))
  return triangles.filter((triangle) => !openings.some((opening) => triangle.every((index) => opening.has(index))))
}

function vertexNormals(points: number[][], triangles: number[][]): number[][] {
  const normals = points.map(() => [0, 0, 0])
  for (const [a, b, c] of triangles) {
    const p = points[a!]!
    const q = points[b!]!
    const r = points[c!]!
    const ux = q[0]! - p[0]!
    const uy = q[1]! - p[1]!
    const uz = q[2]! - p[2]!
    const wx = r[0]! - p[0]!
    const wy = r[1]! - p[1]!
    const wz = r[2]! - p[2]!
    const normal = [uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx]
    for (const index of [a!, b!, c!]) for (let k = 0; k < 3; k++) normals[index]![k]! += normal[k]!
  }
  return normals.map(([x, y, z]) => {
    const length = Math.hypot(x!, y!, z!) || 1
    return [x! / length, y! / length, z! / length]
  })
}

function subdivide(controls: number, points: number[][], normals: number[][], coarse: number[][]): HeadMesh {
  const middles = new Map<number, number>()
  const parents: number[] = []
  const offsets: number[] = []
  const allPoints = points.map((point) => [...point])
  const allNormals = normals.map((normal) => [...normal])
  const middle = (a: number, b: number): number => {
    const key = Math.min(a, b) * 65536 + Math.max(a, b)
    const known = middles.get(key)
    if (known !== undefined) return known
    const p = points[a]!
    const q = points[b]!
    const edge = [q[0]! - p[0]!, q[1]! - p[1]!, q[2]! - p[2]!]
    const alongA = dot(edge, normals[a]!)
    const alongB = -dot(edge, normals[b]!)
    const limit = 0.12 * Math.hypot(edge[0]!, edge[1]!, edge[2]!)
    const offset = [0, 1, 2].map((k) => -(alongA * normals[a]![k]! + alongB * normals[b]![k]!) / 8)
    const size = Math.hypot(offset[0]!, offset[1]!, offset[2]!)
    const keep = size > limit ? limit / size : 1
    const index = allPoints.length
    allPoints.push(p.map((value, k) => (value + q[k]!) / 2 + (k < 3 ? offset[k]! * keep : 0)))
    const sum = [0, 1, 2].map((k) => normals[a]![k]! + normals[b]![k]!)
    const length = Math.hypot(sum[0]!, sum[1]!, sum[2]!) || 1
    allNormals.push(sum.map((value) => value / length))
    parents.push(a, b)
    offsets.push(...offset.map((value) => value * keep))
    middles.set(key, index)
    return index
  }
  const rim = new Set<number>([
    ...OVAL,
    ...eyeOutline(LEFT_EYE),
    ...eyeOutline(RIGHT_EYE),
    ...lipOutline(0),
    ...lipOutline(3),
  ])
  const isRound = (index: number): boolean => {
    const [x, y] = points[index]! as [number, number]
    return rim.has(index) || Math.abs(x) > 5.6 || y < -7.5 || index >= LANDMARK_COUNT
  }
  const fine: number[][] = []
  for (const triangle of coarse) fine.push(...split(triangle, isRound, middle))
  const depth = (triangle: number[]): number => triangle.reduce((sum, index) => sum + allPoints[index]![2]!, 0)
  fine.sort((a, b) => depth(a) - depth(b))
  return {
    controls,
    total: allPoints.length,
    positions: Float32Array.from(allPoints.flatMap((point) => point.slice(0, 3))),
    normals: Float32Array.from(allNormals.flat()),
    uv: Float32Array.from(allPoints.flatMap((point) => point.slice(3, 5))),
    parents: Uint16Array.from(parents),
    offsets: Float32Array.from(offsets),
    triangles: Uint16Array.from(fine.flat()),
    coarse: Uint16Array.from(coarse.flat()),
    edges: outlineEdges(fine, allPoints),
  }
}

/** Splits the edges whose both ends need to look round, and keeps the triangle count low everywhere else. */
function split(
  triangle: number[],
  isRound: (index: number) => boolean,
  middle: (a: number, b: number) => number,
): number[][] {
  const corners = triangle as [number, number, number]
  const cut = corners.map((corner, k) => isRound(corner) && isRound(corners[(k + 1) % 3]!))
  const cuts = cut.filter(Boolean).length
  if (cuts === 0) return [triangle]
  // Turn the triangle until its first edge is cut and, with two cuts, the second one too.
  const turn = cuts === 2 ? (cut.indexOf(false) + 1) % 3 : cut.indexOf(true)
  const [a, b, c] = [0, 1, 2].map((k) => corners[(k + turn) % 3]!) as [number, number, number]
  const ab = middle(a, b)
  if (cuts === 1) {
    return [
      [a, ab, c],
      [ab, b, c],
    ]
  }
  const bc = middle(b, c)
  if (cuts === 2) {
    return [
      [ab, b, bc],
      [a, ab, bc],
      [a, bc, c],
    ]
  }
  const ca = middle(c, a)
  return [
    [a, ab, ca],
    [ab, b, bc],
    [ca, bc, c],
    [ab, bc, ca],
  ]
}

/** Every edge of an opening, and every edge of the outer head; inner ones never meet the background. */
function outlineEdges(triangles: number[][], points: number[][]): Int32Array {
  const edges = new Map<number, number[]>()
  triangles.forEach((triangle, t) => {
    for (let k = 0; k < 3; k++) {
      const a = triangle[k]!
      const b = triangle[(k + 1) % 3]!
      const key = Math.min(a, b) * 65536 + Math.max(a, b)
      const known = edges.get(key)
      if (known) known[3] = t
      else edges.set(key, [a, b, t, -1])
    }
  })
  const kept = [...edges.values()].filter(([a, , , other]) => {
    const [x, y, z] = points[a!] as [number, number, number]
    return other === -1 ? z > -3 : Math.abs(x) > 4.6 || y < -6.5
  })
  return Int32Array.from(kept.flat())
}

function dot(a: number[], b: number[]): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!
}
