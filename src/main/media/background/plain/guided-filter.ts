import { FITTED, GRID, SURELY_NONE, SURELY_WHOLE } from '../grid'

/** See `MattingKernel.multiply`. */
export function multiply(block: Float32Array, size: number, cells: number): void {
  for (let i = 0; i < cells; i++) {
    const p = block[i]!
    const y = block[size + i]!
    const u = block[2 * size + i]!
    const v = block[3 * size + i]!
    let at = GRID.products * size + i
    for (const value of [p * y, p * u, p * v, y * y, y * u, y * v, u * u, u * v, v * v]) {
      block[at] = value
      at += size
    }
  }
}

/** See `MattingKernel.fit`. */
export function fit(block: Float32Array, size: number, cells: number, settled: Uint8Array, evenness: number): void {
  const plane = (n: number, i: number): number => block[n * size + i]!
  for (let i = 0; i < cells; i++) {
    const p = plane(0, i)
    const [y, u, v] = [plane(1, i), plane(2, i), plane(3, i)]
    const [py, pu, pv] = [plane(4, i), plane(5, i), plane(6, i)]
    // The symmetric matrix of covariances, made a little rounder so that even areas keep the mean of the mask.
    const a = plane(7, i) - y * y + evenness
    const b = plane(8, i) - y * u
    const c = plane(9, i) - y * v
    const d = plane(10, i) - u * u + evenness
    const e = plane(11, i) - u * v
    const f = plane(12, i) - v * v + evenness
    // Its inverse by cofactors, times the covariances of mask and colour.
    const [ca, cb, cc] = [d * f - e * e, c * e - b * f, b * e - c * d]
    const [cd, ce, cf] = [a * f - c * c, b * c - a * e, a * d - b * b]
    const inverse = 1 / (a * ca + b * cb + c * cc)
    const [ty, tu, tv] = [py - p * y, pu - p * u, pv - p * v]
    const ay = (ca * ty + cb * tu + cc * tv) * inverse
    const au = (cb * ty + cd * tu + ce * tv) * inverse
    const av = (cc * ty + ce * tu + cf * tv) * inverse
    const set = (n: number, value: number): void => void (block[n * size + i] = value)
    const whole = 1 / Math.max(p, 1e-3)
    const none = 1 / Math.max(1 - p, 1e-3)
    set(FITTED.behind, (y - py) * none)
    set(FITTED.behind + 1, (u - pu) * none)
    set(FITTED.behind + 2, (v - pv) * none)
    set(FITTED.person, py * whole)
    set(FITTED.person + 1, pu * whole)
    set(FITTED.person + 2, pv * whole)
    set(FITTED.line, ay)
    set(FITTED.line + 1, au)
    set(FITTED.line + 2, av)
    set(FITTED.line + 4, p)
    set(FITTED.line + 3, p - ay * y - au * u - av * v)
    settled[i] = p > SURELY_WHOLE ? 255 : p < SURELY_NONE ? 0 : 128
  }
}
