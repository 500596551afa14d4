import type { HeadMesh } from './head-mesh'
import type { Occlusion } from './occlusion'
import { boxBlur } from './texture'

/** The resting head unrolled: for each texel of the skin texture its place in the head and its normal. */
export interface SkinSurface {
  size: number
  /** x, y, z in centimetres; NaN-free only where `covered`. */
  positions: Float32Array
  normals: Float32Array
  openness: Float32Array
  keyVisibility: Float32Array
  covered: Uint8Array
}

/** Unrolls the mesh into a square texture of `size` texels and smooths the normals over `smoothing` texels. */
export function unrollSkin(head: HeadMesh, occlusion: Occlusion, size: number, smoothing: number): SkinSurface {
  const surface: SkinSurface = {
    size,
    positions: new Float32Array(size * size * 3),
    normals: new Float32Array(size * size * 3),
    openness: new Float32Array(size * size),
    keyVisibility: new Float32Array(size * size),
    covered: new Uint8Array(size * size),
  }
  for (let t = 0; t < head.triangles.length; t += 3) fill(head, occlusion, surface, t)
  // Blur weighted by coverage, so that openings do not pull normals to zero.
  const weight = Float32Array.from(surface.covered)
  boxBlur(weight, size, size, 1, 0, smoothing, 2)
  for (let c = 0; c < 3; c++) boxBlur(surface.normals, size, size, 3, c, smoothing, 2)
  // Occlusion is known per vertex only; without this the triangles show in the nose's shadow.
  const soft = Math.round(size / 70)
  const wide = Float32Array.from(surface.covered)
  boxBlur(wide, size, size, 1, 0, soft, 2)
  for (const plane of [surface.openness, surface.keyVisibility]) {
    boxBlur(plane, size, size, 1, 0, soft, 2)
    for (let i = 0; i < plane.length; i++) if (wide[i]! > 0) plane[i]! /= wide[i]!
  }
  for (let i = 0; i < size * size; i++) {
    if (weight[i]! <= 0) continue
    const x = surface.normals[i * 3]!
    const y = surface.normals[i * 3 + 1]!
    const z = surface.normals[i * 3 + 2]!
    const length = Math.hypot(x, y, z) || 1
    surface.normals[i * 3] = x / length
    surface.normals[i * 3 + 1] = y / length
    surface.normals[i * 3 + 2] = z / length
  }
  return surface
}

function fill(head: HeadMesh, occlusion: Occlusion, surface: SkinSurface, t: number): void {
  const { size } = surface
  const [a, b, c] = [head.triangles[t]!, head.triangles[t + 1]!, head.triangles[t + 2]!]
  const ax = head.uv[a * 2]! * size
  const ay = head.uv[a * 2 + 1]! * size
  const bx = head.uv[b * 2]! * size
  const by = head.uv[b * 2 + 1]! * size
  const cx = head.uv[c * 2]! * size
  const cy = head.uv[c * 2 + 1]! * size
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
  if (Math.abs(area) < 1e-6) return
  const slack = 0.02
  for (let y = Math.floor(Math.min(ay, by, cy)); y <= Math.ceil(Math.max(ay, by, cy)); y++) {
    for (let x = Math.floor(Math.min(ax, bx, cx)); x <= Math.ceil(Math.max(ax, bx, cx)); x++) {
      const px = x + 0.5 - ax
      const py = y + 0.5 - ay
      const wb = (px * (cy - ay) - (cx - ax) * py) / area
      const wc = ((bx - ax) * py - px * (by - ay)) / area
      const wa = 1 - wb - wc
      if (wa < -slack || wb < -slack || wc < -slack) continue
      const index = y * size + x
      surface.covered[index] = 1
      const blend = (values: Float32Array): number => wa * values[a]! + wb * values[b]! + wc * values[c]!
      surface.openness[index] = blend(occlusion.openness)
      surface.keyVisibility[index] = blend(occlusion.keyVisibility)
      for (let k = 0; k < 3; k++) {
        const at = index * 3 + k
        surface.positions[at] =
          wa * head.positions[a * 3 + k]! + wb * head.positions[b * 3 + k]! + wc * head.positions[c * 3 + k]!
        surface.normals[at] =
          wa * head.normals[a * 3 + k]! + wb * head.normals[b * 3 + k]! + wc * head.normals[c * 3 + k]!
      }
    }
  }
}
