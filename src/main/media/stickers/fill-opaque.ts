import type { ScreenMesh } from './screen-mesh'
import type { StickerCanvas } from './sticker-canvas'

/**
 * Fills one triangle: colour and depth run linearly, the nearest wins. A pixel belongs to it when its centre does, so
 * neighbours neither overlap nor gap. Any winding. Colours are kept in 16.16 fixed point.
 */
export function fillOpaque(canvas: StickerCanvas, mesh: ScreenMesh, a: number, b: number, c: number): void {
  const { x: X, y: Y } = mesh
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
  const { width, height, colour, depth } = canvas
  const ax = X[a]! - canvas.left
  const ay = Y[a]! - canvas.top
  const bx = X[b]! - X[a]!
  const by = Y[b]! - Y[a]!
  const cx = X[c]! - X[a]!
  const cy = Y[c]! - Y[a]!
  const first = Math.max(0, Math.ceil(ay - 0.5))
  const end = Math.min(height, Math.ceil(ay + cy - 0.5))
  const signed = bx * cy - cx * by
  if (first >= end || signed === 0) return
  const { z: Z, luma: L, u: U, v: V } = mesh
  const inverse = 1 / signed
  const z0 = Z[a]!
  const zDx = ((Z[b]! - z0) * cy - (Z[c]! - z0) * by) * inverse
  const zDy = ((Z[c]! - z0) * bx - (Z[b]! - z0) * cx) * inverse
  const l0 = L[a]!
  const lDx = ((L[b]! - l0) * cy - (L[c]! - l0) * by) * inverse
  const lDy = ((L[c]! - l0) * bx - (L[b]! - l0) * cx) * inverse
  const u0 = U[a]!
  const uDx = ((U[b]! - u0) * cy - (U[c]! - u0) * by) * inverse
  const uDy = ((U[c]! - u0) * bx - (U[b]! - u0) * cx) * inverse
  const v0 = V[a]!
  const vDx = ((V[b]! - v0) * cy - (V[c]! - v0) * by) * inverse
  const vDy = ((V[c]! - v0) * bx - (V[b]! - v0) * cx) * inverse
  const lStep = (lDx * 65536) | 0
  const uStep = (uDx * 65536) | 0
  const vStep = (vDx * 65536) | 0
  const longSlope = cx / cy
  const topSlope = by > 0 ? bx / by : 0
  const bottomSlope = cy > by ? (cx - bx) / (cy - by) : 0
  for (let row = first; row < end; row++) {
    const dy = row + 0.5 - ay
    const long = longSlope * dy
    const short = dy < by ? topSlope * dy : bx + bottomSlope * (dy - by)
    const from = Math.max(0, Math.ceil(ax + (signed > 0 ? long : short) - 0.5))
    const to = Math.min(width, Math.ceil(ax + (signed > 0 ? short : long) - 0.5))
    if (from >= to) continue
    canvas.touch(row, from, to)
    const dx = from + 0.5 - ax
    let z = z0 + zDx * dx + zDy * dy
    let l = ((l0 + lDx * dx + lDy * dy) * 65536) | 0
    let u = ((u0 + uDx * dx + uDy * dy) * 65536) | 0
    let v = ((v0 + vDx * dx + vDy * dy) * 65536) | 0
    const stop = row * width + to
    for (let out = row * width + from; out < stop; out++) {
      if (z > depth[out]!) {
        depth[out] = z
        colour[out] = ((l & 0xff0000) << 8) | (u & 0xff0000) | ((v >> 8) & 0xff00) | 255
      }
      z += zDx
      l = (l + lStep) | 0
      u = (u + uStep) | 0
      v = (v + vStep) | 0
    }
  }
}
