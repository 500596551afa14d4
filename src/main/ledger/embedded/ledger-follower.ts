import { StudioError } from '@shared/errors'
import { BlockError } from '@shared/ledger/block-error'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import {
  MAX_ANSWER_BYTES,
  MAX_BLOCKS_PER_ANSWER,
  MAX_HOPS,
  readCbor,
  SubmitAnswer,
  writeCbor,
} from '@shared/ledger/ledger-request'
import { MAX_BLOCK_BYTES } from '@shared/ledger/ledger-limits'
import type { LedgerRefusal } from '@shared/ledger/ledger-status'
import type { ServiceClient } from '@shared/rpc/rpc'
import { decodeTransaction } from './decode-transaction'
import type { EmbeddedLedger } from './embedded-ledger'
import { RpcError } from './rpc-error'

const POLL_MS = 5_000
const MAX_REFUSALS = 20

export type Exchange = ServiceClient<ExchangeService>

export interface FollowerEvents {
  onRefused: (refusal: LedgerRefusal) => void
}

/**
 * Keeps a ledger that others make: asks peers for the blocks after its head, executes each, and drops by name whoever
 * sends one that breaks the rules. At most one answer is in memory, and the next is asked for when it is executed.
 */
export class LedgerFollower {
  readonly refusals: LedgerRefusal[] = []
  /** Why the last look for blocks did not end well; null when it did. */
  problem: string | null = null
  readonly #barred = new Set<string>()
  #running: Promise<void> | null = null
  #again = false
  #stopped = false
  readonly #timer: NodeJS.Timeout

  constructor(
    readonly ledger: EmbeddedLedger,
    /** Genesis hash, hexadecimal. */
    private readonly id: string,
    private readonly exchange: () => Exchange | null,
    /** Peers that are known to have it, asked first. */
    private readonly known: readonly string[],
    private readonly events: FollowerEvents,
  ) {
    this.#timer = setInterval(() => void this.sync(), POLL_MS)
    this.#timer.unref()
  }

  /** Gets all blocks that peers have; resolves when there are no more. Never rejects. */
  sync(): Promise<void> {
    this.#again = true
    this.#running ??= this.#syncAll().finally(() => (this.#running = null))
    return this.#running
  }

  /** Peers to ask, those that are known to have it first. */
  async peers(): Promise<string[]> {
    const exchange = this.exchange()
    if (exchange === null) return []
    const joined = await exchange.call('peers', this.id).catch(() => [])
    return [...new Set([...this.known, ...joined])].filter((peer) => !this.#barred.has(peer))
  }

  /** Sends a transaction to an authority, through others if need be. Throws an RpcError with the reason of a refusal. */
  async submit(raw: Uint8Array, hops = MAX_HOPS): Promise<string> {
    decodeTransaction(raw, this.ledger.chain)
    let refused: string | null = null
    for (const peer of await this.peers()) {
      try {
        const request = writeCbor({ q: 'submit', l: this.ledger.genesisHash, tx: raw, hops })
        const [frame] = await this.#ask(peer, request, 1, 1_024)
        const answer = readCbor(SubmitAnswer, frame!)
        if ('hash' in answer) {
          await this.#pull(peer) // it is in a block by now, which this peer has
          return answer.hash
        }
        refused ??= answer.refused
      } catch {
        // another peer may reach it
      }
    }
    throw new RpcError(-32_000, refused ?? 'Nobody who makes blocks of this ledger can be reached. Try again later.')
  }

  /** Gives a transaction to all peers, whatever becomes of it. */
  async passOn(raw: Uint8Array, hops: number): Promise<void> {
    const request = writeCbor({ q: 'submit', l: this.ledger.genesisHash, tx: raw, hops })
    await Promise.allSettled((await this.peers()).map((peer) => this.#ask(peer, request, 1, 1_024)))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#running
  }

  async #syncAll(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false
      for (const peer of await this.peers()) {
        if (this.#isStopped()) return
        await this.#pull(peer)
      }
    }
  }

  /** All blocks that one peer has after our head. */
  async #pull(peer: string): Promise<void> {
    for (;;) {
      const from = this.ledger.head.height + 1
      try {
        const request = writeCbor({ q: 'blocks', l: this.ledger.genesisHash, from, limit: MAX_BLOCKS_PER_ANSWER })
        const blocks = await this.#ask(peer, request, MAX_BLOCKS_PER_ANSWER, MAX_ANSWER_BYTES + MAX_BLOCK_BYTES)
        for (const block of blocks) {
          if (this.#isStopped()) return
          await this.ledger.importBlock(block)
        }
        this.problem = null
        if (blocks.length === 0) return
      } catch (error) {
        this.#failed(peer, error)
        return
      }
    }
  }

  #failed(peer: string, error: unknown): void {
    if (this.#stopped) return
    const code = error instanceof StudioError ? error.code : ''
    if (!(error instanceof StudioError) || !(error instanceof BlockError || code === 'peer-flood')) {
      // Silence is no offence, and what fails here (a full disk) is not the peer's doing.
      if (code !== 'peer-silent' && code !== 'peer-barred') this.problem = wordsOf(error)
      return
    }
    if (code === 'block-future') {
      this.problem = `${error.message} Check the date and time of this computer.` // perhaps not the peer's fault
      return
    }
    const height = error instanceof BlockError ? error.height : null
    this.#barred.add(peer)
    this.exchange()
      ?.call('bar', { peer, reason: error.message })
      .catch(() => undefined)
    const refusal = { peer, code: error.code, message: error.message, height, at: Date.now() }
    this.refusals.push(refusal)
    if (this.refusals.length > MAX_REFUSALS) this.refusals.shift()
    this.events.onRefused(refusal)
  }

  #ask(peer: string, request: Uint8Array, maxFrames: number, maxBytes: number): Promise<Uint8Array[]> {
    const exchange = this.exchange()
    if (exchange === null) throw new StudioError('peer-silent', 'The network is not there yet.')
    return exchange.call('ask', { peer, request, maxFrames, maxBytes })
  }

  #isStopped(): boolean {
    return this.#stopped
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
