import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NO_RULES } from '@shared/community/viewer-rules'
import { CommunityIndex } from '../../src/main/community/index/community-index'
import { CommunityReader } from '../../src/main/community/index/community-reader'
import { account, CommunityScript } from '../../src/main/community/testing/community-script'
import { seeded } from '../../src/main/platform/testing/seeded'
import { ownCpuMs } from '../cpu-time'

const TOPICS =
  '篮球 足球 美食 旅行 音乐 舞蹈 游戏 手机 电脑 摄影 宠物 猫咪 小狗 化妆 穿搭 健身 瑜伽 北京 上海 广州 深圳 成都 四川 火锅 面条 早餐 咖啡 天气 春天 夏天 学习 英语 数学 历史 科学 电影 新闻 直播 汽车 手工'.split(
    ' ',
  )
const REST =
  '今天 我们 一起 教程 分享 日常 最新 推荐 简单 好看 第一 快乐 生活 挑战 体验 真实 故事 视频 朋友 回家'.split(' ')
const ENGLISH =
  'basketball football cooking travel music dance game phone laptop photo pets cat dog makeup outfit fitness yoga beijing london paris berlin noodles breakfast coffee weather spring summer study english maths history science film news live car craft review tutorial vlog challenge best how why daily story first easy new top guide'.split(
    ' ',
  )
const CATEGORIES = ['life', 'news', 'games', 'music', 'food', 'sport']

/** Few words are in most titles (Zipf), as in real ones. */
function pick<T>(list: readonly T[], chance: () => number): T {
  return list[Math.floor(list.length * chance() ** 2)]!
}

function title(chance: () => number, n: number): string {
  const words = Array.from({ length: 4 + Math.floor(chance() * 5) }, () => chance())
  if (n % 2 === 0)
    return words.map((one, i) => (i % 2 === 0 ? pick(TOPICS, chance) : one < 0.5 ? pick(REST, chance) : '的')).join('')
  return [...words.map(() => pick(ENGLISH, chance)), `no${n % 5_000}`].join(' ')
}

/**
 * Full text and feeds over 100,000 videos of 2,000 people, half of them Chinese, with 100,000 likes and 20,000 comments.
 * Whole answers, with cards, counters and the person's filter: wall time, since SQLite answers in the calling thread, and the
 * CPU time of the process, which is what the wall would be on an idle machine. Aims: p95 below 10 ms for each.
 */
