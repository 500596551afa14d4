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

/**
 * Turns a symmetric positive definite matrix, given by its upper half, into the upper half of minus its inverse: the sweep
 * operator (Goodnight, The American Statistician 33, 1979) applied to every row; n^3 / 2 multiplications.
 */
export function negateInverse(a: Float64Array, n: number): void {
  const column = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < k; i++) column[i] = a[i * n + k]!
    for (let j = k; j < n; j++) column[j] = a[k * n + j]!
    const pivot = column[k]!
    column[k] = 0
    for (let i = 0; i < n; i++) {
      const factor = column[i]! / pivot
      if (factor === 0) continue
      const row = i * n
      for (let j = i; j < n; j++) a[row + j]! -= factor * column[j]!
    }
    for (let i = 0; i < k; i++) a[i * n + k] = column[i]! / pivot
    for (let j = k + 1; j < n; j++) a[k * n + j] = column[j]! / pivot
    a[k * n + k] = -1 / pivot
  }
}
