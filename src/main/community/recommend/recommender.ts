import { bucketOf, FIRST_WEIGHTS, learnBlend, utility, type BlendWeights } from './blend'
import type { Offer, PublicActs } from './public-acts'
import { drawTrust, NO_RECORD, type SourceRecord } from './source-trust'
import { FEATURE_COUNT, FEATURES, featureIndex, type Feature, type OwnAct } from './sources'
import { TasteModel, type Candidates } from './taste-model'

/** Share of a slate that is there to find out. */
const EXPLORE = 0.075
/** Who comes to see whether there is anything here at all gets the best first: so many places without experiments. */
const NEWCOMER_BEST = 10
/** log(1 + acts) below which something is known to few. */
const FEW = Math.log(4)
/** New things that are drawn for each place. */
const DRAWN = 6
/** What an author's second, third ... item in a slate loses. */
const AGAIN = 0.35
/** Of who is new, whose list differs in popularity only, less. */
const AGAIN_NEWCOMER = 0.1
const MOST_OF_AUTHOR = 3

/** From -1 to 1; 0 is as learnt. */
export interface Sliders {
  /** -1: what is familiar; 1: what is fresh. */
  readonly fresh: number
  /** -1: niche; 1: popular. */
  readonly popular: number
}

/** Why something is shown, in data: numbers of items, tags and authors as in the offers. */
export interface Reason {
  readonly source: Feature | 'explore'
  /** The own item that brought it. */
  readonly ownItem?: number
  readonly tag?: number
  readonly author?: number
}

export interface Suggestion {
  readonly item: number
  readonly reason: Reason
  /** What each source added to its score, for who wants to look closer. */
  readonly parts: Readonly<Partial<Record<Feature, number>>>
}

export interface Request {
  /** Own acts, oldest first. */
  readonly history: readonly OwnAct[]
  readonly followed?: ReadonlySet<number>
  readonly record?: SourceRecord
  readonly sliders?: Sliders
  readonly count: number
  /** Numbers in [0, 1): another seed, another slate. */
  readonly chance: () => number
  /** What this person does not want to see, or saw in this session. */
  readonly allowed?: (item: number) => boolean
}

/** ONE ranker: a weighed sum of all sources, the weights learnt from what people do, then from what this person does. */
export class Recommender {
  constructor(
    readonly model: TasteModel,
    readonly weights: BlendWeights = FIRST_WEIGHTS,
  ) {}

  /** Builds everything from the public acts up to `now` (Unix ms). Takes seconds for 100,000 items. */
  static train(
    offers: readonly Offer[],
    acts: PublicActs,
    now: number,
    chance: () => number,
    easeItems = 1_000,
  ): Recommender {
    const weights = learnBlend(offers, acts, now, chance)
    return new Recommender(new TasteModel(offers, acts, now, easeItems), weights)
  }

  /** What to show next. Without history it is what is on the rise. Never repeats what is in the history. */
  slate(request: Request): Suggestion[] {
    const { history, followed, count, allowed = () => true } = request
    const candidates = this.model.candidates(history, followed)
    const weights = this.#weightsFor(request)
    const ranked = this.#ranked(candidates, weights, allowed, count * 4 + 20)
    const slate = diverse(ranked, this.model.offers, count, history.length === 0 ? AGAIN_NEWCOMER : AGAIN).map(
      ({ at, item }) => this.#suggest(candidates, at, item, weights, history),
    )
    this.#explore(slate, candidates, weights, request)
    return slate
  }

