import type { Camera } from './head-pose'
import { project } from './head-pose'
import type { HeadMesh } from './head-mesh'
import { fillBlended, fillOpaque, screenVertices } from './raster'
import type { ScreenVertices, Target } from './raster'
import { Relight } from './relight'
import type { Texture } from './texture'

/** Width of the soft rim drawn round silhouettes, in frame pixels. */
const SKIRT = 1.5

/** Draws the skin of the head over whatever shows through its openings. */
export class SkinLayerDrawing {
  private readonly vertices: ScreenVertices
  private readonly relight: Relight
  private readonly skirt: ScreenVertices
  private readonly skirtTriangles: Uint16Array

  constructor(
    private readonly head: HeadMesh,
    private readonly texture: Texture,
  ) {
    this.vertices = screenVertices(head.total)
    for (let i = 0; i < head.total; i++) {
      this.vertices.u[i] = head.uv[i * 2]! * texture.width
      this.vertices.v[i] = head.uv[i * 2 + 1]! * texture.height
    }
    this.relight = new Relight(head.normals, head.total)
    const edges = head.edges.length / 4
    this.skirt = screenVertices(edges * 4)
    this.skirtTriangles = new Uint16Array(edges * 12)
  }

  /** `positions` are the displaced vertices in resting head coordinates. */
  draw(target: Target, camera: Camera, matrix: Float32Array, positions: Float32Array): void {
    const { vertices, head } = this
    project(camera, matrix, positions, head.total, vertices.x, vertices.y, null)
    this.relight.apply(matrix, vertices.gain, vertices.shine)
    fillOpaque(target, vertices, head.triangles, this.texture)
    fillBlended(target, this.skirt, this.softenOutline(), this.texture)
  }

  /** Builds strips that fade out over `SKIRT` pixels along every edge where the skin turns out of sight or ends. */
  private softenOutline(): Uint16Array {
    const { x: X, y: Y, u: U, v: V, gain, shine } = this.vertices
    const { skirt, skirtTriangles } = this
    const { edges, triangles } = this.head
    const facing = (t: number): boolean => {
      const a = triangles[t * 3]!
      const b = triangles[t * 3 + 1]!
      const c = triangles[t * 3 + 2]!
      return (X[b]! - X[a]!) * (Y[c]! - Y[a]!) - (X[c]! - X[a]!) * (Y[b]! - Y[a]!) < 0
    }
    let vertex = 0
    let triangle = 0
    for (let e = 0; e < edges.length; e += 4) {
      const other = edges[e + 3]!
      const front = facing(edges[e + 2]!)
      const back = other !== -1 && facing(other)
      if (front === back) continue
      // Edges are listed in the order of their first triangle: its outside lies to the right of a -> b on screen.
      const a = front ? edges[e]! : edges[e + 1]!
      const b = front ? edges[e + 1]! : edges[e]!
      const dx = X[b]! - X[a]!
      const dy = Y[b]! - Y[a]!
      const length = Math.sqrt(dx * dx + dy * dy)
      if (length < 0.05) continue
      const ox = (-dy / length) * SKIRT
      const oy = (dx / length) * SKIRT
      for (let k = 0; k < 4; k++) {
        const from = k === 0 || k === 3 ? a : b
        const out = k >= 2
        // Half a pixel inside to a pixel outside: the middle of the fade lies on the true edge.
        skirt.x[vertex + k] = X[from]! + (out ? ox * 0.67 : -ox * 0.33)
        skirt.y[vertex + k] = Y[from]! + (out ? oy * 0.67 : -oy * 0.33)
        skirt.u[vertex + k] = U[from]!
        skirt.v[vertex + k] = V[from]!
        skirt.gain[vertex + k] = gain[from]!
        skirt.shine[vertex + k] = shine[from]!
        skirt.cover[vertex + k] = out ? 0 : 1
      }
      skirtTriangles.set([vertex, vertex + 1, vertex + 2, vertex, vertex + 2, vertex + 3], triangle)
      skirtTriangles.set([vertex, vertex + 2, vertex + 1, vertex, vertex + 3, vertex + 2], triangle + 6)
      vertex += 4
      triangle += 12
    }
    return skirtTriangles.subarray(0, triangle)
  }
}
