import type { ChatLine } from '@shared/community/room-state'

/** Lines kept while the newest are read. */
export const MAX_LINES = 500
/** Lines kept while somebody reads what was said before. */
export const MAX_LINES_BACK = 2_000

/** Every line once, in the order of the talk (`at`, then `id`); of two with one id the later one of the call counts. */
export function mergeLines(before: readonly ChatLine[], came: readonly ChatLine[]): readonly ChatLine[] {
  if (came.length === 0) return before
  const byId = new Map(before.map((line) => [line.id, line]))
  for (const line of came) byId.set(line.id, line)
  return [...byId.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
}
