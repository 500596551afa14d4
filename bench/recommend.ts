import '../src/main/platform/runtime-floor'
import { parseArgs } from 'node:util'
import { BUCKETS, FIRST_WEIGHTS } from '../src/main/community/recommend/blend'
import { actsBefore, DAY, groupBy, type PublicActs } from '../src/main/community/recommend/public-acts'
import { Recommender } from '../src/main/community/recommend/recommender'
import { FEATURE_COUNT, featureIndex, FEATURES, type OwnAct } from '../src/main/community/recommend/sources'
import { order, trendOf } from '../src/main/community/recommend/taste-model'
import { seeded } from '../src/main/platform/testing/seeded'
import { ownCpuMs } from './cpu-time'
import { tasteWorld } from '../src/main/community/testing/taste-world'

/**
 * The recommender beside its baselines on a world with planted tastes (`taste-world.ts`): everything up to a week before the
 * end is known, the last week is the test (one cut in time for all). Recall@10 is the share of min(10, test items) that is
 * among ten shown, averaged over people; what a person had liked before is shown by no method, and what was published after
 * the cut counts for none. The slate is measured as people get it: with author diversity, 7.5 % exploration and Thompson's
 * draws. Then time at 100,000 items. Aims: >= 1.8 times popularity with history, never below decayed popularity for
 * newcomers, coverage >= 0.25, slate < 20 ms, retrain < 5 s.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    seeds: { type: 'string' },
    first: { type: 'string' },
    big: { type: 'boolean' },
  },
})
const quick = values.quick === true
const seeds = Number(values.seeds ?? (quick ? 1 : 3))
const K = 10
const TEST_DAYS = 7

type Method = (history: readonly OwnAct[], seen: ReadonlySet<number>) => number[]
interface Score {
  recall: number
  ndcg: number
  people: number
  shown: Set<number>
}

function measure(acts: PublicActs, cut: number, out: ReadonlySet<number>, methods: Record<string, Method>) {
  const byPerson = groupBy(acts.person, acts.people)
  const empty = (): Record<string, Score> =>
    Object.fromEntries(
      Object.keys(methods).map((name) => [name, { recall: 0, ndcg: 0, people: 0, shown: new Set<number>() }]),
    )
  const groups: Record<string, Record<string, Score>> = {
    'with history': empty(),
    'of these 1-5 acts': empty(),
    newcomers: empty(),
  }
  for (let person = 0; person < acts.people; person++) {
    const mine = byPerson.act.subarray(byPerson.start[person], byPerson.start[person + 1])
    const history: OwnAct[] = []
    const test = new Set<number>()
    for (const act of mine) {
      const item = acts.item[act]!
      const t = acts.t[act]!
      if (t < cut) history.push({ item, t, liking: 1 })
      else if (!out.has(item)) test.add(item)
    }
    if (test.size === 0) continue
    const seen = new Set(history.map(({ item }) => item))
    const into =
      history.length === 0 ? ['newcomers'] : ['with history', ...(history.length <= 5 ? ['of these 1-5 acts'] : [])]
    for (const [name, method] of Object.entries(methods)) {
      const list = method(history, seen).slice(0, K)
      const [hits, gain] = hitsOf(list, test)
      const ideal = Array.from({ length: Math.min(K, test.size) }, (_, i) => 1 / Math.log2(i + 2)).reduce(
        (a, b) => a + b,
        0,
      )
      for (const group of into) {
        const score = groups[group]![name]!
        score.recall += hits / Math.min(K, test.size)
        score.ndcg += gain / ideal
        score.people++
        for (const item of list) score.shown.add(item)
      }
    }
  }
  return groups
}

function hitsOf(list: readonly number[], test: ReadonlySet<number>): [number, number] {
  let [hits, gain] = [0, 0]
  list.forEach((item, i) => {
    if (!test.has(item)) return
    hits++
    gain += 1 / Math.log2(i + 2)
  })
  return [hits, gain]
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
const sums: Record<
  string,
  Record<string, { recall: number[]; ndcg: number[]; coverage: number[]; people: number }>
> = {}
let trainMs = 0
const first = Number(values.first ?? 1)
for (let seed = first; seed < first + seeds; seed++) {
  const world = tasteWorld({ people: quick ? 800 : 2_000, items: 2_500, authors: 300, days: 70, perDay: 5 }, seed)
  const cut = world.end - TEST_DAYS * DAY
  const past = actsBefore(world.acts, cut)
  const existing = world.offers.filter((offer) => offer.t < cut)
  const offers = existing // items are in order of time, so numbers stay
  const late = new Set(Array.from({ length: world.offers.length - offers.length }, (_, i) => offers.length + i))
  const began = ownCpuMs()
  const recommender = Recommender.train(offers, past, cut, seeded(seed + 100))
  trainMs = ownCpuMs() - began
  const ranked = (value: Float64Array): number[] => order(value, 600)
  const counts = trendOf(past, offers.length, cut, 1e9)
  const lists: Record<string, number[]> = { popularity: ranked(counts) }
  for (const days of [1, 3, 7, 14, 30]) lists[`decayed ${days} d`] = ranked(trendOf(past, offers.length, cut, days))
  const chance = seeded(seed + 200)
  const single = (name: (typeof FEATURES)[number]): Recommender =>
    new Recommender(
      recommender.model,
      FIRST_WEIGHTS.map((_, bucket) =>
        Float64Array.from({ length: FEATURE_COUNT }, (__, f) =>
          bucket === 0 ? (f === featureIndex('week') ? 1 : 0) : f === featureIndex(name) ? 1 : 0,
        ),
      ),
    )
  const plain =
    (one: Recommender): Method =>
    (history) => {
      const { items, features } = one.model.candidates(history)
      const weights = one.weights[history.length === 0 ? 0 : 1]!
      const score = Float64Array.from(items, (_, i) =>
        weights.reduce((sum, w, f) => sum + w * features[i * FEATURE_COUNT + f]!, 0),
      )
      return order(score, K).map((at) => items[at]!)
    }
  const methods: Record<string, Method> = {
    ...Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [
        name,
        (_: readonly OwnAct[], seen: ReadonlySet<number>) => list.filter((item) => !seen.has(item)),
      ]),
    ),
    'item kNN': plain(single('similar')),
    EASE: plain(single('taste')),
    tags: plain(single('topic')),
    'unlearnt blend': plain(new Recommender(recommender.model, FIRST_WEIGHTS)),
    'THE SLATE': (history) => recommender.slate({ history, count: K, chance }).map(({ item }) => item),
  }
  for (const [group, scores] of Object.entries(measure(world.acts, cut, late, methods))) {
    for (const [name, score] of Object.entries(scores)) {
      const into = ((sums[group] ??= {})[name] ??= { recall: [], ndcg: [], coverage: [], people: 0 })
      into.recall.push(score.recall / score.people)
      into.ndcg.push(score.ndcg / score.people)
      into.coverage.push(score.shown.size / offers.length)
      into.people += score.people
    }
  }
  if (seed === first) {
    console.log(
      `a world: ${offers.length} items, ${past.item.length} acts known, ${world.acts.item.length - past.item.length} in the test week`,
    )
    recommender.weights.forEach((weights, i) =>
      console.log(
        `weights from ${BUCKETS[i]} acts: ${FEATURES.map((name, f) => `${name} ${weights[f]!.toFixed(2)}`).join('  ')}`,
      ),
    )
  }
}
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
const figures: Record<string, unknown> = {}
for (const [group, methods] of Object.entries(sums)) {
  const best = Object.entries(methods)
    .filter(([name]) => name.startsWith('decayed'))
    .map(([name, { recall }]) => [name, mean(recall)] as const)
  const [bestName, bestRecall] = best.reduce((a, b) => (b[1] > a[1] ? b : a))
  console.log(
    `\n${group}, ${methods['THE SLATE']!.people} people, ${seeds} worlds; recall@10 / NDCG@10 / coverage, times popularity, times best decayed (${bestName})`,
  )
  const popularity = mean(methods['popularity']!.recall)
  for (const [name, { recall, ndcg, coverage }] of Object.entries(methods)) {
    const r = mean(recall)
    console.log(
      `  ${name.padEnd(16)} ${r.toFixed(3)} / ${mean(ndcg).toFixed(3)} / ${mean(coverage).toFixed(2)}   x ${(r / popularity).toFixed(2)}   x ${(r / bestRecall).toFixed(2)}`,
    )
  }
  const slate = methods['THE SLATE']!
  const each = (of: (i: number) => number): number[] => slate.recall.map((recall, i) => round(recall / of(i)))
  figures[group] = {
    recall: Object.fromEntries(Object.entries(methods).map(([name, { recall }]) => [name, round(mean(recall))])),
    timesPopularity: each((i) => methods['popularity']!.recall[i]!),
    timesDecayed7: each((i) => methods['decayed 7 d']!.recall[i]!),
    timesBestDecayed: each((i) => Math.max(...best.map(([name]) => methods[name]!.recall[i]!))),
    coverage: round(mean(slate.coverage)),
  }
}
console.log(`\ntraining of such a world: ${trainMs.toFixed(0)} ms CPU`)

if (!quick || values.big === true) {
  const big = tasteWorld({ people: 10_000, items: 100_000, authors: 4_000, days: 60, perDay: 1.6 }, 9)
  const cpu = ownCpuMs()
  const at = performance.now()
  const recommender = Recommender.train(big.offers, big.acts, big.end, seeded(1))
  const [retrainCpuMs, retrainMs] = [ownCpuMs() - cpu, performance.now() - at]
  const memoryMb = Math.round(process.memoryUsage().rss / 1e6)
  const byPerson = groupBy(big.acts.person, big.acts.people)
  const [times, cpus]: [number[], number[]] = [[], []]
  for (let person = 0; person < 600; person++) {
    const history = Array.from(byPerson.act.subarray(byPerson.start[person], byPerson.start[person + 1]), (act) => ({
      ...{ item: big.acts.item[act]!, t: big.acts.t[act]!, liking: 1 },
    }))
    const [cpuFrom, from] = [ownCpuMs(), performance.now()]
    recommender.slate({ history, count: 20, chance: seeded(person) })
    times.push(performance.now() - from)
    cpus.push(ownCpuMs() - cpuFrom)
  }
  times.sort((a, b) => a - b)
  cpus.sort((a, b) => a - b)
  const p95Cpu = round(cpus[Math.floor(cpus.length * 0.95)]!)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => round(times[Math.floor(times.length * share)]!))
  console.log(
    `100,000 items, ${big.acts.item.length} acts: retrain ${(retrainMs / 1000).toFixed(1)} s (${(retrainCpuMs / 1000).toFixed(1)} s CPU, ${memoryMb} MB), slate p50 ${p50} p95 ${p95} p99 ${p99} ms (p95 CPU ${p95Cpu})`,
  )
  figures['big'] = {
    acts: big.acts.item.length,
    retrainMs: Math.round(retrainMs),
    retrainCpuMs: Math.round(retrainCpuMs),
    memoryMb,
    slateMs: { p50, p95, p99, p95Cpu },
  }
}
console.log(JSON.stringify({ bench: 'recommend', quick, seeds, trainCpuMs: Math.round(trainMs), ...figures }))
process.exit(0)
