import type { LogExchange, LogExchangeHandlers, NeighbourHandler } from '@shared/community/log-exchange'
import type { LogExchangeService } from '@shared/community/log-exchange-service'
import type { ServiceClient } from '@shared/rpc/rpc'

/**
 * The community engine's end of the line to the peer engine. What was joined is joined again after a restart of the
 * node, and on a new line.
 */
export class ExchangeLine implements LogExchange {
  readonly #joined = new Set<number>()
  #client: ServiceClient<LogExchangeService> | null = null

  constructor(private readonly handlers: LogExchangeHandlers & NeighbourHandler) {}

  /** A line, in place of an earlier one. */
  connect(client: ServiceClient<LogExchangeService>): void {
    this.#client = client
    client.on('head', ({ message, from }) => this.handlers.onHead(message, from))
    client.on('peers', (topic) => this.handlers.onPeers(topic))
    client.on('asked', ({ id, peer, request }) => {
      void this.handlers.onAsked(peer, request).then(
        (frames) => this.#tell('answer', { id, frames }),
        () => this.#tell('answer', { id, frames: null }),
      )
    })
    client.on('neighbour', (peer) => this.handlers.onNeighbour(peer))
    client.on('restarted', () => this.#joinAll())
    this.#joinAll()
    void this.neighbours().then(
      (peers) => peers.forEach((peer) => this.handlers.onNeighbour(peer)),
      () => undefined,
    )
  }

  join(topic: number): void {
    this.#joined.add(topic)
    this.#tell('join', topic)
  }

  leave(topic: number): void {
    this.#joined.delete(topic)
    this.#tell('leave', topic)
  }

  announce(topic: number, message: Uint8Array): void {
    this.#tell('announce', { topic, message })
  }

  async peers(topic: number): Promise<string[]> {
    return (await this.#client?.call('peers', topic)) ?? []
  }

  async neighbours(): Promise<string[]> {
    return (await this.#client?.call('neighbours', undefined)) ?? []
  }

  async ask(peer: string, request: Uint8Array): Promise<Uint8Array[]> {
    return (await this.#client?.call('ask', { peer, request })) ?? []
  }

  bar(peer: string, reason: string): void {
    this.#tell('bar', { peer, reason })
  }

  #joinAll(): void {
    for (const topic of this.#joined) this.#tell('join', topic)
  }

  /** A line that broke is told of elsewhere; the next one joins again. */
  #tell<C extends keyof LogExchangeService['calls']>(name: C, input: LogExchangeService['calls'][C]['input']): void {
    this.#client?.call(name, input).catch(() => undefined)
  }
}
