import { afterAll, describe, expect, test } from 'vitest'
import { NO_RULES } from '@shared/community/viewer-rules'
import { account, CommunityScript } from '../testing/community-script'
import { CommunityIndex } from './community-index'
import { CommunityReader } from './community-reader'

const script = new CommunityScript()
const chan = (n: number, slug: string): string => `chan:${account(n)}/${slug}`
const channelBody = (slug: string, title: string, mods: number[] = []) => ({
  ...{ slug, title, desc: '', category: 'life', mods: mods.map(account), theta: 3_000, sigma: 0 },
  split: { creator: 10_000, sharer: 0, seeder: 0 },
})
script.write(1, 'profile', { name: 'Ängström 小明', handle: 'angstrom', bio: 'Physics', links: [], langs: ['zh'] })
script.write(1, 'channel', channelBody('main', '小明的厨房', [2]))
const beijing = script.video(1, '今天北京天气很好', { tags: ['天气'], category: 'news' })
const university = script.video(1, '参观北京大学的一天')
const cats = script.video(2, "Cats: 10 funniest moments! (don't laugh)", { tags: ['cats', 'fun'] })
const guest = script.video(2, 'Guest cooking', { channel: chan(1, 'main') })
const squatter = script.video(3, 'Squatter', { channel: chan(1, 'main') })
const tall = script.video(3, 'Short dance', { w: 720, h: 1280, dur: 20_000, warn: ['nudity'] })
const liked = script.video(4, 'Cats asleep')
for (let who = 10; who < 40; who++) script.like(who, liked)
const comment = script.comment(5, cats, '太好笑了 so funny')
const answer = script.comment(6, cats, 'agreed', { root: comment, parent: comment })
const lines = ['first', 'a spoiler', 'last'].map((text) => script.write(5, 'chat', { room: 'main', text }))
const badList = script.write(9, 'list', {
  purpose: 'block',
  title: 'Bad',
  desc: '',
  items: [{ s: `acct:${account(3)}` }],
})
const newerList = script.write(9, 'list', {
  ...{ purpose: 'block', title: 'Bad', desc: 'newer', edits: badList },
  items: [{ s: `acct:${account(3)}` }],
})
script.write(8, 'label', { s: cats, val: 'spam' })
const index = new CommunityIndex(':memory:')
index.apply(script.entries)
const reader = new CommunityReader(index)
afterAll(() => index.close())

const plain = reader.filter(NO_RULES, null, script.now)
const first = { filter: plain, after: null, limit: 50 }
const find = (text: string, typing = false): string[] =>
  reader.search.items({ text, typing, limit: 20, now: script.now }, plain).map(({ id }) => id)
const ids = (page: { cards: readonly { id: string }[] }): string[] => page.cards.map(({ id }) => id)

describe('search', () => {
  test('Chinese words of two characters are found, also inside longer words', () => {
    expect(find('北京').sort()).toEqual([beijing, university].sort())
    expect(find('天气')).toEqual([beijing])
    expect(find('大学')).toEqual([university])
    expect(find('京大')).toEqual([university])
    expect(find('北京天气')).toEqual([beijing])
    expect(find('北')).toHaveLength(2)
  })

  test('case, accents, width and unfinished words do not matter', () => {
    expect(find('ＣＡＴＳ')).toContain(cats)
    expect(find('funni', true)).toEqual([cats])
    expect(find('funni', false)).toEqual([])
    expect(find("don't")).toContain(cats)
    const ask = { text: 'angstr', typing: true, limit: 5, now: script.now }
    expect(reader.search.people(ask, plain).map((one) => one.account)).toEqual([account(1)])
    expect(reader.search.channels({ ...ask, text: '厨房' }, plain).map(({ subject }) => subject)).toEqual([
      chan(1, 'main'),
    ])
    expect(reader.search.comments({ ...ask, text: '好笑' }, plain).map(({ id }) => id)).toEqual([comment])
  })

  test('of two that match, the one people like comes first', () => {
    expect(find('cats').slice(0, 2)).toEqual([liked, cats])
  })

  test('nothing that is typed breaks the search', () => {
    const hostile = [
      '"',
      "'",
      'a"b',
      'cats*',
      '*',
      'NEAR(',
      'cats NEAR/2 fun',
      'AND',
      'OR OR',
      'NOT cats',
      '-cats',
      '^cats',
    ]
    hostile.push(
      'folded:cats',
      '{a b}:c',
      '(',
      ')))',
      '\u0000',
      'cats\u0000',
      '\ud800',
      '🙂',
      '\u0301',
      '٠١',
      'हिन्दी',
      '𰻞𰻞面',
      ' ',
    )
    hostile.push('a '.repeat(500), 'x'.repeat(100_000), '天'.repeat(5_000), "'; drop table item; --", '%', '_', '\\')
    for (const text of hostile) for (const typing of [true, false]) expect(() => find(text, typing)).not.toThrow()
    expect(find('"cats"')).toContain(cats)
    expect(find('NOT cats')).toContain(cats)
    expect(find('*')).toEqual([])
  })
})

