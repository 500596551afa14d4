import type { IndexDatabase } from './index-database'

export const DAY_MS = 86_400_000

/** UTC days since 1970. */
export function dayOf(t: number): number {
  return Math.floor(t / DAY_MS)
}

/** Counters per subject and kind, of each day and in all. What is added can be taken off again without a trace. */
export class Tallies {
  constructor(private readonly db: IndexDatabase) {}

  /** @param by +1 or -1 */
  add(subject: string, kind: string, t: number, by: number): void {
    const day = dayOf(t)
    this.db.run(
      'insert into tally values (?, ?, ?, ?) on conflict do update set n = n + excluded.n',
      ...[subject, kind, day, by],
    )
    if (by < 0)
      this.db.run('delete from tally where subject = ? and kind = ? and day = ? and n = 0', subject, kind, day)
    this.addTotal(subject, kind, by)
  }

  addTotal(subject: string, kind: string, by: number): void {
    if (by === 0) return
    this.db.run('insert into total values (?, ?, ?) on conflict do update set n = n + excluded.n', subject, kind, by)
    if (by < 0) this.db.run('delete from total where subject = ? and kind = ? and n = 0', subject, kind)
  }

  total(subject: string, kind: string): number {
    const row = this.db.get('select n from total where subject = ? and kind = ?', subject, kind)
    return (row as { n: number } | undefined)?.n ?? 0
  }

  /** All totals of a subject, by kind. */
  totals(subject: string): Record<string, number> {
    const rows = this.db.all('select kind, n from total where subject = ?', subject) as { kind: string; n: number }[]
    return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]))
  }

  /** Per day, oldest first. */
  days(subject: string): { kind: string; day: number; n: number }[] {
    return this.db.all('select kind, day, n from tally where subject = ? order by day, kind', subject) as {
      kind: string
      day: number
      n: number
    }[]
  }
}
