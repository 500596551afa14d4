import { StudioError } from '@shared/errors'
import { positional, type Eip1193, type Eip1193Call } from '@shared/ledger/eip-1193'
import type { RpcNetworkEntry } from '@shared/ledger/rpc-network'
import { ContractName } from '@shared/money/contract-name'
import { checkPin } from './code-pins'
import { CrossCheck } from './cross-check'
import { RpcEndpoint, type RpcEndpointOptions } from './rpc-endpoint'
import { RpcError, UNSUPPORTED_METHOD } from './rpc-error'

/** What the app asks a node; nothing that makes the node sign, and nothing that manages it. */
const METHODS = new Set([
  'eth_chainId',
  'net_version',
  'eth_blockNumber',
  'eth_getBlockByNumber',
  'eth_getBlockByHash',
  'eth_getBalance',
  'eth_getCode',
  'eth_getStorageAt',
  'eth_getTransactionCount',
  'eth_getTransactionByHash',
  'eth_getTransactionReceipt',
  'eth_getLogs',
  'eth_call',
  'eth_estimateGas',
  'eth_gasPrice',
  'eth_maxPriorityFeePerGas',
  'eth_feeHistory',
  'eth_sendRawTransaction',
])

/** Two estimates of gas may differ by this factor: nodes round up, and one may be a block behind. */
const MOST_GAS_APART = 1.5

export interface RpcNetworkOptions extends RpcEndpointOptions {
  /** Between two looks when two nodes differ, milliseconds. */
  retryMs?: number
}

/**
 * A real chain behind one or two nodes. Contracts are trusted by address and code hash; with a second node, balances,
 * calls and logs are read from both at one block, and a disagreement stops signing until it is gone.
 */
export class RpcNetwork implements Eip1193 {
  readonly #nodes: RpcEndpoint[]
  readonly #cross: CrossCheck | null
  /** The reading that the nodes did not agree on, to be tried again. */
  #disputed: (() => Promise<unknown>) | null = null

  private constructor(
    readonly network: RpcNetworkEntry,
    options: RpcNetworkOptions,
  ) {
    const first = new RpcEndpoint(network.rpcUrl, options)
    const second = network.secondRpcUrl === null ? null : new RpcEndpoint(network.secondRpcUrl, options)
    this.#nodes = second === null ? [first] : [first, second]
    this.#cross = second === null ? null : new CrossCheck(first, second, options.retryMs)
  }

  /**
   * Connects and checks chain id and code hashes on each node. Throws StudioError `foreign-chain`, `code-differs`,
   * `bad-rpc-address`, `rpc-unreachable`.
   */
  static async open(network: RpcNetworkEntry, options: RpcNetworkOptions = {}): Promise<RpcNetwork> {
    const opened = new RpcNetwork(network, options)
    await opened.checkChain()
    await opened.#checkPins(ContractName.options)
    return opened
  }

  /** Who tells what is known of this chain. */
  get hosts(): string[] {
    return this.#nodes.map(({ host }) => host)
  }

