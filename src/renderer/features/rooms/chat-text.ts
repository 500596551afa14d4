/** A piece of a line. `link`: an address that the person may look at and copy; nothing opens by itself. */
export type ChatPart = { readonly kind: 'text' | 'mention' | 'link'; readonly text: string }

/** An address up to the first space; the mark that ends a sentence is none of it. */
const LINK = /(?:https?|we):\/\/[^\s<>"，。！？；：、）】」』]{3,2000}/giu
const AFTER_LINK = /[.,;:!?'")\]}]+$/u

/**
 * A line cut into words, addresses and names of people in the room.
 * @param names what people here are called; longer ones win ("Ann Lee" before "Ann")
 */
export function chatParts(text: string, names: readonly string[]): ChatPart[] {
  const parts: ChatPart[] = []
  let end = 0
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const link = found.replace(AFTER_LINK, '')
    mentionParts(text.slice(end, index), names, parts)
    parts.push({ kind: 'link', text: link })
    end = index + link.length
  }
  mentionParts(text.slice(end), names, parts)
  return parts
}

function mentionParts(text: string, names: readonly string[], parts: ChatPart[]): void {
  const lower = text.toLowerCase()
  let end = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (at < end || (at > 0 && isWord(text[at - 1]!))) continue
    const length = longestName(lower, at + 1, names)
    if (length === 0) continue
    if (at > end) parts.push({ kind: 'text', text: text.slice(end, at) })
    end = at + 1 + length
    parts.push({ kind: 'mention', text: text.slice(at, end) })
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
}

function longestName(lower: string, at: number, names: readonly string[]): number {
  let longest = 0
  for (const name of names) {
    if (name.length <= longest || !lower.startsWith(name.toLowerCase(), at)) continue
    const next = lower[at + name.length]
    // "@Anna" is not Ann; Chinese is written without spaces, so a name may be followed by anything there
    if (next !== undefined && isWord(next) && isWord(name.at(-1)!)) continue
    longest = name.length
  }
  return longest
}

/** Letters of alphabets that part words by spaces, and digits. */
function isWord(letter: string): boolean {
  return /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_]/u.test(letter)
}

/** The first address in a line; null: none. */
export function linkIn(text: string): string | null {
  return chatParts(text, []).find(({ kind }) => kind === 'link')?.text ?? null
}
