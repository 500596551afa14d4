/** An error as EIP-1193 and JSON-RPC name it: ethers and contract tests read `code` and `data`. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: string,
  ) {
    super(message)
    this.name = 'RpcError'
  }
}

/** Code of a call that a contract has undone, with its reason in `data`; as Geth answers. */
export const EXECUTION_REVERTED = 3
