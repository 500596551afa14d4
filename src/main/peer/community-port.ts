import type { Libp2p } from '@libp2p/interface'
import type { LogExchangeHandlers, NeighbourHandler } from '@shared/community/log-exchange'
import type { CommunityExchangeService } from '@shared/community/community-exchange-service'
import { StudioError } from '@shared/errors'
import { serve, type RpcPort } from '@shared/rpc/rpc'
import { sideLine } from '@shared/rpc/side-line'
import { CommunityExchange } from './community-exchange'
import type { GossipTopics } from './gossip-topics'
import { MailPort } from './mail-port'
import { RoomPort } from './room-port'
import { WaitingAnswers } from './waiting-answers'

/** The peer engine's end of the line to the community engine; it outlives restarts of the node. */
export class CommunityPort {
  #exchange: CommunityExchange | null = null
  readonly #waiting = new WaitingAnswers()
  readonly #mail: MailPort
  readonly #rooms: RoomPort
  readonly #emit: ReturnType<typeof serve<CommunityExchangeService>>

  /** `silenceMs`: how long a peer may keep silent when it is asked. */
  constructor(
    port: RpcPort,
    private readonly silenceMs = 10_000,
  ) {
    this.#mail = new MailPort(sideLine(port, 'mail'), silenceMs)
    this.#rooms = new RoomPort(silenceMs)
    this.#emit = serve<CommunityExchangeService>(port, {
      ...this.#rooms.calls,
      join: (topic) => this.#with((exchange) => exchange.join(topic)),
      leave: (topic) => this.#with((exchange) => exchange.leave(topic)),
      announce: ({ topic, message }) => this.#with((exchange) => exchange.announce(topic, message)),
      peers: (topic) => this.#exchange?.peers(topic) ?? [],
      neighbours: () => this.#exchange?.neighbours() ?? [],
      ask: ({ peer, request }) => {
        if (this.#exchange === null) throw new StudioError('peer-silent', 'The network is still starting.')
        return this.#exchange.ask(peer, request)
      },
      answer: (answer) => this.#waiting.answer(answer),
      bar: ({ peer, reason }) => this.#with((exchange) => exchange.bar(peer, reason)),
    })
  }

  /** A node has started. */
  async attach(libp2p: Libp2p, topics: GossipTopics): Promise<void> {
    const handlers: LogExchangeHandlers & NeighbourHandler = {
      onNeighbour: (peer) => this.#emit('neighbour', peer),
      onHead: (message, from) => this.#emit('head', { message, from }),
      onPeers: (topic) => this.#emit('peers', topic),
      onAsked: (peer, request) => this.#waiting.ask((id) => this.#emit('asked', { id, peer, request })),
    }
    const exchange = new CommunityExchange(libp2p, topics, handlers, this.silenceMs)
    await exchange.start()
    this.#exchange = exchange
    this.#emit('restarted', undefined)
    await this.#mail.attach(libp2p)
    await this.#rooms.attach(libp2p, topics, this.#emit)
  }

  /** The node is about to stop, or another line takes over. */
  async detach(): Promise<void> {
    const exchange = this.#exchange
    this.#exchange = null
    this.#waiting.end()
    await Promise.all([exchange?.stop(), this.#rooms.detach(), this.#mail.detach()])
  }

  #with(work: (exchange: CommunityExchange) => void): undefined {
    if (this.#exchange !== null) work(this.#exchange)
    return undefined
  }
}
