import type { Common } from '@ethereumjs/common'
import { createTxFromRLP, TransactionType, type TypedTransaction } from '@ethereumjs/tx'
import { equalsBytes } from '@ethereumjs/util'
import { MAX_TRANSACTION_BYTES } from '@shared/ledger/ledger-limits'
import { RpcError } from './rpc-error'

const KINDS: readonly number[] = [
  TransactionType.Legacy,
  TransactionType.AccessListEIP2930,
  TransactionType.FeeMarketEIP1559,
]

/**
 * A signed transaction from its bytes. These rules hold for every block: known kind, for this chain (no transaction that
 * any chain would take), price 0, one form of the bytes, a good signature. Throws an RpcError with the reason.
 */
export function decodeTransaction(raw: Uint8Array, chain: Common): TypedTransaction {
  if (raw.length > MAX_TRANSACTION_BYTES) {
    throw refusal(`The transaction has ${raw.length} bytes, more than ${MAX_TRANSACTION_BYTES}.`)
  }
  let transaction: TypedTransaction
  try {
    transaction = createTxFromRLP(raw, { common: chain })
    if (!equalsBytes(transaction.serialize(), raw)) throw new Error('another form of its bytes')
    transaction.getSenderAddress()
  } catch (cause) {
    throw refusal(`The transaction cannot be read: ${cause instanceof Error ? firstLine(cause.message) : 'unknown'}`)
  }
  if (!KINDS.includes(transaction.type)) throw refusal(`Transactions of kind ${transaction.type} are not taken here.`)
  if (transaction.type === TransactionType.Legacy && (transaction.v ?? 0n) < 35n) {
    throw refusal('The transaction names no chain (EIP-155), so it could be repeated on another one.')
  }
  const price = 'maxFeePerGas' in transaction ? transaction.maxFeePerGas : transaction.gasPrice
  if (price !== 0n) throw refusal('Gas costs nothing on a local ledger: the gas price must be 0.')
  return transaction
}

/** One that lies in a block of ours: it was checked when it came. */
export function storedTransaction(raw: Uint8Array, chain: Common): TypedTransaction {
  return createTxFromRLP(raw, { common: chain })
}

function refusal(message: string): RpcError {
  return new RpcError(-32_000, message)
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? ''
}
