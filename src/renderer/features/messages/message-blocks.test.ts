import type { ConversationView, MessageLine } from '@shared/community/message-views'
import { expect, test } from 'vitest'
import { messageDays } from './message-blocks'
import { dayWords, deliveryWords, titleOf } from './message-words'

const [ME, ADA, BEN] = ['0xaa', '0xbb', '0xcc'].map((start) => start.padEnd(42, '0')) as [string, string, string]
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime()

function line(id: string, sender: string, time: number, more: Partial<MessageLine> = {}): MessageLine {
  const isMine = sender === ME
  return { id, sender, at: time, isMine, text: id, files: [], reply: null, state: 'arrived', undelivered: [], ...more }
}

function view(kind: 'direct' | 'group', ...accounts: string[]): ConversationView {
  const names = new Map([
    [ADA, 'Ada'],
    [BEN, 'Ben'],
  ])
  return {
    ...{ id: '0x', kind, title: '', isOwner: true, isActive: true, isRequest: false, updated: 0, unread: 0 },
    ...{ last: null, wishes: [] },
    people: [ME, ...accounts].map((account) => ({
      ...{ account, name: names.get(account) ?? '', avatar: null, isBlocked: false, isOwner: account === ME },
      isMe: account === ME,
    })),
  }
}

test('texts stand together by day and sender; a silence, and what is new, begin another block', () => {
  const lines = [
    line('a', ADA, at(22, 23, 58)),
    line('b', ADA, at(23, 0, 1)),
    line('c', ADA, at(23, 0, 4)),
    line('d', ADA, at(23, 0, 20)),
    line('e', ME, at(23, 0, 21)),
    line('f', ADA, at(23, 0, 22)),
    line('g', ADA, at(23, 0, 23)),
  ]
  const days = messageDays(lines, 'g')
  const ids = days.map(({ blocks }) => blocks.map((block) => block.lines.map(({ id }) => id).join('')))
  expect(ids).toEqual([['a'], ['bc', 'd', 'e', 'f', 'g']])
  expect(days.map(({ newAt }) => newAt)).toEqual([null, 4])
  expect([at(23, 5), at(22, 5), at(20, 5)].map((then) => dayWords(then, at(23, 1)))).toEqual([
    'Today',
    'Yesterday',
    new Date(at(20, 5)).toLocaleDateString(undefined, { weekday: 'long' }),
  ])
})

test('how far a text has come is said with names: who is waited for, who has read', () => {
  const waits = line('a', ME, 10, { state: 'sending', undelivered: [ADA] })
  expect(deliveryWords(waits, view('direct', ADA))).toBe('Waits for a peer: Ada is not connected')
  const kept = line('a', ME, 10, { state: 'kept', undelivered: [ADA] })
  const reads = [{ account: BEN, at: 12, upTo: 'x' }]
  expect(deliveryWords(kept, view('group', ADA, BEN), reads)).toBe(
    'Sealed with other peers until Ada is back, read by Ben',
  )
  expect(deliveryWords(line('a', ME, 13), view('group', ADA, BEN), reads)).toBe('Delivered')
  expect(titleOf(view('group', ADA, BEN))).toBe('Ada, Ben')
})
