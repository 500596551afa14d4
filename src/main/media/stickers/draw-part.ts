import { fillBlended } from './fill-blended'
import { fillOpaque } from './fill-opaque'
import { NO_TRIANGLE, type Part, type Shape } from './model/shape'
import type { ScreenMesh } from './screen-mesh'
import type { StickerCanvas } from './sticker-canvas'

/** Pixels over which an outline fades. */
const SOFT_EDGE = 1
/** Opacity from which a vertex lets no light through. */
const WHOLE = 254.5

/**
 * Fills what of a part faces the camera.
 * @param turn 1, or -1 for a mirrored head, whose triangles run the other way round
 */
export function fillPart(canvas: StickerCanvas, shape: Shape, part: Part, mesh: ScreenMesh, turn: number): void {
  const { triangles } = shape
  const { alpha } = mesh
  for (let t = part.firstTriangle; t < part.endTriangle; t++) {
    if (!faces(triangles, t, mesh, turn)) continue
    const [a, b, c] = [triangles[t * 3]!, triangles[t * 3 + 1]!, triangles[t * 3 + 2]!]
    if (part.blend && Math.min(alpha[a]!, alpha[b]!, alpha[c]!) < WHOLE) fillBlended(canvas, mesh, a, b, c, true)
    else fillOpaque(canvas, mesh, a, b, c)
  }
}

/**
 * Lays a seam of one pixel that fades outwards along the edges where a part turns away from the camera: smooth outlines
 * at the cost of the outlines alone, instead of several samples for each pixel.
 */
export function softenOutline(canvas: StickerCanvas, shape: Shape, part: Part, mesh: ScreenMesh, turn: number): void {
  const { triangles, edges } = shape
  const { x, y, count } = mesh
  for (let e = part.firstEdge * 5; e < part.endEdge * 5; e += 5) {
    const other = edges[e + 3]!
    const front = faces(triangles, edges[e + 2]!, mesh, turn)
    if (other === NO_TRIANGLE ? !front : front === faces(triangles, other, mesh, turn)) continue
    const [a, b] = [edges[e]!, edges[e + 1]!]
    const [dx, dy] = [x[b]! - x[a]!, y[b]! - y[a]!]
    const length = Math.hypot(dx, dy)
    if (!(length > 1e-6)) continue
    // Outwards: where the triangle that faces us is not.
    const side = (front ? -turn : turn) * (SOFT_EDGE / length)
    const [ox, oy] = [dy * side, -dx * side]
    copy(mesh, a, count, 0, 0, 1)
    copy(mesh, b, count + 1, 0, 0, 1)
    copy(mesh, b, count + 2, ox, oy, 0)
    copy(mesh, a, count + 3, ox, oy, 0)
    fillBlended(canvas, mesh, count, count + 1, count + 2, false)
    fillBlended(canvas, mesh, count, count + 2, count + 3, false)
  }
}

function copy(mesh: ScreenMesh, from: number, to: number, dx: number, dy: number, share: number): void {
  mesh.x[to] = mesh.x[from]! + dx
  mesh.y[to] = mesh.y[from]! + dy
  mesh.z[to] = mesh.z[from]!
  mesh.luma[to] = mesh.luma[from]!
  mesh.u[to] = mesh.u[from]!
  mesh.v[to] = mesh.v[from]!
  mesh.alpha[to] = mesh.alpha[from]! * share
}

function faces(triangles: Uint16Array, t: number, { x, y }: ScreenMesh, turn: number): boolean {
  const [a, b, c] = [triangles[t * 3]!, triangles[t * 3 + 1]!, triangles[t * 3 + 2]!]
  return ((x[b]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[b]! - y[a]!)) * turn < 0
}
