import { TopicValidatorResult, type GossipSub } from '@libp2p/gossipsub'
import { shun } from './shunning-gossipsub'

/** What a message of a topic is worth: passed on, dropped, or dropped with a mark against its sender. */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

const RESULTS: Record<GossipVerdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

/** Topic on which the records of one show are gossiped. */
export function showTopic(showCid: string): string {
  return `/we/show/1/${showCid}`
}

/**
 * The topics of this node. Every message is judged once, before it is passed on: what does not verify goes no further.
 * Only topics that were joined are taken, so nobody can make this node keep others.
 */
export class GossipTopics {
  readonly #pubsub: GossipSub
  readonly #joined = new Set<string>()
  readonly #newcomers = new Set<(topics: string[]) => void>()

  /** `onPeers`: somebody began or ceased to listen to a topic. */
  constructor(pubsub: GossipSub, onPeers: (topics: string[], began: boolean) => void) {
    this.#pubsub = pubsub
    pubsub.addEventListener('subscription-change', ({ detail }) => {
      const topics = (subscribed: boolean): string[] =>
        detail.subscriptions.filter(({ subscribe }) => subscribe === subscribed).map(({ topic }) => topic)
      onPeers(topics(true), true)
      for (const listener of this.#newcomers) listener(topics(true))
      onPeers(topics(false), false)
    })
  }

  /**
   * Joins a topic; `judge` sees every message once, which peer passed it on, and whether that peer's own node sent it
   * first. Returns how to leave.
   */
  join(topic: string, judge: (data: Uint8Array, from: string, isItsOwn: boolean) => GossipVerdict): () => void {
    if (this.#joined.has(topic)) throw new Error(`topic joined twice: ${topic}`)
    this.#joined.add(topic)
    this.#pubsub.topicValidators.set(topic, (from, message) => {
      const isItsOwn = message.type === 'signed' && from.equals(message.from)
      return RESULTS[judge(message.data, from.toString(), isItsOwn)]
    })
    this.#pubsub.subscribe(topic)
    return () => {
      if (!this.#joined.delete(topic)) return
      try {
        this.#pubsub.unsubscribe(topic)
      } catch {
        // the node is stopped already
      }
      this.#pubsub.topicValidators.delete(topic)
    }
  }

  /** Hears which topics somebody began to listen to. Returns how to stop. */
  onNewcomers(listener: (topics: string[]) => void): () => void {
    this.#newcomers.add(listener)
    return () => this.#newcomers.delete(listener)
  }

  /** Nothing more is taken from the peer on any topic, while the node runs. */
  shun(peer: string): void {
    shun(this.#pubsub, peer)
  }

  /** Sends to all who listen. Never throws: who missed it learns it over the direct streams or the next time. */
  publish(topic: string, data: Uint8Array): void {
    this.#pubsub.publish(topic, data).catch(() => undefined)
  }

  /** Whether anything can be sent to the peer: gossipsub opens its stream when the peer was identified, and only then. */
  reaches(peer: string): boolean {
    const { streamsOutbound } = this.#pubsub as { streamsOutbound?: ReadonlyMap<string, unknown> }
    return streamsOutbound?.has(peer) ?? true
  }

  /** Peer ids that listen to a topic, this node left out. */
  subscribers(topic: string): string[] {
    return this.#pubsub.getSubscribers(topic).map(String)
  }
}
