import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NO_RULES } from '@shared/community/viewer-rules'
import { CommunityIndex } from '../index/community-index'
import { CommunityReader } from '../index/community-reader'
import { seeded } from '../../platform/testing/seeded'
import { account, CommunityScript } from '../testing/community-script'
import { tasteWorld } from '../testing/taste-world'
import { negateInverse } from './ease'
import { ForYou } from './for-you'
import { OwnHistory } from './own-history'
import { actsBefore, DAY, groupBy } from './public-acts'
import { Recommender } from './recommender'
import { drawTrust, NO_RECORD, noteShown } from './source-trust'
import { featureIndex, FEATURES, type OwnAct } from './sources'
import { order, trendOf } from './taste-model'

const world = tasteWorld({ people: 250, items: 700, authors: 90, days: 40, perDay: 6 }, 5)
const cut = world.end - 7 * DAY
const past = actsBefore(world.acts, cut)
const offers = world.offers.filter(({ t }) => t < cut)
const recommender = Recommender.train(offers, past, cut, seeded(1), 300)
const byPerson = groupBy(world.acts.person, world.acts.people)

function lifeOf(person: number): { history: OwnAct[]; later: Set<number> } {
  const history: OwnAct[] = []
  const later = new Set<number>()
  for (const act of byPerson.act.subarray(byPerson.start[person], byPerson.start[person + 1])) {
    const item = world.acts.item[act]!
    const t = world.acts.t[act]!
    if (t < cut) history.push({ item, t, liking: 1 })
    else if (item < offers.length) later.add(item)
  }
  return { history, later }
}
const lives = Array.from({ length: world.acts.people }, (_, person) => lifeOf(person))
const known = lives.filter(({ history, later }) => history.length >= 8 && later.size > 0)

describe('the slate', () => {
  test('finds more of what people come to like than popularity and than what is on the rise', () => {
    const chance = seeded(2)
    const hits = { slate: 0, popular: 0, decayed: 0 }
    const popular = order(trendOf(past, offers.length, cut, 1e9))
    const decayed = order(trendOf(past, offers.length, cut, 7))
    for (const { history, later } of known) {
      const seen = new Set(history.map(({ item }) => item))
      const count = (list: readonly number[]): number =>
        list
          .filter((item) => !seen.has(item))
          .slice(0, 10)
          .filter((item) => later.has(item)).length
      hits.popular += count(popular)
      hits.decayed += count(decayed)
      hits.slate += count(recommender.slate({ history, count: 10, chance }).map(({ item }) => item))
    }
    expect(known.length).toBeGreaterThan(50)
    expect(hits.slate).toBeGreaterThan(1.5 * hits.popular)
    expect(hits.slate).toBeGreaterThan(hits.decayed)
  })

  test('shows nothing twice, nothing already seen, nothing forbidden, and at most three of one author', () => {
    for (const { history } of known.slice(0, 30)) {
      const chance = seeded(3)
      const slate = recommender
        .slate({ history, count: 20, chance, allowed: (item) => item % 2 === 0 })
        .map(({ item }) => item)
      expect(slate).toHaveLength(20)
      expect(new Set(slate).size).toBe(20)
      expect(slate.some((item) => item % 2 === 1 || history.some((own) => own.item === item))).toBe(false)
      const explored = 2
      for (const item of slate) {
        const same = slate.filter((other) => offers[other]!.author === offers[item]!.author)
        expect(same.length).toBeLessThanOrEqual(3 + explored)
      }
    }
  })

  test('says why: an own video, a tag both have, an author, or that it is new', () => {
    const reasons = known
      .slice(0, 40)
      .flatMap(({ history }) =>
        recommender.slate({ history, count: 20, chance: seeded(4) }).map((one) => ({ ...one, history })),
      )
    const sources = new Set(reasons.map(({ reason }) => reason.source))
    expect(sources.has('explore')).toBe(true)
    expect(sources.size).toBeGreaterThan(3)
    for (const { reason, item, history } of reasons) {
      if (reason.ownItem !== undefined) expect(history.some((own) => own.item === reason.ownItem)).toBe(true)
      if (reason.tag !== undefined) expect(offers[item]!.tags).toContain(reason.tag)
      if (reason.author !== undefined) expect(offers[item]!.author).toBe(reason.author)
    }
  })

  test('the sliders do what they say', () => {
    const mean = (sliders: { fresh: number; popular: number }, of: (item: number) => number): number => {
      const items = known
        .slice(0, 40)
        .flatMap(({ history }) => recommender.slate({ history, count: 10, sliders, chance: seeded(5) }))
      return items.reduce((sum, { item }) => sum + of(item), 0) / items.length
    }
    const likes = trendOf(past, offers.length, cut, 1e9)
    const age = (item: number): number => (cut - offers[item]!.t) / DAY
    const liked = (item: number): number => likes[item]!
    expect(mean({ fresh: 0, popular: 1 }, liked)).toBeGreaterThan(1.3 * mean({ fresh: 0, popular: -1 }, liked))
    expect(mean({ fresh: 1, popular: 0 }, age)).toBeLessThan(0.8 * mean({ fresh: -1, popular: 0 }, age))
  })

  test('a source that a person never takes fades, one that they take grows', () => {
    let record = NO_RECORD
    const [liked, ignored] = [featureIndex('topic'), featureIndex('week')]
    for (let i = 0; i < 120; i++) record = noteShown(noteShown(record, liked, i % 2 === 0), ignored, false)
    const draws = Array.from({ length: 50 }, (_, i) => drawTrust(record, seeded(i)))
    const mean = (f: number): number => draws.reduce((sum, draw) => sum + draw[f]!, 0) / draws.length
    expect(mean(liked)).toBeGreaterThan(1.3)
    expect(mean(ignored)).toBeLessThan(0.8)
    for (const draw of draws) for (const value of draw) expect(value >= 0.5 && value <= 2).toBe(true)
  })
})

