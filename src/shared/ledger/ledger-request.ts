import * as dagCbor from '@ipld/dag-cbor'
import { z } from 'zod'
import { MAX_BLOCK_BYTES, MAX_GENESIS_BYTES, MAX_TRANSACTION_BYTES } from './ledger-limits'

/** Blocks, and bytes of them, in one answer; the first block is sent whatever its size. */
export const MAX_BLOCKS_PER_ANSWER = 256
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024
/** One frame of `/we/ledger/1`: a block, a genesis, or a request. */
export const MAX_LEDGER_FRAME_BYTES = MAX_GENESIS_BYTES
/** The largest request brings a block to sign. */
export const MAX_LEDGER_REQUEST_BYTES = MAX_BLOCK_BYTES + 256
/** How often a transaction is passed on before it reaches an authority. */
export const MAX_HOPS = 2

const bytes = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length)
const atMost = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= length)
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** What a peer is asked about the ledger with this genesis hash. Answers are frames, in dag-cbor unless they are blocks. */
export const LedgerRequest = z.discriminatedUnion('q', [
  /** Answer: the genesis as it was hashed. */
  z.strictObject({ q: z.literal('genesis'), l: bytes(32) }),
  /** Answer: `LedgerHeadHint`. */
  z.strictObject({ q: z.literal('head'), l: bytes(32) }),
  /** Answer: blocks from a height on, as far as there are and the limits go. */
  z.strictObject({ q: z.literal('blocks'), l: bytes(32), from: count, limit: count.max(MAX_BLOCKS_PER_ANSWER) }),
  /** Answer: `SubmitAnswer`. */
  z.strictObject({
    q: z.literal('submit'),
    l: bytes(32),
    tx: atMost(MAX_TRANSACTION_BYTES),
    hops: count.max(MAX_HOPS),
  }),
  /** One authority asks another to stand for its block. Answer: `SignAnswer`. */
  z.strictObject({ q: z.literal('sign'), l: bytes(32), block: atMost(MAX_BLOCK_BYTES) }),
])
export type LedgerRequest = z.infer<typeof LedgerRequest>

export const LedgerHeadHint = z.strictObject({ n: count, hash: bytes(32) })
export type LedgerHeadHint = z.infer<typeof LedgerHeadHint>

export const SubmitAnswer = z.union([
  z.strictObject({ hash: z.string().regex(/^0x[0-9a-f]{64}$/) }),
  z.strictObject({ refused: z.string().max(400) }),
])
export type SubmitAnswer = z.infer<typeof SubmitAnswer>

export const SignAnswer = z.union([
  z.strictObject({ signature: bytes(65) }),
  z.strictObject({ refused: z.string().max(400) }),
])
export type SignAnswer = z.infer<typeof SignAnswer>

/** Reads dag-cbor of a known shape. Throws when it is something else. */
export function readCbor<T>(shape: z.ZodType<T>, encoded: Uint8Array): T {
  return shape.parse(dagCbor.decode(encoded))
}

export function writeCbor(value: LedgerRequest | LedgerHeadHint | SubmitAnswer | SignAnswer): Uint8Array {
  return dagCbor.encode(value)
}
