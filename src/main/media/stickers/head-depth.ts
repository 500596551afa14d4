import type { CanonicalHead } from './canonical-head'
import type { HeadCamera } from './head-camera'
import type { Part, Shape } from './model/shape'
import type { Vec3 } from './model/shape-builder'
import type { ScreenMesh } from './screen-mesh'
import type { StickerCanvas } from './sticker-canvas'
import { FACE_POINTS } from '../face/face'

/** An ellipsoid of the head behind the face: centre and half axes, head centimetres. */
interface Lump {
  centre: Vec3
  radii: Vec3
}
/** The skull fits the upper oval of the face (as in the demo presenter); then the ears, and the neck below the jaw. */
const LUMPS: readonly Lump[] = [
  { centre: [0, 3.5, -4.5], radii: [8, 9.4, 9.6] },
  { centre: [-8.2, 0.2, -4.6], radii: [0.9, 3, 1.9] },
  { centre: [8.2, 0.2, -4.6], radii: [0.9, 3, 1.9] },
  { centre: [0, -9, -4.6], radii: [5.4, 9, 5.2] },
]
const [MERIDIANS, PARALLELS] = [16, 9]

/** Draws how near the head is: the skin by the points of the face, the rest by the pose. */
export class HeadDepth {
  private readonly points: Float32Array
  private readonly triangles: Uint16Array
  private readonly x: Float32Array
  private readonly y: Float32Array
  private readonly z: Float32Array

  constructor(head: CanonicalHead) {
    const points = [...head.positions]
    const triangles = [...head.triangles]
    for (const lump of LUMPS) addLump(lump, points, triangles)
    this.points = Float32Array.from(points)
    this.triangles = Uint16Array.from(triangles)
    const plane = (): Float32Array => new Float32Array(points.length / 3)
    ;[this.x, this.y, this.z] = [plane(), plane(), plane()]
  }

  /**
   * @param face points of the face in pixels: its outline is where it is seen, only its depth comes from the pose
   * @param turn 1, or -1 for a mirrored head
   */
  draw(canvas: StickerCanvas, camera: HeadCamera, face: Float32Array, turn: number): void {
    const { x, y, z, triangles } = this
    camera.project(this.points, 0, x.length, [0, 0], 0, x, y, z)
    // In cells of the canvas: two pixels each, after the border.
    const [left, top] = [canvas.left - 2, canvas.top - 2]
    for (let i = 0; i < x.length; i++) {
      const seen = i < FACE_POINTS
      x[i] = ((seen ? face[i * 3]! : x[i]!) - left) / 2
      y[i] = ((seen ? face[i * 3 + 1]! : y[i]!) - top) / 2
    }
    const { headWidth, headHeight } = canvas
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!]
      if (y[a]! < 0 && y[b]! < 0 && y[c]! < 0) continue
      if (y[a]! > headHeight && y[b]! > headHeight && y[c]! > headHeight) continue
      if (x[a]! < 0 && x[b]! < 0 && x[c]! < 0) continue
      if (x[a]! > headWidth && x[b]! > headWidth && x[c]! > headWidth) continue
      const area = (x[b]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[b]! - y[a]!)
      if (area * turn < 0) fillDepth(canvas, x, y, z, a, b, c)
    }
  }
}

/** Adds a part that is not seen but hides. @param turn 1, or -1 for a mirrored head */
export function hideBehind(canvas: StickerCanvas, shape: Shape, part: Part, mesh: ScreenMesh, turn: number): void {
  const { x, y, z } = mesh
  for (let i = part.firstVertex; i < part.endVertex; i++) {
    x[i] = (x[i]! - canvas.left + 2) / 2
    y[i] = (y[i]! - canvas.top + 2) / 2
  }
  for (let t = part.firstTriangle * 3; t < part.endTriangle * 3; t += 3) {
    const [a, b, c] = [shape.triangles[t]!, shape.triangles[t + 1]!, shape.triangles[t + 2]!]
    const area = (x[b]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[b]! - y[a]!)
    if (area * turn < 0) fillDepth(canvas, x, y, z, a, b, c)
  }
}

/** One triangle of depths; see `fillOpaque`. */
function fillDepth(
  canvas: StickerCanvas,
  X: Float32Array,
  Y: Float32Array,
  Z: Float32Array,
  a: number,
  b: number,
  c: number,
): void {
  if (Y[b]! < Y[a]!) {
    const higher = b
    b = a
    a = higher
  }
  if (Y[c]! < Y[a]!) {
    const higher = c
    c = a
    a = higher
  }
  if (Y[c]! < Y[b]!) {
    const higher = c
    c = b
    b = higher
  }
  const { headDepth, headWidth, headHeight } = canvas
  const [ax, ay, z0] = [X[a]!, Y[a]!, Z[a]!]
  const [bx, by] = [X[b]! - ax, Y[b]! - ay]
  const [cx, cy] = [X[c]! - ax, Y[c]! - ay]
  const first = Math.max(0, Math.ceil(ay - 0.5))
  const end = Math.min(headHeight, Math.ceil(ay + cy - 0.5))
  const signed = bx * cy - cx * by
  if (first >= end || signed === 0) return
  const zDx = ((Z[b]! - z0) * cy - (Z[c]! - z0) * by) / signed
  const zDy = ((Z[c]! - z0) * bx - (Z[b]! - z0) * cx) / signed
  const longSlope = cx / cy
  const topSlope = by > 0 ? bx / by : 0
  const bottomSlope = cy > by ? (cx - bx) / (cy - by) : 0
  for (let row = first; row < end; row++) {
    const dy = row + 0.5 - ay
    const long = longSlope * dy
    const short = dy < by ? topSlope * dy : bx + bottomSlope * (dy - by)
    const from = Math.max(0, Math.ceil(ax + (signed > 0 ? long : short) - 0.5))
    const to = Math.min(headWidth, Math.ceil(ax + (signed > 0 ? short : long) - 0.5))
    let z = z0 + zDx * (from + 0.5 - ax) + zDy * dy
    for (let out = row * headWidth + from; out < row * headWidth + to; out++) {
      if (z > headDepth[out]!) headDepth[out] = z
      z += zDx
    }
  }
}

function addLump({ centre, radii }: Lump, points: number[], triangles: number[]): void {
  const base = points.length / 3
  for (let row = 0; row <= PARALLELS; row++) {
    const polar = (Math.PI * row) / PARALLELS
    for (let column = 0; column < MERIDIANS; column++) {
      const turn = (2 * Math.PI * column) / MERIDIANS
      const direction = [Math.sin(polar) * Math.sin(turn), Math.cos(polar), Math.sin(polar) * Math.cos(turn)]
      for (let k = 0; k < 3; k++) points.push(centre[k]! + radii[k]! * direction[k]!)
    }
  }
  for (let row = 0; row < PARALLELS; row++) {
    for (let column = 0; column < MERIDIANS; column++) {
      const next = (column + 1) % MERIDIANS
      const [a, b] = [base + row * MERIDIANS, base + (row + 1) * MERIDIANS]
      triangles.push(a + column, b + column, b + next, a + column, b + next, a + next)
    }
  }
}
