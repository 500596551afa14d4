import { z } from 'zod'
import { Address } from '../money/address'

/** A peer that was dropped for what it sent. */
export const LedgerRefusal = z.object({
  peer: z.string(),
  code: z.string(),
  message: z.string(),
  height: z.number().nullable(),
  /** Unix milliseconds. */
  at: z.number(),
})
export type LedgerRefusal = z.infer<typeof LedgerRefusal>

/** One local ledger as people see it. What it holds is test value only. */
export const LedgerStatus = z.object({
  /** Genesis hash, 64 hexadecimal digits. */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  chainId: z.number(),
  /** `host`: this app makes its blocks. */
  role: z.enum(['host', 'follower']),
  height: z.number(),
  /** Unix seconds of the last block. */
  time: z.number(),
  /** Connected peers that have it, too. */
  peers: z.number(),
  /** Transactions that wait for a block. */
  waiting: z.number(),
  contracts: z.record(z.string(), Address),
  /** Newest last, a few. */
  refusals: z.array(LedgerRefusal),
  /** Why it does not go on, in words; null when all is well. */
  problem: z.string().nullable(),
})
export type LedgerStatus = z.infer<typeof LedgerStatus>
