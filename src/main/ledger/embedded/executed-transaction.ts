import type { TypedTransaction } from '@ethereumjs/tx'
import * as dagCbor from '@ipld/dag-cbor'

/** Address, topics, data. */
export type LogEntry = [address: Uint8Array, topics: Uint8Array[], data: Uint8Array]

/** What a transaction did: kept with its block, so that a receipt needs no second execution. */
export interface Outcome {
  /** False: it was undone, only its nonce counts. */
  ok: boolean
  gasUsed: number
  from: Uint8Array
  /** The contract that it made. */
  created: Uint8Array | null
  logs: LogEntry[]
}

export interface ExecutedTransaction {
  transaction: TypedTransaction
  outcome: Outcome
}

export function encodeOutcomes(outcomes: readonly Outcome[]): Uint8Array {
  return dagCbor.encode(outcomes.map(({ ok, gasUsed, from, created, logs }) => [ok, gasUsed, from, created, logs]))
}

/** Reads what `encodeOutcomes` wrote: our own data, so it is not checked again. */
export function decodeOutcomes(encoded: Uint8Array): Outcome[] {
  const rows = dagCbor.decode<[boolean, number, Uint8Array, Uint8Array | null, LogEntry[]][]>(encoded)
  return rows.map(([ok, gasUsed, from, created, logs]) => ({ ok, gasUsed, from, created, logs }))
}