export async function searchFigures(quick: boolean, say: (line: string) => void): Promise<Record<string, number>> {
  const videos = quick ? 10_000 : 100_000
  const people = 2_000
  const chance = seeded(3)
  const somebody = (): number => 1 + Math.floor(people * chance() ** 2)
  const dir = mkdtempSync(join(tmpdir(), 'we-bench-community-'))
  try {
    const path = join(dir, 'index.sqlite')
    const index = new CommunityIndex(path)
    const reader = new CommunityReader(index)
    const script = new CommunityScript(Date.UTC(2026, 0, 1))
    const known: string[] = []
    let entries = 0
    const began = { wall: performance.now(), cpu: ownCpuMs() }
    let making = 0
    for (let done = 0; done < videos; done += 1_000) {
      const making0 = ownCpuMs()
      const from = script.entries.length
      for (let i = 0; i < 1_000; i++) {
        const tags = [pick(TOPICS, chance), pick(ENGLISH, chance)]
        const text = `${title(chance, i)} ${title(chance, i + 1)} ${title(chance, i)}`
        const more = {
          tags: [...new Set(tags)],
          desc: text,
          category: pick(CATEGORIES, chance),
          ...(i % 3 === 0 ? { w: 720, h: 1280 } : {}),
        }
        known.push(script.video(somebody(), title(chance, done + i), more))
        script.like(somebody(), known[Math.floor((known.length - 1) * (1 - chance() ** 3))]!)
        if (i % 5 === 0)
          script.comment(somebody(), known[Math.floor((known.length - 1) * (1 - chance() ** 3))]!, title(chance, i))
        script.now -= 4 * 60_000
      }
      const batch = script.entries.slice(from)
      entries += batch.length
      making += ownCpuMs() - making0
      index.apply(batch)
    }
    const cpu = ownCpuMs() - began.cpu - making
    const bytes = statSync(path).size
    say(
      `${entries} entries in: ${Math.round((entries * 1000) / cpu)} a CPU second, ${Math.round(bytes / entries)} bytes each on disk`,
    )
    for (let who = 1; who <= people; who++)
      script.write(who, 'profile', { name: `${pick(TOPICS, chance)} ${who}`, bio: '', links: [], langs: [] })
    index.apply(script.entries.slice(-people))

    const rules = {
      ...NO_RULES,
      blocked: [`acct:${account(1)}`],
      blockWords: ['badword', 'spam*', '坏话'],
      labelers: [account(2)],
    }
    const filter = reader.filter(rules, null, script.now)
    const now = script.now
    const ask = (text: string, typing = false) => ({ text, typing, limit: 20, now })
    const follows = (count: number): string[] =>
      Array.from({ length: count }, () => `acct:${account(1 + Math.floor(people * chance()))}`)
    const two = [...TOPICS, ...REST]
    const rounds = quick ? 60 : 200
    const tasks: Record<string, () => { length: number }> = {
      'search: Chinese, two characters': () =>
        reader.search.items(ask(two[Math.floor(two.length * chance())]!), filter),
      'search: one English word': () => reader.search.items(ask(pick(ENGLISH, chance)), filter),
      'search: two words': () => reader.search.items(ask(`${pick(ENGLISH, chance)} ${pick(TOPICS, chance)}`), filter),
      'search: a rare word': () => reader.search.items(ask(`no${Math.floor(chance() * 5_000)}`), filter),
      'search: as you type, 1 letter': () =>
        reader.search.items(ask('abcdefglmnprstvy'.charAt(Math.floor(chance() * 16)), true), filter),
      'search: as you type, 2-4 letters': () =>
        reader.search.items(ask(pick(ENGLISH, chance).slice(0, 2 + Math.floor(chance() * 3)), true), filter),
      'search: a sentence': () => reader.search.items(ask(title(chance, Math.floor(chance() * 10))), filter),
      'search: people': () => reader.search.people(ask(pick(TOPICS, chance), true), filter),
      'search: comments': () => reader.search.comments(ask(pick(TOPICS, chance)), filter),
      'feed: following 200': () => reader.feeds.following(follows(200), { filter, after: null, limit: 50 }).cards,
      'feed: following 2,000': () => reader.feeds.following(follows(2_000), { filter, after: null, limit: 50 }).cards,
      'feed: popular': () => reader.feeds.popular({ filter, after: null, limit: 50 }).cards,
      'feed: popular of a category': () =>
        reader.feeds.popular({ filter, after: null, limit: 50 }, { category: pick(CATEGORIES, chance) }).cards,
      'feed: short upright videos': () =>
        reader.feeds.popular({ filter, after: null, limit: 20 }, { tall: true }).cards,
      'feed: a channel': () =>
        reader.feeds.channel(`chan:${account(somebody())}/main`, { filter, after: null, limit: 50 }).cards,
      'feed: comments': () =>
        reader.feeds.comments(known[Math.floor(known.length * chance())]!, { filter, after: null, limit: 50 }).cards,
    }
    const figures: Record<string, number> = {
      entries,
      perCpuSecond: Math.round((entries * 1000) / cpu),
      bytesPerEntry: Math.round(bytes / entries),
    }
    const all: Record<string, number[]> = { search: [], feed: [] }
    const allCpu: Record<string, number[]> = { search: [], feed: [] }
    for (const [name, task] of Object.entries(tasks)) {
      const [times, cpus]: [number[], number[]] = [[], []]
      let found = 0
      for (let n = 0; n < rounds; n++) {
        const [cpuFrom, from] = [ownCpuMs(), performance.now()]
        found += task().length
        times.push(performance.now() - from)
        cpus.push(ownCpuMs() - cpuFrom)
      }
      const group = name.startsWith('search') ? 'search' : 'feed'
      all[group]!.push(...times)
      allCpu[group]!.push(...cpus)
      figures[`${name}, p95 ms`] = share(times, 0.95)
      figures[`${name}, p95 CPU ms`] = share(cpus, 0.95)
      say(`${name.padEnd(34)} ${words(times)}; CPU ${words(cpus)}; about ${Math.round(found / rounds)} found`)
    }
    for (const [name, times] of Object.entries(all)) {
      const cpus = allCpu[name]!
      for (const part of [0.5, 0.95, 0.99]) {
        figures[`all ${name}, p${part * 100} ms`] = share(times, part)
        figures[`all ${name}, p${part * 100} CPU ms`] = share(cpus, part)
      }
      say(`${`${name}, all`.padEnd(34)} ${words(times)}; CPU ${words(cpus)}`)
    }
    index.close()
    return await Promise.resolve(figures)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function words(times: readonly number[]): string {
  return `p50 ${share(times, 0.5).toFixed(1)}  p95 ${share(times, 0.95).toFixed(1)}  p99 ${share(times, 0.99).toFixed(1)} ms`
}

function share(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]! * 100) / 100
}
