import type { LedgerDeskService } from '@shared/engines/ledger-desk-service'
import type { CallHandlers } from '@shared/rpc/rpc'
import type { LedgerDesk } from './ledger-desk'

/** The desk's part of the ledger engine's service; calls wait until the desk is open. */
export function deskHandlers(desk: () => Promise<LedgerDesk>): CallHandlers<LedgerDeskService> {
  return {
    deskState: async () => (await desk()).state,
    queryEntries: async (query) => (await desk()).query(query),
    getEntry: async (id) => (await desk()).entry(id),
    exportEntries: async ({ filter, format, path }) => (await desk()).export(filter, format, path),
    async cancelExport() {
      ;(await desk()).cancelExport()
      return undefined
    },
    addNetwork: async (wanted) => (await desk()).addNetwork(wanted),
    async removeNetwork(key) {
      await (await desk()).removeNetwork(key)
      return undefined
    },
    async chooseNetwork(key) {
      await (await desk()).chooseNetwork(key)
      return undefined
    },
    chains: async () => (await desk()).chains.list(),
    async checkSigning({ key, ...about }) {
      await (await (await desk()).chains.open(key)).checkBeforeSigning(about)
      return undefined
    },
    entriesOf: async ({ account, key, limit }) => (await desk()).entriesOf(account, key, limit),
    async checkNetwork(key) {
      await (await desk()).checkNetwork(key)
      return undefined
    },
  }
}
