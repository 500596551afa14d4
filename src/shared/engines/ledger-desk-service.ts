import type { AddNetwork } from '../ipc/ledger-schema'
import type { EntryDetails, LedgerEntry } from '../ledger/ledger-entry'
import type { ExportFormat, LedgerFilter, LedgerPage, LedgerQuery } from '../ledger/ledger-query'
import type { LedgerState, NetworkInfo } from '../ledger/ledger-state'
import type { AddedChain } from '../ledger/rpc-network'
import type { LedgerService } from './ledger-service'

/** What the engine that has the ledger offers for looking things up; a part of its service. */
export interface LedgerDeskService {
  calls: {
    deskState: { input: undefined; output: LedgerState }
    queryEntries: { input: LedgerQuery; output: LedgerPage }
    getEntry: { input: string; output: EntryDetails | null }
    /** Resolves when the file is there; rows. Rejects with `cancelled`. */
    exportEntries: { input: { filter: LedgerFilter; format: ExportFormat; path: string }; output: number }
    cancelExport: { input: undefined; output: undefined }
    addNetwork: { input: AddNetwork; output: NetworkInfo }
    removeNetwork: { input: string; output: undefined }
    chooseNetwork: { input: string; output: undefined }
    checkNetwork: { input: string; output: undefined }
    /** The real chains that the person has added. `request` of `LedgerService` reaches them by their key. */
    chains: { input: undefined; output: AddedChain[] }
    /** Before each signature for a real chain; rejects with what stands against it. */
    checkSigning: { input: { key: string; account?: string; to?: string }; output: undefined }
    /** What the ledger has of an account, newest first; its network is kept up with from then on. */
    entriesOf: { input: { account: string; key: string; limit: number }; output: LedgerEntry[] }
  }
  events: { deskChanged: LedgerState }
}

/** All that the ledger engine offers. */
export interface LedgerEngineService {
  calls: LedgerService['calls'] & LedgerDeskService['calls']
  events: LedgerService['events'] & LedgerDeskService['events']
}
