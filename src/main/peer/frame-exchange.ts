import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { StudioError } from '@shared/errors'
import { TokenBuckets } from '@shared/mesh/token-buckets'
import { AnswerShare } from './answer-share'
import { FrameAsker } from './frame-asker'
import { FramedStream } from './framed-stream'

const STREAMS_PER_PEER = 2
const OPEN_TIMEOUT_MS = 5_000
const SILENCE_MS = 10_000
/** Peers whose budget is remembered. */
const MAX_BUDGETS = 1_000
/** Peers that are remembered as barred while the node runs. */
const MAX_BARRED = 10_000

export interface FrameProtocol {
  /** Name of the libp2p protocol. */
  name: string
  /** Of an answer. */
  maxFrameBytes: number
  /** Of a question, which is kept until it is whole. */
  maxRequestBytes: number
  /** What one peer may ask: so many at once, then so many a second. */
  burst: number
  perSecond: number
  /** How long an answer may keep silent, ms; 10 s when left out. */
  silenceMs?: number
}

/** Resolves to the frames of the answer, or null to end the stream. */
export type AnswerFrames = (peer: string, request: Uint8Array) => Promise<Uint8Array[] | null>

/**
 * Questions and answers with peers: a stream to each peer that is asked, and streams that others opened. It carries
 * bytes and knows nothing of their meaning; who floods, stalls or is barred loses the stream.
 */
export class FrameExchange {
  readonly #askers = new Map<string, Promise<FrameAsker>>()
  readonly #barred = new Map<string, string>()
  readonly #budgets: TokenBuckets
  readonly #share: AnswerShare

  constructor(
    private readonly libp2p: Libp2p,
    private readonly protocol: FrameProtocol,
    private readonly onAsked: AnswerFrames,
  ) {
    this.#share = AnswerShare.of(libp2p)
    this.#budgets = new TokenBuckets(protocol.perSecond, protocol.burst, MAX_BUDGETS)
  }

  async start(): Promise<void> {
    await this.libp2p.handle(this.protocol.name, (stream, connection) => this.#serve(stream, connection), {
      maxInboundStreams: STREAMS_PER_PEER,
      maxOutboundStreams: STREAMS_PER_PEER,
    })
  }

  async stop(): Promise<void> {
    await this.libp2p.unhandle(this.protocol.name)
    for (const asker of await Promise.allSettled(this.#askers.values())) {
      if (asker.status === 'fulfilled') asker.value.close()
    }
    this.#askers.clear()
  }

  isBarred(peer: string): boolean {
    return this.#barred.has(peer)
  }

  /** Throws StudioError `peer-barred`, `peer-silent` or `peer-flood`. */
  async ask(peer: string, request: Uint8Array, maxFrames: number, maxBytes: number): Promise<Uint8Array[]> {
    if (this.#barred.has(peer)) throw new StudioError('peer-barred', `The peer ${peer} was dropped.`)
    let asker: FrameAsker
    try {
      asker = await this.#asker(peer)
    } catch (cause) {
      throw new StudioError('peer-silent', `The peer ${peer} cannot be reached.`, { cause })
    }
    return asker.ask(request, maxFrames, maxBytes)
  }

  /** Nothing more is asked of the peer or answered. */
  bar(peer: string, reason: string): void {
    this.#barred.set(peer, reason)
    if (this.#barred.size > MAX_BARRED) this.#barred.delete(this.#barred.keys().next().value!)
    void this.#askers.get(peer)?.then(
      (asker) => asker.abort(reason),
      () => undefined,
    )
  }

  #asker(peer: string): Promise<FrameAsker> {
    const known = this.#askers.get(peer)
    if (known !== undefined) return known
    const opening = this.#dial(peer)
    this.#askers.set(peer, opening)
    opening.catch(() => this.#askers.delete(peer))
    return opening
  }

  async #dial(peer: string): Promise<FrameAsker> {
    const stream = await this.libp2p.dialProtocol(peerIdFromString(peer), this.protocol.name, {
      signal: AbortSignal.timeout(OPEN_TIMEOUT_MS),
      maxOutboundStreams: STREAMS_PER_PEER,
    })
    const { maxFrameBytes, silenceMs = SILENCE_MS } = this.protocol
    return new FrameAsker(stream, peer, maxFrameBytes, silenceMs, () => this.#askers.delete(peer))
  }

  /** Answers one request after the other; what comes before the answer has left breaks the protocol. */
  #serve(raw: Stream, connection: Connection): void {
    const peer = connection.remotePeer.toString()
    let busy = false
    const answer = async (request: Uint8Array): Promise<void> => {
      if (!this.#share.begin(peer)) throw new Error('too many answers at once')
      try {
        const frames = await this.onAsked(peer, request)
        if (frames === null) throw new Error('no answer')
        await this.#send(stream, frames)
      } finally {
        this.#share.end(peer)
      }
      busy = false
    }
    const stream = new FramedStream(raw, this.protocol.maxRequestBytes, {
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

  /** A frame that has left is let go of while the next ones wait. */
  async #send(stream: FramedStream, answer: readonly Uint8Array[]): Promise<void> {
    const frames = [...answer]
    let bytes = frames.reduce((sum, { length }) => sum + length, 0)
    if (!this.#share.keep(bytes)) throw new Error('too many answers wait')
    try {
      for (let frame = frames.shift(); frame !== undefined; frame = frames.shift()) {
        await stream.send(frame)
        bytes -= frame.length
        this.#share.drop(frame.length)
      }
      await stream.send(new Uint8Array())
    } finally {
      this.#share.drop(bytes)
    }
  }

  #allow(peer: string): boolean {
    const now = performance.now()
    return this.#budgets.of(peer, now).take(1, now)
  }
}
