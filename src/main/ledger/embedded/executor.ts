import { createBlock } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { createEVM, type EVMResult } from '@ethereumjs/evm'
import { createMPT } from '@ethereumjs/mpt'
import { Caches, CacheType, MerkleStateManager } from '@ethereumjs/statemanager'
import type { TypedTransaction } from '@ethereumjs/tx'
import { Address, ValueEncoding } from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { MAX_BLOCK_GAS } from '@shared/ledger/ledger-limits'
import type { ExecutedTransaction, Outcome } from './executed-transaction'
import type { NodeStore, NodeWrite } from './node-store'

/**
 * More entries than one block's gas can touch (2,100 for a slot, 2,600 for an account): the caches of the state manager
 * forget what they push out, changed or not.
 */
const CACHE_ENTRIES = 20_000

/** What the contracts see of the block that they run in. */
export interface BlockScene {
  height: number
  /** Unix seconds. */
  time: number
  /** 20 bytes. */
  author: Uint8Array
  /** Hash of the block before; contracts get it as their (foreseeable) randomness. */
  parentHash: Uint8Array
}

export interface Call {
  from: Uint8Array
  to: Uint8Array | null
  data: Uint8Array
  value: bigint
  gas: bigint
}

/** What executing a block gave; kept by `keep` or forgotten by `drop`. */
export interface Execution {
  stateRoot: Uint8Array
  gasUsed: number
  executed: ExecutedTransaction[]
  /** Transactions that could not run at all; a block must have none of them. */
  failed: { transaction: TypedTransaction; reason: string }[]
  writes: NodeWrite[]
}

/** Runs transactions on the state of one ledger. One thing at a time: the caller waits for each call's end. */
export class Executor {
  private constructor(
    private readonly vm: VM,
    private readonly state: MerkleStateManager,
    private readonly nodes: NodeStore,
    private root: Uint8Array,
  ) {}

  /** At a state root that is in `nodes`; null begins with the empty state. `blockHash` answers BLOCKHASH. */
  static async open(
    chain: Common,
    nodes: NodeStore,
    stateRoot: Uint8Array | null,
    blockHash: (height: number) => Uint8Array,
  ): Promise<Executor> {
    const trie = await createMPT({
      db: nodes,
      useKeyHashing: true,
      common: chain,
      valueEncoding: ValueEncoding.Bytes,
    })
    const cache = { type: CacheType.LRU, size: CACHE_ENTRIES }
    const state = new MerkleStateManager({
      common: chain,
      trie,
      caches: new Caches({ account: cache, storage: cache, code: { size: 0 } }),
    })
    const blockchain = {
      getBlock: (height: number) => Promise.resolve({ hash: () => blockHash(height) }),
      putBlock: () => Promise.resolve(),
      shallowCopy: () => blockchain,
    }
    const evm = await createEVM({ common: chain, stateManager: state, blockchain })
    const vm = await createVM({ common: chain, stateManager: state, evm })
    const executor = new Executor(vm, state, nodes, stateRoot ?? trie.EMPTY_TRIE_ROOT)
    await state.setStateRoot(executor.root)
    return executor
  }

