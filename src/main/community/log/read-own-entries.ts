import type { AcceptedEntry } from '@shared/community/accepted-entry'
import type { CommunityLog } from './community-log'

const AT_ONCE = 1_000

/** All that an account has said and that is here, in the order in which it came. */
export function readOwnEntries(log: CommunityLog, account: string): AcceptedEntry[] {
  const own: AcceptedEntry[] = []
  for (let seq = 0; ;) {
    const changes = log.changesAfter(seq, AT_ONCE)
    if (changes === null) return own
    seq = changes.seq
    for (const entry of changes.entries) if (entry.account === account) own.push(entry)
  }
}
