import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Eip1193, Eip1193Call } from '@shared/ledger/eip-1193'
import { decodeBlock } from '@shared/ledger/block'
import { MAX_LOG_BLOCKS, MAX_LOGS } from '@shared/ledger/ledger-limits'
import { estimateGas, readCall, simulate } from './call-simulation'
import { storedTransaction } from './decode-transaction'
import type { EmbeddedLedger } from './embedded-ledger'
import type { BlockScene, Executor } from './executor'
import { keccak256 } from './keccak'
import { matches, readLogFilter } from './log-filter'
import { RpcError } from './rpc-error'
import { hex, invalid, quantity, readBytes, readFields, readQuantity } from './rpc-params'
import { blockView, logView, receiptView, transactionView } from './rpc-views'

type Method = (params: readonly unknown[]) => unknown

/** Blocks that are looked through between two turns of the event loop. */
const BLOCKS_PER_TURN = 200
const SETTLE_MS = 2_000

/** A ledger as an EIP-1193 provider: the methods of Ethereum's execution API that wallets and ethers use. */
export class LedgerRpc implements Eip1193 {
  readonly #methods: Record<string, Method>

  /** `submit`: how a transaction gets to an authority; by default into the ledger's own queue. */
  constructor(
    private readonly ledger: EmbeddedLedger,
    private readonly submit: (raw: Uint8Array) => Promise<string> = (raw) => ledger.submit(raw),
  ) {
    const { chainId } = ledger
    this.#methods = {
      web3_clientVersion: () => 'WE-Studio/1 (local ledger)',
      net_version: () => String(chainId),
      eth_chainId: () => quantity(chainId),
      eth_syncing: () => false,
      eth_accounts: () => [],
      eth_gasPrice: () => '0x0',
      eth_maxPriorityFeePerGas: () => '0x0',
      eth_blockNumber: () => quantity(ledger.head.height),
      eth_getBalance: ([address, tag]) =>
        this.#at(tag, async (state) => quantity((await state.account(readBytes(address, 20)))?.balance ?? 0n)),
      eth_getCode: ([address, tag]) => this.#at(tag, async (state) => hex(await state.code(readBytes(address, 20)))),
      eth_getStorageAt: ([address, slot, tag]) =>
        this.#at(tag, async (state) => {
          const key = readQuantity(slot).toString(16).padStart(64, '0')
          const value = await state.storage(readBytes(address, 20), readBytes(`0x${key}`, 32))
          return `0x${hex(value).slice(2).padStart(64, '0')}`
        }),
      eth_getTransactionCount: ([address, tag]) =>
        this.#at(tag, async (state) => {
          const nonce = (await state.account(readBytes(address, 20)))?.nonce ?? 0n
          const waiting = tag === 'pending' ? ledger.pendingOf(hex(readBytes(address, 20))) : 0
          return quantity(nonce + BigInt(waiting))
        }),
      eth_call: ([call, tag]) =>
        this.#at(tag, async (state, scene) => hex(await simulate(state, scene, readCall(call)))),
      eth_estimateGas: ([call, tag]) =>
        this.#at(tag, async (state, scene) => quantity(await estimateGas(state, scene, readCall(call), ledger.chain))),
      eth_sendRawTransaction: ([raw]) => this.#send(readBytes(raw)),
      eth_getTransactionByHash: ([hash]) => this.#transaction(readBytes(hash, 32)),
      eth_getTransactionReceipt: ([hash]) => this.#receipt(readBytes(hash, 32)),
      eth_getBlockByNumber: ([tag, full]) => this.#block(this.#height(tag), full === true),
      eth_getBlockByHash: ([hash, full]) => {
        const height = ledger.store.heightOf(readBytes(hash, 32))
        return height === undefined ? null : this.#block(height, full === true)
      },
      eth_getLogs: ([filter]) => this.#logs(filter),
    }
  }

  /** Throws an RpcError, e.g. -32601 for a method that is not offered. */
  // eslint-disable-next-line @typescript-eslint/require-await -- what a method throws at once rejects, too
  async request({ method, params = [] }: Eip1193Call): Promise<unknown> {
    const known = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined
    if (known === undefined) throw new RpcError(-32_601, `The method ${method} is not offered by a local ledger.`)
    if (!Array.isArray(params)) throw invalid('Parameters are a list.')
    return known(params as unknown[])
  }

  /**
   * Answers when the transaction is in a block, so that whoever asks for its receipt next finds it: ethers waits for one
   * more block otherwise, which on a quiet ledger does not come. After two seconds it answers anyway, as other nodes do.
   */
  async #send(raw: Uint8Array): Promise<string> {
    const hash = await this.submit(raw)
    const refusal = await this.ledger.settled(hash, SETTLE_MS)
    if (refusal !== null) throw new RpcError(-32_000, refusal)
    return hash
  }

  #at<T>(tag: unknown, work: (state: Executor, scene: BlockScene) => Promise<T>): Promise<T> {
    const height = this.#height(tag)
    if (height > this.ledger.head.height) throw new RpcError(-32_001, `There is no block ${height} yet.`)
    return this.ledger.atHeight(height, work)
  }

  /** Of a block tag, a number, or nothing for the latest. Every block is final here. */
  #height(tag: unknown): number {
    if (tag === 'earliest') return 0
    const latest = ['latest', 'pending', 'safe', 'finalized', undefined, null]
    if (latest.includes(tag as never)) return this.ledger.head.height
    return Number(readQuantity(tag))
  }

  #block(height: number, full: boolean) {
    const encoded = this.ledger.store.block(height)
    if (encoded === undefined) return null
    const { header, transactions } = decodeBlock(encoded)
    const blockHash = this.ledger.store.blockHash(height)!
    if (!full)
      return blockView(
        header,
        blockHash,
        encoded.length,
        transactions.map((raw) => hex(keccak256(raw))),
      )
    const outcomes = this.ledger.store.outcomes(height)!
    const views = transactions.map((raw, index) =>
      transactionView(storedTransaction(raw, this.ledger.chain), outcomes[index]!.from, { blockHash, height, index }),
    )
    return blockView(header, blockHash, encoded.length, views)
  }

  #transaction(hash: Uint8Array) {
    const found = this.#find(hash)
    if (found !== null) {
      const { from } = this.ledger.store.outcomes(found.place.height)![found.place.index]!
      return transactionView(found.transaction, from, found.place)
    }
    const waiting = this.ledger.queued(hex(hash))
    return waiting === undefined ? null : transactionView(waiting, waiting.getSenderAddress().bytes, null)
  }

  #receipt(hash: Uint8Array) {
    const found = this.#find(hash)
    if (found === null) return null
    return receiptView(found.transaction, found.place, this.ledger.store.outcomes(found.place.height)!)
  }

  #find(hash: Uint8Array) {
    const { store, chain } = this.ledger
    const at = store.findTransaction(hash)
    if (at === undefined) return null
    const { transactions } = decodeBlock(store.block(at.height)!)
    const transaction = storedTransaction(transactions[at.index]!, chain)
    return { transaction, place: { blockHash: store.blockHash(at.height)!, ...at } }
  }

  async #logs(value: unknown): Promise<unknown[]> {
    const { store, head } = this.ledger
    const filter = readLogFilter(value)
    const { fromBlock, toBlock, blockHash } = readFields(value)
    let from = this.#height(fromBlock)
    let to = Math.min(this.#height(toBlock), head.height)
    if (blockHash !== undefined) {
      const height = store.heightOf(readBytes(blockHash, 32))
      if (height === undefined) throw new RpcError(-32_000, 'unknown block')
      from = to = height
    }
    if (to - from >= MAX_LOG_BLOCKS) throw invalid(`At most ${MAX_LOG_BLOCKS} blocks at once.`)
    const found: unknown[] = []
    for (let height = from; height <= to; height++) {
      if ((height - from) % BLOCKS_PER_TURN === BLOCKS_PER_TURN - 1) await nextTurn()
      const outcomes = store.outcomes(height) ?? []
      let logIndex = 0
      for (const [index, { logs }] of outcomes.entries()) {
        for (const log of logs) {
          if (matches(filter, log)) {
            const { transactions } = decodeBlock(store.block(height)!)
            const transaction = keccak256(transactions[index]!)
            found.push(logView(log, transaction, { blockHash: store.blockHash(height)!, height, index }, logIndex))
          }
          logIndex += 1
        }
      }
      if (found.length > MAX_LOGS) throw invalid(`More than ${MAX_LOGS} rows. Ask for fewer blocks.`)
    }
    return found
  }
}
