import type { Eip1193 } from '@shared/ledger/eip-1193'
import type { NetworkKind } from '@shared/ledger/ledger-network'

/** What an index is built from. */
export interface IndexSource extends Eip1193 {
  readonly kind: NetworkKind
  /** Names of our contracts by lower-case address: a name of ContractName, TestFaucet or AllocationVesting. */
  readonly contracts: ReadonlyMap<string, string>
  readonly firstBlock: number
}
