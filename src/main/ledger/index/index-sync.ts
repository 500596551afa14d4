import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { Address, Bytes32 } from '@shared/money/address'
import type { IndexSource } from './index-source'
import { NO_POSITION, type BlockRow, type IndexPosition, type LedgerIndex } from './ledger-index'
import { readLog, RpcLog, type EntryRow } from './read-log'

/** Blocks of one request for logs; nodes differ in what they allow, so it grows and shrinks. */
const FIRST_RANGE = 2_000
const MAX_RANGE = 10_000
/** Of a ledger of ours every block is read whole, for the transactions that left no event. */
const LOCAL_RANGE = 200
/** Where a chain knows no finality tag: so many of the newest blocks are read again each time, and none is settled. */
const UNSETTLED = 256
/** Blocks that are asked for at once. */
const AT_ONCE = 6
/** Rows of bare transactions come after all events of their block. */
const BARE_PLACE = 2 ** 19

const Quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,13}$/)
  .transform(Number)
const RpcBlock = z.object({
  number: Quantity,
  hash: Bytes32,
  timestamp: Quantity,
  miner: Address.optional().catch(undefined),
  transactions: z.array(z.unknown()).max(100_000),
})
type RpcBlock = z.infer<typeof RpcBlock>
const RpcTransaction = z.object({ hash: Bytes32, from: Address, to: Address.nullable(), transactionIndex: Quantity })

export interface SyncProgress {
  /** The newest block that is in the index. */
  done: number
  /** The newest block of the ledger. */
  head: number
}

/** Brings an index up to its ledger. */
export class IndexSync {
  #range: number

  constructor(
    private readonly index: LedgerIndex,
    private readonly source: IndexSource,
  ) {
    this.#range = source.kind === 'local' ? LOCAL_RANGE : FIRST_RANGE
  }

  /**
   * Reads everything that is new. Blocks that are not final yet are read again, so that what a chain takes back goes
   * from the index too. Throws what the ledger throws; what was read until then stays.
   */
  async run(signal?: AbortSignal, onProgress?: (progress: SyncProgress) => void): Promise<void> {
    const head = await this.#block('latest')
    const final = await this.#final(head)
    let position = await this.#known()
    const isSame = position.block === head.number && position.hash === head.hash
    if (isSame) {
      if (position.finalBlock !== final.block) {
        this.index.keepPosition({ ...position, finalBlock: final.block, finalHash: final.hash })
      }
      onProgress?.({ done: head.number, head: head.number })
      return
    }
    const start = this.source.firstBlock
    let from = Math.max(
      start,
      Math.min(position.block, final.isTag ? position.finalBlock : head.number - UNSETTLED) + 1,
    )
    if (from > head.number) {
      // the chain has become shorter, or nothing of ours is in it yet
      const end = { block: head.number, hash: head.hash, finalBlock: final.block, finalHash: final.hash }
      this.index.replace(head.number + 1, [], [], end)
    }
    while (from <= head.number) {
      signal?.throwIfAborted()
      const to = Math.min(head.number, from + this.#range - 1)
      const read = await this.#readRange(from, to)
      if (read === null) continue // with a smaller range
      const last = to === head.number ? head : await this.#block(numberTag(to))
      const isFinal = final.block >= to
      position = {
        ...{ block: to, hash: last.hash },
        finalBlock: isFinal ? to : final.block,
        finalHash: isFinal ? last.hash : final.hash,
      }
      this.index.replace(from, read.blocks, read.rows, position)
      onProgress?.({ done: to, head: head.number })
      from = to + 1
    }
  }

  /** Where the index is; from the start when the ledger is another one than it was. */
  async #known(): Promise<IndexPosition> {
    const position = this.index.position
    if (position.block < 0) return NO_POSITION
    const { finalBlock, finalHash } = position
    if (finalBlock < 0 || finalHash === '') return position
    const block = await this.#optional(numberTag(finalBlock))
    if (block?.hash === finalHash) return position
    this.index.clear()
    return NO_POSITION
  }