  #weightsFor({ history, record = NO_RECORD, sliders = { fresh: 0, popular: 0 }, chance }: Request): Float64Array {
    const trust = drawTrust(record, chance)
    const known = history.filter(({ liking }) => liking > 0).length
    const weights = this.weights[bucketOf(known)]!.map((weight, f) => (weight > 0 ? weight * trust[f]! : weight))
    const scale = (names: readonly Feature[], power: number): void => {
      for (const name of names) weights[featureIndex(name)]! *= 2 ** power
    }
    scale(['author', 'followed', 'topic'], -sliders.fresh)
    weights[featureIndex('fresh')]! += sliders.fresh * 1.5
    weights[featureIndex('month')]! += sliders.popular
    return weights
  }

  #ranked(
    { items, features }: Candidates,
    weights: Float64Array,
    allowed: (item: number) => boolean,
    most: number,
  ): Ranked[] {
    const all = Array.from(items, (item, at): Ranked => ({ item, at, score: utility(features, at, weights) }))
    all.sort((a, b) => b.score - a.score || a.item - b.item)
    const best: Ranked[] = []
    // asking may cost a card, so only those that may be shown at all are asked about
    for (const one of all) {
      if (best.length === most) break
      if (allowed(one.item)) best.push(one)
    }
    return best
  }

  #suggest(
    { features }: Candidates,
    at: number,
    item: number,
    weights: Float64Array,
    history: readonly OwnAct[],
  ): Suggestion {
    const parts: Partial<Record<Feature, number>> = {}
    let [source, most]: [Feature, number] = ['week', 0]
    FEATURES.forEach((name, f) => {
      const part = weights[f]! * features[at * FEATURE_COUNT + f]!
      if (part === 0) return
      parts[name] = part
      // that something is popular is the reason only when nothing personal is
      const counts = ['today', 'week', 'month', 'fresh'].includes(name) ? part * 0.5 : part
      if (counts > most) [source, most] = [name, counts]
    })
    return { item, parts, reason: this.#reason(source, item, history) }
  }

  #reason(source: Feature, item: number, history: readonly OwnAct[]): Reason {
    const { author } = this.model.offers[item]!
    if (source === 'author' || source === 'followed') return { source, author }
    if (source === 'topic') {
      const tag = this.model.commonTag(history, item)
      return tag === undefined ? { source } : { source, tag }
    }
    if (source === 'similar' || source === 'alike' || source === 'taste') {
      const ownItem = this.model.because(history, item)
      return ownItem === undefined ? { source: 'taste' } : { source, ownItem }
    }
    return { source }
  }

  /**
   * Puts new things that few know yet into the lower half, so that they get seen by somebody at all and a taste may widen. Of
   * a few drawn at random the one that suits best is taken.
   */
  #explore(slate: Suggestion[], candidates: Candidates, weights: Float64Array, request: Request): void {
    const { count, chance, allowed = () => true } = request
    const places = request.history.length === 0 ? Math.max(0, count - NEWCOMER_BEST) : count
    const wanted = places === 0 ? 0 : Math.floor(places * EXPLORE + chance())
    const shown = new Set(slate.map(({ item }) => item))
    const [fresh, month] = [featureIndex('fresh'), featureIndex('month')]
    const isUnknown = (at: number): boolean =>
      candidates.features[at * FEATURE_COUNT + fresh]! > 0.5 && candidates.features[at * FEATURE_COUNT + month]! < FEW
    const pool = Array.from(candidates.items.keys()).filter((at) => isUnknown(at) && !shown.has(candidates.items[at]!))
    for (let n = 0; n < wanted && pool.length > 0; n++) {
      const drawn = Array.from({ length: DRAWN }, () => pool[Math.floor(chance() * pool.length)]!)
      const suits = (at: number): number => utility(candidates.features, at, weights)
      const at = drawn.reduce((best, one) => (suits(one) > suits(best) ? one : best))
      const item = candidates.items[at]!
      const last = slate.length - 1 - n
      if (last < 1 || shown.has(item) || !allowed(item)) continue
      shown.add(item)
      slate[last] = { item, reason: { source: 'explore' }, parts: {} }
    }
  }
}

interface Ranked {
  readonly item: number
  readonly at: number
  readonly score: number
}

/** Greedy: each author's next item has it harder, and a slate holds at most three. */
function diverse(ranked: readonly Ranked[], offers: readonly Offer[], count: number, again: number): Ranked[] {
  const slate: Ranked[] = []
  const seen = new Map<number, number>()
  const left = [...ranked]
  while (slate.length < count && left.length > 0) {
    let [best, most] = [-1, -Infinity]
    left.forEach(({ item, score }, i) => {
      const times = seen.get(offers[item]!.author) ?? 0
      const value = times >= MOST_OF_AUTHOR ? -Infinity : score - again * times
      if (value > most) [best, most] = [i, value]
    })
    if (best < 0) break
    const [taken] = left.splice(best, 1)
    const { author } = offers[taken!.item]!
    seen.set(author, (seen.get(author) ?? 0) + 1)
    slate.push(taken!)
  }
  return slate
}
