import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { AcceptedEntry } from '@shared/community/accepted-entry'
import { bodySchema } from '@shared/community/body-schema'
import { NO_RULES } from '@shared/community/viewer-rules'
import { seeded } from '../../platform/testing/seeded'
import { account, CommunityScript, device, shuffled } from '../testing/community-script'
import { CommunityIndex } from './community-index'
import { CommunityReader } from './community-reader'
import { heatOf } from './heat'
import { dayOf } from './tallies'

const open: CommunityIndex[] = []
function indexed(entries: readonly AcceptedEntry[]): CommunityIndex {
  const index = new CommunityIndex(':memory:')
  open.push(index)
  index.apply(entries)
  return index
}
afterEach(() => {
  for (const index of open.splice(0)) index.close()
})

const TABLES = {
  entry: 'id, slot, applied, body is null',
  person: 'account, folded, body, t',
  channel: 'subject, account, body',
  item: 'row, id, kind, account, channel, category, status, tall, t, heat, folded, tags, (select body from entry where entry.seq = item.seq)',
  comment: 'row, id, subject, root, parent, account, t, edited, text',
  chat: 'row, id, room, account, text',
  ...{
    room: '*',
    reaction: '*',
    voice: '*',
    playlist: '*',
    list: '*',
    member: '*',
    label: '*',
    tally: '*',
    total: '*',
  },
}

/** Everything that the index says, in one order. */
function said(index: CommunityIndex): string {
  return JSON.stringify(
    Object.entries(TABLES).map(([table, columns]) =>
      index.db
        .all(`select ${columns} from ${table}`)
        .map((row) => JSON.stringify(row))
        .sort(),
    ),
  )
}

/** A busy community: every kind that has tables, edits, withdrawals, doubles, a forked device, things that run out. */
function busy(): { entries: AcceptedEntry[]; frozen: string; fromN: number; until: number } {
  const chance = seeded(7)
  const script = new CommunityScript()
  const people = 12
  const somebody = (): number => 1 + Math.floor(chance() * people)
  const mine: { who: number; id: string; kind: string }[] = []
  const note = (who: number, kind: string, id: string): string => (mine.push({ who, id, kind }), id)
  const any = (kind: string): { who: number; id: string } => {
    const all = mine.filter((one) => one.kind === kind)
    return all[Math.floor(chance() * all.length)]!
  }
  const profile = (name: string) => ({ name, bio: '', links: [], langs: [] })
  for (let who = 1; who <= people; who++) {
    script.write(who, 'profile', profile(`Person ${who}`))
    note(who, 'video', script.video(who, `First of ${who}`))
  }
  for (let step = 0; step < 350; step++) {
    const who = somebody()
    if (step % 25 === 0) script.now += 86_400_000
    const act = Math.floor(chance() * 14)
    const video = any('video')
    if (act <= 3) note(who, 'like', script.like(who, video.id))
    else if (act <= 5) note(who, 'comment', script.comment(who, video.id, `Comment ${step}`))
    else if (act === 6) {
      const parent = mine.some(({ kind }) => kind === 'comment') ? any('comment').id : undefined
      if (parent !== undefined) script.comment(who, video.id, 'Answer', { root: parent, parent })
    } else if (act === 7) note(who, 'video', script.video(who, `Video ${step}`, { tags: ['a'] }))
    else if (act === 8) script.video(video.who, `Edited ${step}`, { edits: video.id }, { device: video.who + 100 })
    else if (act === 9) {
      const gone = mine[Math.floor(chance() * mine.length)]!
      // the forked device withdraws nothing: what is withdrawn before a fork is known stays so
      script.write(gone.who, 'del', { s: gone.id }, { device: gone.who + 100 })
    } else if (act === 10) script.write(who, 'follow', { s: `acct:${account(somebody())}` })
    else if (act === 11) script.write(who, 'profile', profile(`Renamed ${step}`))
    else if (act === 12) {
      script.write(who, 'label', { s: video.id, val: 'spam', neg: chance() < 0.4 })
      script.write(who, 'list', { purpose: 'block', title: 'x', desc: '', items: [{ s: video.id }] })
    } else script.write(who, 'chat', { room: 'main', text: `Hi ${step}` }, { expires: script.now + chance() * 1e9 })
  }
  return { entries: script.entries, frozen: device(3), fromN: 20, until: script.now - 5e8 }
}

