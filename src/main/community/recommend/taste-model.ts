import { easeModel, type EaseModel } from './ease'
import { itemNeighbours, type ItemNeighbours } from './item-knn'
import { DAY, type Offer, type PublicActs } from './public-acts'
import { FEATURE_COUNT, featureIndex, TREND_DAYS, type OwnAct } from './sources'

/** Newest own acts that are looked at. */
const MOST_HISTORY = 200
const PER_SOURCE = 300
const PER_TAG = 60
const MAX_CANDIDATES = 1_500

export interface Candidates {
  readonly items: Int32Array
  /** `FEATURE_COUNT` numbers for each. */
  readonly features: Float64Array
}

/** What own history says: how much of each author and tag there is in it. */
interface Taste {
  readonly authors: ReadonlyMap<number, number>
  readonly tags: ReadonlyMap<number, number>
  readonly followed: ReadonlySet<number>
}

/** A list of items with a score for each, of which only some are above 0. */
class Scores {
  readonly value: Float64Array
  readonly touched: number[] = []

  constructor(items: number) {
    this.value = new Float64Array(items)
  }

  add(item: number, by: number): void {
    if (this.value[item] === 0) this.touched.push(item)
    this.value[item]! += by
  }

  best(count: number): number[] {
    if (this.touched.length <= count) return this.touched
    const sorted = Float64Array.from(this.touched, (item) => this.value[item]!).sort()
    const least = sorted[sorted.length - count]!
    return this.touched.filter((item) => this.value[item]! >= least).slice(0, count)
  }

  clear(): void {
    for (const item of this.touched) this.value[item] = 0
    this.touched.length = 0
  }
}

/**
 * What public acts say about items at a moment: neighbours, EASE, trends, tags. Own history only picks and weighs; it never
 * goes in. Formulas: community 7. Scores of calls share working space, so one call at a time.
 */
export class TasteModel {
  readonly trends: readonly Float64Array[]
  /** Features that are the same for everybody: today, week, month; fresh. */
  readonly #logTrends: readonly Float64Array[]
  readonly #freshness: Float64Array
  /** Length of the vector of its tags, each as long as it is rare. */
  readonly #tagLength: Float64Array
  readonly #neighbours: ItemNeighbours
  readonly #ease: EaseModel
  readonly #byTag: Map<number, number[]>
  readonly #rareness: Map<number, number>
  /** Candidates for everybody: what is on the rise and what is new. */
  readonly #common: readonly number[]
  readonly newest: readonly number[]
  readonly #knn: Scores
  readonly #taste: Scores
  readonly #chosen: Uint8Array

