import { z } from 'zod'
import { StudioError } from '@shared/errors'
import { positional, type Eip1193, type Eip1193Call } from '@shared/ledger/eip-1193'
import { parseRpcAddress } from './rpc-address'
import { RpcError } from './rpc-error'

const TIMEOUT_MS = 10_000
/** The logs of a wide range are the largest answers; nodes cut them at about 10 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
const MAX_IN_FLIGHT = 8
const MAX_WAITING = 256
/** Busy and overloaded nodes are asked again after these times. */
const RETRY_AFTER_MS = [400, 1_200]
const BUSY = new Set([429, 502, 503, 504])

const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string().max(20_000), data: z.unknown().optional() }).nullish(),
})

export interface RpcEndpointOptions {
  timeoutMs?: number
}

/**
 * One node, by JSON-RPC 2.0 over HTTP. Every request is bounded in time, answer size and number at once. Throws
 * `RpcError` for what the node refuses, StudioError `rpc-unreachable` when it does not answer and `rpc-garbled` when
 * the answer is none.
 */
export class RpcEndpoint implements Eip1193 {
  readonly host: string
  readonly #url: URL
  readonly #timeoutMs: number
  #nextId = 1
  #inFlight = 0
  readonly #waiting: (() => void)[] = []

  constructor(address: string, options: RpcEndpointOptions = {}) {
    this.#url = parseRpcAddress(address)
    this.host = this.#url.host
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  }

  async request(call: Eip1193Call): Promise<unknown> {
    const [method, params] = [call.method, positional(call)]
    await this.#enter()
    try {
      for (const delay of RETRY_AFTER_MS) {
        const answer = await this.#ask(method, params)
        if (answer !== 'busy') return answer.result
        await new Promise((resolve) => setTimeout(resolve, delay))
      }
      const last = await this.#ask(method, params)
      if (last !== 'busy') return last.result
      throw this.#unreachable('is overloaded')
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#inFlight -= 1
      else next() // takes this place over
    }
  }

  async #enter(): Promise<void> {
    if (this.#inFlight >= MAX_IN_FLIGHT) {
      if (this.#waiting.length >= MAX_WAITING) throw this.#unreachable('has too many requests waiting')
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#inFlight += 1
  }

  async #ask(method: string, params: readonly unknown[]): Promise<{ result: unknown } | 'busy'> {
    const id = this.#nextId++
    let text: string
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        // a redirect would carry the key in the address to somebody else
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMs),
      })
      if (BUSY.has(response.status)) {
        await response.body?.cancel()
        return 'busy'
      }
      text = await this.#bounded(response)
    } catch (error) {
      if (error instanceof StudioError) throw error
      const isLate = error instanceof Error && error.name === 'TimeoutError'
      throw this.#unreachable(
        isLate ? `has not answered within ${this.#timeoutMs / 1000} s` : 'cannot be reached',
        error,
      )
    }
    return { result: this.#read(text) }
  }

  /** Some nodes send errors with an HTTP error status, so the body counts, not the status. */
  async #bounded(response: Response): Promise<string> {
    if (response.body === null) return ''
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += part.length
      if (size > MAX_ANSWER_BYTES) throw this.#garbled('is larger than 16 MB')
      parts.push(part)
    }
    return Buffer.concat(parts).toString('utf8')
  }

  #read(text: string): unknown {
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      throw this.#garbled('is no JSON, so this is not the address of an RPC node')
    }
    const answer = Answer.safeParse(json)
    if (!answer.success) throw this.#garbled('is not understood')
    const { error, result } = answer.data
    if (error !== undefined && error !== null) throw new RpcError(error.code, error.message, error.data)
    return result
  }

  #unreachable(what: string, cause?: unknown): StudioError {
    const words = `The node at ${this.host} ${what}. Check the connection and the address, or try again later.`
    return new StudioError('rpc-unreachable', words, { cause })
  }

  #garbled(what: string): StudioError {
    return new StudioError('rpc-garbled', `What the node at ${this.host} answers ${what}.`)
  }
}
