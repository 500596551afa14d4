/** A line as a screen reader says it. */
export interface SpokenLine {
  readonly who: string
  readonly text: string
  readonly mentionsMe: boolean
}

/** Between two announcements, milliseconds. */
export const ANNOUNCE_MS = 4_000

/** One sentence for what came since the last: a line is read out, many are counted; what is for the person comes first. */
export function announcement(lines: readonly SpokenLine[]): string {
  const last = lines.findLast(({ mentionsMe }) => mentionsMe) ?? lines.at(-1)
  if (last === undefined) return ''
  const words = `${last.who}: ${last.text.slice(0, 200)}`
  if (lines.length === 1) return last.mentionsMe ? `To you, ${words}` : words
  return `${lines.length} messages. ${last.mentionsMe ? 'To you, ' : 'The last, '}${words}`
}
