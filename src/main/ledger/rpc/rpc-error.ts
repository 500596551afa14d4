/**
 * A node's own refusal, as EIP-1193 and JSON-RPC 2.0 have it: a numeric code and, for a revert, the contract's data.
 * ethers reads these fields.
 */
export class RpcError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'RpcError'
    this.code = code
    this.data = data
  }
}

/** EIP-1193: the provider does not offer this method. */
export const UNSUPPORTED_METHOD = 4200