  /**
   * @param now Unix ms: items and acts after it must not be in
   * @param easeItems how many items EASE takes, the most liked of late; its time grows with the cube
   */
  constructor(
    readonly offers: readonly Offer[],
    acts: PublicActs,
    readonly now: number,
    easeItems = 1_000,
  ) {
    const count = offers.length
    this.trends = TREND_DAYS.map((days) => trendOf(acts, count, now, days))
    this.#logTrends = this.trends.map((trend) => trend.map(Math.log1p))
    this.#freshness = Float64Array.from(offers, ({ t }) => 2 ** (-(now - t) / DAY / 7))
    const [, week, month] = this.trends as [Float64Array, Float64Array, Float64Array]
    const known = order(month).filter((item) => month[item]! > 0)
    this.#neighbours = itemNeighbours(acts, count)
    this.#ease = easeModel(acts, count, Int32Array.from(known.slice(0, easeItems)))
    this.#byTag = new Map()
    // the most liked of each tag first, so that a common tag brings its best
    for (const item of order(week)) {
      for (const tag of offers[item]!.tags) {
        const list = this.#byTag.get(tag)
        if (list === undefined) this.#byTag.set(tag, [item])
        else list.push(item)
      }
    }
    this.#rareness = new Map([...this.#byTag].map(([tag, list]) => [tag, Math.log(1 + count / list.length)]))
    this.#tagLength = Float64Array.from(offers, ({ tags }) =>
      Math.sqrt(tags.reduce((sum, tag) => sum + this.#rareness.get(tag)! ** 2, 1e-9)),
    )
    for (const list of this.#byTag.values()) if (list.length > PER_TAG) list.length = PER_TAG
    this.newest = offers
      .map((_, item) => item)
      .sort((a, b) => offers[b]!.t - offers[a]!.t)
      .slice(0, PER_SOURCE)
    const tops = this.trends.flatMap((trend) => order(trend, 150))
    this.#common = [...new Set([...tops, ...this.newest.slice(0, 100)])]
    this.#knn = new Scores(count)
    this.#taste = new Scores(count)
    this.#chosen = new Uint8Array(count)
  }

  /**
   * What could be shown to somebody, with all features.
   * @param history own acts, oldest first; what is in it is not offered again
   * @param followed numbers of authors
   * @param only picks those of the items of which features are wanted, by position; the result has these alone
   */
  candidates(
    history: readonly OwnAct[],
    followed: ReadonlySet<number> = new Set(),
    only?: (items: Int32Array) => readonly number[],
  ): Candidates {
    const own = history.slice(-MOST_HISTORY)
    const newest = own.at(-1)?.t ?? this.now
    const authors = new Map<number, number>()
    const tags = new Map<number, number>()
    for (const { item, t, liking } of own) {
      const age = (newest - t) / DAY
      const near = liking * (0.3 + 0.7 * Math.exp(-age / 7))
      const { start, item: neighbour, likeness } = this.#neighbours
      for (let at = start[item]!; at < start[item + 1]!; at++) this.#knn.add(neighbour[at]!, near * likeness[at]!)
      const row = this.#ease.rowOf[item]!
      if (row >= 0) this.#addEase(row, liking * (0.4 + 0.6 * Math.exp(-age / 14)))
      const offer = this.offers[item]!
      authors.set(offer.author, (authors.get(offer.author) ?? 0) + liking)
      for (const tag of offer.tags) tags.set(tag, (tags.get(tag) ?? 0) + near * (this.#rareness.get(tag) ?? 0))
    }
    const all = this.#pick(history, tags)
    const items = only === undefined ? all : Int32Array.from(only(all), (at) => all[at]!)
    const features = this.#features(all, items, { authors, tags, followed })
    this.#knn.clear()
    this.#taste.clear()
    return { items, features }
  }

  /** The own act that speaks most for an item by its neighbours; undefined when none does. */
  because(history: readonly OwnAct[], item: number): number | undefined {
    const { start, item: neighbour, likeness } = this.#neighbours
    let [best, most]: [number | undefined, number] = [undefined, 0]
    for (const own of history.slice(-MOST_HISTORY)) {
      for (let at = start[own.item]!; at < start[own.item + 1]!; at++) {
        const value = neighbour[at] === item ? own.liking * likeness[at]! : 0
        if (value > most) [best, most] = [own.item, value]
      }
    }
    return best
  }

  /** The tag in common with own history that is rarest in all. */
  commonTag(history: readonly OwnAct[], item: number): number | undefined {
    const mine = new Set(history.slice(-MOST_HISTORY).flatMap((own) => this.offers[own.item]!.tags))
    const common = this.offers[item]!.tags.filter((tag) => mine.has(tag))
    return common.sort((a, b) => (this.#rareness.get(b) ?? 0) - (this.#rareness.get(a) ?? 0))[0]
  }

  #addEase(row: number, by: number): void {
    const { items, weight } = this.#ease
    const n = items.length
    for (let b = 0; b < n; b++) {
      const value = weight[row * n + b]!
      if (value > 0) this.#taste.add(items[b]!, by * value)
    }
  }

  #pick(history: readonly OwnAct[], tags: ReadonlyMap<number, number>): Int32Array {
    const chosen = this.#chosen
    const items: number[] = []
    for (const { item } of history) chosen[item] = 1
    const take = (item: number): void => {
      if (chosen[item] !== 0 || items.length >= MAX_CANDIDATES) return
      chosen[item] = 1
      items.push(item)
    }
    this.#knn.best(PER_SOURCE).forEach(take)
    this.#taste.best(PER_SOURCE).forEach(take)
    this.#common.forEach(take)
    const favourites = [...tags].sort((a, b) => b[1] - a[1]).slice(0, 12)
    for (const [tag] of favourites) this.#byTag.get(tag)?.forEach(take)
    for (const { item } of history) chosen[item] = 0
    for (const item of items) chosen[item] = 0
    return Int32Array.from(items)
  }

  /** Of `items`, which are of `all` candidates. */
  #features(all: Int32Array, items: Int32Array, { authors, tags, followed }: Taste): Float64Array {
    const out = new Float64Array(items.length * FEATURE_COUNT)
    let [bestKnn, bestTaste] = [1e-9, 1e-9]
    for (const item of all) {
      bestKnn = Math.max(bestKnn, this.#knn.value[item]!)
      bestTaste = Math.max(bestTaste, this.#taste.value[item]!)
    }
    const length = Math.sqrt([...tags.values()].reduce((sum, weight) => sum + weight * weight, 0)) + 1e-9
    const mine = new Map([...tags].map(([tag, weight]) => [tag, weight * (this.#rareness.get(tag) ?? 0)]))
    const firstTrend = featureIndex('today')
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!
      const offer = this.offers[item]!
      const knn = this.#knn.value[item]! / bestKnn
      const row = i * FEATURE_COUNT
      let shared = 0
      for (const tag of offer.tags) shared += mine.get(tag) ?? 0
      out[row] = knn
      out[row + 1] = Math.sqrt(knn)
      out[row + 2] = this.#taste.value[item]! / bestTaste
      for (let f = 0; f < this.#logTrends.length; f++) out[row + firstTrend + f] = this.#logTrends[f]![item]!
      out[row + 6] = shared / length / this.#tagLength[item]!
      out[row + 7] = Math.log1p(authors.get(offer.author) ?? 0)
      out[row + 8] = followed.has(offer.author) ? 1 : 0
      out[row + 9] = this.#freshness[item]!
    }
    return out
  }
}

/** Acts for each item, an act losing half of its weight in so many days. */
export function trendOf(acts: PublicActs, items: number, now: number, halfLifeDays: number): Float64Array {
  const sum = new Float64Array(items)
  for (let i = 0; i < acts.item.length; i++) sum[acts.item[i]!]! += 2 ** (-(now - acts.t[i]!) / DAY / halfLifeDays)
  return sum
}

/** Items by a value, highest first. */
export function order(value: Float64Array, most = value.length): number[] {
  const all = Array.from(value.keys()).sort((a, b) => value[b]! - value[a]! || a - b)
  return all.slice(0, most)
}
