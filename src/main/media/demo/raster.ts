import type { I420Frame } from '../i420'
import { planesOf } from '../i420'
import type { Texture } from './texture'

/** Vertices after projection. x, y in frame pixels; u, v in texels; gain scales the texture, shine adds luma. */
export interface ScreenVertices {
  x: Float32Array
  y: Float32Array
  u: Float32Array
  v: Float32Array
  gain: Float32Array
  shine: Float32Array
  /** Vertex coverage 0..1, only read by `fillBlended`. */
  cover: Float32Array
}

export function screenVertices(count: number): ScreenVertices {
  const plane = (): Float32Array => new Float32Array(count)
  return {
    x: plane(),
    y: plane(),
    u: plane(),
    v: plane(),
    gain: plane().fill(1),
    shine: plane(),
    cover: plane().fill(1),
  }
}

/** The picture being drawn: clamped views, so that shading may overshoot. */
export interface Target {
  width: number
  height: number
  luma: Uint8ClampedArray
  u: Uint8ClampedArray
  v: Uint8ClampedArray
}

export function targetOf(frame: I420Frame): Target {
  const { y, u, v } = planesOf(frame)
  const clamped = (plane: Uint8Array): Uint8ClampedArray =>
    new Uint8ClampedArray(plane.buffer, plane.byteOffset, plane.length)
  return { width: frame.width, height: frame.height, luma: clamped(y), u: clamped(u), v: clamped(v) }
}

const FIXED = 65536

/**
 * Fills textured triangles, last on top. Mapping is affine (triangles are small), luma bilinear, chroma nearest on
 * every second pixel of every second row. Pixel centres decide coverage, so neighbours neither overlap nor gap.
 * Triangles that turn away (clockwise on screen) are skipped. Texture coordinates must leave one texel of margin.
 */
export function fillOpaque(target: Target, vertices: ScreenVertices, triangles: Uint16Array, texture: Texture): void {
  const { x: X, y: Y, u: U, v: V, gain: G, shine: S } = vertices
  const { width, height, luma, u: outU, v: outV } = target
  const half = width >> 1
  const texWidth = texture.width
  const texLuma = texture.luma
  const texChroma = texture.chroma
  const texHalf = texWidth >> 1
  for (let t = 0; t < triangles.length; t += 3) {
    let a = triangles[t]!
    let b = triangles[t + 1]!
    let c = triangles[t + 2]!
    const area = (X[b]! - X[a]!) * (Y[c]! - Y[a]!) - (X[c]! - X[a]!) * (Y[b]! - Y[a]!)
    if (area >= -0.01) continue
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
    const ax = X[a]!
    const ay = Y[a]!
    const bx = X[b]! - ax
    const by = Y[b]! - ay
    const cx = X[c]! - ax
    const cy = Y[c]! - ay
    const first = Math.max(0, Math.ceil(ay - 0.5))
    const end = Math.min(height, Math.ceil(Y[c]! - 0.5))
    if (first >= end) continue
    const signed = bx * cy - cx * by
    const inverse = 1 / signed
    const uB = U[b]! - U[a]!
    const uC = U[c]! - U[a]!
    const vB = V[b]! - V[a]!
    const vC = V[c]! - V[a]!
    const gB = G[b]! - G[a]!
    const gC = G[c]! - G[a]!
    const sB = S[b]! - S[a]!
    const sC = S[c]! - S[a]!
    const uDx = (uB * cy - uC * by) * inverse
    const uDy = (uC * bx - uB * cx) * inverse
    const vDx = (vB * cy - vC * by) * inverse
    const vDy = (vC * bx - vB * cx) * inverse
    const gDx = (gB * cy - gC * by) * inverse
    const gDy = (gC * bx - gB * cx) * inverse
    const sDx = (sB * cy - sC * by) * inverse
    const sDy = (sC * bx - sB * cx) * inverse
    const longSlope = cx / cy
    const topSlope = by > 0 ? bx / by : 0
    const bottomSlope = cy > by ? (cx - bx) / (cy - by) : 0
    const uStep = (uDx * FIXED) | 0
    const vStep = (vDx * FIXED) | 0
    const gStep = (gDx * FIXED) | 0
    const sStep = (sDx * FIXED) | 0
    for (let row = first; row < end; row++) {
      const dy = row + 0.5 - ay
      const long = longSlope * dy
      const short = dy < by ? topSlope * dy : bx + bottomSlope * (dy - by)
      const left = signed > 0 ? long : short
      const right = signed > 0 ? short : long
      const from = Math.max(0, Math.ceil(ax + left - 0.5))
      const to = Math.min(width, Math.ceil(ax + right - 0.5))
      if (from >= to) continue
      const dx = from + 0.5 - ax
      const startU = ((U[a]! - 0.5 + uDx * dx + uDy * dy) * FIXED) | 0
      const startV = ((V[a]! - 0.5 + vDx * dx + vDy * dy) * FIXED) | 0
      const startG = ((G[a]! + gDx * dx + gDy * dy) * FIXED) | 0
      let tu = startU
      let tv = startV
      let gain = startG
      let shine = ((S[a]! + sDx * dx + sDy * dy + 16.5) * FIXED) | 0
      const stop = row * width + to
      for (let out = row * width + from; out < stop; out++) {
        const p = Math.imul(tv >> 16, texWidth) + (tu >> 16)
        const q = p + texWidth
        const fu = (tu >> 8) & 255
        const fv = (tv >> 8) & 255
        const upper = (texLuma[p]! << 8) + Math.imul(texLuma[p + 1]! - texLuma[p]!, fu)
        const lower = (texLuma[q]! << 8) + Math.imul(texLuma[q + 1]! - texLuma[q]!, fu)
        const value = (upper << 8) + Math.imul(lower - upper, fv)
        luma[out] = (Math.imul(value >> 8, gain >> 8) + shine) >> 16
        tu = (tu + uStep) | 0
        tv = (tv + vStep) | 0
        gain = (gain + gStep) | 0
        shine = (shine + sStep) | 0
      }
      if ((row & 1) !== 0) continue
      // Chroma sits on the even columns of even rows; its texture has half the size.
      const odd = from & 1
      tu = (startU + (odd ? uStep : 0) + 32768) >> 1
      tv = (startV + (odd ? vStep : 0) + 32768) >> 1
      gain = startG + (odd ? gStep : 0)
      const chromaStop = (row >> 1) * half + ((to + 1) >> 1)
      for (let out = (row >> 1) * half + ((from + odd) >> 1); out < chromaStop; out++) {
        const pair = texChroma[Math.imul(tv >> 16, texHalf) + (tu >> 16)]!
        const scale = gain >> 8
        outU[out] = (Math.imul((pair & 255) - 128, scale) + 32896) >> 8
        outV[out] = (Math.imul((pair >> 8) - 128, scale) + 32896) >> 8
        tu = (tu + uStep) | 0
        tv = (tv + vStep) | 0
        gain = (gain + gStep + gStep) | 0
      }
    }
  }
}

