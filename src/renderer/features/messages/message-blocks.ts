import type { MessageLine } from '@shared/community/message-views'

/** Texts of one person that stand together, under one name. */
export interface MessageBlock {
  /** Of its first text. */
  readonly id: string
  readonly account: string
  readonly isMine: boolean
  readonly lines: readonly MessageLine[]
}

/** A day of a conversation. */
export interface MessageDay {
  /** Its first moment in the person's own zone, Unix milliseconds. */
  readonly day: number
  readonly blocks: readonly MessageBlock[]
  /** Before this block stands the mark of what is new; null: not in this day. */
  readonly newAt: number | null
}

/** A longer silence begins a new block. */
const TOGETHER_MS = 5 * 60_000

/**
 * A conversation as it is shown: by days, and by who speaks.
 * @param lines oldest first
 * @param firstNew id of the first text that the person had not read when she came; null: none
 */
export function messageDays(lines: readonly MessageLine[], firstNew: string | null): MessageDay[] {
  const days: { day: number; blocks: (MessageBlock & { lines: MessageLine[] })[]; newAt: number | null }[] = []
  let before: MessageLine | null = null
  for (const line of lines) {
    const day = dayOf(line.at)
    let last = days.at(-1)
    if (last?.day !== day) days.push((last = { day, blocks: [], newAt: null }))
    const isNew = line.id === firstNew
    if (isNew) last.newAt = last.blocks.length
    const block = last.blocks.at(-1)
    const goesOn = before !== null && before.sender === line.sender && line.at - before.at < TOGETHER_MS
    if (block !== undefined && goesOn && !isNew) block.lines.push(line)
    else last.blocks.push({ id: line.id, account: line.sender, isMine: line.isMine, lines: [line] })
    before = line
  }
  return days
}

/** The day of a moment in the person's own zone, as its first moment. */
export function dayOf(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