describe('feeds', () => {
  test('following shows people and channels, newest first, each thing once', () => {
    const page = reader.feeds.following([`acct:${account(2)}`, chan(1, 'main'), `acct:${account(99)}`], first)
    expect(ids(page)).toEqual([squatter, guest, cats, university, beijing])
  })

  test('pages follow one another without gaps or doubles', () => {
    const all: string[] = []
    let after: string | null = null
    do {
      const page = reader.feeds.popular({ ...first, after, limit: 2 })
      all.push(...ids(page))
      after = page.next
    } while (after !== null)
    expect(all).toEqual(ids(reader.feeds.popular(first)))
    expect(new Set(all).size).toBe(7)
    expect(all[0]).toBe(liked)
  })

  test('categories, short upright videos, a channel with its helpers but no strangers', () => {
    expect(ids(reader.feeds.popular(first, { category: 'news' }))).toEqual([beijing])
    expect(ids(reader.feeds.popular(first, { tall: true }))).toEqual([tall])
    expect(ids(reader.feeds.channel(chan(1, 'main'), first))).toEqual([guest, university, beijing])
    expect(ids(reader.feeds.newest({ ...first, after: 'no cursor', limit: 1 }))).toEqual([liked])
  })

  test('followers come newest first, a page at a time, without those one does not want to see', () => {
    const own = new CommunityScript()
    const subject = `acct:${account(1)}`
    for (let who = 2; who < 9; who++) own.write(who, 'follow', { s: subject })
    own.write(1, 'follow', { s: `acct:${account(2)}` })
    const other = new CommunityIndex(':memory:')
    other.apply(own.entries)
    const here = new CommunityReader(other)
    const filter = here.filter({ ...NO_RULES, blocked: [`acct:${account(8)}`] }, null, own.now)
    const found: number[] = []
    for (let after: string | null = null; ;) {
      const page = here.feeds.followers(subject, { filter, after, limit: 3 })
      found.push(...page.cards.map((one) => parseInt(one.account, 16)))
      if (page.next === null) break
      after = page.next
    }
    expect(found).toEqual([7, 6, 5, 4, 3, 2])
    expect([here.follows(account(2), account(1)), here.follows(account(2), account(3))]).toEqual([true, false])
    other.close()
  })

  test('a thread opens with its comment and holds the answers', () => {
    expect(ids(reader.feeds.comments(cats, first))).toEqual([comment])
    expect(ids(reader.feeds.thread(comment, first))).toEqual([answer])
    expect(reader.feeds.comments(cats, first).cards[0]).toMatchObject({ counts: { reply: 1 } })
  })

  test('the history of a room comes newest first, without what the person does not read', () => {
    expect(ids(reader.feeds.room('main', first))).toEqual([...lines].reverse())
    const filter = reader.filter({ ...NO_RULES, blockWords: ['spoiler'] }, null, script.now)
    expect(ids(reader.feeds.room('main', { ...first, filter, limit: 1 }))).toEqual([lines[2]])
    expect(ids(reader.feeds.room('main', { ...first, filter }))).toEqual([lines[2], lines[0]])
  })

  test('lists and labels of those whom the person picked take things out, warnings veil', () => {
    const rules = { ...NO_RULES, lists: [badList], labelers: [account(8)], blockWords: ['guest'] }
    const kept = ids(reader.feeds.newest({ ...first, filter: reader.filter(rules, null, script.now) }))
    expect(kept.sort()).toEqual([beijing, university, liked].sort())
    expect(reader.cards.itemById(tall, plain)?.veil).toEqual({ label: 'nudity', by: account(3) })
    const page = reader.feeds.newest({ filter: reader.filter(rules, null, script.now), after: null, limit: 2 })
    expect(page.cards).toHaveLength(2)
    expect(page.next).not.toBeNull()
    expect([reader.versionOf(badList), reader.versionOf(newerList)]).toEqual([newerList, null])
    expect([reader.rootOf(newerList), reader.rootOf(badList), reader.rootOf('x')]).toEqual([badList, badList, 'x'])
  })
})