/**
 * As `fillOpaque`, but lays the texture over what is there by its alpha plane times the vertices' cover; used for
 * hair and for the one-pixel skirts that soften silhouettes. Written out a second time so
 * that the opaque loop, which draws most pixels, stays free of branches.
 */
export function fillBlended(target: Target, vertices: ScreenVertices, triangles: Uint16Array, texture: Texture): void {
  const { x: X, y: Y, u: U, v: V, gain: G, shine: S, cover: C } = vertices
  const { width, height, luma, u: outU, v: outV } = target
  const half = width >> 1
  const texWidth = texture.width
  const texels = texture.lumaAlpha
  const texChroma = texture.chroma
  const texHalf = texWidth >> 1
  for (let t = 0; t < triangles.length; t += 3) {
    let a = triangles[t]!
    let b = triangles[t + 1]!
    let c = triangles[t + 2]!
    const area = (X[b]! - X[a]!) * (Y[c]! - Y[a]!) - (X[c]! - X[a]!) * (Y[b]! - Y[a]!)
    if (area >= -0.01) continue
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
    const ax = X[a]!
    const ay = Y[a]!
    const bx = X[b]! - ax
    const by = Y[b]! - ay
    const cx = X[c]! - ax
    const cy = Y[c]! - ay
    const first = Math.max(0, Math.ceil(ay - 0.5))
    const end = Math.min(height, Math.ceil(Y[c]! - 0.5))
    if (first >= end) continue
    const signed = bx * cy - cx * by
    const inverse = 1 / signed
    const uB = U[b]! - U[a]!
    const uC = U[c]! - U[a]!
    const vB = V[b]! - V[a]!
    const vC = V[c]! - V[a]!
    const gB = G[b]! - G[a]!
    const gC = G[c]! - G[a]!
    const sB = S[b]! - S[a]!
    const sC = S[c]! - S[a]!
    const uDx = (uB * cy - uC * by) * inverse
    const uDy = (uC * bx - uB * cx) * inverse
    const vDx = (vB * cy - vC * by) * inverse
    const vDy = (vC * bx - vB * cx) * inverse
    const gDx = (gB * cy - gC * by) * inverse
    const gDy = (gC * bx - gB * cx) * inverse
    const sDx = (sB * cy - sC * by) * inverse
    const sDy = (sC * bx - sB * cx) * inverse
    const kB = C[b]! - C[a]!
    const kC = C[c]! - C[a]!
    const kDx = (kB * cy - kC * by) * inverse
    const kDy = (kC * bx - kB * cx) * inverse
    const longSlope = cx / cy
    const topSlope = by > 0 ? bx / by : 0
    const bottomSlope = cy > by ? (cx - bx) / (cy - by) : 0
    const uStep = (uDx * FIXED) | 0
    const vStep = (vDx * FIXED) | 0
    const gStep = (gDx * FIXED) | 0
    const sStep = (sDx * FIXED) | 0
    const kStep = (kDx * FIXED) | 0
    for (let row = first; row < end; row++) {
      const dy = row + 0.5 - ay
      const long = longSlope * dy
      const short = dy < by ? topSlope * dy : bx + bottomSlope * (dy - by)
      const left = signed > 0 ? long : short
      const right = signed > 0 ? short : long
      const from = Math.max(0, Math.ceil(ax + left - 0.5))
      const to = Math.min(width, Math.ceil(ax + right - 0.5))
      if (from >= to) continue
      const dx = from + 0.5 - ax
      const startU = ((U[a]! - 0.5 + uDx * dx + uDy * dy) * FIXED) | 0
      const startV = ((V[a]! - 0.5 + vDx * dx + vDy * dy) * FIXED) | 0
      const startG = ((G[a]! + gDx * dx + gDy * dy) * FIXED) | 0
      const startK = ((C[a]! + kDx * dx + kDy * dy) * FIXED) | 0
      let tu = startU
      let tv = startV
      let cover = startK
      let gain = startG
      let shine = ((S[a]! + sDx * dx + sDy * dy + 16.5) * FIXED) | 0
      const stop = row * width + to
      for (let out = row * width + from; out < stop; out++) {
        const p = Math.imul(tv >> 16, texWidth) + (tu >> 16)
        const q = p + texWidth
        const c00 = texels[p]!
        const c10 = texels[p + 1]!
        const c01 = texels[q]!
        const c11 = texels[q + 1]!
        if ((c00 | c10 | c01 | c11) > 255) {
          const fu = (tu >> 8) & 255
          const fv = (tv >> 8) & 255
          // Luma and coverage side by side in one word, blended at once.
          const upper =
            ((Math.imul((c00 | (c00 << 8)) & 0xff00ff, 256 - fu) + Math.imul((c10 | (c10 << 8)) & 0xff00ff, fu)) >>>
              8) &
            0xff00ff
          const lower =
            ((Math.imul((c01 | (c01 << 8)) & 0xff00ff, 256 - fu) + Math.imul((c11 | (c11 << 8)) & 0xff00ff, fu)) >>>
              8) &
            0xff00ff
          const both = Math.imul(upper, 256 - fv) + Math.imul(lower, fv)
          const alpha = Math.imul(both >>> 20, cover >> 4) >> 12
          const under = luma[out]!
          const over = (Math.imul(both & 0xffff, gain >> 8) + shine) >> 16
          luma[out] = under + ((Math.imul(over - under, alpha > 4070 ? 4096 : alpha) + 2048) >> 12)
        }
        tu = (tu + uStep) | 0
        tv = (tv + vStep) | 0
        gain = (gain + gStep) | 0
        shine = (shine + sStep) | 0
        cover = (cover + kStep) | 0
      }
      if ((row & 1) !== 0) continue
      const odd = from & 1
      tu = startU + (odd ? uStep : 0) + 32768
      tv = startV + (odd ? vStep : 0) + 32768
      gain = startG + (odd ? gStep : 0)
      cover = startK + (odd ? kStep : 0)
      const chromaStop = (row >> 1) * half + ((to + 1) >> 1)
      for (let out = (row >> 1) * half + ((from + odd) >> 1); out < chromaStop; out++) {
        const alpha = Math.imul(texels[Math.imul(tv >> 16, texWidth) + (tu >> 16)]! >> 8, cover >> 4) >> 4
        if (alpha > 0) {
          const pair = texChroma[Math.imul(tv >> 17, texHalf) + (tu >> 17)]!
          const scale = gain >> 8
          const underU = outU[out]!
          const underV = outV[out]!
          const overU = 128 + (Math.imul((pair & 255) - 128, scale) >> 8)
          const overV = 128 + (Math.imul((pair >> 8) - 128, scale) >> 8)
          outU[out] = underU + (Math.imul(overU - underU, alpha) >> 16)
          outV[out] = underV + (Math.imul(overV - underV, alpha) >> 16)
        }
        tu = (tu + uStep + uStep) | 0
        tv = (tv + vStep + vStep) | 0
        gain = (gain + gStep + gStep) | 0
        cover = (cover + kStep + kStep) | 0
      }
    }
  }
}
