import { parseSubject } from '@shared/community/subject'
import type { CommunityReader } from '../index/community-reader'
import { ALL, type Following } from '../log/log-fetch'
import type { LogSync } from '../log/log-sync'

/** Of people who are not followed: enough for their channel's first pages. */
const RECENT: Following = { newest: 200, bodies: true, signatures: 'every' }
/** Accounts that are kept up to date for the sake of lists: neighbours, and whom the followed follow. */
const MOST_NEIGHBOURS = 200
const MOST_FRIENDS = 300
const MOST_VISITED = 50

/**
 * Whose logs are kept up to date: one's own and those of whom one follows in full; the newest of connected peers, of whom
 * the followed follow, and of whoever's page was opened last.
 */
export class Neighbourhood {
  readonly #kept = new Map<string, Following>()
  readonly #near = new Set<string>()
  readonly #visited = new Set<string>()

  constructor(
    private readonly sync: Pick<LogSync, 'follow' | 'unfollow' | 'refresh'>,
    private readonly reader: Pick<CommunityReader, 'followedBy'>,
    private readonly me: () => string | null,
  ) {}

  /** A connected peer acts for this account. */
  met(account: string): void {
    const isKnown = this.#near.has(account)
    remember(this.#near, account, MOST_NEIGHBOURS)
    if (!isKnown) this.renew() // it asks the index for the follows of all who are followed
  }

  /** Somebody's page is opened: what is new of them is asked for. */
  visit(account: string): void {
    const isKept = this.#kept.has(account)
    remember(this.#visited, account, MOST_VISITED)
    this.renew()
    if (isKept) void this.sync.refresh(account)
  }

  /** After a change of follows or of the own account. */
  renew(): void {
    const me = this.me()
    const followed = me === null ? [] : this.#followedBy(me)
    const wanted = new Map<string, Following>()
    const recent = [...this.#near, ...this.#visited]
    for (const friend of followed) {
      if (recent.length >= MOST_NEIGHBOURS + MOST_VISITED + MOST_FRIENDS) break
      recent.push(...this.#followedBy(friend).slice(0, MOST_FRIENDS))
    }
    for (const account of recent.slice(0, MOST_NEIGHBOURS + MOST_VISITED + MOST_FRIENDS)) wanted.set(account, RECENT)
    for (const account of me === null ? followed : [...followed, me]) wanted.set(account, ALL)
    for (const account of this.#kept.keys()) if (!wanted.has(account)) this.sync.unfollow(account)
    for (const [account, following] of wanted) {
      if (this.#kept.get(account) !== following) this.sync.follow(account, following)
    }
    this.#kept.clear()
    for (const [account, following] of wanted) this.#kept.set(account, following)
  }

  /** Accounts behind the people and channels that somebody follows. */
  #followedBy(account: string): string[] {
    const accounts = this.reader.followedBy(account).flatMap((text) => {
      const subject = parseSubject(text)
      return subject !== null && 'account' in subject ? [subject.account] : []
    })
    return [...new Set(accounts)]
  }
}

/** The longest unused goes first. */
function remember(names: Set<string>, name: string, most: number): void {
  names.delete(name)
  names.add(name)
  const [oldest] = names
  if (names.size > most && oldest !== undefined) names.delete(oldest)
}
