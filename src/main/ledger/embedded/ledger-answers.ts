import { hex } from './rpc-params'
import { LedgerRequest, readCbor, writeCbor, type SignAnswer, type SubmitAnswer } from '@shared/ledger/ledger-request'
import { BlockError } from '@shared/ledger/block-error'
import type { EmbeddedLedger } from './embedded-ledger'
import { RpcError } from './rpc-error'

/** Blocks of one answer: a peer need not read them, and so long they are in memory. Who follows asks for the rest. */
const SERVED_BYTES = 1024 * 1024

/** A ledger that peers may ask about. */
export interface AskedLedger {
  ledger: EmbeddedLedger
  /** Takes a transaction that a peer passes on; throws an RpcError with the reason. */
  submit: (raw: Uint8Array, hops: number) => Promise<string>
}

/**
 * Answers a peer's request in frames; null when it is none or is about a ledger that is not here, which ends its stream.
 */
export async function answerLedgerRequest(
  encoded: Uint8Array,
  find: (ledger: string) => AskedLedger | undefined,
): Promise<Uint8Array[] | null> {
  let request: LedgerRequest
  try {
    request = readCbor(LedgerRequest, encoded)
  } catch {
    return null
  }
  const asked = find(hex(request.l).slice(2))
  if (asked === undefined) return null
  const { store, head } = asked.ledger
  switch (request.q) {
    case 'genesis':
      return [store.genesis()!]
    case 'head':
      return [writeCbor({ n: head.height, hash: head.hash })]
    case 'blocks':
      return blocksFrom(asked.ledger, request.from, request.limit)
    case 'submit':
      return [writeCbor(await submitted(asked, request.tx, request.hops))]
    case 'sign':
      return [writeCbor(await signed(asked.ledger, request.block))]
  }
}

function blocksFrom({ store, head }: EmbeddedLedger, from: number, limit: number): Uint8Array[] {
  const blocks: Uint8Array[] = []
  let bytes = 0
  // The genesis block has no transactions to re-execute: everyone makes it from the genesis itself.
  for (let height = Math.max(1, from); height <= head.height && blocks.length < limit; height++) {
    const block = store.block(height)!
    if (blocks.length > 0 && bytes + block.length > SERVED_BYTES) break
    bytes += block.length
    blocks.push(block)
  }
  return blocks
}

async function signed(ledger: EmbeddedLedger, block: Uint8Array): Promise<SignAnswer> {
  try {
    return { signature: await ledger.endorse(block) }
  } catch (error) {
    if (!(error instanceof BlockError)) throw error
    return { refused: `${error.message} (${error.code})`.slice(0, 400) }
  }
}

async function submitted({ submit }: AskedLedger, raw: Uint8Array, hops: number): Promise<SubmitAnswer> {
  try {
    return { hash: await submit(raw, hops) }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return { refused: error.message.slice(0, 400) }
  }
}
