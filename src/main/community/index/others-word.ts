import type { ViewerRules } from '@shared/community/viewer-rules'
import type { OthersWord } from '../moderation/viewer-filter'
import type { IndexDatabase } from './index-database'

/**
 * What the lists and labelers that a person picked say, as the index knows it now; lists are read here once, so make a new
 * one when they may have changed.
 */
export function othersWord(db: IndexDatabase, rules: ViewerRules, now: number): OthersWord {
  const listed = new Map<string, string>()
  for (const id of rules.lists) {
    const sql =
      "select subject from member join list on list.id = member.list where member.list = ? and purpose in ('block', 'mute')"
    for (const { subject } of db.all(sql, id) as { subject: string }[])
      if (!listed.has(subject)) listed.set(subject, id)
  }
  const labelers = new Set(rules.labelers)
  const nothing: readonly { label: string; by: string }[] = []
  return {
    listed: (subject) => listed.get(subject),
    labels: (subject) => {
      if (labelers.size === 0) return nothing
      const sql = 'select val as label, account as by from label where subject = ? and (exp is null or exp > ?)'
      return (db.all(sql, subject, now) as { label: string; by: string }[]).filter(({ by }) => labelers.has(by))
    },
  }
}
