import type { Why } from '@shared/community/for-you'
import { categoryName } from '@shared/community/categories'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago, in words: `just now`, `5 min ago`, `3 h ago`, `2 days ago`, then the date. Both in Unix ms. */
export function agoWords(t: number, now: number): string {
  const past = now - t
  if (past < MINUTE) return 'just now'
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`
  const days = Math.floor(past / DAY)
  if (days < 30) return days === 1 ? 'yesterday' : `${days} days ago`
  return new Date(t).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** A count as it fits under a button: `7`, `1.2k`, `3.4M`. */
export function shortCount(n: number): string {
  if (n < 1_000) return String(n)
  const [value, unit] = n < 1_000_000 ? [n / 1_000, 'k'] : [n / 1_000_000, 'M']
  return `${value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value)}${unit}`
}

export function likesWords(n: number): string {
  return n === 1 ? '1 like' : `${shortCount(n)} likes`
}

/** Why a card stands there, in one sentence. @param author as people know the author */
export function whyWords(why: Why, author: string): string {
  const tag = why.tag?.startsWith('#') === true ? categoryName(why.tag.slice(1)) : why.tag
  switch (why.source) {
    case 'similar':
    case 'alike':
    case 'taste':
      return why.itemTitle === undefined
        ? 'People who liked what you liked, liked this too.'
        : `People who liked “${why.itemTitle}”, as you did, liked this too.`
    case 'topic':
      return tag === undefined ? 'It is about what you watch.' : `You watch videos about ${tag}.`
    case 'author':
      return `You have watched other videos of ${author}.`
    case 'followed':
      return `You follow ${author}.`
    case 'today':
      return 'Many people liked it today.'
    case 'week':
      return 'It is popular this week.'
    case 'month':
      return 'It is popular this month.'
    case 'fresh':
      return 'It is new.'
    case 'explore':
      return 'Something different, to find out whether you like it. A few places are kept for that.'
  }
}

const PART_WORDS: Record<string, string> = {
  similar: 'liked by people like you',
  alike: 'liked by people like you, further down',
  taste: 'goes with what you like',
  today: 'popular today',
  week: 'popular this week',
  month: 'popular this month',
  topic: 'topics you watch',
  author: 'authors you watch',
  followed: 'you follow them',
  fresh: 'new',
}

/** What each reason counted for, the most first: shares of 1. */
export function whyParts({ parts }: Why): { words: string; share: number }[] {
  const counted = Object.entries(parts).filter(([, value]) => value > 0)
  const sum = counted.reduce((total, [, value]) => total + value, 0)
  return counted
    .map(([source, value]) => ({ words: PART_WORDS[source] ?? source, share: value / sum }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 5)
}

const VEIL_WORDS: Record<string, string> = {
  nudity: 'Nudity',
  sexual: 'Sexual content',
  violence: 'Violence',
  gore: 'Gore',
  flashing: 'Flashing pictures',
  spam: 'Spam',
}

export function veilWords(label: string): string {
  return VEIL_WORDS[label] ?? `Marked “${label}”`
}
