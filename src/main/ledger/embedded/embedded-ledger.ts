import type { Common } from '@ethereumjs/common'
import type { TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import type { BlockHeader, LedgerBlock } from '@shared/ledger/block'
import { decodeBlock, encodeBlock, encodeHeader, joinTransactions } from '@shared/ledger/block'
import { BlockError } from '@shared/ledger/block-error'
import { chainIdOf, decodeGenesis, type Genesis } from '@shared/ledger/genesis'
import { ADMISSION, MAX_AHEAD_S, STEP_IN_S, type AdmissionLimits } from '@shared/ledger/ledger-limits'
import { StudioError } from '@shared/errors'
import type { AuthorityKey } from './authority-key'
import { checkHeader, checkMaker, checkSignatures, doubleSigners } from './block-rules'
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
  /** Since when there is something for the next block, as far as this authority knows; milliseconds. */
  #openSince: number | null = null
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

  /** Whether this computer alone makes the blocks, at once and without asking anybody. */
  get isSoleAuthority(): boolean {
    return this.key !== null && this.genesis.authorities.length === 1 && this.#turnOf(this.key.address) === 0
  }

  /** Whether this computer's key is one of those that make blocks. */
  get isAuthority(): boolean {
    return this.key !== null && this.#turnOf(this.key.address) >= 0
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
      this.#checkFault(block, ours === undefined ? undefined : this.store.block(n))
      checkHeader(block.header, { chainId: this.chainId, head: this.current, now: this.clock(), ours })
      checkSignatures(block, hash, this.genesis.authorities)
      await this.#add(block, hash, await this.#verified(block))
    })
  }

  /**
   * For a ledger of several authorities: the next block, signed by this one's key. The same block is proposed again until
   * the height is decided, also after a restart. Null when there is nothing to put into a block.
   */
  propose(): Promise<LedgerBlock | null> {
    return this.#line.run(async () => {
      const scene = this.#nextScene()
      const voted = this.store.vote(scene.height)
      if (voted !== undefined) return decodeBlock(voted)
      const made = await this.#make(scene)
      await this.executor.drop()
      if (made === null) return null
      await this.store.keepVote(scene.height, encodeBlock(made.block))
      return made.block
    })
  }

  /**
   * This authority's signature on another one's block, after executing it. At each height a key signs one block, ever.
   * Throws a BlockError with the reason of a refusal.
   */
  endorse(encoded: Uint8Array): Promise<Uint8Array> {
    return this.#line.run(async () => {
      const { key } = this
      const block = decodeBlock(encoded)
      const { header } = block
      if (key === null || this.#turnOf(key.address) < 0) {
        throw new BlockError('block-not-due', 'This peer is no authority here.', header.n)
      }
      const hash = keccak256(encodeHeader(header))
      const voted = this.store.vote(header.n)
      const context = { chainId: this.chainId, head: this.current, now: this.clock(), ours: undefined }
      if (header.n <= this.current.height) {
        throw new BlockError('block-not-due', `Block ${header.n} is decided.`, header.n)
      }
      checkHeader(header, context)
      checkMaker(block, hash, this.genesis.authorities)
      if (voted !== undefined) {
        const own = decodeBlock(voted)
        if (equalsBytes(keccak256(encodeHeader(own.header)), hash)) return key.sign(hash)
        this.#checkFault(block, voted)
        throw new BlockError('block-not-due', 'This authority stands for another block of this height.', header.n)
      }
      this.#openSince ??= this.clock()
      if (this.clock() - this.#openSince < this.#dueAfterMs(header.b, header.n) - MAX_AHEAD_S * 1000) {
        throw new BlockError('block-not-due', 'Another authority comes first.', header.n)
      }
      await this.#verified(block)
      await this.executor.drop()
      await this.store.keepVote(header.n, encoded)
      return key.sign(hash)
    })
  }

  /** Whether this computer's key is one of several, and it is time for it to make the next block. */
  get isDue(): boolean {
    const { key } = this
    if (key === null || this.genesis.authorities.length === 1 || this.#turnOf(key.address) < 0) return false
    const height = this.current.height + 1
    if (this.#queue.size === 0 && this.store.vote(height) === undefined) return false
    this.#openSince ??= this.clock()
    return this.clock() - this.#openSince >= this.#dueAfterMs(key.address, height)
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
    if (this.genesis.authorities.length > 1) this.#openSince ??= this.clock()
    if (this.#sealing || this.#closed || !this.isSoleAuthority || this.#queue.size === 0) return
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
    if (this.key === null || this.#closed) return
    const made = await this.#make(this.#nextScene())
    if (made === null) await this.executor.drop()
    else await this.#add(made.block, made.hash, made.execution)
  }

  /** Executes what waits and signs the block of it; null when nothing of it could run. */
  async #make(scene: BlockScene): Promise<{ block: LedgerBlock; hash: Uint8Array; execution: Execution } | null> {
    const { key } = this
    if (key === null) return null
    const end = performance.now() + MAX_MAKING_MS
    const execution = await this.executor.execute(scene, this.#queue.next(), () => performance.now() > end)
    for (const { transaction, reason } of execution.failed) this.#refuse(transaction, reason)
    if (execution.executed.length === 0) return null
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
    return { block: { header, transactions, signatures: [key.sign(hash)] }, hash, execution }
  }

  /** Executes a block whose header fits; the result is to be added or dropped. Throws BlockError `block-forged`. */
  async #verified({ header, transactions: raw }: LedgerBlock): Promise<Execution> {
    const { n } = header
    const transactions = raw.map((one) => {
      try {
        return decodeTransaction(one, this.chain)
      } catch (cause) {
        throw new BlockError('block-forged', 'The block holds a transaction that the rules refuse.', n, { cause })
      }
    })
    if (!equalsBytes(header.x, keccak256(joinTransactions(raw)))) {
      throw new BlockError('block-forged', 'The block was signed for other transactions.', n)
    }
    const execution = await this.executor.execute(this.#scene(header), transactions)
    const isComplete = execution.failed.length === 0 && execution.executed.length === transactions.length
    if (!isComplete || execution.gasUsed !== header.g || !equalsBytes(execution.stateRoot, header.r)) {
      await this.executor.drop()
      throw new BlockError('block-forged', 'Executing the block gives another result than it states.', n)
    }
    return execution
  }

  #refuse(transaction: TypedTransaction, reason: string): void {
    this.#queue.remove(transaction)
    const refused = { hash: bytesToHex(transaction.hash()), reason }
    this.#refused.set(refused.hash, reason)
    for (const hash of this.#refused.keys()) {
      if (this.#refused.size <= MAX_REMEMBERED) break
      this.#refused.delete(hash)
    }
    for (const listener of this.#refusals) listener(refused)
  }

  /** Throws BlockError `block-double-signed` when a key stands for both blocks of one height. */
  #checkFault(block: LedgerBlock, known: Uint8Array | undefined): void {
    if (known === undefined || block.header.c !== this.chainId) return // a key may sign on several ledgers
    const authorities = new Set(this.genesis.authorities.map((one) => bytesToHex(one) as string))
    const faulty = doubleSigners(decodeBlock(known), block).filter((signer) => authorities.has(signer))
    if (faulty.length === 0) return
    const { n } = block.header
    throw new BlockError(
      'block-double-signed',
      `The authority ${faulty.join(', ')} signed two blocks at height ${n}.`,
      n,
    )
  }

  /** Place of an authority in the genesis; -1 for others. */
  #turnOf(address: Uint8Array): number {
    return this.genesis.authorities.findIndex((one) => equalsBytes(one, address))
  }

  /** Height n belongs to authority n mod k; each one after it steps in `STEP_IN_S` later. */
  #dueAfterMs(address: Uint8Array, height: number): number {
    const k = this.genesis.authorities.length
    return ((((this.#turnOf(address) - height) % k) + k) % k) * STEP_IN_S * 1000
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
    this.#openSince = null
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
