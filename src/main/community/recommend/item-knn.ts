import { groupBy, newestOfEach, type PublicActs } from './public-acts'

const NEIGHBOURS = 100
const SHRINK = 20
/** Acts of a person that count. */
const MOST_ACTS = 100

/** The nearest neighbours of each item: those of i are at `start[i]` to `start[i + 1] - 1`. */
export interface ItemNeighbours {
  readonly start: Int32Array
  readonly item: Int32Array
  readonly likeness: Float32Array
}

/**
 * Items that the same people like: s(a, b) = n_ab / (sqrt(n_a n_b) + 20), the best 100 of each (community 7; shrinkage
 * after Bell and Koren, ICDM 2007). Time grows with the sum of squared list lengths, at most 100 each.
 */
export function itemNeighbours(acts: PublicActs, items: number): ItemNeighbours {
  const byPerson = groupBy(acts.person, acts.people)
  const counts = new Float64Array(items)
  // items of all people one after the other, each once: those of a person begin at `first`
  const [flat, who] = [new Int32Array(acts.item.length), new Int32Array(acts.item.length)]
  const first = new Int32Array(acts.people + 1)
  const takenBy = new Int32Array(items).fill(-1)
  let length = 0
  for (let person = 0; person < acts.people; person++) {
    for (const act of newestOfEach(byPerson, person, MOST_ACTS)) {
      const item = acts.item[act]!
      if (takenBy[item] === person) continue
      takenBy[item] = person
      counts[item]!++
      flat[length] = item
      who[length++] = person
    }
    first[person + 1] = length
  }
  const byItem = groupBy(flat.subarray(0, length), items)

  const start = new Int32Array(items + 1)
  let [item, likeness] = [new Int32Array(items * 8), new Float32Array(items * 8)]
  const together = new Int32Array(items)
  const near = new Int32Array(items)
  const score = new Float32Array(items)
  let size = 0
  for (let a = 0; a < items; a++) {
    let found = 0
    for (let at = byItem.start[a]!; at < byItem.start[a + 1]!; at++) {
      const person = who[byItem.act[at]!]!
      for (let i = first[person]!, end = first[person + 1]!; i < end; i++) {
        const b = flat[i]!
        if (together[b]!++ === 0) near[found++] = b
      }
    }
    for (let i = 0; i < found; i++) {
      const b = near[i]!
      score[b] = b === a ? 0 : together[b]! / (Math.sqrt(counts[a]! * counts[b]!) + SHRINK)
      together[b] = 0
    }
    let best: Int32Array = near.subarray(0, found)
    if (found > NEIGHBOURS) {
      best = bestOf(best, score, scoreAt(best, score, NEIGHBOURS))
    }
    const sorted = best.sort((b, c) => score[c]! - score[b]! || b - c).subarray(0, NEIGHBOURS)
    if (size + sorted.length > item.length) {
      const [more, moreLike] = [
        new Int32Array(item.length * 2 + NEIGHBOURS),
        new Float32Array(item.length * 2 + NEIGHBOURS),
      ]
      more.set(item)
      moreLike.set(likeness)
      ;[item, likeness] = [more, moreLike]
    }
    for (const b of sorted) {
      if (score[b]! <= 0) continue
      item[size] = b
      likeness[size++] = score[b]!
    }
    start[a + 1] = size
  }
  return { start, item: item.slice(0, size), likeness: likeness.slice(0, size) }
}

/** NEIGHBOURS items, of which `least` is the score of the last; of those as good as it the first. */
function bestOf(items: Int32Array, score: Float32Array, least: number): Int32Array {
  const best = new Int32Array(NEIGHBOURS)
  let count = 0
  for (let i = 0; i < items.length; i++) if (score[items[i]!]! > least) best[count++] = items[i]!
  for (let i = 0; i < items.length && count < NEIGHBOURS; i++) {
    if (score[items[i]!] === least) best[count++] = items[i]!
  }
  return best
}

/** The score that the `rank`-th best has: quickselect (Hoare, 1961), for most items have a thousand neighbours and more. */
function scoreAt(items: Int32Array, score: Float32Array, rank: number): number {
  const values = new Float32Array(items.length)
  for (let i = 0; i < values.length; i++) values[i] = score[items[i]!]!
  const wanted = values.length - rank
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const pivot = values[(low + high) >> 1]!
    let [i, j] = [low, high]
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i > j) break
      const swapped = values[i]!
      values[i++] = values[j]!
      values[j--] = swapped
    }
    if (wanted <= j) high = j
    else if (wanted >= i) low = i
    else break
  }
  return values[wanted]!
}
