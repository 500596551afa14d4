import type { ConversationView, MessageLine, MessagePage, MessagePerson } from '@shared/community/message-views'
import { shortAccount } from '@/features/channel/person-store'
import { dayOf } from './message-blocks'

/** Days back that have a weekday for a name. */
const WEEK_DAYS = 6

export function clockWords(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}

export function wholeTimeWords(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' })
}

function daysBetween(at: number, now: number): number {
  return Math.round((dayOf(now) - dayOf(at)) / 86_400_000)
}

/** A day as a heading: Today, Yesterday, a weekday of this week, a date. */
export function dayWords(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const date = new Date(at)
  if (days > 0 && days <= WEEK_DAYS) return date.toLocaleDateString(undefined, { weekday: 'long' })
  const isThisYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}

/** A moment in little room: the clock today, a weekday this week, else a date. */
export function listTimeWords(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days <= 0) return clockWords(at)
  if (days <= WEEK_DAYS) return new Date(at).toLocaleDateString(undefined, { weekday: 'short' })
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

export function personWords({ name, account }: Pick<MessagePerson, 'name' | 'account'>): string {
  return name === '' ? shortAccount(account) : name
}

/** What to call an account in a conversation; a short form of the address for who has left it. */
export function nameIn({ people }: Pick<ConversationView, 'people'>, account: string): string {
  const person = people.find((one) => one.account === account)
  return person === undefined ? shortAccount(account) : personWords(person)
}

export function othersOf({ people }: Pick<ConversationView, 'people'>): MessagePerson[] {
  return people.filter(({ isMe }) => !isMe)
}

/** The one that a private conversation is with; null: it is a group, or nobody else is in it. */
export function otherOf(view: Pick<ConversationView, 'people' | 'kind'>): MessagePerson | null {
  const others = othersOf(view)
  return view.kind === 'direct' && others.length === 1 ? others[0]! : null
}

/** What a conversation is called: its title, or who is in it. */
export function titleOf(view: Pick<ConversationView, 'people' | 'kind' | 'title'>): string {
  if (view.kind === 'group' && view.title !== '') return view.title
  const names = othersOf(view).map(personWords)
  if (names.length === 0) return view.kind === 'group' ? 'Group of one' : 'Nobody else'
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}

/** What a text is when there is room for one line only. */
export function lineWords({ text, files }: Pick<MessageLine, 'text' | 'files'>): string {
  const words = text.replaceAll(/\s+/g, ' ').trim()
  const [first] = files
  if (first === undefined) return words
  const what = files.length > 1 ? `${files.length} files` : first.type.startsWith('image/') ? 'Picture' : first.name
  return words === '' ? what : `${what}: ${words}`
}

/** How far an own text has come, for who wants to know or cannot see the mark. */
export function deliveryWords(line: MessageLine, view: ConversationView, reads: MessagePage['reads'] = []): string {
  const others = othersOf(view)
  const readers = others.filter(({ account }) => reads.some((read) => read.account === account && read.at >= line.at))
  const isRead = (account: string): boolean => readers.some((reader) => reader.account === account)
  const waiting = line.undelivered.filter((account) => !isRead(account)).map((account) => nameIn(view, account))
  const [named, more] = [waiting.slice(0, 3).join(', '), waiting.length - 3]
  const whom = more > 0 ? `${named} and ${more} more` : named === '' ? 'them' : named
  const readBy = readers.length > 0 && others.length > 1 ? `, read by ${readers.map(personWords).join(', ')}` : ''
  switch (line.state) {
    case 'sending':
      return `Waits for a peer: ${whom} ${waiting.length > 1 ? 'are' : 'is'} not connected${readBy}`
    case 'kept':
      return `Sealed with other peers until ${whom} ${waiting.length > 1 ? 'are' : 'is'} back${readBy}`
    case 'arrived':
      return `Delivered${readBy}`
    case 'read':
      return others.length > 1 ? 'Read by everybody' : 'Read'
  }
}
