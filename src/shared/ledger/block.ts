import * as dagCbor from '@ipld/dag-cbor'
import { z } from 'zod'
import { BlockError } from './block-error'
import { MAX_AUTHORITIES, MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS, MAX_TRANSACTION_BYTES } from './ledger-limits'

const bytes = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length)
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/**
 * Header of a block, short names because each is hashed and sent: version, chain id, height, Unix seconds, hash of the
 * block before, hash of the transactions, state root after them, gas used, the authority that made it (20 bytes).
 */
export const BlockHeader = z.strictObject({
  v: z.literal(1),
  c: count,
  n: count,
  t: count,
  p: bytes(32),
  x: bytes(32),
  r: bytes(32),
  g: count,
  b: bytes(20),
})
export type BlockHeader = z.infer<typeof BlockHeader>

const Block = z.tuple([
  BlockHeader,
  z
    .array(z.custom<Uint8Array>((raw) => raw instanceof Uint8Array && raw.length <= MAX_TRANSACTION_BYTES))
    .max(MAX_BLOCK_TRANSACTIONS),
  z.array(bytes(65)).max(MAX_AUTHORITIES),
])

export interface LedgerBlock {
  header: BlockHeader
  /** As signed by their senders. */
  transactions: Uint8Array[]
  /** r, s, recovery id (0 or 1) over the block's hash; one for each authority that stands for it. */
  signatures: Uint8Array[]
}

/** Deterministic dag-cbor; its keccak-256 is the block's hash. */
export function encodeHeader(header: BlockHeader): Uint8Array {
  return dagCbor.encode(header)
}

export function encodeBlock({ header, transactions, signatures }: LedgerBlock): Uint8Array {
  return dagCbor.encode([header, transactions, signatures])
}

/** Throws BlockError `block-too-large` or `block-malformed`. The size is checked before anything is read. */
export function decodeBlock(encoded: Uint8Array): LedgerBlock {
  if (encoded.length > MAX_BLOCK_BYTES) {
    throw new BlockError(
      'block-too-large',
      `The block has ${encoded.length} bytes, more than ${MAX_BLOCK_BYTES}.`,
      null,
    )
  }
  try {
    const [header, transactions, signatures] = Block.parse(dagCbor.decode(encoded))
    return { header, transactions, signatures }
  } catch (cause) {
    throw new BlockError('block-malformed', 'The block cannot be read.', null, { cause })
  }
}

/** What `x` is the keccak-256 of: each transaction as its length (u32, big-endian) and its bytes. */
export function joinTransactions(transactions: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(transactions.reduce((sum, raw) => sum + 4 + raw.length, 0))
  const view = new DataView(joined.buffer)
  let at = 0
  for (const raw of transactions) {
    view.setUint32(at, raw.length)
    joined.set(raw, at + 4)
    at += 4 + raw.length
  }
  return joined
}
