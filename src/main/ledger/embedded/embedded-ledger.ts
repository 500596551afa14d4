import type { Common } from '@ethereumjs/common'
import type { TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import type { BlockHeader, LedgerBlock } from '@shared/ledger/block'
import { decodeBlock, encodeHeader, joinTransactions } from '@shared/ledger/block'
import { BlockError } from '@shared/ledger/block-error'
import { chainIdOf, decodeGenesis, type Genesis } from '@shared/ledger/genesis'
import { ADMISSION, type AdmissionLimits } from '@shared/ledger/ledger-limits'
import { StudioError } from '@shared/errors'
import type { AuthorityKey } from './authority-key'
import { checkHeader, checkSignatures } from './block-rules'
import { genesisContracts } from './contract-address'
import { decodeTransaction } from './decode-transaction'
import { Executor, type BlockScene, type Execution } from './executor'
import { foundLedger } from './found-ledger'
import { keccak256 } from './keccak'
import { ledgerChain } from './ledger-chain'
import { LedgerStore } from './ledger-store'
import { TransactionQueue } from './transaction-queue'
import { WorkLine } from './work-line'

/** A block is closed when making it has taken this long, so that calls do not wait longer. */
const MAX_MAKING_MS = 250
const MAX_REMEMBERED = 256
/** After a failure to write. */
const RETRY_MS = 5_000

export interface EmbeddedLedgerOptions {
  /** Folder of the database; made when it is not there. */
  folder: string
  /** Needed for a new folder; in an existing one it must be the same. */
  genesis?: Uint8Array
  /** Whoever has the key of an authority makes blocks. */
  key?: AuthorityKey
  /** Unix milliseconds. */
  clock?: () => number
  admission?: Partial<AdmissionLimits>
}

export interface LedgerHead {
  height: number
  hash: Uint8Array
  header: BlockHeader
}

/** A transaction that was taken, but could not run in any block. */
export interface Refused {
  hash: string
  reason: string
}

/**
 * One local ledger: its blocks and state on disk, an EVM that executes them, and, for an authority, the making of new
 * ones. A block counts from the moment it is on disk; nothing is ever taken back.
 */
export class EmbeddedLedger {
  readonly contracts: ReadonlyMap<string, string>
  readonly #line = new WorkLine()
  readonly #queue: TransactionQueue
  readonly #listeners = new Set<(head: LedgerHead) => void>()
  readonly #refusals = new Set<(refused: Refused) => void>()
  /** Why the newest ones that could not run were refused. */
  readonly #refused = new Map<string, string>()
  #sealing = false
  #problem: string | null = null
  #closed = false

  private constructor(
    readonly genesis: Genesis,
    readonly genesisHash: Uint8Array,
    readonly chain: Common,
    readonly store: LedgerStore,
    private readonly executor: Executor,
    private readonly key: AuthorityKey | null,
    private readonly clock: () => number,
    admission: AdmissionLimits,
    private current: LedgerHead,
  ) {
    this.contracts = genesisContracts(genesis)
    this.#queue = new TransactionQueue(admission, clock)
  }

  /** Throws a StudioError: `genesis-malformed`, `ledger-in-use`, `ledger-damaged`, `ledger-other-genesis`. */
  static async open(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
    const { folder, key = null, clock = Date.now } = options
    const store = await LedgerStore.open(folder)
    try {
      const stored = store.genesis()
      const encoded = stored ?? options.genesis
      if (encoded === undefined) throw new StudioError('ledger-new', 'There is no ledger in this folder yet.')
      const genesis = decodeGenesis(encoded)
      const hash = keccak256(encoded)
      if (options.genesis !== undefined && !equalsBytes(hash, keccak256(options.genesis))) {
        throw new StudioError('ledger-other-genesis', 'This folder holds another ledger. Choose another folder.')
      }
      const chainId = chainIdOf(hash)
      const chain = ledgerChain(chainId)
      const blockHash = (height: number): Uint8Array => store.blockHash(height) ?? new Uint8Array(32)
      const height = store.headHeight()
      let head: LedgerHead
      let executor: Executor
      if (height === undefined) {
        executor = await Executor.open(chain, store.nodes, null, blockHash)
        const { entry } = await foundLedger(executor, genesis, hash, chainId)
        await store.write(entry, encoded)
        head = { height: 0, hash: entry.hash, header: entry.block.header }
      } else {
        const { header } = decodeBlock(new Uint8Array(store.block(height)!))
        executor = await Executor.open(chain, store.nodes, header.r, blockHash)
        head = { height, hash: blockHash(height), header }
      }
      const admission = { ...ADMISSION, ...options.admission }
      return new EmbeddedLedger(genesis, hash, chain, store, executor, key, clock, admission, head)
    } catch (error) {
      await store.close()
      throw error
    }
  }

  get chainId(): number {
    return Number(this.chain.chainId())
  }

  get head(): LedgerHead {
    return this.current
  }

  /** Why no blocks can be made, e.g. a full disk; null when all is well. It is tried again. */
  get problem(): string | null {
    return this.#problem
  }

  get waiting(): number {
    return this.#queue.size
  }

  /** Called after each block that was added. Returns the function that stops it. */
  onBlock(listener: (head: LedgerHead) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onRefused(listener: (refused: Refused) => void): () => void {
    this.#refusals.add(listener)
    return () => this.#refusals.delete(listener)
  }

  /**
   * Takes a signed transaction into the queue and returns its hash. It counts when it is in a block. Throws an RpcError
   * with the reason of a refusal.
   */
  async submit(raw: Uint8Array): Promise<string> {
    const transaction = decodeTransaction(raw, this.chain)
    const known = this.store.findTransaction(transaction.hash())
    if (known !== undefined) return bytesToHex(transaction.hash())
    return this.#line.run(async () => {
      const account = await this.executor.account(transaction.getSenderAddress().bytes)
      const hash = this.#queue.add(transaction, account?.nonce ?? 0n)
      this.#wake()
      return hash
    })
  }

  /** Resolves when the transaction is in a block or `withinMs` are over; to the reason when it could not run. */
  settled(hash: string, withinMs: number): Promise<string | null> {
    const isDone = (): boolean => this.store.findTransaction(Buffer.from(hash.slice(2), 'hex')) !== undefined
    const refused = this.#refused.get(hash)
    if (refused !== undefined || isDone()) return Promise.resolve(refused ?? null)
    return new Promise((resolve) => {
      const end = (reason: string | null): void => {
        clearTimeout(timer)
        stopBlocks()
        stopRefusals()
        resolve(reason)
      }
      const timer = setTimeout(() => end(null), withinMs)
      const stopBlocks = this.onBlock(() => {
        if (isDone()) end(null)
      })
      const stopRefusals = this.onRefused((refused) => {
        if (refused.hash === hash) end(refused.reason)
      })
    })
  }

  /** One that waits, by hash. */
  queued(hash: string): TypedTransaction | undefined {
    return this.#queue.get(hash)
  }

  /** Transactions of a sender (0x address, lower case) that wait. */
  pendingOf(sender: string): number {
    return this.#queue.pending(sender)
  }

  /** Adds the next block, made by an authority elsewhere, after executing it. Throws a BlockError that says what is wrong. */
  importBlock(encoded: Uint8Array): Promise<void> {
    return this.#line.run(async () => {
      const block = decodeBlock(encoded)
      const hash = keccak256(encodeHeader(block.header))
      const { n } = block.header
      const ours = this.store.blockHash(n)
      if (ours !== undefined && equalsBytes(ours, hash)) return
      checkHeader(block.header, { chainId: this.chainId, head: this.current, now: this.clock(), ours })
      checkSignatures(block, hash, this.genesis.authorities)
      const transactions = block.transactions.map((raw) => {
        try {
          return decodeTransaction(raw, this.chain)
        } catch (cause) {
          throw new BlockError('block-forged', 'The block holds a transaction that the rules refuse.', n, { cause })
        }
      })
      if (!equalsBytes(block.header.x, keccak256(joinTransactions(block.transactions)))) {
        throw new BlockError('block-forged', 'The block was signed for other transactions.', n)
      }
      const execution = await this.executor.execute(this.#scene(block.header), transactions)
      const complete = execution.failed.length === 0 && execution.executed.length === transactions.length
      if (!complete || execution.gasUsed !== block.header.g || !equalsBytes(execution.stateRoot, block.header.r)) {
        await this.executor.drop()
        throw new BlockError('block-forged', 'Executing the block gives another result than it states.', n)
      }
      await this.#add(block, hash, execution)
    })
  }

  /**
   * Runs `work` on the state after the block at `height`, with no block in between. At the head contracts see the block
   * that would be next, so that their time is now; further back they see the block itself.
   */
  atHeight<T>(height: number, work: (executor: Executor, scene: BlockScene) => Promise<T>): Promise<T> {
    return this.#line.run(async () => {
      if (height === this.current.height) return work(this.executor, this.#nextScene())
      const { header } = decodeBlock(this.store.block(height)!)
      const past = await Executor.open(this.chain, this.store.nodes, header.r, (at) => this.#blockHash(at))
      return work(past, this.#scene(header))
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#line.idle()
    await this.store.close()
  }

  #wake(): void {
    if (this.#sealing || this.#closed || this.key === null || this.#queue.size === 0) return
    this.#sealing = true
    // Not at once: what arrives in the same moment shares the block.
    setImmediate(() => void this.#sealAll())
  }

  async #sealAll(): Promise<void> {
    try {
      while (this.#queue.size > 0 && !this.#closed) await this.#line.run(() => this.#seal())
      this.#problem = null
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
      setTimeout(() => this.#wake(), RETRY_MS).unref()
    } finally {
      this.#sealing = false
    }
  }

  async #seal(): Promise<void> {
    const { key } = this
    if (key === null || this.#closed) return
    const scene = this.#nextScene()
    const end = performance.now() + MAX_MAKING_MS
    const execution = await this.executor.execute(scene, this.#queue.next(), () => performance.now() > end)
    for (const { transaction, reason } of execution.failed) {
      this.#queue.remove(transaction)
      const refused = { hash: bytesToHex(transaction.hash()), reason }
      this.#refused.set(refused.hash, reason)
      for (const listener of this.#refusals) listener(refused)
    }
    for (const hash of this.#refused.keys()) {
      if (this.#refused.size <= MAX_REMEMBERED) break
      this.#refused.delete(hash)
    }
    if (execution.executed.length === 0) return this.executor.drop()
    const transactions = execution.executed.map(({ transaction }) => transaction.serialize())
    const header: BlockHeader = {
      v: 1,
      c: this.chainId,
      n: scene.height,
      t: scene.time,
      p: scene.parentHash,
      x: keccak256(joinTransactions(transactions)),
      r: execution.stateRoot,
      g: execution.gasUsed,
      b: key.address,
    }
    const hash = keccak256(encodeHeader(header))
    await this.#add({ header, transactions, signatures: [key.sign(hash)] }, hash, execution)
  }

  async #add(block: LedgerBlock, hash: Uint8Array, execution: Execution): Promise<void> {
    try {
      await this.store.write({
        block,
        hash,
        transactionHashes: execution.executed.map(({ transaction }) => transaction.hash()),
        outcomes: execution.executed.map(({ outcome }) => outcome),
        nodes: execution.writes,
      })
    } catch (error) {
      await this.executor.drop() // a full disk: the block was not made
      throw error
    }
    this.executor.keep(execution)
    this.current = { height: block.header.n, hash, header: block.header }
    for (const { transaction } of execution.executed) this.#queue.remove(transaction)
    for (const listener of this.#listeners) listener(this.current)
  }

  /** What a block made now would be. Time never falls, whatever the clock does. */
  #nextScene(): BlockScene {
    return {
      height: this.current.height + 1,
      time: Math.max(this.current.header.t, Math.floor(this.clock() / 1000)),
      author: this.key?.address ?? this.current.header.b,
      parentHash: this.current.hash,
    }
  }

  #blockHash(height: number): Uint8Array {
    return this.store.blockHash(height) ?? new Uint8Array(32)
  }

  #scene(header: BlockHeader): BlockScene {
    return { height: header.n, time: header.t, author: header.b, parentHash: header.p }
  }
}
