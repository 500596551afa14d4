import type { TypedTransaction } from '@ethereumjs/tx'
import type { BlockHeader } from '@shared/ledger/block'
import { MAX_BLOCK_GAS } from '@shared/ledger/ledger-limits'
import type { LogEntry, Outcome } from './executed-transaction'
import { hex, quantity } from './rpc-params'

const NO_BLOOM = `0x${'00'.repeat(256)}`
const ZERO_32 = `0x${'00'.repeat(32)}`

/** Where a transaction lies. */
export interface Place {
  blockHash: Uint8Array
  height: number
  index: number
}

/** JSON-RPC's view of a block. What Ethereum has and a local ledger has not is zero; `miner` is the authority. */
export function blockView(header: BlockHeader, hash: Uint8Array, size: number, transactions: unknown[]) {
  return {
    number: quantity(header.n),
    hash: hex(hash),
    parentHash: hex(header.p),
    timestamp: quantity(header.t),
    stateRoot: hex(header.r),
    transactionsRoot: hex(header.x),
    receiptsRoot: ZERO_32,
    logsBloom: NO_BLOOM,
    mixHash: hex(header.p),
    miner: hex(header.b),
    gasLimit: quantity(MAX_BLOCK_GAS),
    gasUsed: quantity(header.g),
    baseFeePerGas: '0x0',
    difficulty: '0x0',
    totalDifficulty: '0x0',
    nonce: '0x0000000000000000',
    extraData: '0x',
    sha3Uncles: ZERO_32,
    uncles: [],
    size: quantity(size),
    transactions,
  }
}

export function transactionView(transaction: TypedTransaction, from: Uint8Array, place: Place | null) {
  return {
    hash: hex(transaction.hash()),
    type: quantity(transaction.type),
    chainId: quantity(transaction.common.chainId()),
    nonce: quantity(transaction.nonce),
    from: hex(from),
    to: transaction.to?.toString() ?? null,
    value: quantity(transaction.value),
    gas: quantity(transaction.gasLimit),
    gasPrice: '0x0',
    ...('maxFeePerGas' in transaction ? { maxFeePerGas: '0x0', maxPriorityFeePerGas: '0x0' } : {}),
    ...(transaction.type === 0
      ? {}
      : { accessList: accessListView(transaction), yParity: quantity(transaction.v ?? 0n) }),
    input: hex(transaction.data),
    v: quantity(transaction.v ?? 0n),
    r: quantity(transaction.r ?? 0n),
    s: quantity(transaction.s ?? 0n),
    ...placeView(place),
  }
}

export function receiptView(transaction: TypedTransaction, place: Place, outcomes: readonly Outcome[]) {
  const outcome = outcomes[place.index]!
  const before = outcomes.slice(0, place.index)
  const firstLog = before.reduce((sum, { logs }) => sum + logs.length, 0)
  return {
    transactionHash: hex(transaction.hash()),
    ...placeView(place),
    type: quantity(transaction.type),
    from: hex(outcome.from),
    to: transaction.to?.toString() ?? null,
    contractAddress: outcome.created === null ? null : hex(outcome.created),
    status: outcome.ok ? '0x1' : '0x0',
    gasUsed: quantity(outcome.gasUsed),
    cumulativeGasUsed: quantity(before.reduce((sum, { gasUsed }) => sum + gasUsed, outcome.gasUsed)),
    effectiveGasPrice: '0x0',
    logsBloom: NO_BLOOM,
    logs: outcome.logs.map((log, at) => logView(log, transaction.hash(), place, firstLog + at)),
  }
}

export function logView([address, topics, data]: LogEntry, transaction: Uint8Array, place: Place, logIndex: number) {
  return {
    address: hex(address),
    topics: topics.map(hex),
    data: hex(data),
    logIndex: quantity(logIndex),
    transactionHash: hex(transaction),
    ...placeView(place),
    removed: false,
  }
}

function placeView(place: Place | null) {
  return {
    blockHash: place === null ? null : hex(place.blockHash),
    blockNumber: place === null ? null : quantity(place.height),
    transactionIndex: place === null ? null : quantity(place.index),
  }
}

function accessListView(transaction: TypedTransaction) {
  if (!('accessList' in transaction)) return []
  return transaction.accessList.map(([address, storageKeys]) => ({
    address: hex(address),
    storageKeys: storageKeys.map(hex),
  }))
}
