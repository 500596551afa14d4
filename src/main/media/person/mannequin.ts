import { boxOfPoints, type Face } from '../face/face'
import { i420Size, planesOf, type I420Frame } from '../i420'
import type { CanonicalHead } from '../stickers/canonical-head'

/** The head is turned a little, so that things on it are seen to be solid; radians. */
const YAW = 0.3
/** Pixels for a centimetre, and where the middle of the head lies, as shares of the picture's height. */
const SCALE = 0.031
const CENTRE = { x: 0.49, y: 0.68 }
/** Middle and half axes of the skull, head centimetres. */
const SKULL = { x: 0, y: 3.4, z: -4.2, rx: 7.7, ry: 9, rz: 9.6 }
const NECK = { half: 4.4, from: -6 }
const CLAY = { u: 120, v: 138 }
const WALL = { luma: 196, u: 128, v: 127 }

/** A plain clay head before a light wall, for small pictures of what a head can wear. Sizes are even, pixels. */
export function drawMannequin(head: CanonicalHead, width: number, height: number): { frame: I420Frame; face: Face } {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const planes = planesOf(frame)
  planes.y.fill(WALL.luma)
  planes.u.fill(WALL.u)
  planes.v.fill(WALL.v)
  const face = placedFace(head, width, height)
  const scale = SCALE * height
  const [cx, cy] = [CENTRE.x * width, CENTRE.y * height]

  /** Light from above left, as in a studio; `nx`, `ny` of the surface in picture directions. */
  const put = (x: number, y: number, nx: number, ny: number, nz: number): void => {
    const light = Math.max(0, -0.4 * nx - 0.5 * ny + 0.77 * nz)
    planes.y[y * width + x] = Math.round(86 + 112 * light)
    const cell = (y >> 1) * (width >> 1) + (x >> 1)
    planes.u[cell] = CLAY.u
    planes.v[cell] = CLAY.v
  }

  const turned = turn(SKULL.x, SKULL.z)
  const [sx, sy] = [cx + turned[0] * scale, cy - SKULL.y * scale]
  const [rx, ry] = [SKULL.rx * 1.04 * scale, SKULL.ry * scale]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x - sx) / rx, (y - sy) / ry]
      const across = (x - cx) / scale / NECK.half
      if (u * u + v * v < 1) put(x, y, u, v, Math.sqrt(1 - u * u - v * v))
      else if (y > cy - NECK.from * scale && Math.abs(across) < 1)
        put(x, y, across, 0.2, Math.sqrt(1 - across * across))
    }
  }
  drawFace(head, face.points, frame, put)
  return { frame, face }
}

function turn(x: number, z: number): [x: number, z: number] {
  return [x * Math.cos(YAW) + z * Math.sin(YAW), z * Math.cos(YAW) - x * Math.sin(YAW)]
}

function placedFace({ positions }: CanonicalHead, width: number, height: number): Face {
  const points = new Float32Array(positions.length)
  const scale = SCALE * height
  for (let at = 0; at < positions.length; at += 3) {
    const [x, z] = turn(positions[at]!, positions[at + 2]!)
    points[at] = CENTRE.x * width + x * scale
    points[at + 1] = CENTRE.y * height - positions[at + 1]! * scale
    points[at + 2] = -z * scale
  }
  return { score: 1, box: boxOfPoints(points), points }
}

/** The triangles of the face, the farthest first, each with the normals of its corners. */
function drawFace(
  { triangles }: CanonicalHead,
  points: Float32Array,
  { width, height }: I420Frame,
  put: (x: number, y: number, nx: number, ny: number, nz: number) => void,
): void {
  const normals = cornerNormals(triangles, points)
  const depth = (at: number): number => points[triangles[at]! * 3 + 2]!
  const order = Array.from({ length: triangles.length / 3 }, (_, index) => index * 3)
  order.sort((a, b) => depth(b) + depth(b + 1) + depth(b + 2) - depth(a) - depth(a + 1) - depth(a + 2))
  for (const at of order) {
    const corners = [triangles[at]!, triangles[at + 1]!, triangles[at + 2]!] as const
    const [a, b, c] = corners.map((index) => [points[index * 3]!, points[index * 3 + 1]!] as const)
    const area = cross(a!, b!, c!)
    if (area === 0) continue
    const xs = [a![0], b![0], c![0]]
    const ys = [a![1], b![1], c![1]]
    for (let y = Math.max(0, Math.floor(Math.min(...ys))); y <= Math.min(height - 1, Math.max(...ys)); y++) {
      for (let x = Math.max(0, Math.floor(Math.min(...xs))); x <= Math.min(width - 1, Math.max(...xs)); x++) {
        const weights = [
          cross(b!, c!, [x, y]) / area,
          cross(c!, a!, [x, y]) / area,
          cross(a!, b!, [x, y]) / area,
        ] as const
        if (weights.some((weight) => weight < -0.001)) continue
        const n = [0, 1, 2].map((k) =>
          weights.reduce((sum, weight, i) => sum + weight * normals[corners[i]! * 3 + k]!, 0),
        )
        const length = Math.hypot(n[0]!, n[1]!, n[2]!) || 1
        if (n[2]! < 0) put(x, y, n[0]! / length, n[1]! / length, -n[2]! / length)
      }
    }
  }
}

/** Sum of the normals of the triangles round each point; in picture directions, z away from the viewer. */
function cornerNormals(triangles: Uint16Array, points: Float32Array): Float32Array {
  const normals = new Float32Array(points.length)
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at]! * 3, triangles[at + 1]! * 3, triangles[at + 2]! * 3]
    const edge = (from: number, to: number, k: number): number => points[to + k]! - points[from + k]!
    const n = [0, 1, 2].map((k) => {
      const [i, j] = [(k + 1) % 3, (k + 2) % 3]
      return edge(a, b, i) * edge(a, c, j) - edge(a, b, j) * edge(a, c, i)
    })
    for (const corner of [a, b, c]) for (let k = 0; k < 3; k++) normals[corner + k]! += n[k]!
  }
  // Whichever way the triangles are listed, the tip of the nose looks at the viewer.
  if (normals[1 * 3 + 2]! > 0) for (let at = 0; at < normals.length; at++) normals[at] = -normals[at]!
  return normals
}

function cross(a: readonly number[], b: readonly number[], c: readonly number[]): number {
  return (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!)
}
