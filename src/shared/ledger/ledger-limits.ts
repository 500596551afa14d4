/**
 * Bounds of a local ledger. Gas costs nothing there, so what a stranger can make others store and compute is bounded
 * instead. The first group is part of the rules: a block beyond it is refused by everyone who re-executes it.
 */
export const MAX_BLOCK_GAS = 30_000_000
export const MAX_BLOCK_BYTES = 1024 * 1024
export const MAX_BLOCK_TRANSACTIONS = 1_000
/** Two contracts of the largest size (EIP-3860) fit. */
export const MAX_TRANSACTION_BYTES = 128 * 1024
export const MAX_GENESIS_BYTES = 2 * 1024 * 1024
export const MAX_AUTHORITIES = 32
/** How far a block's time may be ahead of the clock of the one who checks it, seconds. */
export const MAX_AHEAD_S = 2
/** After this long without a block the next authority steps in, seconds. */
export const STEP_IN_S = 5

/** What an authority takes into its queue; these are its own choice and may differ. */
export interface AdmissionLimits {
  /** Gas of one transaction. */
  transactionGas: number
  /** Transactions that wait, for each sender and in all. */
  perSender: number
  total: number
  /** Token bucket for each sender: at most `burst` at once, then one every `refillMs`. */
  burst: number
  refillMs: number
}

export const ADMISSION: AdmissionLimits = {
  transactionGas: 3_000_000,
  perSender: 64,
  total: 4_096,
  burst: 20,
  refillMs: 3_000,
}

/** Gas of `eth_call` and the ceiling of `eth_estimateGas`: calls run between blocks and must not hold them up. */
export const MAX_CALL_GAS = 10_000_000
/** Rows of one `eth_getLogs`, and blocks that it may look through. */
export const MAX_LOGS = 10_000
export const MAX_LOG_BLOCKS = 50_000