  /**
   * Executes in order, as far as the block's gas goes and until `enough` says so; then call `keep` or `drop`. The rest
   * of `transactions` is neither executed nor failed.
   */
  async execute(
    scene: BlockScene,
    transactions: Iterable<TypedTransaction>,
    enough: () => boolean = () => false,
  ): Promise<Execution> {
    const block = this.#block(scene)
    const executed: ExecutedTransaction[] = []
    const failed: Execution['failed'] = []
    let gasUsed = 0
    await this.state.checkpoint()
    try {
      for (const transaction of transactions) {
        if (gasUsed + Number(transaction.gasLimit) > MAX_BLOCK_GAS || enough()) break
        try {
          const result = await runTx(this.vm, { tx: transaction, block, skipHardForkValidation: true })
          const used = Number(result.totalGasSpent)
          gasUsed += used
          executed.push({ transaction, outcome: outcome(transaction, result, used) })
        } catch (error) {
          failed.push({ transaction, reason: reason(error) })
        }
      }
    } catch (error) {
      await this.state.revert()
      throw error
    }
    return { ...(await this.#end()), gasUsed, executed, failed }
  }

  /** The genesis: calls of one sender without signature, each of which must succeed. */
  async found(scene: BlockScene, sender: Uint8Array, calls: readonly { to: Uint8Array | null; data: Uint8Array }[]) {
    const created: (Uint8Array | null)[] = []
    let gasUsed = 0
    await this.state.checkpoint()
    for (const { to, data } of calls) {
      const result = await this.#run(scene, { from: sender, to, data, value: 0n, gas: BigInt(MAX_BLOCK_GAS) })
      if (result.execResult.exceptionError !== undefined) {
        throw new Error(`Step ${created.length} of the genesis failed: ${result.execResult.exceptionError.error}`)
      }
      gasUsed += Number(result.execResult.executionGasUsed)
      created.push(result.createdAddress?.bytes ?? null)
    }
    return { ...(await this.#end()), gasUsed, created }
  }

  /** Runs a call on the state of the head and undoes it. */
  async call(scene: BlockScene, call: Call): Promise<EVMResult> {
    await this.state.checkpoint()
    try {
      return await this.#run(scene, call)
    } finally {
      await this.state.revert()
      this.nodes.discard()
    }
  }

  /** The last execution's writes are on disk: its state is the head's. */
  keep(execution: Pick<Execution, 'stateRoot' | 'writes'>): void {
    this.nodes.written(execution.writes)
    this.root = execution.stateRoot
  }

  /** Forgets the last execution. */
  async drop(): Promise<void> {
    this.nodes.discard()
    await this.state.setStateRoot(this.root)
  }

  account(address: Uint8Array) {
    return this.state.getAccount(new Address(address))
  }

  code(address: Uint8Array): Promise<Uint8Array> {
    return this.state.getCode(new Address(address))
  }

  /** `slot` of 32 bytes; the value without leading zeros. */
  storage(address: Uint8Array, slot: Uint8Array): Promise<Uint8Array> {
    return this.state.getStorage(new Address(address), slot)
  }

  async #end(): Promise<Pick<Execution, 'stateRoot' | 'writes'>> {
    await this.state.commit()
    const stateRoot = await this.state.getStateRoot()
    return { stateRoot, writes: this.nodes.writes(stateRoot) }
  }

  async #run(scene: BlockScene, { from, to, data, value, gas }: Call): Promise<EVMResult> {
    const journal = this.vm.evm.journal
    await journal.cleanup()
    try {
      return await this.vm.evm.runCall({
        block: this.#block(scene),
        caller: new Address(from),
        ...(to === null ? {} : { to: new Address(to) }),
        data,
        value,
        gasLimit: gas,
      })
    } finally {
      journal.cleanJournal()
      this.state.originalStorageCache.clear()
    }
  }

  #block({ height, time, author, parentHash }: BlockScene) {
    return createBlock(
      {
        header: {
          number: height,
          timestamp: time,
          coinbase: new Address(author),
          gasLimit: MAX_BLOCK_GAS,
          baseFeePerGas: 0n,
          mixHash: parentHash,
        },
      },
      { common: this.vm.common, skipConsensusFormatValidation: true },
    )
  }
}

function outcome(transaction: TypedTransaction, result: EVMResult, gasUsed: number): Outcome {
  const ok = result.execResult.exceptionError === undefined
  return {
    ok,
    gasUsed,
    from: transaction.getSenderAddress().bytes,
    created: ok && transaction.to === undefined ? (result.createdAddress?.bytes ?? null) : null,
    logs: ok ? (result.execResult.logs ?? []) : [],
  }
}

/** Why a transaction cannot run; ethereumjs puts a description of its objects behind the first sentence. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split(' (vm hf=', 1)[0]!.slice(0, 300)
}
