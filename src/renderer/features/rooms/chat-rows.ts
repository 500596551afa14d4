import type { ChatLine } from '@shared/community/room-state'
import type { GiftEvent } from '@/features/gifts/gift-event'

/** An own line that is on its way, or was refused. */
export interface OutgoingLine {
  readonly key: string
  readonly text: string
  readonly reply: ChatLine['reply']
  /** Unix milliseconds. */
  readonly at: number
  /** Why it was refused, in words; null: on its way. */
  readonly problem: string | null
}

/** A gift in the stream; equal ones of one giver that come in a row count up. */
export interface GiftLine {
  readonly key: string
  readonly event: GiftEvent
  readonly count: number
  /** Unix milliseconds: when it came here. */
  readonly at: number
}

/** What the stream shows, top to bottom. */
export type ChatRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'start'; readonly key: string; readonly at: number }
  | { readonly kind: 'line'; readonly key: string; readonly line: ChatLine }
  | { readonly kind: 'gift'; readonly key: string; readonly gift: GiftLine }
  | { readonly kind: 'outgoing'; readonly key: string; readonly outgoing: OutgoingLine }

/** A gift counts up the one before it for so long, milliseconds. */
const COMBO_MS = 15_000

export function addGift(gifts: readonly GiftLine[], event: GiftEvent, now: number, most: number): readonly GiftLine[] {
  if (gifts.some((gift) => gift.key === event.id)) return gifts
  const last = gifts.at(-1)
  const isCombo =
    last?.event.payer === event.payer &&
    last.event.giftId === event.giftId &&
    event.text === last.event.text &&
    now - last.at <= COMBO_MS
  if (isCombo) return [...gifts.slice(0, -1), { ...last, count: last.count + event.qty, at: now }]
  return [...gifts, { key: event.id, event, count: event.qty, at: now }].slice(-most)
}

/**
 * Lines and gifts in one order, with a mark where a day begins and one where the live began; what is not said yet comes
 * last.
 * @param startedAt of the live, Unix milliseconds; null: none
 */
export function chatRows(
  lines: readonly ChatLine[],
  gifts: readonly GiftLine[],
  outgoing: readonly OutgoingLine[],
  startedAt: number | null,
): ChatRow[] {
  const said: (ChatRow & { at: number })[] = [
    ...lines.map((line) => ({ kind: 'line' as const, key: line.id, line, at: line.at })),
    ...gifts.map((gift) => ({ kind: 'gift' as const, key: `gift-${gift.key}`, gift, at: gift.at })),
  ].sort((one, other) => one.at - other.at) // stable: lines keep their own order
  const rows: ChatRow[] = []
  let day = ''
  let isBefore = false
  for (const row of said) {
    if (startedAt !== null && row.at < startedAt) isBefore = true
    const itsDay = dayOf(row.at)
    if (itsDay !== day && day !== '') rows.push({ kind: 'day', key: `day-${itsDay}`, at: row.at })
    day = itsDay
    if (startedAt !== null && isBefore && row.at >= startedAt) {
      rows.push({ kind: 'start', key: 'start', at: startedAt })
      isBefore = false
    }
    rows.push(row)
  }
  return [...rows, ...outgoing.map((one) => ({ kind: 'outgoing' as const, key: one.key, outgoing: one }))]
}

function dayOf(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}
