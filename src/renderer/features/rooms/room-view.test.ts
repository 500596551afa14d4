import type { ChatLine, RoomState } from '@shared/community/room-state'
import { expect, test } from 'vitest'
import type { GiftEvent } from '@/features/gifts/gift-event'
import { announcement } from './announcement'
import { addGift, chatRows, type GiftLine } from './chat-rows'
import { chatParts } from './chat-text'
import { lineActions } from './line-actions'
import { completeMention, mentionAt, offeredNames } from './mention-query'
import { mergeLines, withoutLines } from './room-lines'

const line = (id: string, at: number, more: Partial<ChatLine> = {}): ChatLine => ({
  ...{ id, at, t: at, account: '0xa', name: 'Ann', role: null, text: id, reply: null },
  ...{ bond: null, mine: false, mentionsMe: false, heard: true },
  ...more,
})

test('lines stand in the order of the talk, each once, as it was told last', () => {
  const before = [line('b', 20), line('d', 40)]
  const merged = mergeLines(before, [line('c', 20), line('a', 30), line('d', 40, { heard: false })])
  expect(merged.map(({ id }) => id)).toEqual(['b', 'c', 'a', 'd'])
  expect(merged[3]!.heard).toBe(false)
  expect(mergeLines(before, [])).toBe(before)
})

test('what is deleted is not quoted any more either, and again when it is let back', () => {
  const answer = line('b', 2, { reply: { id: 'a', name: 'Ann', text: 'a' } })
  const without = withoutLines([line('a', 1), answer], ['a'])
  expect(without).toEqual([{ ...answer, reply: { id: 'a', name: 'Ann', text: null } }])
  expect(mergeLines(without, [line('a', 1)])).toEqual([line('a', 1), answer])
})

test('gifts stand among the lines and count up; the beginning of the live and of a day are marked', () => {
  const day = 86_400_000
  const gift = { id: 'g1', payer: '0xa', giftId: 1, qty: 1, text: '' } as GiftEvent
  let gifts: readonly GiftLine[] = addGift([], gift, day + 50, 10)
  gifts = addGift(gifts, { ...gift, id: 'g2', qty: 3 }, day + 60, 10)
  expect(gifts).toMatchObject([{ count: 4 }])
  expect(addGift(gifts, { ...gift, id: 'g3', giftId: 2 }, day + 61, 10)).toHaveLength(2)
  expect(addGift(gifts, { ...gift, id: 'g4' }, day + 60_000, 10)).toHaveLength(2)
  const rows = chatRows([line('a', 0), line('b', day + 40), line('c', day + 70)], gifts, [], day + 30)
  expect(rows.map(({ kind }) => kind)).toEqual(['line', 'day', 'start', 'line', 'gift', 'line'])
})

test('addresses and names of the room are found in a line, nothing else is', () => {
  const names = ['Ann', 'Ann Lee', '小林']
  const kinds = (text: string): string[] =>
    chatParts(text, names).flatMap(({ kind, text: part }) => (kind === 'text' ? [] : [`${kind} ${part}`]))
  expect(kinds('see https://example.org/a(b)?c=d. And @ann lee!')).toEqual([
    'link https://example.org/a(b)?c=d',
    'mention @ann lee',
  ])
  expect(kinds('你好@小林你在吗 we://peer/live/x，好')).toEqual(['mention @小林', 'link we://peer/live/x'])
  expect(kinds('@Anna ann@Ann.org javascript:alert(1) file:///etc')).toEqual([])
  const text = 'a @Ann b https://x.org/@Ann c'
  expect(
    chatParts(text, names)
      .map((part) => part.text)
      .join(''),
  ).toBe(text)
})

test('a name is completed where the caret is', () => {
  expect(mentionAt('mail me@ann', 11)).toBeNull()
  expect(mentionAt('hi @', 4)).toEqual({ from: 3, query: '' })
  const text = 'hi @an, how'
  const mention = mentionAt(text, 6)!
  expect(offeredNames(['Jan', 'Bo', 'Ann'], mention.query)).toEqual(['Ann', 'Jan'])
  expect(completeMention(text, mention, 'Ann')).toEqual({ text: 'hi @Ann , how', caret: 8 })
})

test('everybody is offered what counts in the network when they do it', () => {
  const state = { role: null, pinned: null, hindrance: null } as unknown as RoomState
  const of = (role: RoomState['role'], about: ChatLine): readonly string[] =>
    lineActions(about, { ...state, role }).room
  const [viewer, mod, owner] = [line('a', 1), line('b', 2, { role: 'mod' }), line('c', 3, { role: 'owner' })]
  expect(of(null, viewer)).toEqual([])
  expect(of('mod', viewer)).toEqual(['pin', 'delete', 'mute-1', 'mute-10', 'mute-60', 'ban'])
  expect([of('mod', mod), of('mod', owner)]).toEqual([
    ['pin', 'delete'],
    ['pin', 'delete'],
  ])
  expect(of('owner', mod)).toContain('unmake-mod')
  expect(of('owner', line('d', 4, { mine: true, role: 'owner' }))).toEqual(['pin'])
  const silenced: RoomState = { ...state, hindrance: { code: 'muted', message: '', until: null } }
  expect(lineActions(viewer, silenced).line).toEqual(['copy'])
})

test('a screen reader hears one sentence, and first what is for the person', () => {
  const spoken = (who: string, mentionsMe = false) => ({ who, text: 'hi', mentionsMe })
  expect(announcement([spoken('Ann')])).toBe('Ann: hi')
  expect(announcement([spoken('Bo', true), spoken('Ann'), spoken('Cy')])).toBe('3 messages. To you, Bo: hi')
})
