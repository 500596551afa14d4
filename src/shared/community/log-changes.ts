import type { AcceptedEntry } from './accepted-entry'

/** A device signed two histories: what it said from `n` on counts no more. */
export interface LogFork {
  /** 64 hex digits. */
  readonly device: string
  /** Null when no account has granted the device yet. */
  readonly account: string | null
  readonly n: number
  /** Convinces everybody else (`readForkProof`); null when only this node can know. */
  readonly proof: Uint8Array | null
}

/** What changed in the logs, in one batch; whoever keeps `seq` with what it made of it can go on from there. */
export interface LogChanges {
  readonly seq: number
  /** New ones, and those whose body came later, was withdrawn or ran out: the last state of each. */
  readonly entries: readonly AcceptedEntry[]
  /** Ids of entries that were shown and count no more: the device was revoked or forked its log. */
  readonly removed: readonly string[]
  readonly forks: readonly LogFork[]
}
