import { z } from 'zod'
import { ContractName } from '../money/contract-name'
import { NetworkKind } from './ledger-network'

/** A network as people see it: of a node's address only the host, since the rest may be a key. */
export const NetworkInfo = z.object({
  key: z.string().max(60),
  kind: NetworkKind,
  name: z.string(),
  chainId: z.bigint(),
  hosts: z.array(z.string()),
  contracts: z.array(ContractName),
})
export type NetworkInfo = z.infer<typeof NetworkInfo>

export const LedgerSync = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  /** Blocks: how far it is, and how far it goes. */
  z.object({ state: z.literal('reading'), done: z.int(), head: z.int() }),
  z.object({ state: z.literal('current'), head: z.int() }),
  /** It is tried again by itself. */
  z.object({ state: z.literal('stopped'), code: z.string(), message: z.string() }),
])
export type LedgerSync = z.infer<typeof LedgerSync>

export const LedgerState = z.object({
  /** The local one first. */
  networks: z.array(NetworkInfo),
  /** Key of the one in use; null while none could be opened. */
  active: z.string().nullable(),
  sync: LedgerSync,
  /** A running export: rows. */
  exporting: z.object({ done: z.int(), total: z.int() }).nullable(),
})
export type LedgerState = z.infer<typeof LedgerState>
