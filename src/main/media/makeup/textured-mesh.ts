import type { Coverage } from './coverage'

/** A picture of weights 0..1. Its border goes on by one texel all round, so that a place in it has four neighbours. */
export interface WeightTexture {
  width: number
  height: number
  /** Rows of width + 2, height + 2 of them. */
  data: Float32Array
}

/** @param weight of a place in the picture, s to the right and t down, both 0..1 */
export function weightTexture(width: number, height: number, weight: (s: number, t: number) => number): WeightTexture {
  const data = new Float32Array((width + 2) * (height + 2))
  for (let row = 0, i = 0; row < height + 2; row++) {
    const t = (Math.min(Math.max(row, 1), height) - 0.5) / height
    for (let column = 0; column < width + 2; column++)
      data[i++] = weight((Math.min(Math.max(column, 1), width) - 0.5) / width, t)
  }
  return { width, height, data }
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
  { plane, starts, ends, left, top, width, height, step }: Coverage,
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
  const perArea = 1 / area
  const px = cy * perArea
  const py = -cx * perArea
  const qx = -by * perArea
  const qy = bx * perArea
  const ub = (uv[2 * b]! - uv[2 * a]!) * tw
  const vb = (uv[2 * b + 1]! - uv[2 * a + 1]!) * th
  const uc = (uv[2 * c]! - uv[2 * a]!) * tw
  const vc = (uv[2 * c + 1]! - uv[2 * a + 1]!) * th
  const u0 = uv[2 * a]! * tw + 0.5
  const v0 = uv[2 * a + 1]! * th + 0.5
  const w0 = weights[a]!
  const wb = weights[b]! - w0
  const wc = weights[c]! - w0
  const sx = px * ub + qx * uc
  const tx = px * vb + qx * vc
  const wx = px * wb + qx * wc
  const stride = tw + 2
  // Where a row crosses the line of each edge, from its height above a: a slope and a start. A level edge bounds no row.
  const rx = -px - qx
  const ry = -py - qy
  const pSlope = Math.abs(px) > 1e-9 ? py / px : NaN
  const qSlope = Math.abs(qx) > 1e-9 ? qy / qx : NaN
  const rSlope = Math.abs(rx) > 1e-9 ? ry / rx : NaN
  const rStart = 1 / rx
  for (let y = first; y <= last; y++) {
    const dy = y - ay
    let from = -ax
    let to = width - 1 - ax
    const pCross = -pSlope * dy
    const qCross = -qSlope * dy
    const rCross = -rStart - rSlope * dy
    if (px > 0) {
      if (pCross > from) from = pCross
    } else if (pCross < to) to = pCross
    if (qx > 0) {
      if (qCross > from) from = qCross
    } else if (qCross < to) to = qCross
    if (rx > 0) {
      if (rCross > from) from = rCross
    } else if (rCross < to) to = rCross
    const begin = Math.max(Math.ceil(ax + from - 1e-4), 0) | 0
    const end = Math.min(Math.floor(ax + to + 1e-4), width - 1) | 0
    if (begin > end) continue
    if (begin < starts[y]!) starts[y] = begin
    if (end >= ends[y]!) ends[y] = end + 1
    const dx = begin - ax
    const p = dx * px + dy * py
    const q = dx * qx + dy * qy
    let s = u0 + p * ub + q * uc
    let t = v0 + p * vb + q * vc
    let weight = w0 + p * wb + q * wc
    for (let i = y * width + begin, stop = y * width + end; i <= stop; i++, s += sx, t += tx, weight += wx) {
      const column = s | 0
      const row = t | 0
      const at = row * stride + column
      const fs = s - column
      const upper = data[at]! + (data[at + 1]! - data[at]!) * fs
      const lower = data[at + stride]! + (data[at + stride + 1]! - data[at + stride]!) * fs
      plane[i] = (upper + (lower - upper) * (t - row)) * weight
    }
  }
}
