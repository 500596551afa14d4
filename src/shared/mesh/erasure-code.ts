/**
 * [Note: Erasure code]
 * Systematic Reed-Solomon code over GF(256) (polynomial 0x11d) with a Cauchy matrix: parity row `j`, data column `i` has
 * the factor 1 / (x_j + y_i) with x_j = k + j, y_i = i. Every square part of a Cauchy matrix is invertible, so any k of
 * the n pieces give the data (Bloemer et al., "An XOR-Based Erasure-Resilient Coding Scheme", ICSI TR-95-048).
 */
const EXP = new Uint8Array(512)
const LOG = new Uint8Array(256)
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = EXP[power + 255] = value
  LOG[value] = power
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0)
}

function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : EXP[LOG[a]! + LOG[b]!]!
}

function inverse(a: number): number {
  return EXP[255 - LOG[a]!]!
}

/** Rows of products of one factor, made when first used: 256 bytes each. */
const rows: (Uint8Array | undefined)[] = []

function productsOf(factor: number): Uint8Array {
  return (rows[factor] ??= Uint8Array.from({ length: 256 }, (_, value) => multiply(factor, value)))
}

function factorOf(parity: number, data: number, k: number): number {
  return inverse((k + parity) ^ data)
}

/** target += factor * source; a shorter source counts as followed by zeros. */
function accumulate(target: Uint8Array, source: Uint8Array, factor: number): void {
  if (factor === 0) return
  const products = productsOf(factor)
  for (let at = 0; at < source.length; at++) target[at]! ^= products[source[at]!]!
}

/** The parity pieces `k` to `n - 1` of `size` bytes each; data pieces may be shorter than `size`. */
export function parityOf(data: readonly Uint8Array[], n: number, size: number): Uint8Array[] {
  const k = data.length
  return Array.from({ length: n - k }, (_, row) => {
    const parity = new Uint8Array(size)
    for (const [column, piece] of data.entries()) accumulate(parity, piece, factorOf(row, column, k))
    return parity
  })
}

/**
 * The data pieces (all `size` bytes, padded with zeros) out of any `k` pieces by their number; null when there are fewer.
 * Pieces are not checked against each other: verify them before.
 */
export function recoverData(pieces: ReadonlyMap<number, Uint8Array>, k: number, size: number): Uint8Array[] | null {
  if (pieces.size < k) return null
  const missing: number[] = []
  for (let index = 0; index < k; index++) if (!pieces.has(index)) missing.push(index)
  const parities = [...pieces.keys()].filter((index) => index >= k).slice(0, missing.length)
  if (parities.length < missing.length) return null
  // what the parities say of the missing pieces alone
  const sums = parities.map((index) => {
    const sum = new Uint8Array(size)
    sum.set(pieces.get(index)!)
    for (const [column, piece] of pieces) if (column < k) accumulate(sum, piece, factorOf(index - k, column, k))
    return sum
  })
  const matrix = parities.map((index) => missing.map((column) => factorOf(index - k, column, k)))
  solve(matrix, sums)
  return Array.from({ length: k }, (_, index) => {
    const found = missing.indexOf(index)
    if (found >= 0) return sums[found]!
    const piece = pieces.get(index)!
    if (piece.length === size) return piece
    const padded = new Uint8Array(size)
    padded.set(piece)
    return padded
  })
}

/** Gauss-Jordan: turns `matrix` into the identity and `values` into the solution, in place. */
function solve(matrix: number[][], values: Uint8Array[]): void {
  for (let column = 0; column < matrix.length; column++) {
    // a part of a Cauchy matrix stays regular, but after elimination a pivot may lie in a lower row
    const pivot = matrix.findIndex((row, index) => index >= column && row[column] !== 0)
    swap(matrix, pivot, column)
    swap(values, pivot, column)
    const scale = inverse(matrix[column]![column]!)
    matrix[column] = matrix[column]!.map((value) => multiply(value, scale))
    const scaled = new Uint8Array(values[column]!.length)
    accumulate(scaled, values[column]!, scale)
    values[column] = scaled
    for (let row = 0; row < matrix.length; row++) {
      const factor = matrix[row]![column]!
      if (row === column || factor === 0) continue
      matrix[row] = matrix[row]!.map((value, index) => value ^ multiply(factor, matrix[column]![index]!))
      accumulate(values[row]!, values[column]!, factor)
    }
  }
}

function swap(list: unknown[], a: number, b: number): void {
  const held = list[a]!
  list[a] = list[b]!
  list[b] = held
}
