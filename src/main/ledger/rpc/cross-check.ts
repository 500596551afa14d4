import { StudioError } from '@shared/errors'
import type { RpcEndpoint } from './rpc-endpoint'
import { RpcError } from './rpc-error'

/** New blocks do not reach all nodes at once: a difference counts only when it stays. */
const TRIES = 4
const RETRY_MS = 700

type Params = readonly unknown[]

/**
 * Asks two nodes the same and compares. What differs while both name the same block hash, or goes on differing, is a
 * disagreement: StudioError `nodes-disagree`.
 */
export class CrossCheck {
  constructor(
    private readonly first: RpcEndpoint,
    private readonly second: RpcEndpoint,
    private readonly retryMs = RETRY_MS,
  ) {}

  /** The newest block that both have. */
  async sharedHead(tag: string = 'latest'): Promise<number> {
    return Math.min(...(await Promise.all([blockNumberAt(this.first, tag), blockNumberAt(this.second, tag)])))
  }

  /**
   * The answer of both. `paramsAt` puts the block to ask at (0x number) into the parameters; null: at the newest that
   * both have.
   */
  async read(
    what: string,
    method: string,
    block: number | null,
    paramsAt: (block: string) => Params,
  ): Promise<unknown> {
    for (let left = TRIES - 1; ; left -= 1) {
      const number = block ?? (await this.sharedHead())
      const at = `0x${number.toString(16)}`
      const call = { method, params: paramsAt(at) }
      const [one, two] = await Promise.all([outcome(this.first, call), outcome(this.second, call)])
      if (one.key === two.key) return settle(one)
      const [hashOne, hashTwo] = await Promise.all([hashAt(this.first, at), hashAt(this.second, at)])
      if (left === 0 || (hashOne !== null && hashOne === hashTwo)) throw this.#disagreement(what)
      await new Promise((resolve) => setTimeout(resolve, this.retryMs))
    }
  }

  #disagreement(what: string): StudioError {
    return new StudioError(
      'nodes-disagree',
      `${this.first.host} and ${this.second.host} say different things about ${what}. One of them is wrong, so ` +
        'nothing is signed until they agree. Wait, or change one of the two nodes in the settings of the network.',
    )
  }
}

interface Outcome {
  /** Equal for equal answers. */
  key: string
  value?: unknown
  error?: RpcError
}

/** A revert is an answer too. */
async function outcome(node: RpcEndpoint, call: { method: string; params: Params }): Promise<Outcome> {
  try {
    const value = await node.request(call)
    return { key: canonical(value), value }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return { key: `error ${typeof error.data === 'string' ? error.data.toLowerCase() : ''}`, error }
  }
}

function settle({ value, error }: Outcome): unknown {
  if (error !== undefined) throw error
  return value
}

/** What the fields of a log mean to us; nodes add others of their own. */
const LOG_FIELDS = ['address', 'topics', 'data', 'blockNumber', 'blockHash', 'transactionHash', 'logIndex'] as const

const BLOCK_FIELDS = ['number', 'hash', 'timestamp', 'baseFeePerGas'] as const

function canonical(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'hash' in value) {
    const block = value as Record<string, unknown>
    return `block ${JSON.stringify(BLOCK_FIELDS.map((field) => block[field])).toLowerCase()}`
  }
  if (!Array.isArray(value)) return `value ${value === undefined ? '' : JSON.stringify(value).toLowerCase()}`
  const logs = value.map((log) => JSON.stringify(LOG_FIELDS.map((field) => (log as Record<string, unknown>)[field])))
  return logs.join().toLowerCase()
}

/** Throws StudioError `rpc-garbled` when there is no such block. */
export async function blockNumberAt(node: RpcEndpoint, tag: string): Promise<number> {
  const block = await node.request({ method: 'eth_getBlockByNumber', params: [tag, false] })
  const number = Number((block as { number?: unknown } | null)?.number)
  if (Number.isSafeInteger(number)) return number
  throw new StudioError('rpc-garbled', `The node at ${node.host} does not say which block is its ${tag} one.`)
}

async function hashAt(node: RpcEndpoint, at: string): Promise<unknown> {
  const block = await node.request({ method: 'eth_getBlockByNumber', params: [at, false] })
  return (block as { hash?: unknown } | null)?.hash ?? null
}