describe('the index', () => {
  test('says the same whatever order entries arrive in, how often, and in which batches', () => {
    const { entries, frozen, fromN, until } = busy()
    for (const { kind, body } of entries) expect(bodySchema(kind)!.safeParse(body).success).toBe(true)
    const inOrder = indexed(entries)
    inOrder.freeze(frozen, fromN)
    inOrder.expire(until)
    const expected = said(inOrder)
    for (let seed = 1; seed <= 3; seed++) {
      const chance = seeded(seed)
      const index = indexed([])
      const mixed = shuffled([...entries, ...entries.slice(0, 200)], chance)
      const [freezeAt, expireAt] = [Math.floor(chance() * mixed.length), Math.floor(chance() * mixed.length)]
      for (let at = 0; at < mixed.length;) {
        const size = 1 + Math.floor(chance() * 60)
        index.apply(mixed.slice(at, at + size))
        if (at <= freezeAt && freezeAt < at + size) index.freeze(frozen, fromN)
        if (at <= expireAt && expireAt < at + size) index.expire(until)
        at += size
      }
      // bodies of what has run out are forgotten at the next look at the clock
      index.expire(until)
      expect(said(index)).toBe(expected)
    }
  })

  test('heat of every item is what its public formula says', () => {
    const index = indexed(busy().entries)
    const items = index.db.all('select id, account, t, heat from item') as Record<string, string | number>[]
    expect(items.length).toBeGreaterThan(20)
    for (const { id, account: author, t, heat } of items) {
      const acts = [
        ...index.db.all(
          "select kind, t from reaction where subject = ? and account <> ? and kind <> 'follow'",
          id!,
          author!,
        ),
        ...index.db.all(
          "select 'voice' as kind, day * 86400000 as t from voice where subject = ? and account <> ?",
          id!,
          author!,
        ),
      ] as { kind: string; t: number }[]
      const each = acts.map((act) => ({ kind: act.kind, day: dayOf(act.t), n: 1 }))
      expect(heat).toBeCloseTo(heatOf(dayOf(Number(t)), each), 9)
    }
  })

  test('a like counts once for each person and is undone by withdrawing all of them', () => {
    const script = new CommunityScript()
    const video = script.video(1, 'Bread')
    const likes = [script.like(2, video), script.like(2, video), script.like(3, video)]
    const index = indexed(script.entries)
    expect(index.tallies.total(video, 'like')).toBe(2)
    expect(index.tallies.total(`got:${account(1)}`, 'like')).toBe(2)
    const later = new CommunityScript(script.now)
    const all = [...script.entries]
    for (const like of likes.slice(0, 2)) later.withdraw(2, like)
    index.apply(later.entries.map((entry, i) => ({ ...entry, id: `${entry.id.slice(0, -1)}${i + 2}`, n: 50 + i })))
    expect(index.tallies.total(video, 'like')).toBe(1)
    expect(index.db.all("select * from tally where subject = ? and kind = 'like' and n = 0", video)).toEqual([])
    index.apply(all, { removed: [all.at(-1)!.id] })
    expect(index.tallies.total(video, 'like')).toBe(0) // person 3's device turned out to be stolen
    expect(index.tallies.totals(`got:${account(1)}`)).toEqual({})
  })

  test('nobody edits or withdraws what somebody else wrote', () => {
    const script = new CommunityScript()
    const video = script.video(1, 'Mine')
    script.video(2, 'Stolen', { edits: video })
    script.withdraw(2, video)
    const reader = new CommunityReader(indexed(script.entries))
    const page = reader.feeds.newest({ filter: reader.filter(NO_RULES, null, script.now), after: null, limit: 10 })
    expect(page.cards.map(({ body }) => body.title)).toEqual(['Mine'])
  })

  test('an edit keeps place, likes and comments; a withdrawn edit shows the version before', () => {
    const script = new CommunityScript()
    const video = script.video(1, 'Old')
    script.like(2, video)
    const edit = script.video(1, 'New', { edits: video })
    const index = indexed(script.entries)
    const reader = new CommunityReader(index)
    const filter = reader.filter(NO_RULES, null, script.now)
    expect(reader.cards.itemById(video, filter)).toMatchObject({ body: { title: 'New' }, counts: { like: 1 } })
    script.withdraw(1, edit)
    index.apply(script.entries)
    expect(reader.cards.itemById(video, filter)).toMatchObject({ body: { title: 'Old' }, counts: { like: 1 } })
  })

  test('a batch that breaks leaves nothing; a broken file is built anew; a withdrawn text is no longer kept', () => {
    const dir = mkdtempSync(join(tmpdir(), 'we-index-'))
    try {
      const path = join(dir, 'index.sqlite')
      const script = new CommunityScript()
      const secret = script.video(1, 'Zanzibarsecret')
      let index = new CommunityIndex(path)
      const circular: Record<string, unknown> = { text: 'x', room: 'r' }
      circular['self'] = circular
      const broken = { ...script.entries[0]!, id: 'x', kind: 'chat', body: circular }
      expect(() => index.apply([...script.entries, broken], { position: '7' })).toThrow()
      expect(index.position).toBeNull()
      expect(index.db.all('select 1 from entry')).toEqual([])
      index.apply(script.entries, { position: '1' })
      script.withdraw(1, secret)
      index.apply(script.entries, { position: '2' })
      index.close()
      index = new CommunityIndex(path)
      expect(index.position).toBe('2')
      expect(index.db.all('select 1 from item')).toEqual([])
      expect(JSON.stringify(index.db.all('select body from entry where id = ?', secret))).not.toContain('Zanzibar')
      index.close()
      writeFileSync(path, readFileSync(path).fill(7, 0, 4_096))
      index = new CommunityIndex(path)
      expect(index.position).toBeNull()
      index.close()
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
