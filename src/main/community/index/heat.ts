import type { IndexDatabase } from './index-database'
import { DAY_MS, dayOf, type Tallies } from './tallies'

/** Days in which an act loses half of its weight. */
export const HEAT_HALF_LIFE_DAYS = 3
const WEIGHTS: Readonly<Record<string, number>> = { like: 1, voice: 2, repost: 3, share: 3 }

/**
 * How popular something is, in a form that everybody can compute again from the public log:
 *
 *   heat(s) = log2( 2^(day(s)/H) + sum over days d, kinds k of  w_k * n_k(s, d) * 2^(d/H) )      H = 3 days
 *
 * with n_k(s, d) the accounts other than the author whose act of kind k about s is dated on UTC day d: like 1, voice
 * (somebody who commented that day) 2, repost 3, share 3; day(s) is the day of publication, which counts as one act. The
 * weight of an act doubles every H days instead of old ones being halved (forward decay, Cormode et al., ICDE 2009): the order
 * is the same at every later moment, so it can be kept in an index. heat - today/H is log2 of the decayed sum. Acts of fake accounts count like
 * others here; what an account may do is limited before it gets here.
 */
export function heatOf(publishedDay: number, acts: readonly { kind: string; day: number; n: number }[]): number {
  const newest = acts.reduce((most, { day }) => Math.max(most, day), publishedDay)
  let sum = 2 ** ((publishedDay - newest) / HEAT_HALF_LIFE_DAYS)
  for (const { kind, day, n } of acts) sum += (WEIGHTS[kind] ?? 0) * n * 2 ** ((day - newest) / HEAT_HALF_LIFE_DAYS)
  return newest / HEAT_HALF_LIFE_DAYS + Math.log2(sum)
}

/** The decayed sum of acts that a heat stands for, at a time: 1 is one act today. */
export function decayedActs(heat: number, now: number): number {
  return 2 ** (heat - now / DAY_MS / HEAT_HALF_LIFE_DAYS)
}

/** Works the heat of an item out anew, without its author's own acts. */
export function refreshHeat(db: IndexDatabase, tallies: Tallies, id: string): void {
  const item = db.get('select account, t, heat from item where id = ?', id) as
    { account: string; t: number; heat: number } | undefined
  if (item === undefined) return
  const own = db.all(
    `select kind, t / ${DAY_MS} as day from reaction where subject = ? and account = ? union all
     select 'voice', day from voice where subject = ? and account = ?`,
    ...[id, item.account, id, item.account],
  ) as { kind: string; day: number }[]
  const acts = tallies.days(id).map(({ kind, day, n }) => ({
    ...{ kind, day },
    n: n - own.filter((act) => act.kind === kind && act.day === day).length,
  }))
  const heat = heatOf(dayOf(item.t), acts)
  if (heat !== item.heat) db.run('update item set heat = ? where id = ?', heat, id)
}
