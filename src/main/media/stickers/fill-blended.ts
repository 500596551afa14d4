import type { ScreenMesh } from './screen-mesh'
import type { StickerCanvas } from './sticker-canvas'

/**
 * As `fillOpaque`, but lays the triangle over what is there by the opacity of its vertices (Porter, Duff: "over",
 * SIGGRAPH 1984). Written out a second time so that the opaque loop stays short.
 * @param solid keeps its depth wherever it is drawn; otherwise only where nothing was
 */
export function fillBlended(
  canvas: StickerCanvas,
  mesh: ScreenMesh,
  a: number,
  b: number,
  c: number,
  solid: boolean,
): void {
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
  const { z: Z, luma: L, u: U, v: V, alpha: A } = mesh
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
  const a0 = A[a]!
  const aDx = ((A[b]! - a0) * cy - (A[c]! - a0) * by) * inverse
  const aDy = ((A[c]! - a0) * bx - (A[b]! - a0) * cx) * inverse
  const lStep = (lDx * 65536) | 0
  const uStep = (uDx * 65536) | 0
  const vStep = (vDx * 65536) | 0
  const aStep = (aDx * 65536) | 0
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
    let alpha = ((a0 + aDx * dx + aDy * dy) * 65536) | 0
    const stop = row * width + to
    for (let out = row * width + from; out < stop; out++) {
      if (z > depth[out]! && alpha > 32768) {
        const under = colour[out]!
        // Opacity 0..255, and its share of 256, so that nothing is divided.
        const solidity = (alpha + 32768) >> 16
        const share = solidity + (solidity >> 7)
        const above =
          ((Math.imul(l >> 8, share) << 8) & 0xff000000) |
          (Math.imul(u >> 8, share) & 0xff0000) |
          ((Math.imul(v >> 8, share) >> 8) & 0xff00) |
          solidity
        if (under === 0) {
          depth[out] = z
          colour[out] = above
        } else {
          if (solid) depth[out] = z
          // Two bytes at once: no sum exceeds 255, because the shares add up to 256.
          const keep = 256 - share
          const high = Math.imul((under >>> 8) & 0xff00ff, keep) & 0xff00ff00
          const low = (Math.imul(under & 0xff00ff, keep) >>> 8) & 0xff00ff
          colour[out] = (above + (high | low)) | 0
        }
      }
      z += zDx
      l = (l + lStep) | 0
      u = (u + uStep) | 0
      v = (v + vStep) | 0
      alpha = (alpha + aStep) | 0
    }
  }
}
