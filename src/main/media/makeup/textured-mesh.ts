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
  const ax = (points[3 * a]! - left) / step - 0.5
  const ay = (points[3 * a + 1]! - top) / step - 0.5
  const bx = (points[3 * b]! - left) / step - 0.5 - ax
  const by = (points[3 * b + 1]! - top) / step - 0.5 - ay
  const cx = (points[3 * c]! - left) / step - 0.5 - ax
  const cy = (points[3 * c + 1]! - top) / step - 0.5 - ay
  const area = bx * cy - by * cx
  if (Math.abs(area) < 1e-3) return
  const first = Math.max(0, Math.ceil(ay + Math.min(0, by, cy)))
  const last = Math.min(height - 1, Math.floor(ay + Math.max(0, by, cy)))
  const from = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx)))
  const to = Math.min(width - 1, Math.floor(ax + Math.max(0, bx, cx)))
  const { width: tw, height: th, data } = texture
  const u0 = uv[2 * a]!
  const v0 = uv[2 * a + 1]!
  const ub = uv[2 * b]! - u0
  const vb = uv[2 * b + 1]! - v0
  const uc = uv[2 * c]! - u0
  const vc = uv[2 * c + 1]! - v0
  const w0 = weights[a]!
  const wb = weights[b]! - w0
  const wc = weights[c]! - w0
  for (let y = first; y <= last; y++) {
    for (let x = from; x <= to; x++) {
      const p = ((x - ax) * cy - (y - ay) * cx) / area
      const q = ((y - ay) * bx - (x - ax) * by) / area
      if (p < 0 || q < 0 || p + q > 1) continue
      const s = Math.min(Math.max((u0 + p * ub + q * uc) * tw - 0.5, 0), tw - 1.001)
      const t = Math.min(Math.max((v0 + p * vb + q * vc) * th - 0.5, 0), th - 1.001)
      const at = (t | 0) * tw + (s | 0)
      const fs = s - (s | 0)
      const upper = data[at]! + (data[at + 1]! - data[at]!) * fs
      const lower = data[at + tw]! + (data[at + tw + 1]! - data[at + tw]!) * fs
      plane[y * width + x] = (upper + (lower - upper) * (t - (t | 0))) * (w0 + p * wb + q * wc)
    }
  }
}
