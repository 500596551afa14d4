import { groupBy, newestOfEach, type PublicActs } from './public-acts'

const LAMBDA = 300
const MOST_ACTS = 200

/** How much each of a few items speaks for each other: row a, column b at `weight[a * n + b]`. */
export interface EaseModel {
  /** Numbers of the items it knows. */
  readonly items: Int32Array
  /** Number of an item to its row; -1: not in it. */
  readonly rowOf: Int32Array
  readonly weight: Float32Array
}

/**
 * EASE (Steck, "Embarrassingly Shallow Autoencoders", WWW 2019): P = (X'X + 300 I)^-1, B_ab = -P_ab / P_bb, B_bb = 0. Its
 * inverse costs the cube of the number of items, so only the chosen ones are in it.
 */
export function easeModel(acts: PublicActs, items: number, chosen: Int32Array): EaseModel {
  const n = chosen.length
  const rowOf = new Int32Array(items).fill(-1)
  chosen.forEach((item, row) => (rowOf[item] = row))
  const gram = new Float64Array(n * n)
  const byPerson = groupBy(acts.person, acts.people)
  for (let person = 0; person < acts.people; person++) {
    const rows = new Set<number>()
    for (const act of newestOfEach(byPerson, person, MOST_ACTS)) {
      const row = rowOf[acts.item[act]!]!
      if (row >= 0) rows.add(row)
    }
    const mine = Int32Array.from(rows).sort()
    for (let i = 0; i < mine.length; i++) for (let j = i; j < mine.length; j++) gram[mine[i]! * n + mine[j]!]!++
  }
  for (let i = 0; i < n; i++) gram[i * n + i]! += LAMBDA
  negateInverse(gram, n)
  const weight = new Float32Array(n * n)
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      if (a === b) continue
      const p = a < b ? gram[a * n + b]! : gram[b * n + a]!
      weight[a * n + b] = -p / gram[b * n + b]!
    }
  }
  return { items: chosen, rowOf, weight }
}

/** Pivots of one pass: the matrix is larger than the caches, so that reading and writing it is what costs. */
const PIVOTS = 4

/**
 * Turns a symmetric positive definite matrix, given by its upper half, into the upper half of minus its inverse: the sweep
 * operator (Goodnight, The American Statistician 33, 1979) applied to every row, four rows in one pass; n^3 / 2
 * multiplications.
 */
export function negateInverse(a: Float64Array, n: number): void {
  const columns = Array.from({ length: PIVOTS }, () => new Float64Array(n))
  const swept = Array.from({ length: PIVOTS }, () => new Float64Array(n))
  const pivots = new Float64Array(PIVOTS)
  for (let first = 0; first < n; first += PIVOTS) {
    const count = Math.min(PIVOTS, n - first)
    for (let m = 0; m < count; m++) {
      sweepColumn(a, n, { first, m, columns, swept, pivots })
    }
    for (let m = 0; m < count; m++) columns[m]!.fill(0, first, first + count)
    for (let m = count; m < PIVOTS; m++) columns[m]!.fill(0)
    update(a, n, columns, pivots)
    for (let m = 0; m < count; m++) {
      const [k, values] = [first + m, swept[m]!]
      for (let i = 0; i <= k; i++) a[i * n + k] = values[i]!
      for (let j = k + 1; j < n; j++) a[k * n + j] = values[j]!
    }
  }
}

interface Block {
  readonly first: number
  /** Number of the pivot in its block. */
  readonly m: number
  /** Of each pivot the column as it is when it is swept. */
  readonly columns: readonly Float64Array[]
  /** And as it is afterwards. */
  readonly swept: readonly Float64Array[]
  readonly pivots: Float64Array
}

/** What sweeping does to the columns of the pivots of a block, the last of which is `m`. */
function sweepColumn(a: Float64Array, n: number, { first, m, columns, swept, pivots }: Block): void {
  const k = first + m
  const column = columns[m]!
  for (let i = 0; i < k; i++) column[i] = a[i * n + k]!
  for (let j = k; j < n; j++) column[j] = a[k * n + j]!
  for (let l = 0; l < m; l++) {
    const before = columns[l]!
    const factor = before[k]! / pivots[l]!
    for (let i = 0; i < n; i++) column[i]! -= factor * before[i]!
  }
  // rows of the pivots before were swept, not only reduced
  for (let l = 0; l < m; l++) column[first + l] = swept[l]![k]!
  const pivot = column[k]!
  pivots[m] = pivot
  for (let l = 0; l < m; l++) {
    const [values, factor] = [swept[l]!, column[first + l]! / pivot]
    for (let i = 0; i < n; i++) values[i]! -= factor * column[i]!
    values[k] = factor
  }
  const values = swept[m]!
  for (let i = 0; i < n; i++) values[i] = column[i]! / pivot
  values[k] = -1 / pivot
}

/** a -= the sum of column column' / pivot, upper half. */
function update(a: Float64Array, n: number, columns: readonly Float64Array[], pivots: Float64Array): void {
  const [c0, c1, c2, c3] = columns as [Float64Array, Float64Array, Float64Array, Float64Array]
  const scaled = columns.map((column, m) => (pivots[m] === 0 ? 0 : 1 / pivots[m]!))
  for (let i = 0; i < n; i++) {
    const [f0, f1] = [c0[i]! * scaled[0]!, c1[i]! * scaled[1]!]
    const [f2, f3] = [c2[i]! * scaled[2]!, c3[i]! * scaled[3]!]
    const row = i * n
    for (let j = i; j < n; j++) a[row + j]! -= f0 * c0[j]! + f1 * c1[j]! + f2 * c2[j]! + f3 * c3[j]!
  }
}
