import type { HistoryLine } from '@shared/community/direct-conversation'
import { dayOf } from './message-blocks'
import type { ConversationCard } from './messages-port'

export type NameOf = (account: string) => string

const WEEK_DAYS = 6

export function clockWords(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}

export function wholeTimeWords(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' })
}

/** A day as a heading: Today, Yesterday, a weekday of this week, a date. */
export function dayWords(at: number, now: number): string {
  const days = Math.round((dayOf(now) - dayOf(at)) / 86_400_000)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const date = new Date(at)
  if (days > 0 && days <= WEEK_DAYS) return date.toLocaleDateString(undefined, { weekday: 'long' })
  const isThisYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleDateString(undefined, { day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) })
}

/** A moment in little room: the clock today, a weekday this week, else a date. */
export function listTimeWords(at: number, now: number): string {
  const days = Math.round((dayOf(now) - dayOf(at)) / 86_400_000)
  if (days <= 0) return clockWords(at)
  if (days <= WEEK_DAYS) return new Date(at).toLocaleDateString(undefined, { weekday: 'short' })
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

/** Accounts of a conversation but the own one, each once. */
export function othersOf({ members }: Pick<ConversationCard, 'members'>, me: string | null): string[] {
  return [...new Set(members.map(({ account }) => account))].filter((account) => account !== me)
}

/** What a conversation is called: its title, or who is in it. */
export function titleOf(conversation: ConversationCard, me: string | null, nameOf: NameOf): string {
  if (conversation.kind === 'group' && conversation.title !== '') return conversation.title
  const names = othersOf(conversation, me).map(nameOf)
  if (names.length === 0) return conversation.kind === 'group' ? 'Group of one' : 'Nobody else'
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}

/** What a text is when there is room for one line only. */
export function lineWords({ body }: HistoryLine): string {
  const text = body.text.replaceAll(/\s+/g, ' ').trim()
  const files = body.files ?? []
  if (files.length === 0) return text
  const what = files.length === 1 ? (files[0]!.type.startsWith('image/') ? 'Picture' : files[0]!.name) : `${files.length} files`
  return text === '' ? what : `${what}: ${text}`
}

export type Delivery = 'waiting' | 'partly' | 'delivered' | 'read'

/** How far an own text has come. `others`: accounts in the conversation but the own one. */
export function deliveryOf(
  line: HistoryLine,
  others: readonly string[],
  readMarks: ConversationCard['readMarks'],
): { state: Delivery; readBy: readonly string[] } {
  const readBy = others.filter((account) => readMarks.some((mark) => mark.account === account && mark.at >= line.at))
  if (others.length > 0 && readBy.length === others.length) return { state: 'read', readBy }
  const waiting = line.undelivered.filter((account) => others.includes(account) && !readBy.includes(account))
  if (waiting.length === 0) return { state: 'delivered', readBy }
  return { state: waiting.length < others.length ? 'partly' : 'waiting', readBy }
}

/** The same in words. */
export function deliveryWords(line: HistoryLine, others: readonly string[], readMarks: ConversationCard['readMarks'], nameOf: NameOf): string {
  const { state, readBy } = deliveryOf(line, others, readMarks)
  const waiting = line.undelivered.filter((account) => others.includes(account) && !readBy.includes(account)).map(nameOf)
  if (state === 'read') return others.length === 1 ? 'Read' : 'Read by everybody'
  if (state === 'delivered') return readBy.length === 0 ? 'Delivered' : `Delivered, read by ${readBy.map(nameOf).join(', ')}`
  return `Waits for ${waiting.slice(0, 3).join(', ')}${waiting.length > 3 ? ` and ${waiting.length - 3} more` : ''}`
}
