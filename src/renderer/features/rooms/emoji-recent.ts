import { EMOJI, type Emoji } from './emoji-set'

const KEY = 'emoji-recent'
const MOST = 16
const FIRST = ['❤️', '🔥', '😂', '👏', '😍', '🎉', '👍', '😮']

/** Those used last, newest first; the favourites of live chats for who has used none. */
export function recentEmoji(): Emoji[] {
  let kept: unknown = null
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    // as if there were none
  }
  const used: unknown[] = Array.isArray(kept) ? kept : []
  return [...new Set<unknown>([...used, ...FIRST])]
    .flatMap((one) => EMOJI.find(({ emoji }) => emoji === one) ?? [])
    .slice(0, MOST)
}

export function rememberEmoji(emoji: string): void {
  const recent = [emoji, ...recentEmoji().map((one) => one.emoji)]
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set(recent)].slice(0, MOST)))
  } catch {
    // it is not remembered
  }
}
