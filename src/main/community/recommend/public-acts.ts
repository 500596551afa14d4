/** Milliseconds of a day. */
export const DAY = 86_400_000

/** What there is to recommend; the position in the list is the item's number. */
export interface Offer {
  /** Subject. */
  readonly id: string
  /** Number of its author. */
  readonly author: number
  /** Numbers of its tags and category, each once. */
  readonly tags: readonly number[]
  /** Published, Unix ms. */
  readonly t: number
}

/** Likes, reposts, shares and playlist entries that everybody can see, oldest first, by number of person and item. */
export interface PublicActs {
  readonly people: number
  readonly person: Int32Array
  readonly item: Int32Array
  readonly t: Float64Array
}

/** The acts before a moment. */
export function actsBefore(acts: PublicActs, moment: number): PublicActs {
  let end = 0
  while (end < acts.t.length && acts.t[end]! < moment) end++
  const { people, person, item, t } = acts
  return { people, person: person.subarray(0, end), item: item.subarray(0, end), t: t.subarray(0, end) }
}

/** Acts by one of their sides: those of number i are at `start[i]` to `start[i + 1] - 1` of `act`, oldest first. */
export interface Grouped {
  readonly start: Int32Array
  /** Positions in the acts. */
  readonly act: Int32Array
}

export function groupBy(key: Int32Array, count: number): Grouped {
  const start = new Int32Array(count + 1)
  for (const k of key) start[k + 1]!++
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!
  const next = start.slice(0, count)
  const act = new Int32Array(key.length)
  for (let i = 0; i < key.length; i++) act[next[key[i]!]!++] = i
  return { start, act }
}

/** Of each person the newest `most` acts: nobody's long list may decide for all, nor cost the square of its length. */
export function newestOfEach(byPerson: Grouped, person: number, most: number): Int32Array {
  const end = byPerson.start[person + 1]!
  return byPerson.act.subarray(Math.max(byPerson.start[person]!, end - most), end)
}
