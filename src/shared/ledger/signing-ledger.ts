import type { Eip1193 } from './eip-1193'
import type { LedgerNetwork } from './ledger-network'

/** A ledger to which transactions may be sent: an embedded one, or a real chain that is checked before each signature. */
export interface SigningLedger extends Eip1193 {
  readonly network: LedgerNetwork
  /** Rejects with a StudioError while nothing may be signed for this ledger. */
  checkBeforeSigning(about: { account?: string; to?: string }): Promise<void>
}
