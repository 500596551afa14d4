import type { ViewerRules } from '@shared/community/viewer-rules'
import type { OthersWord } from '../moderation/viewer-filter'
import type { IndexDatabase } from './index-database'

/** What the lists and labelers that a person picked say, as the index knows it now. Asked once per thing shown. */
export function othersWord(db: IndexDatabase, rules: ViewerRules, now: number): OthersWord {
  const lists = rules.lists.filter(
    (id) => db.get("select 1 from list where id = ? and purpose in ('block', 'mute')", id) !== undefined,
  )
  const labelers = new Set(rules.labelers)
  const nothing: readonly { label: string; by: string }[] = []
  return {
    listed: (subject) =>
      lists.find((list) => db.get('select 1 from member where list = ? and subject = ?', list, subject) !== undefined),
    labels: (subject) => {
      if (labelers.size === 0) return nothing
      const sql = 'select val as label, account as by from label where subject = ? and (exp is null or exp > ?)'
      return (db.all(sql, subject, now) as { label: string; by: string }[]).filter(({ by }) => labelers.has(by))
    },
  }
}
