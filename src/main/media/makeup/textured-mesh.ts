import type { Coverage } from './coverage'

/** A picture of weights 0..1. */
export interface WeightTexture {
  width: number
  height: number
  data: Float32Array
}

/** Triangles of some points and where each point lies in a texture, 0..1. */
export interface MeshSheet {
  triangles: Uint16Array
  uv: Float32Array
  texture: WeightTexture
}

/**
 * Writes the texture into the samples that the triangles cover, times the weight of the points. What is anchored so
 * follows the skin when it moves.
 *
 * @param points x, y, z in pixels of the frame
 * @param weights for each point, 0..1; a triangle without weight is left out
 */
export function drawSheet(cover: Coverage, sheet: MeshSheet, points: Float32Array, weights: Float32Array): void {
  const { triangles } = sheet
  for (let i = 0; i < triangles.length; i += 3) {
    const a = triangles[i]!
    const b = triangles[i + 1]!
    const c = triangles[i + 2]!
    if (weights[a]! > 0 || weights[b]! > 0 || weights[c]! > 0) drawTriangle(cover, sheet, points, weights, a, b, c)
  }
}

function drawTriangle(
  { plane, left, top, width, height, step }: Coverage,
  { uv, texture }: MeshSheet,
  points: Float32Array,
  weights: Float32Array,
  a: number,
  b: number,
  c: number,
): void {
  const scale = 1 / step
  const ax = (points[3 * a]! - left) * scale - 0.5
  const ay = (points[3 * a + 1]! - top) * scale - 0.5
  const bx = (points[3 * b]! - left) * scale - 0.5 - ax
  const by = (points[3 * b + 1]! - top) * scale - 0.5 - ay
  const cx = (points[3 * c]! - left) * scale - 0.5 - ax
  const cy = (points[3 * c + 1]! - top) * scale - 0.5 - ay
  const area = bx * cy - by * cx
  if (Math.abs(area) < 1e-3) return
  const first = Math.max(0, Math.ceil(ay + Math.min(0, by, cy)))
  const last = Math.min(height - 1, Math.floor(ay + Math.max(0, by, cy)))
  if (first > last) return
  const { width: tw, height: th, data } = texture
  // Shares of b and c, place in the texture and weight are linear in x and y.
  const px = cy / area
  const py = -cx / area
  const qx = -by / area
  const qy = bx / area
  const ub = (uv[2 * b]! - uv[2 * a]!) * tw
  const vb = (uv[2 * b + 1]! - uv[2 * a + 1]!) * th
  const uc = (uv[2 * c]! - uv[2 * a]!) * tw
  const vc = (uv[2 * c + 1]! - uv[2 * a + 1]!) * th
  const u0 = uv[2 * a]! * tw - 0.5
  const v0 = uv[2 * a + 1]! * th - 0.5
  const w0 = weights[a]!
  const wb = weights[b]! - w0
  const wc = weights[c]! - w0
  for (let y = first; y <= last; y++) {
    const dy = y - ay
    // Of the three edges, where the row enters and where it leaves.
    let from = 0
    let to = width - 1
    for (let edge = 0; edge < 3; edge++) {
      const slope = edge === 0 ? px : edge === 1 ? qx : -px - qx
      const rest = edge === 0 ? py * dy : edge === 1 ? qy * dy : 1 - (py + qy) * dy
      if (slope > 1e-9) from = Math.max(from, Math.ceil(ax - rest / slope - 1e-4))
      else if (slope < -1e-9) to = Math.min(to, Math.floor(ax - rest / slope + 1e-4))
      else if (rest < -1e-6) to = -1
    }
    let p = (from - ax) * px + dy * py
    let q = (from - ax) * qx + dy * qy
    for (let i = y * width + from, end = y * width + to; i <= end; i++, p += px, q += qx) {
      const s = Math.min(Math.max(u0 + p * ub + q * uc, 0), tw - 1.001)
      const t = Math.min(Math.max(v0 + p * vb + q * vc, 0), th - 1.001)
      const column = s | 0
      const row = t | 0
      const at = row * tw + column
      const fs = s - column
      const upper = data[at]! + (data[at + 1]! - data[at]!) * fs
      const lower = data[at + tw]! + (data[at + tw + 1]! - data[at + tw]!) * fs
      plane[i] = (upper + (lower - upper) * (t - row)) * (w0 + p * wb + q * wc)
    }
  }
}
