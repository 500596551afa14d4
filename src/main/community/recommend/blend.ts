import { actsBefore, groupBy, type Offer, type PublicActs } from './public-acts'
import { FEATURE_COUNT, type OwnAct } from './sources'
import { TasteModel } from './taste-model'

/** Least number of own acts of each bucket: somebody new, a little known, known, well known. */
export const BUCKETS = [0, 1, 6, 20] as const
const NEGATIVES = 60
const SAMPLES = 500
/** People of each bucket who are asked at most: with very many items most of what they like is no candidate. */
const ASKED = 400
const ROUNDS = 80
const RIDGE = 0.004

/** What each feature counts, by how much is known of the person. */
export type BlendWeights = readonly Float64Array[]

/** Before anything could be learnt: trends for a newcomer, neighbours for others. */
export const FIRST_WEIGHTS: BlendWeights = BUCKETS.map((least) =>
  Float64Array.from(least === 0 ? [0, 0, 0, 0.3, 0.7, 0.3, 0, 0, 1, 0.3] : [2, 1, 2, 0.2, 0.5, 0.1, 1, 0.5, 1, 0.3]),
)

export function bucketOf(acts: number): number {
  let bucket = 0
  BUCKETS.forEach((least, i) => (bucket = acts >= least ? i : bucket))
  return bucket
}

interface Sample {
  /** The features of what was chosen, then of things that were not. */
  readonly features: Float64Array
  readonly count: number
}

/**
 * Learns what the sources are worth from what people did in public: a model of the time before `horizon` days ago says what it
 * would have offered each person, and what they then liked is the right answer. Conditional logit (McFadden, 1974): P(chosen)
 * = exp(w x) / sum exp(w x_j) over the chosen and a sample of the others, which leaves w consistent. One w for each bucket of
 * own acts, drawn towards that of the bucket before, so a thin bucket is near its neighbour.
 * @param chance numbers in [0, 1)
 */
export function learnBlend(
  offers: readonly Offer[],
  acts: PublicActs,
  now: number,
  chance: () => number,
  horizonDays = 7,
): BlendWeights {
  const cut = now - horizonDays * 86_400_000
  const past = actsBefore(acts, cut)
  const existing = offers.map((offer) => offer.t < cut)
  if (past.item.length < 200 || past.item.length === acts.item.length) return FIRST_WEIGHTS
  // items come in order of nothing: those that were not there yet have no acts, and are kept out below
  const model = new TasteModel(
    offers.map((offer, i) => (existing[i] === true ? offer : { ...offer, t: 0, tags: [] })),
    past,
    cut,
    600,
  )
  const samples = collect(model, acts, past.item.length, existing, chance)
  let weights = FIRST_WEIGHTS[1]!
  return samples.map((bucket, i) => {
    // too few join in a week to learn from, and others taken for strangers mislead (0.9 times decayed popularity, not 1)
    if (i === 0) return FIRST_WEIGHTS[0]!
    if (bucket.length >= 20) weights = fit(bucket, weights, RIDGE * Math.max(1, SAMPLES / bucket.length))
    return weights
  })
}

function collect(
  model: TasteModel,
  acts: PublicActs,
  from: number,
  existing: readonly boolean[],
  chance: () => number,
): Sample[][] {
  const byPerson = groupBy(acts.person, acts.people)
  const samples: Sample[][] = BUCKETS.map(() => [])
  const asked = BUCKETS.map(() => 0)
  const people = Array.from({ length: acts.people }, (_, i) => i)
  for (let i = people.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1))
    ;[people[i], people[j]] = [people[j]!, people[i]!]
  }
  for (const person of people) {
    const mine = byPerson.act.subarray(byPerson.start[person], byPerson.start[person + 1])
    const history: OwnAct[] = []
    const later: number[] = []
    for (const act of mine) {
      const item = acts.item[act]!
      if (act < from) history.push({ item, t: acts.t[act]!, liking: 1 })
      else if (existing[item] === true) later.push(item)
    }
    const number = bucketOf(history.length)
    const bucket = samples[number]!
    if (later.length === 0 || history.length === 0 || bucket.length >= SAMPLES || asked[number]! >= ASKED) continue
    asked[number]!++
    const counts: number[] = []
    const { features } = model.candidates(history, undefined, (items) =>
      later.slice(0, 6).flatMap((item) => {
        const rows = sampleOf(items, item, chance)
        if (rows.length > 0) counts.push(rows.length)
        return rows
      }),
    )
    let at = 0
    for (const count of counts) {
      const size = count * FEATURE_COUNT
      bucket.push({ features: features.subarray(at, at + size), count })
      at += size
    }
  }
  return samples
}

/** Positions of the chosen one and of others among the candidates; none when it is not among them. */
function sampleOf(items: Int32Array, chosen: number, chance: () => number): number[] {
  const at = items.indexOf(chosen)
  if (at < 0) return []
  const others = Array.from({ length: Math.min(NEGATIVES, items.length - 1) }, () => {
    const other = Math.floor(chance() * items.length)
    return other === at ? (other + 1) % items.length : other
  })
  return [at, ...others]
}

/** Adam (Kingma and Ba, 2015) on the mean log likelihood less a ridge towards `start`. */
function fit(samples: readonly Sample[], start: Float64Array, ridge: number): Float64Array {
  const w = start.slice()
  const [first, second] = [new Float64Array(FEATURE_COUNT), new Float64Array(FEATURE_COUNT)]
  const gradient = new Float64Array(FEATURE_COUNT)
  for (let round = 1; round <= ROUNDS; round++) {
    for (let f = 0; f < FEATURE_COUNT; f++) gradient[f] = -2 * ridge * (w[f]! - start[f]!)
    for (const sample of samples) addGradient(sample, w, gradient, 1 / samples.length)
    for (let f = 0; f < FEATURE_COUNT; f++) {
      first[f] = 0.9 * first[f]! + 0.1 * gradient[f]!
      second[f] = 0.99 * second[f]! + 0.01 * gradient[f]! ** 2
      const step = first[f]! / (1 - 0.9 ** round) / (Math.sqrt(second[f]! / (1 - 0.99 ** round)) + 1e-8)
      // nothing that speaks for an item may speak against it: with few samples that is chance
      w[f] = Math.max(0, w[f]! + 0.1 * step)
    }
  }
  return w
}

function addGradient({ features, count }: Sample, w: Float64Array, gradient: Float64Array, scale: number): void {
  const p = new Float64Array(count)
  let most = -Infinity
  for (let i = 0; i < count; i++) {
    p[i] = utility(features, i, w)
    most = Math.max(most, p[i]!)
  }
  let sum = 0
  for (let i = 0; i < count; i++) sum += p[i] = Math.exp(p[i]! - most)
  for (let i = 0; i < count; i++) {
    const by = scale * ((i === 0 ? 1 : 0) - p[i]! / sum)
    for (let f = 0; f < FEATURE_COUNT; f++) gradient[f]! += by * features[i * FEATURE_COUNT + f]!
  }
}

/** The weighed sum of the features of row i. */
export function utility(features: Float64Array, i: number, w: Float64Array): number {
  let sum = 0
  for (let f = 0; f < FEATURE_COUNT; f++) sum += w[f]! * features[i * FEATURE_COUNT + f]!
  return sum
}
