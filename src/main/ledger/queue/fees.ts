import type { SigningLedger } from '@shared/ledger/signing-ledger'

export interface Fees {
  /** Wei per gas. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

const GWEI = 1_000_000_000n
const NO_FEES: Fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }

/**
 * Fees for the next blocks: twice the base fee, which outlasts six full blocks (EIP-1559: at most 1/8 more with each),
 * and the tip that the node proposes. None on a ledger without a base fee of our own.
 */
export async function currentFees(ledger: SigningLedger): Promise<Fees> {
  if (ledger.network.kind === 'local') return NO_FEES
  const block = await ledger.request({ method: 'eth_getBlockByNumber', params: ['latest', false] })
  const base = quantity((block as { baseFeePerGas?: unknown } | null)?.baseFeePerGas) ?? 0n
  const proposed = await ledger.request({ method: 'eth_maxPriorityFeePerGas' }).catch(() => null)
  const tip = quantity(proposed) ?? GWEI
  return { maxFeePerGas: 2n * base + tip, maxPriorityFeePerGas: tip }
}

/** Nodes replace a waiting transaction only for at least 10 % more of both; 12.5 % and what the market asks. */
export function raisedFees(before: Fees, now: Fees): Fees {
  const more = (fee: bigint): bigint => fee + fee / 8n + 1n
  const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
  return {
    maxFeePerGas: larger(more(before.maxFeePerGas), now.maxFeePerGas),
    maxPriorityFeePerGas: larger(more(before.maxPriorityFeePerGas), now.maxPriorityFeePerGas),
  }
}

/** A JSON-RPC quantity; null when it is none. */
export function quantity(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value) ? BigInt(value) : null
}
