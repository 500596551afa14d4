import { seeded } from '../../platform/testing/seeded'
import { DAY, type Offer, type PublicActs } from '../recommend/public-acts'

export interface WorldSize {
  readonly people: number
  readonly items: number
  readonly authors: number
  readonly days: number
  /** Mean acts of a person and active day. */
  readonly perDay: number
}

export interface World {
  readonly offers: readonly Offer[]
  readonly acts: PublicActs
  /** Unix ms. */
  readonly begin: number
  readonly end: number
}

const TOPICS = 30
const TAGS_PER_TOPIC = 12

/**
 * People with planted tastes liking videos for `days` days. What is in it on purpose, because the real thing has it:
 *
 * - **Clusters**: 30 topics of unequal size (Zipf). A taste is a Dirichlet(0.12) draw over them, so mostly two to four topics.
 * - **Drift**: each person's taste moves 15 % towards a fresh draw every ten days; topics come into and go out of fashion.
 * - **Popularity bias**: of what people see, 35 % comes from a list of what is liked now (rich get richer), 40 % from looking
 *   around in their topics, 15 % from authors they liked before, 10 % is anything at all.
 * - **Noise**: what is seen is liked by taste and quality, but never with a chance below 0.06 or above 0.8; a fifth of all
 *   videos is not about what their author is known for; a quarter of all tags is wrong, a tenth of the videos has none.
 * - **Time**: videos appear all along and are looked at less with age (heavy tail); people join all along, a quarter of them in
 *   the last week: those are the newcomers of the test.
 * - **Unequal**: activity, quality and authors' output are log-normal or Zipf.
 *
 * Nothing of tastes, topics or quality is given away: methods see who liked what when, authors, tags and times.
 */
export function tasteWorld({ people, items, authors, days, perDay }: WorldSize, seed: number): World {
  const chance = seeded(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  const begin = Date.UTC(2026, 7, 1)
  const end = begin + days * DAY
  const pickFrom = (sums: ArrayLike<number>, count = sums.length): number => {
    const x = chance() * sums[count - 1]!
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! > x) high = middle
      else low = middle + 1
    }
    return low
  }
  const taste = (): Float64Array => {
    // Gamma(0.12) by its shape for small parameters: u^(1/a) times an exponential
    const raw = Float64Array.from(
      { length: TOPICS },
      (_, k) => chance() ** (1 / 0.12) * -Math.log(1 - chance()) * (1 + 3 / (1 + k)),
    )
    const sum = raw.reduce((a, b) => a + b, 1e-12)
    return raw.map((value) => value / sum)
  }

  const authorTopic = Array.from({ length: authors }, () => Math.floor(TOPICS * chance() ** 1.5))
  const authorSums = new Float64Array(authors)
  for (let a = 0, sum = 0; a < authors; a++) authorSums[a] = sum += 1 / (5 + a)
  const times = Float64Array.from({ length: items }, () => begin + (chance() * (days + 40) - 40) * DAY).sort()
  const topic = new Int32Array(items)
  const quality = new Float64Array(items)
  const offers: Offer[] = []
  const byAuthor: number[][] = Array.from({ length: authors }, () => [])
  const byTopic: number[][] = Array.from({ length: TOPICS }, () => [])
  for (let i = 0; i < items; i++) {
    const author = pickFrom(authorSums)
    topic[i] = chance() < 0.8 ? authorTopic[author]! : Math.floor(TOPICS * chance())
    quality[i] = Math.exp(0.9 * normal())
    const tags = new Set<number>()
    if (chance() > 0.1) {
      for (let n = 0; n < 3; n++) {
        const of = chance() < 0.25 ? Math.floor(TOPICS * chance()) : topic[i]!
        tags.add(of * TAGS_PER_TOPIC + Math.floor(TAGS_PER_TOPIC * chance()))
      }
    }
    offers.push({ id: `item${i}`, author, tags: [...tags], t: times[i]! })
    byAuthor[author]!.push(i)
    byTopic[topic[i]!]!.push(i)
  }

  const persons = Array.from({ length: people }, () => ({
    joined: chance() < 0.25 ? days - 7 + chance() * 7 : chance() < 0.5 ? 0 : chance() * (days - 7),
    activity: Math.exp(0.8 * normal()),
    taste: taste(),
    liked: new Set<number>(),
    authors: [] as number[],
  }))
  const [actPerson, actItem, actTime]: [number[], number[], number[]] = [[], [], []]
  const heat = new Float64Array(items)
  const heatSums = new Float64Array(items)
  const attention = new Float64Array(items)
  const topicSums: Float64Array[] = []
  const fashion = new Float64Array(TOPICS).fill(1)
  let there = 0
  for (let day = 0; day < days; day++) {
    const now = begin + day * DAY
    while (there < items && times[there]! < now) there++
    for (let k = 0; k < TOPICS; k++) fashion[k] = Math.exp(0.9 * Math.log(fashion[k]!) + 0.25 * normal())
    for (let i = 0, sum = 0; i < there; i++) {
      heat[i]! *= 0.85
      const age = (now - times[i]!) / DAY
      attention[i] = quality[i]! * (0.08 + 1 / (1 + age / 4)) * fashion[topic[i]!]!
      heatSums[i] = sum += (heat[i]! + 0.3) * (0.2 + 1 / (1 + age / 6))
    }
    byTopic.forEach((list, k) => {
      let sum = 0
      topicSums[k] = Float64Array.from(
        list.filter((i) => i < there),
        (i) => (sum += attention[i]!),
      )
    })
    persons.forEach((person, who) => {
      if (person.joined > day) return
      if (day % 10 === who % 10) {
        const fresh = taste()
        person.taste = person.taste.map((value, k) => 0.85 * value + 0.15 * fresh[k]!)
      }
      if (chance() > 0.45) return
      const sums = new Float64Array(TOPICS)
      for (let k = 0, sum = 0; k < TOPICS; k++) sums[k] = sum += person.taste[k]!
      const seen = Math.min(60, Math.ceil(perDay * person.activity * (0.5 + chance()) * 2.2))
      for (let n = 0; n < seen; n++) {
        const way = chance()
        let item: number | undefined
        if (way < 0.35) item = pickFrom(heatSums, there)
        else if (way < 0.75) {
          const k = pickFrom(sums)
          if (topicSums[k]!.length > 0) item = byTopic[k]![pickFrom(topicSums[k]!)]
        } else if (way < 0.9 && person.authors.length > 0) {
          const works = byAuthor[person.authors[Math.floor(person.authors.length * chance())]!]!
          const out = works.filter((i) => i < there)
          item = out[Math.floor(out.length * (1 - chance() ** 2))]
        } else item = Math.floor(there * chance())
        if (item === undefined || item >= there || person.liked.has(item)) continue
        const match = Math.sqrt(person.taste[topic[item]!]!)
        if (chance() > Math.min(0.8, 0.06 + match * (0.35 + 0.25 * Math.log1p(quality[item]!)))) continue
        person.liked.add(item)
        if (person.authors.length < 60) person.authors.push(offers[item]!.author)
        heat[item]! += 1
        actPerson.push(who)
        actItem.push(item)
        actTime.push(now + chance() * DAY)
      }
    })
  }
  const by = Array.from(actTime.keys()).sort((a, b) => actTime[a]! - actTime[b]!)
  return {
    ...{ offers, begin, end },
    acts: {
      people,
      person: Int32Array.from(by, (i) => actPerson[i]!),
      item: Int32Array.from(by, (i) => actItem[i]!),
      t: Float64Array.from(by, (i) => actTime[i]!),
    },
  }
}
