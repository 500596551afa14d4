const matrix = new Float64Array(16)
const vectors = new Float64Array(16)
/** Jacobi halves the rest at least; it converges quadratically, five sweeps are exact for a 4x4 matrix. */
const SWEEPS = 12

/**
 * The unit quaternion (w, x, y, z) of the rotation that best takes points a to points b, the eigenvector of the largest
 * eigenvalue of Horn's symmetric 4x4 matrix (JOSA A 4, 1987, section 4.A).
 * @param s sums of a_i * b_k, row by row
 * @returns false when there is none because a number is not finite
 */
export function largestEigenvector(s: Float64Array, out: Float64Array): boolean {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s as unknown as [
    ...[number, number, number],
    ...[number, number, number],
    ...[number, number, number],
  ]
  const m = matrix
  m[0] = xx + yy + zz
  m[5] = xx - yy - zz
  m[10] = yy - xx - zz
  m[15] = zz - xx - yy
  m[1] = m[4] = yz - zy
  m[2] = m[8] = zx - xz
  m[3] = m[12] = xy - yx
  m[6] = m[9] = xy + yx
  m[7] = m[13] = zx + xz
  m[11] = m[14] = yz + zy
  diagonalise()
  let best = 0
  for (let i = 1; i < 4; i++) if (m[i * 5]! > m[best * 5]!) best = i
  for (let i = 0; i < 4; i++) out[i] = vectors[i * 4 + best]!
  return out.every(Number.isFinite)
}

/** Cyclic Jacobi rotations (Golub, Van Loan: Matrix Computations, 8.5); eigenvectors end up in the columns. */
function diagonalise(): void {
  const m = matrix
  vectors.fill(0)
  for (let i = 0; i < 4; i++) vectors[i * 5] = 1
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let [rest, whole] = [0, 0]
    for (let i = 0; i < 16; i++) {
      whole += m[i]! * m[i]!
      if (i % 5 !== 0) rest += m[i]! * m[i]!
    }
    if (!(rest > 1e-26 * whole)) return
    for (let p = 0; p < 3; p++) for (let q = p + 1; q < 4; q++) rotate(p, q)
  }
}

function rotate(p: number, q: number): void {
  const m = matrix
  const off = m[p * 4 + q]!
  if (off === 0) return
  const theta = (m[q * 5]! - m[p * 5]!) / (2 * off)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < 4; k++) {
    const [a, b] = [m[k * 4 + p]!, m[k * 4 + q]!]
    m[k * 4 + p] = c * a - s * b
    m[k * 4 + q] = s * a + c * b
  }
  for (let k = 0; k < 4; k++) {
    const [a, b] = [m[p * 4 + k]!, m[q * 4 + k]!]
    m[p * 4 + k] = c * a - s * b
    m[q * 4 + k] = s * a + c * b
    const [u, v] = [vectors[k * 4 + p]!, vectors[k * 4 + q]!]
    vectors[k * 4 + p] = c * u - s * v
    vectors[k * 4 + q] = s * u + c * v
  }
}
