import type { SentEntry } from '@shared/community/log-messages'
import type { Draft } from '../log/own-log'

/** What rooms need of the person's community. */
export interface RoomHost {
  /** The account that this device acts for; null: none yet. */
  readonly me: string | null
  /** Unix milliseconds. */
  readonly now: () => number
  /** Signs and keeps; returns ids. Throws StudioError `no-account`, `log-frozen`. */
  append: (...drafts: Draft[]) => string[]
  /** An own entry as it travels. */
  sealed: (id: string) => SentEntry | null
  /** The grant of this device, newest. */
  grant: () => SentEntry | null
  /** The own profile, if this device wrote the one that holds. */
  profile: () => SentEntry | null
  /** An entry of this device that says that the person follows an account or a channel of it; null: it does not follow. */
  followOf: (account: string) => SentEntry | null
  /** By what name the own index knows an account. */
  nameOf: (account: string) => string | null
  /** Further names by which people may call the person here. */
  readonly ownNames: readonly string[]
  /** The version of a list that holds now, as it travels with the grant of its device; null: the list is not here. */
  list: (root: string) => { readonly id: string; readonly entry: SentEntry; readonly grant: SentEntry } | null
  /** The list that an entry is a version of, by the id of its first. */
  rootOfList: (version: string) => string
  /** Accounts that the person follows. */
  followed: () => string[]
  /** Whether an account follows another one or a channel of it, as far as it is known here. */
  follows: (account: string, other: string) => boolean
  /** Whether the person does not want to see a line. */
  hides: (line: { id: string; account: string; text: string }) => boolean
  /** Whether an entry lies above the place where the log of its device was frozen: revoked, or forked. */
  isVoid: (device: string, n: number) => boolean
}
