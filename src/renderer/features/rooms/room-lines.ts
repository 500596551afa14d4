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
  // a line that comes back, as when a ban is taken back, is quoted again
  const back = new Map(came.map((line) => [line.id, line]))
  for (const line of before) {
    const answered = line.reply?.text === null ? back.get(line.reply.id) : undefined
    if (answered === undefined || back.has(line.id)) continue
    byId.set(line.id, { ...line, reply: { id: answered.id, name: answered.name, text: answered.text } })
  }
  return [...byId.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
}

/** Without these lines; what answers one of them does not quote it any more. */
export function withoutLines(lines: readonly ChatLine[], ids: readonly string[]): readonly ChatLine[] {
  const gone = new Set(ids)
  return lines
    .filter(({ id }) => !gone.has(id))
    .map((line) =>
      line.reply !== null && gone.has(line.reply.id) ? { ...line, reply: { ...line.reply, text: null } } : line,
    )
}
