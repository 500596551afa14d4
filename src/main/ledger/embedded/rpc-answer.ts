import type { RpcAnswer } from '@shared/engines/ledger-service'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import { RpcError } from './rpc-error'

/** What a request gives, as data that crosses a process border whole. Errors that are no RpcError still reject. */
export async function rpcAnswer(request: Promise<unknown>): Promise<RpcAnswer> {
  try {
    return { result: await request }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return { error: { code: error.code, message: error.message, data: error.data } }
  }
}

/** The calling end: a ledger behind a border as an EIP-1193 provider, with errors as ethers reads them. */
export function ledgerProvider(ask: (method: string, params: readonly unknown[]) => Promise<RpcAnswer>): Eip1193 {
  return {
    async request({ method, params }) {
      const answer = await ask(method, Array.isArray(params) ? (params as unknown[]) : [])
      if ('result' in answer) return answer.result
      throw new RpcError(answer.error.code, answer.error.message, answer.error.data)
    },
  }
}
