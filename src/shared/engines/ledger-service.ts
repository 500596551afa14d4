import type { LedgerRefusal, LedgerStatus } from '../ledger/ledger-status'

/** What a provider answers, as data: an error keeps its number and, for a revert, the contract's data. */
export type RpcAnswer = { result: unknown } | { error: { code: number; message: string; data?: string | undefined } }

/** A request of EIP-1193 to a ledger: "home", a genesis hash of one that is followed, or the key of a real chain. */
export interface LedgerCallInput {
  ledger: string
  method: string
  params: readonly unknown[]
}

/**
 * Main to ledger engine: the local ledgers of this profile. Its own one ("home") is made at first need. The line to the
 * peer engine is a port that main makes (`ExchangeService`).
 */
export interface LedgerService {
  calls: {
    start: { input: { dataDir: string }; output: undefined }
    /** Opens the own ledger, or makes it. */
    home: { input: undefined; output: LedgerStatus }
    /** Follows somebody else's; `peers` are peer ids that have it. Resolves when its blocks are here. */
    follow: { input: { ledger: string; peers: string[] }; output: LedgerStatus }
    unfollow: { input: string; output: undefined }
    list: { input: undefined; output: LedgerStatus[] }
    request: { input: LedgerCallInput; output: RpcAnswer }
    close: { input: undefined; output: undefined }
  }
  events: {
    changed: LedgerStatus
    /** A peer was dropped for what it sent. */
    refused: { ledger: string; refusal: LedgerRefusal }
  }
}
