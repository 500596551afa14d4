import type { TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex } from '@ethereumjs/util'
import { MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS, type AdmissionLimits } from '@shared/ledger/ledger-limits'
import { RpcError } from './rpc-error'

/** Senders whose bucket is remembered; a full bucket is the same as none. */
const MAX_BUCKETS = 10_000
/** In a block: the length before each transaction in dag-cbor; header, signatures and lists, generously. */
const LENGTH_BYTES = 5
const FRAME_BYTES = 4_096

interface Bucket {
  tokens: number
  at: number
}

/**
 * Transactions that wait for their block, in the order of arrival and, for each sender, of their nonces without a gap.
 * Gas is free, so the number of a sender's transactions is limited instead.
 */
export class TransactionQueue {
  readonly #waiting = new Map<string, { transaction: TypedTransaction; bytes: number }>()
  readonly #bySender = new Map<string, number>()
  readonly #buckets = new Map<string, Bucket>()

  constructor(
    private readonly limits: AdmissionLimits,
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.#waiting.size
  }

  /** How many of a sender wait. */
  pending(sender: string): number {
    return this.#bySender.get(sender) ?? 0
  }

  get(hash: string): TypedTransaction | undefined {
    return this.#waiting.get(hash)?.transaction
  }

  /** Those that wait now, in the order in which they should run, as many as a block may hold. */
  next(): TypedTransaction[] {
    const next: TypedTransaction[] = []
    let room = MAX_BLOCK_BYTES - FRAME_BYTES
    for (const { transaction, bytes } of this.#waiting.values()) {
      room -= bytes
      if (room < 0 || next.length === MAX_BLOCK_TRANSACTIONS) break
      next.push(transaction)
    }
    return next
  }

  /**
   * Takes a checked transaction; `nonce` is the sender's in the state. One that waits already is taken again without
   * effect. Throws an RpcError with the reason of a refusal.
   */
  add(transaction: TypedTransaction, nonce: bigint): string {
    const hash = bytesToHex(transaction.hash())
    if (this.#waiting.has(hash)) return hash
    const sender = transaction.getSenderAddress().toString()
    const { transactionGas, perSender, total } = this.limits
    if (transaction.gasLimit > BigInt(transactionGas)) {
      throw refusal(`A transaction may use ${transactionGas} gas here, this one asks for ${transaction.gasLimit}.`)
    }
    if (transaction.gasLimit < transaction.getMinimumGasLimit()) throw refusal('intrinsic gas too low')
    const expected = nonce + BigInt(this.pending(sender))
    if (transaction.nonce < expected) throw refusal(`nonce too low: it is ${transaction.nonce}, next is ${expected}`)
    if (transaction.nonce > expected) throw refusal(`nonce too high: it is ${transaction.nonce}, next is ${expected}`)
    if (this.pending(sender) >= perSender) throw refusal(`More than ${perSender} transactions of this account wait.`)
    if (this.#waiting.size >= total) throw refusal('The ledger is busy. Try again in a moment.')
    this.#spend(sender)
    this.#waiting.set(hash, { transaction, bytes: transaction.serialize().length + LENGTH_BYTES })
    this.#bySender.set(sender, this.pending(sender) + 1)
    return hash
  }

  /** It is in a block, or cannot be. */
  remove(transaction: TypedTransaction): void {
    if (!this.#waiting.delete(bytesToHex(transaction.hash()))) return
    const sender = transaction.getSenderAddress().toString()
    const left = this.pending(sender) - 1
    if (left > 0) this.#bySender.set(sender, left)
    else this.#bySender.delete(sender)
  }

  #spend(sender: string): void {
    const { burst, refillMs } = this.limits
    const now = this.now()
    const bucket = this.#buckets.get(sender) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / refillMs)
    if (tokens < 1) {
      throw refusal(`This account sends too fast: ${burst} at once, then one every ${refillMs / 1000} s.`)
    }
    this.#buckets.delete(sender) // the longest unused comes first in a Map
    this.#buckets.set(sender, { tokens: tokens - 1, at: now })
    if (this.#buckets.size <= MAX_BUCKETS) return
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}

function refusal(message: string): RpcError {
  return new RpcError(-32_000, message)
}