  async request(call: Eip1193Call): Promise<unknown> {
    const [method, params] = [call.method, positional(call)]
    if (!METHODS.has(method)) throw new RpcError(UNSUPPORTED_METHOD, `${method} is not offered here.`)
    const [node] = this.#nodes as [RpcEndpoint]
    if (this.#cross === null) return node.request({ method, params })
    switch (method) {
      case 'eth_chainId':
        await this.checkChain()
        return `0x${this.network.chainId.toString(16)}`
      case 'eth_blockNumber':
        return `0x${(await this.#cross.sharedHead()).toString(16)}`
      case 'eth_getBlockByNumber': {
        const [tag, full] = params
        // what fees are made of; others are read for their contents, which `eth_getLogs` compares
        if (tag === 'latest') return this.#agreed('the newest block', method, tag, (block) => [block, full === true])
        const number = await this.#resolve(tag)
        return node.request({ method, params: [`0x${number.toString(16)}`, full === true] })
      }
      case 'eth_getBalance':
        return this.#agreed('a balance', method, params[1], (block) => [params[0], block])
      case 'eth_call':
        return this.#agreed('what a contract holds', method, params[1], (block) => [params[0], block])
      case 'eth_estimateGas':
        return this.#agreedGas(params)
      case 'eth_maxPriorityFeePerGas':
        return this.#smallerTip()
      case 'eth_getLogs':
        return this.#agreedLogs(params[0])
      default:
        return node.request({ method, params })
    }
  }

  /**
   * To be called before each signature: the chain is still the one, the contract that is called (`to`) still has its
   * code, and two nodes agree, also about the account's balance. Throws a StudioError that says what is wrong.
   */
  async checkBeforeSigning({ account, to }: { account?: string; to?: string } = {}): Promise<void> {
    await this.checkChain()
    const called = ContractName.options.filter((name) => this.network.contracts[name]?.address === to?.toLowerCase())
    await this.#checkPins(called)
    if (this.#cross === null) return
    if (this.#disputed !== null) await this.#watched(this.#disputed)
    if (account !== undefined) await this.request({ method: 'eth_getBalance', params: [account, 'latest'] })
  }

  /** Throws StudioError `foreign-chain` when a node is of another chain than it was. */
  async checkChain(): Promise<void> {
    await Promise.all(
      this.#nodes.map(async (node) => {
        const found = await chainIdOf(node)
        if (found === this.network.chainId) return
        throw new StudioError(
          'foreign-chain',
          `The node at ${node.host} is of chain ${found}, not of ${this.network.chainId} (${this.network.name}). ` +
            'Nothing is signed. Check its address.',
        )
      }),
    )
  }

  async #checkPins(names: readonly ContractName[]): Promise<void> {
    await Promise.all(
      this.#nodes.flatMap((node) =>
        names.map(async (name) => {
          const pin = this.network.contracts[name]
          if (pin !== undefined) await checkPin(node, node.host, name, pin)
        }),
      ),
    )
  }

  #agreed(
    what: string,
    method: string,
    tag: unknown,
    paramsAt: (block: string) => readonly unknown[],
  ): Promise<unknown> {
    const cross = this.#cross!
    return this.#watched(async () => {
      const block = tag === undefined || tag === 'latest' || tag === 'pending' ? null : await this.#resolve(tag)
      return cross.read(what, method, block, paramsAt)
    })
  }

  /** The larger of two; nodes reckon a little differently, but not by half. */
  async #agreedGas(params: readonly unknown[]): Promise<string> {
    const answers = await Promise.all(this.#nodes.map((node) => node.request({ method: 'eth_estimateGas', params })))
    const [one, two] = answers.map((answer) => Number(answer))
    const [less, more] = [Math.min(one!, two!), Math.max(one!, two!)]
    if (!(more <= less * MOST_GAS_APART)) {
      throw new StudioError(
        'nodes-disagree',
        `${this.hosts.join(' and ')} say very different things about what this would cost, so nothing is signed. ` +
          'Wait, or change one of the two nodes in the settings of the network.',
      )
    }
    return `0x${more.toString(16)}`
  }

  /** A tip is a proposal, no fact: the cheaper one is taken. */
  async #smallerTip(): Promise<unknown> {
    const call = { method: 'eth_maxPriorityFeePerGas' }
    const tips = await Promise.all(this.#nodes.map((node) => node.request(call)))
    return tips.reduce((least, tip) => (Number(tip) < Number(least) ? tip : least))
  }

  #agreedLogs(filter: unknown): Promise<unknown> {
    const cross = this.#cross!
    const { fromBlock, toBlock, ...rest } = (filter ?? {}) as Record<string, unknown>
    return this.#watched(async () => {
      const from = `0x${(await this.#resolve(fromBlock)).toString(16)}`
      // a node that is behind has nothing to say about blocks which it does not know
      const to = Math.min(await this.#resolve(toBlock), await cross.sharedHead())
      return cross.read('what happened', 'eth_getLogs', to, (block) => [{ ...rest, fromBlock: from, toBlock: block }])
    })
  }

  /** Remembers a reading that is disputed, and forgets it once it is not. */
  async #watched(read: () => Promise<unknown>): Promise<unknown> {
    try {
      const value = await read()
      if (this.#disputed === read) this.#disputed = null
      return value
    } catch (error) {
      if (error instanceof StudioError && error.code === 'nodes-disagree') this.#disputed = read
      throw error
    }
  }

  /** The number of a block that is named by a number or a tag. */
  async #resolve(tag: unknown): Promise<number> {
    if (typeof tag === 'string' && /^0x[0-9a-fA-F]{1,13}$/.test(tag)) return Number(tag)
    if (tag === 'earliest') return 0
    const name = tag === 'safe' || tag === 'finalized' ? tag : 'latest'
    return this.#cross!.sharedHead(name)
  }
}

/** The chain that a node says it is of. Throws StudioError `rpc-garbled` when it says none. */
export async function chainIdOf(node: RpcEndpoint): Promise<bigint> {
  const answer = await node.request({ method: 'eth_chainId' })
  if (typeof answer === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(answer)) return BigInt(answer)
  throw new StudioError('rpc-garbled', `The node at ${node.host} does not say which chain it is of.`)
}
