import type { RpcAnswer } from '@shared/engines/ledger-service'
import type { Eip1193 } from '@shared/ledger/eip-1193'
import { RpcError as NodeError } from '../rpc/rpc-error'
import { RpcError } from './rpc-error'

/** What a request gives, as data that crosses a process border whole. Errors that are no RpcError still reject. */
export async function rpcAnswer(request: Promise<unknown>): Promise<RpcAnswer> {
  try {
    return { result: await request }
  } catch (error) {
    if (!(error instanceof RpcError) && !(error instanceof NodeError)) throw error
    const { code, message, data } = error
    return { error: { code, message, ...(typeof data === 'string' ? { data } : {}) } }
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
