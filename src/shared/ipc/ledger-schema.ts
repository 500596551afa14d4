import { z } from 'zod'
import { EntryDetails, LedgerEntry } from '../ledger/ledger-entry'
import { ExportFormat, LedgerFilter, LedgerPage, LedgerQuery } from '../ledger/ledger-query'
import { LedgerState, NetworkInfo } from '../ledger/ledger-state'
import { RpcUrl } from '../ledger/rpc-network'
import { invoke, notify } from './channel'

const nothing = z.void()
const NetworkKey = z.string().max(60)

/** The form for a real chain: `contracts` is the text of a contract list (JSON). */
export const AddNetwork = z.object({
  name: z.string().trim().min(1).max(60),
  rpcUrl: RpcUrl,
  secondRpcUrl: RpcUrl.nullable(),
  contracts: z.string().max(20_000),
})
export type AddNetwork = z.infer<typeof AddNetwork>

/** The Ledger page: what happened on the network in use, and which network that is. */
export const ledgerSchema = {
  getState: invoke(nothing, LedgerState),
  /** Four times a second at most. */
  changed: notify(LedgerState),
  query: invoke(LedgerQuery, LedgerPage),
  /** Null when the ledger has taken it back. */
  getEntry: invoke(LedgerEntry.shape.id, EntryDetails.nullable()),
  /** System dialog, then in the background; `app.notice` tells of its end. False when cancelled. */
  exportEntries: invoke(z.object({ filter: LedgerFilter, format: ExportFormat }), z.boolean()),
  cancelExport: invoke(nothing, nothing),
  /** Connects, checks and pins. Rejects with words when something is not as it should be. */
  addNetwork: invoke(AddNetwork, NetworkInfo),
  removeNetwork: invoke(NetworkKey, nothing),
  chooseNetwork: invoke(NetworkKey, nothing),
  /** Connects and checks chain and contracts anew; rejects with what is wrong. */
  checkNetwork: invoke(NetworkKey, nothing),
} as const
