import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { StudioError } from '@shared/errors'
import { TokenBucket } from '@shared/mesh/token-bucket'
import type { GossipTopics } from './gossip-topics'
import { LedgerAsker } from './ledger-asker'
import { LedgerStream } from './ledger-stream'

export const LEDGER_PROTOCOL = '/we/ledger/1'

const STREAMS_PER_PEER = 2
const OPEN_TIMEOUT_MS = 5_000
/** What one peer may ask: so many at once, then so many a second. A follower that catches up asks a few times a second. */
const ASK_BURST = 60
const ASKS_PER_SECOND = 20
/** Peers whose budget is remembered. */
const MAX_BUDGETS = 1_000
const MAX_HEAD_BYTES = 128

export interface LedgerExchangeHandlers {
  onHead: (ledger: string, head: Uint8Array) => void
  /** Resolves to the frames of the answer, or null to end the stream. */
  onAsked: (peer: string, request: Uint8Array) => Promise<Uint8Array[] | null>
}

/** Topic of the heads of one ledger. */
export function ledgerTopic(ledger: string): string {
  return `/we/ledger/1/${ledger}`
}

/**
 * Ledgers' traffic of one node: a stream to each peer that is asked, streams that others opened, and a topic of heads
 * for each ledger. It carries bytes and knows nothing of blocks.
 */
export class LedgerExchange {
  readonly #askers = new Map<string, Promise<LedgerAsker>>()
  readonly #joined = new Map<string, () => void>()
  readonly #barred = new Map<string, string>()
  readonly #budgets = new Map<string, TokenBucket>()

  constructor(
    private readonly libp2p: Libp2p,
    private readonly topics: GossipTopics,
    private readonly handlers: LedgerExchangeHandlers,
  ) {}

  async start(): Promise<void> {
    await this.libp2p.handle(LEDGER_PROTOCOL, (stream, connection) => this.#serve(stream, connection), {
      maxInboundStreams: STREAMS_PER_PEER,
      maxOutboundStreams: STREAMS_PER_PEER,
    })
  }

  async stop(): Promise<void> {
    await this.libp2p.unhandle(LEDGER_PROTOCOL)
    for (const leave of this.#joined.values()) leave()
    this.#joined.clear()
    for (const asker of await Promise.allSettled(this.#askers.values())) {
      if (asker.status === 'fulfilled') asker.value.close()
    }
    this.#askers.clear()
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
    return this.topics.subscribers(ledgerTopic(ledger)).filter((peer) => !this.#barred.has(peer))
  }

  /** Throws StudioError `peer-barred`, `peer-silent` or `peer-flood`. */
  async ask(peer: string, request: Uint8Array, maxFrames: number, maxBytes: number): Promise<Uint8Array[]> {
    if (this.#barred.has(peer)) throw new StudioError('peer-barred', `The peer ${peer} was dropped.`)
    let asker: LedgerAsker
    try {
      asker = await this.#asker(peer)
    } catch (cause) {
      throw new StudioError('peer-silent', `The peer ${peer} cannot be reached.`, { cause })
    }
    return asker.ask(request, maxFrames, maxBytes)
  }

  bar(peer: string, reason: string): void {
    this.#barred.set(peer, reason)
    void this.#askers.get(peer)?.then(
      (asker) => asker.abort(reason),
      () => undefined,
    )
  }

  #asker(peer: string): Promise<LedgerAsker> {
    const known = this.#askers.get(peer)
    if (known !== undefined) return known
    const opening = this.#dial(peer)
    this.#askers.set(peer, opening)
    opening.catch(() => this.#askers.delete(peer))
    return opening
  }

  async #dial(peer: string): Promise<LedgerAsker> {
    const stream = await this.libp2p.dialProtocol(peerIdFromString(peer), LEDGER_PROTOCOL, {
      signal: AbortSignal.timeout(OPEN_TIMEOUT_MS),
      maxOutboundStreams: STREAMS_PER_PEER,
    })
    return new LedgerAsker(stream, peer, () => this.#askers.delete(peer))
  }

  /** Answers one request after the other; what comes before the answer has left breaks the protocol. */
  #serve(raw: Stream, connection: Connection): void {
    const peer = connection.remotePeer.toString()
    let busy = false
    const answer = async (request: Uint8Array): Promise<void> => {
      const frames = await this.handlers.onAsked(peer, request)
      if (frames === null) throw new Error('no answer')
      for (const frame of frames) await stream.send(frame)
      await stream.send(new Uint8Array())
      busy = false
    }
    const stream = new LedgerStream(raw, {
      onFrame: (request) => {
        if (busy || this.#barred.has(peer) || !this.#allow(peer)) {
          stream.abort(busy ? 'one request at a time' : 'too many requests')
          return
        }
        busy = true
        answer(request).catch((error: unknown) => stream.abort(error instanceof Error ? error.message : 'failed'))
      },
      onClose: () => undefined,
    })
  }

  #allow(peer: string): boolean {
    const now = performance.now()
    const budget = this.#budgets.get(peer) ?? new TokenBucket(ASKS_PER_SECOND, ASK_BURST, now)
    this.#budgets.delete(peer) // the longest unused comes first in a Map
    this.#budgets.set(peer, budget)
    if (this.#budgets.size > MAX_BUDGETS) this.#budgets.delete(this.#budgets.keys().next().value!)
    return budget.take(1, now)
  }
}
