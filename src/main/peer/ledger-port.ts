import type { Libp2p } from '@libp2p/interface'
import type { ExchangeService } from '@shared/ledger/exchange-service'
import { StudioError } from '@shared/errors'
import { serve, type RpcPort } from '@shared/rpc/rpc'
import type { GossipTopics } from './gossip-topics'
import { LedgerExchange } from './ledger-exchange'
import { WaitingAnswers } from './waiting-answers'

/** The peer engine's end of the line to the ledger engine; it outlives restarts of the node. */
export class LedgerPort {
  #exchange: LedgerExchange | null = null
  readonly #waiting = new WaitingAnswers()
  readonly #emit: ReturnType<typeof serve<ExchangeService>>

  constructor(port: RpcPort) {
    this.#emit = serve<ExchangeService>(port, {
      join: (ledger) => this.#with((exchange) => exchange.join(ledger)),
      leave: (ledger) => this.#with((exchange) => exchange.leave(ledger)),
      announce: ({ ledger, head }) => this.#with((exchange) => exchange.announce(ledger, head)),
      peers: (ledger) => this.#exchange?.peers(ledger) ?? [],
      ask: ({ peer, request, maxFrames, maxBytes }) => {
        if (this.#exchange === null) throw new StudioError('peer-silent', 'The network is still starting.')
        return this.#exchange.ask(peer, request, maxFrames, maxBytes)
      },
      answer: (answer) => this.#waiting.answer(answer),
      bar: ({ peer, reason }) => this.#with((exchange) => exchange.bar(peer, reason)),
    })
  }

  /** A node has started. */
  async attach(libp2p: Libp2p, topics: GossipTopics): Promise<void> {
    const exchange = new LedgerExchange(libp2p, topics, {
      onHead: (ledger, head) => this.#emit('head', { ledger, head }),
      onAsked: (peer, request) => this.#waiting.ask((id) => this.#emit('asked', { id, peer, request })),
    })
    await exchange.start()
    this.#exchange = exchange
    this.#emit('restarted', undefined)
  }

  /** The node is about to stop, or another line takes over. */
  async detach(): Promise<void> {
    const exchange = this.#exchange
    this.#exchange = null
    this.#waiting.end()
    await exchange?.stop()
  }

  #with(work: (exchange: LedgerExchange) => void): undefined {
    if (this.#exchange !== null) work(this.#exchange)
    return undefined
  }
}
