import type { Common } from '@ethereumjs/common'
import type { EVMResult } from '@ethereumjs/evm'
import { createTx, TransactionType } from '@ethereumjs/tx'
import { MAX_CALL_GAS } from '@shared/ledger/ledger-limits'
import type { BlockScene, Call, Executor } from './executor'
import { EXECUTION_REVERTED, RpcError } from './rpc-error'
import { hex, readBytes, readFields, readQuantity } from './rpc-params'

/** An estimate may be above the least gas that works by this part of it. */
const ESTIMATE_PRECISION = 0.02

/** The call object of `eth_call` and `eth_estimateGas`. */
export function readCall(value: unknown): Call {
  const { from, to, data, input, value: amount, gas } = readFields(value)
  const asked = gas === undefined || gas === null ? MAX_CALL_GAS : Number(readQuantity(gas))
  return {
    from: from === undefined || from === null ? new Uint8Array(20) : readBytes(from, 20),
    to: to === undefined || to === null ? null : readBytes(to, 20),
    data: readBytes(input ?? data ?? '0x'),
    value: amount === undefined || amount === null ? 0n : readQuantity(amount),
    gas: BigInt(Math.min(asked, MAX_CALL_GAS)),
  }
}

/** What the call returns. Throws an RpcError: 3 with the reason's bytes when the contract undid it. */
export async function simulate(executor: Executor, scene: BlockScene, call: Call): Promise<Uint8Array> {
  const { execResult } = await executor.call(scene, call)
  throwFailure(execResult)
  return execResult.returnValue
}

/** Gas limit with which the transaction works, close to the least. Throws like `simulate`. */
export async function estimateGas(executor: Executor, scene: BlockScene, call: Call, chain: Common): Promise<bigint> {
  const envelope = createTx(
    {
      type: TransactionType.FeeMarketEIP1559,
      ...(call.to === null ? {} : { to: call.to }),
      data: call.data,
      gasLimit: call.gas,
    },
    { common: chain },
  )
  const intrinsic = envelope.getIntrinsicGas()
  const least = envelope.getMinimumGasLimit()
  const run = (limit: bigint): Promise<EVMResult> => executor.call(scene, { ...call, gas: limit - intrinsic })
  if (call.gas < least) throw new RpcError(-32_000, 'intrinsic gas too low')
  const { execResult } = await run(call.gas)
  throwFailure(execResult)
  let low = execResult.executionGasUsed + intrinsic
  if (low < least) low = least
  // A call keeps back 1/64 of the gas (EIP-150), so more may have to be offered than is used.
  const works = async (limit: bigint): Promise<boolean> => (await run(limit)).execResult.exceptionError === undefined
  if (await works(low)) return low
  let high = call.gas
  while (Number(high - low) > Number(low) * ESTIMATE_PRECISION) {
    const middle = high > low * 2n ? low * 2n : (low + high) / 2n
    if (await works(middle)) high = middle
    else low = middle
  }
  return high
}

function throwFailure({ exceptionError, returnValue }: EVMResult['execResult']): void {
  if (exceptionError === undefined) return
  if (exceptionError.error === 'revert') {
    throw new RpcError(EXECUTION_REVERTED, `execution reverted${reasonOf(returnValue)}`, hex(returnValue))
  }
  throw new RpcError(-32_000, exceptionError.error, '0x')
}

/** The sentence of Solidity's `Error(string)`: selector, offset, length, text. */
function reasonOf(data: Uint8Array): string {
  if (!hex(data).startsWith('0x08c379a0') || data.length < 68) return ''
  const length = Number(BigInt(hex(data.subarray(36, 68))))
  if (!(length <= data.length - 68)) return ''
  return `: ${Buffer.from(data.subarray(68, 68 + length)).toString('utf8')}`
}