  async #final(head: RpcBlock): Promise<{ block: number; hash: string; isTag: boolean }> {
    try {
      const block = await this.#block('finalized')
      return { block: Math.min(block.number, head.number), hash: block.hash, isTag: true }
    } catch (error) {
      if (error instanceof StudioError && error.code !== 'rpc-garbled') throw error
      return { block: -1, hash: '', isTag: false }
    }
  }

  /** Null: the range was too large for the node and is smaller now. */
  async #readRange(from: number, to: number): Promise<{ blocks: BlockRow[]; rows: EntryRow[] } | null> {
    let logs: RpcLog[]
    try {
      const filter = {
        ...{ fromBlock: numberTag(from), toBlock: numberTag(to) },
        address: [...this.source.contracts.keys()],
      }
      logs = readLogs(await this.source.request({ method: 'eth_getLogs', params: [filter] }))
    } catch (error) {
      const smaller = rangeAfter(error, to - from + 1)
      if (smaller === null) throw error
      this.#range = smaller
      return null
    }
    this.#range = Math.min(this.source.kind === 'local' ? LOCAL_RANGE : MAX_RANGE, Math.ceil(this.#range * 1.25))
    const rows = logs
      .filter(({ blockNumber }) => blockNumber >= from && blockNumber <= to)
      .flatMap((log) => {
        const contract = this.source.contracts.get(log.address)
        return contract === undefined ? [] : [readLog(contract, log)]
      })
    return this.source.kind === 'local' ? this.#wholeBlocks(from, to, rows) : this.#blocksOf(logs, rows)
  }

  /** Of a real chain only the blocks that have an event of ours. */
  async #blocksOf(logs: readonly RpcLog[], rows: EntryRow[]): Promise<{ blocks: BlockRow[]; rows: EntryRow[] }> {
    const known = new Map<number, BlockRow>()
    for (const { blockNumber: number, blockHash: hash, blockTimestamp: time } of logs) {
      if (time !== undefined) known.set(number, { number, hash, time, authority: null })
    }
    const missing = [...new Set(rows.map(({ block }) => block))].filter((number) => !known.has(number))
    for (const block of await this.#blocks(missing)) known.set(block.number, asRow(block, null))
    return { blocks: [...known.values()], rows }
  }

  /** Of a ledger of ours every block, since also a transaction that failed is one that somebody made. */
  async #wholeBlocks(from: number, to: number, rows: EntryRow[]): Promise<{ blocks: BlockRow[]; rows: EntryRow[] }> {
    const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at)
    const blocks = await this.#blocks(numbers, true)
    const told = new Set(rows.map(({ transaction }) => transaction))
    const bare: EntryRow[] = []
    for (const block of blocks) {
      for (const raw of block.transactions) {
        const transaction = RpcTransaction.safeParse(raw)
        if (!transaction.success || told.has(transaction.data.hash)) continue
        bare.push(await this.#bareRow(block.number, transaction.data))
      }
    }
    const named = new Set([...rows, ...bare].map(({ block }) => block))
    const kept = blocks.filter(({ number }) => named.has(number))
    return { blocks: kept.map((block) => asRow(block, block.miner ?? null)), rows: [...rows, ...bare] }
  }

  async #bareRow(block: number, transaction: z.infer<typeof RpcTransaction>): Promise<EntryRow> {
    const { hash, from, to, transactionIndex } = transaction
    const receipt = await this.source.request({ method: 'eth_getTransactionReceipt', params: [hash] })
    const { status } = (receipt ?? {}) as { status?: unknown }
    const contract = to === null ? '' : (this.source.contracts.get(to) ?? '')
    return {
      ...{ block, index: BARE_PLACE + transactionIndex, kind: 'transaction', event: '', contract, transaction: hash },
      ...{ amountWei: null, content: [], fields: to === null ? {} : { to }, failed: status === '0x0' },
      parties: [{ role: 'sender', address: from }],
    }
  }

  async #blocks(numbers: readonly number[], full = false): Promise<RpcBlock[]> {
    const blocks: RpcBlock[] = []
    for (let at = 0; at < numbers.length; at += AT_ONCE) {
      const some = numbers.slice(at, at + AT_ONCE)
      blocks.push(...(await Promise.all(some.map((number) => this.#block(numberTag(number), full)))))
    }
    return blocks
  }

  async #block(tag: string, full = false): Promise<RpcBlock> {
    const block = await this.#optional(tag, full)
    if (block !== null) return block
    throw new StudioError('rpc-garbled', `The ledger has no block ${tag}.`)
  }

  async #optional(tag: string, full = false): Promise<RpcBlock | null> {
    const answer = await this.source.request({ method: 'eth_getBlockByNumber', params: [tag, full] })
    if (answer === null) return null
    const block = RpcBlock.safeParse(answer)
    if (block.success) return block.data
    throw new StudioError('rpc-garbled', `What the ledger says about block ${tag} is not understood.`)
  }
}

function readLogs(answer: unknown): RpcLog[] {
  const logs = z.array(RpcLog).safeParse(answer)
  if (logs.success) return logs.data
  throw new StudioError('rpc-garbled', 'What the ledger says about its events is not understood.')
}

function asRow({ number, hash, timestamp }: RpcBlock, authority: string | null): BlockRow {
  return { number, hash, time: timestamp, authority }
}

function numberTag(number: number): string {
  return `0x${number.toString(16)}`
}

/**
 * How many blocks to ask for after a refusal: nodes limit the range, the rows or the time, each with words of its own.
 * Null: asking for less will not help.
 */
function rangeAfter(error: unknown, range: number): number | null {
  if (range === 1) return null
  if (!(error instanceof StudioError)) return Math.floor(range / 2)
  return error.code === 'rpc-unreachable' && range > 100 ? Math.floor(range / 8) : null
}
