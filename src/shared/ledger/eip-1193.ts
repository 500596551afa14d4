/**
 * What every ledger of the app offers, the embedded one and a real chain alike: EIP-1193's `request`. Methods and
 * their shapes are those of the Ethereum JSON-RPC; `ethers.BrowserProvider` works on it. A refusal of the chain is an
 * error with a numeric `code` and, for a revert, `data`.
 */
export interface Eip1193 {
  request(call: Eip1193Call): Promise<unknown>
}

export interface Eip1193Call {
  method: string
  /** EIP-1193 allows named parameters too; no method of ours has any, they count as none. */
  params?: readonly unknown[] | Record<string, unknown> | undefined
}

/** The parameters of a call by position. */
export function positional({ params }: Eip1193Call): readonly unknown[] {
  return Array.isArray(params) ? (params as readonly unknown[]) : []
}