test('the inverse is the inverse', () => {
  const n = 12
  const chance = seeded(6)
  const m = Array.from({ length: n }, () => Array.from({ length: n }, () => chance() - 0.5))
  const full = m.map((a, i) => m.map((b, j) => a.reduce((sum, x, k) => sum + x * b[k]!, 0) + (i === j ? 3 : 0)))
  const upper = Float64Array.from(full.flatMap((row, i) => row.map((x, j) => (j >= i ? x : 99))))
  negateInverse(upper, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const sum = full[i]!.reduce((total, x, k) => total - x * upper[Math.min(k, j) * n + Math.max(k, j)]!, 0)
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 9)
    }
  }
})

test('For you: learnt from likes of others and own history, explained by name, forgotten and switched off at will', () => {
  const script = new CommunityScript()
  const cooking = Array.from({ length: 12 }, (_, i) => script.video(1 + (i % 4), `Bread ${i}`, { tags: ['bread'] }))
  const cars = Array.from({ length: 12 }, (_, i) =>
    script.video(5 + (i % 4), `Car ${i}`, { tags: ['cars'], category: 'sport' }),
  )
  for (let who = 20; who < 60; who++)
    for (let i = 0; i < 8; i++) script.like(who, (who % 2 === 0 ? cooking : cars)[(who + i) % 12]!)
  const index = new CommunityIndex(':memory:')
  index.apply(script.entries)
  const reader = new CommunityReader(index)
  const history = new OwnHistory(':memory:')
  const forYou = new ForYou(index, reader, history)
  const blocked = account(2)
  const filter = reader.filter({ ...NO_RULES, blocked: [`acct:${blocked}`] }, null, script.now)
  const ask = () => ({ me: account(9), filter, count: 6, shown: new Set<string>(), chance: seeded(3) })
  expect(forYou.next(ask())).toHaveLength(6)
  forYou.train(script.now, seeded(2))
  for (const subject of [cooking[0]!, cooking[2]!, cooking[3]!]) history.noteWatched(subject, script.now, 1)
  const cards = forYou.next(ask())
  const first = cards.slice(0, 4)
  expect(first.every(({ card }) => cooking.includes(card.id))).toBe(true)
  expect(cards.some(({ card }) => card.account === blocked)).toBe(false)
  expect(first.some(({ why }) => why.item !== undefined || why.tag === 'bread')).toBe(true)
  forYou.noteTaken(first[0]!.why, true)
  expect(history.record.taken.length).toBe(FEATURES.length)
  expect(JSON.stringify(index.db.all('select * from entry'))).not.toContain('watched')
  history.reset()
  expect(history.newest(10)).toEqual([])
  expect(history.record).toEqual(NO_RECORD)
  history.settings = { on: false, fresh: 0, popular: 0 }
  history.noteWatched(cooking[0]!, script.now, 1)
  expect(history.newest(10)).toEqual([])
  expect(forYou.next(ask()).map(({ why }) => why.source)).toEqual(Array(6).fill('week'))
  history.close()
  index.close()
})

test('a broken history is put aside, not overwritten', () => {
  const dir = mkdtempSync(join(tmpdir(), 'we-taste-'))
  try {
    const path = join(dir, 'taste.sqlite')
    writeFileSync(path, 'this is no database, and longer than a header of one hundred bytes '.repeat(4))
    const history = new OwnHistory(path)
    history.noteLiked('bafy', 1, true)
    expect(history.newest(5)).toEqual([{ subject: 'bafy', t: 1, liking: 1 }])
    history.close()
    expect(existsSync(`${path}.broken`)).toBe(true)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
