import type { Libp2p } from '@libp2p/interface'
import type { LogExchange, LogExchangeHandlers, NeighbourHandler } from '@shared/community/log-exchange'
import { MAX_ANSWER_BYTES, MAX_ANSWER_FRAMES, MAX_FRAME_BYTES, MAX_REQUEST_BYTES } from '@shared/community/log-messages'
import { FrameExchange } from './frame-exchange'
import type { GossipTopics } from './gossip-topics'
import { HeadJudge } from './head-judge'
import { ProtocolPeers } from './protocol-peers'

export const LOG_PROTOCOL = '/we/log/1'
const TOPICS = '/we/heads/1/'

function topicName(topic: number): string {
  return TOPICS + topic.toString(16).padStart(2, '0')
}

/** The logs' traffic of one node: `/we/log/1` and the topics of heads. It keeps nothing but budgets. */
export class CommunityExchange implements LogExchange {
  readonly #frames: FrameExchange
  readonly #judge = new HeadJudge()
  readonly #joined = new Map<number, () => void>()
  readonly #neighbours: ProtocolPeers
  #unwatch: () => void = () => undefined

  constructor(
    libp2p: Libp2p,
    private readonly topics: GossipTopics,
    private readonly handlers: LogExchangeHandlers & NeighbourHandler,
    /** How long a peer may keep silent, ms. */
    silenceMs: number,
  ) {
    // one that catches up asks for 2,000 entries at a time, one that scrolls for a few
    const protocol = {
      ...{ name: LOG_PROTOCOL, maxFrameBytes: MAX_FRAME_BYTES, maxRequestBytes: MAX_REQUEST_BYTES },
      ...{ burst: 60, perSecond: 20, silenceMs },
    }
    this.#neighbours = new ProtocolPeers(libp2p, LOG_PROTOCOL, handlers.onNeighbour)
    this.#frames = new FrameExchange(libp2p, protocol, (peer, request) => {
      this.#neighbours.heard(peer)
      return handlers.onAsked(peer, request)
    })
  }

  async start(): Promise<void> {
    this.#unwatch = this.topics.onNewcomers((names) => this.#newcomers(names))
    await this.#frames.start()
    await this.#neighbours.start()
  }

  async stop(): Promise<void> {
    this.#unwatch()
    this.#neighbours.stop()
    for (const leave of this.#joined.values()) leave()
    this.#joined.clear()
    await this.#frames.stop()
  }

  join(topic: number): void {
    if (this.#joined.has(topic)) return
    const leave = this.topics.join(topicName(topic), (message, from) => {
      if (this.#frames.isBarred(from)) return 'ignore'
      const verdict = this.#judge.judge(message, from)
      if (verdict === 'accept') this.handlers.onHead(message, from)
      return verdict
    })
    this.#joined.set(topic, leave)
    if (this.#peers(topic).length > 0) this.handlers.onPeers(topic)
  }

  leave(topic: number): void {
    this.#joined.get(topic)?.()
    this.#joined.delete(topic)
  }

  announce(topic: number, message: Uint8Array): void {
    this.topics.publish(topicName(topic), message)
  }

  peers(topic: number): Promise<string[]> {
    return Promise.resolve(this.#peers(topic))
  }

  /** Connected peers that keep logs, without barred ones. */
  neighbours(): Promise<string[]> {
    return Promise.resolve([...this.#neighbours].filter((peer) => !this.#frames.isBarred(peer)))
  }

  ask(peer: string, request: Uint8Array): Promise<Uint8Array[]> {
    return this.#frames.ask(peer, request, MAX_ANSWER_FRAMES, MAX_ANSWER_BYTES)
  }

  bar(peer: string, reason: string): void {
    this.#frames.bar(peer, reason)
  }

  #newcomers(names: readonly string[]): void {
    for (const name of names) {
      const topic = name.startsWith(TOPICS) ? parseInt(name.slice(TOPICS.length), 16) : NaN
      if (this.#joined.has(topic)) this.handlers.onPeers(topic)
    }
  }

  #peers(topic: number): string[] {
    return this.topics.subscribers(topicName(topic)).filter((peer) => !this.#frames.isBarred(peer))
  }
}
