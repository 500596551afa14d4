import { z } from 'zod'
import { Address, Bytes32 } from '../money/address'

/** What a row of the ledger is about, as a person would sort it. */
export const EntryKind = z.enum([
  'gift',
  'settlement',
  'share',
  'deposit',
  'withdrawal',
  'exit',
  'shortfall',
  'purchase',
  'packets',
  'live',
  'registration',
  'design',
  'faucet',
  'transfer',
  'approval',
  'rule',
  'transaction',
])
export type EntryKind = z.infer<typeof EntryKind>

/** What somebody is in a row. */
export const PartyRole = z.enum(['payer', 'creator', 'sharer', 'designer', 'sender', 'receiver', 'owner', 'account'])
export type PartyRole = z.infer<typeof PartyRole>

export const Party = z.object({ role: PartyRole, address: Address })
export type Party = z.infer<typeof Party>

/** One event of a contract of ours, or a transaction that left none. */
export const LedgerEntry = z.object({
  /** `block-index`; unique on its network. */
  id: z.string().regex(/^\d{1,15}-\d{1,7}$/),
  kind: EntryKind,
  /** Name of the event as the contract has it; empty for a bare transaction. */
  event: z.string(),
  contract: z.string(),
  block: z.int(),
  /** Of the block, Unix seconds. */
  time: z.int(),
  transaction: Bytes32,
  amountWei: z.bigint().nullable(),
  /** Those that matter first; of a settlement with many payers not all, see `partyCount`. */
  parties: z.array(Party),
  partyCount: z.int(),
  /** Digests of content, items and lives. */
  content: z.array(Bytes32),
  /** Fields of the event by name; amounts in wei, as text. */
  fields: z.record(z.string(), z.string()),
  /** The transaction was in a block but its contract refused it. */
  failed: z.boolean(),
  /** The network calls its block final: it stays. */
  settled: z.boolean(),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

/** Who says that an entry is true. */
export const EntryVerifier = z.discriminatedUnion('how', [
  /** This computer has executed the block itself and got the same state; `authority` has signed it. */
  z.object({ how: z.literal('executed'), authority: Address.nullable() }),
  /** Nodes of a real chain say so. */
  z.object({ how: z.literal('told'), hosts: z.array(z.string()) }),
])
export type EntryVerifier = z.infer<typeof EntryVerifier>

/** An entry with what else belongs to it. */
export const EntryDetails = z.object({
  entry: LedgerEntry,
  blockHash: Bytes32,
  verifier: EntryVerifier,
  /** Everybody in it. */
  parties: z.array(Party),
  /** What else the same transaction did. */
  others: z.array(LedgerEntry),
})
export type EntryDetails = z.infer<typeof EntryDetails>
