import type { Libp2p } from '@libp2p/interface'
import { MAX_LEDGER_FRAME_BYTES, MAX_LEDGER_REQUEST_BYTES } from '@shared/ledger/ledger-request'
import { FrameExchange, type AnswerFrames } from './frame-exchange'
import type { GossipTopics } from './gossip-topics'

export const LEDGER_PROTOCOL = '/we/ledger/1'

const MAX_HEAD_BYTES = 128

export interface LedgerExchangeHandlers {
  onHead: (ledger: string, head: Uint8Array) => void
  onAsked: AnswerFrames
}

/** Topic of the heads of one ledger. */
export function ledgerTopic(ledger: string): string {
  return `/we/ledger/1/${ledger}`
}

/**
 * Ledgers' traffic of one node: questions and answers, and a topic of heads for each ledger. It carries bytes and knows
 * nothing of blocks.
 */
export class LedgerExchange {
  readonly #frames: FrameExchange
  readonly #joined = new Map<string, () => void>()

  constructor(
    libp2p: Libp2p,
    private readonly topics: GossipTopics,
    private readonly handlers: LedgerExchangeHandlers,
  ) {
    // a follower that catches up asks a few times a second
    const protocol = {
      ...{ name: LEDGER_PROTOCOL, maxFrameBytes: MAX_LEDGER_FRAME_BYTES, maxRequestBytes: MAX_LEDGER_REQUEST_BYTES },
      ...{ burst: 60, perSecond: 20 },
    }
    this.#frames = new FrameExchange(libp2p, protocol, handlers.onAsked)
  }

  start(): Promise<void> {
    return this.#frames.start()
  }

  async stop(): Promise<void> {
    for (const leave of this.#joined.values()) leave()
    this.#joined.clear()
    await this.#frames.stop()
  }

  join(ledger: string): void {
    if (!/^[0-9a-f]{64}$/.test(ledger) || this.#joined.has(ledger)) return
    const leave = this.topics.join(ledgerTopic(ledger), (data) => {
      if (data.length > MAX_HEAD_BYTES) return 'reject'
      this.handlers.onHead(ledger, data)
      return 'accept'
    })
    this.#joined.set(ledger, leave)
  }

  leave(ledger: string): void {
    this.#joined.get(ledger)?.()
    this.#joined.delete(ledger)
  }

  announce(ledger: string, head: Uint8Array): void {
    if (this.#joined.has(ledger)) this.topics.publish(ledgerTopic(ledger), head)
  }

  peers(ledger: string): string[] {
    return this.topics.subscribers(ledgerTopic(ledger)).filter((peer) => !this.#frames.isBarred(peer))
  }

  /** See FrameExchange.ask. */
  ask(peer: string, request: Uint8Array, maxFrames: number, maxBytes: number): Promise<Uint8Array[]> {
    return this.#frames.ask(peer, request, maxFrames, maxBytes)
  }

  bar(peer: string, reason: string): void {
    this.#frames.bar(peer, reason)
  }
}
