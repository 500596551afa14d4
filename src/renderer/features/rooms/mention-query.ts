/** A mention that is being written: where its `@` stands, and what follows it so far. */
export interface MentionQuery {
  readonly from: number
  readonly query: string
}

/** Names offered at once. */
export const MAX_OFFERED = 6

/** What is being written at the caret; null: no mention. A name may have one space in it. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const found = /(?:^|[\s\p{P}\p{Script=Han}])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/u.exec(text.slice(0, caret))
  const query = found?.[1]
  return query === undefined ? null : { from: caret - query.length - 1, query }
}

/** Names that fit, those who begin with it first, else in the order given. */
export function offeredNames(names: readonly string[], query: string): string[] {
  const wanted = query.toLowerCase()
  const begins = names.filter((name) => name.toLowerCase().startsWith(wanted))
  const others = names.filter((name) => !begins.includes(name) && name.toLowerCase().includes(wanted))
  return [...begins, ...(wanted === '' ? [] : others)].slice(0, MAX_OFFERED)
}

/** The text with the name in place of what was written of it, and where the caret stands then. */
export function completeMention(
  text: string,
  { from, query }: MentionQuery,
  name: string,
): { text: string; caret: number } {
  const after = text.slice(from + 1 + query.length)
  const put = `@${name}${after.startsWith(' ') ? '' : ' '}`
  return { text: text.slice(0, from) + put + after, caret: from + put.length + (after.startsWith(' ') ? 1 : 0) }
}
