const WORDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  video: ['video', 'videos'],
  live: ['live', 'lives'],
  comment: ['comment', 'comments'],
  like: ['like', 'likes'],
  follow: ['follow', 'follows'],
  repost: ['repost', 'reposts'],
  share: ['share', 'shares'],
  chat: ['chat message', 'chat messages'],
  playlist: ['playlist', 'playlists'],
  list: ['list', 'lists'],
}
const OTHERS = ['other', 'others'] as const

/** What a backup holds, the most first: `3 videos, 1 comment, 12 others`. */
export function kindWords(kinds: Readonly<Record<string, number>>): string {
  const named = Object.entries(kinds).filter(([kind]) => kind in WORDS)
  const others = Object.entries(kinds).reduce((sum, [kind, count]) => (kind in WORDS ? sum : sum + count), 0)
  const words = named.sort(([, a], [, b]) => b - a).map(([kind, count]) => counted(count, WORDS[kind]!))
  if (others > 0) words.push(counted(others, OTHERS))
  return words.join(', ')
}

function counted(count: number, [one, many]: readonly [string, string]): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}
