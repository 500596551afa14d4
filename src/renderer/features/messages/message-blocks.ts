import type { HistoryLine } from '@shared/community/direct-conversation'

/** Texts of one person that stand together, under one name. */
export interface MessageBlock {
  /** Of its first text. */
  readonly id: string
  readonly account: string
  readonly isMine: boolean
  readonly lines: readonly HistoryLine[]
}

/** A day of a conversation. Between `blocks[n - 1]` and `blocks[n]` stands the mark of what is new when `newAt` is n. */
export interface MessageDay {
  /** Its first moment in the person's own zone, Unix milliseconds. */
  readonly day: number
  readonly blocks: readonly MessageBlock[]
  readonly newAt: number | null
}

/** A longer silence begins a new block. */
const TOGETHER_MS = 5 * 60_000

/**
 * A conversation as it is shown: by days, and by who speaks.
 * @param lines oldest first
 * @param firstNew id of the first text that the person has not read when she came; null: none
 */
export function messageDays(lines: readonly HistoryLine[], firstNew: string | null): MessageDay[] {
  const days: { day: number; blocks: { id: string; account: string; isMine: boolean; lines: HistoryLine[] }[]; newAt: number | null }[] = []
  let before: HistoryLine | null = null
  for (const line of lines) {
    const day = dayOf(line.at)
    let last = days.at(-1)
    const isNewDay = last?.day !== day
    if (last === undefined || isNewDay) days.push((last = { day, blocks: [], newAt: null }))
    const isNew = line.id === firstNew
    if (isNew) last.newAt = last.blocks.length
    const block = last.blocks.at(-1)
    const goesOn = before !== null && before.sender.account === line.sender.account && line.at - before.at < TOGETHER_MS
    if (block !== undefined && goesOn && !isNew) block.lines.push(line)
    else last.blocks.push({ id: line.id, account: line.sender.account, isMine: line.isMine, lines: [line] })
    before = line
  }
  return days
}

/** The day of a moment in the person's own zone, as its first moment. */
export function dayOf(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
