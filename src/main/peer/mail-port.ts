import type { Libp2p } from '@libp2p/interface'
import type { MailExchangeService } from '@shared/community/mail-exchange-service'
import { StudioError } from '@shared/errors'
import { serve, type RpcPort } from '@shared/rpc/rpc'
import { MailPeers } from './mail-peers'
import { WaitingAnswers } from './waiting-answers'

/** The peer engine's end of the messages' line to the community engine; it outlives restarts of the node. */
export class MailPort {
  #peers: MailPeers | null = null
  readonly #waiting = new WaitingAnswers()
  readonly #emit: ReturnType<typeof serve<MailExchangeService>>

  /** `silenceMs`: how long a peer may keep silent when it is asked. */
  constructor(
    port: RpcPort,
    private readonly silenceMs: number,
  ) {
    this.#emit = serve<MailExchangeService>(port, {
      devices: () => this.#peers?.devices() ?? [],
      ask: ({ device, request }) => {
        if (this.#peers === null) throw new StudioError('peer-silent', 'The network is still starting.')
        return this.#peers.ask(device, request)
      },
      answer: (answer) => this.#waiting.answer(answer),
      bar: ({ device, reason }) => {
        this.#peers?.bar(device, reason)
        return undefined
      },
    })
  }

  /** A node has started. */
  async attach(libp2p: Libp2p): Promise<void> {
    const handlers = {
      onDevice: (device: string) => this.#emit('device', device),
      onAsked: (device: string, request: Uint8Array) =>
        this.#waiting.ask((id) => this.#emit('asked', { id, device, request })),
    }
    const peers = new MailPeers(libp2p, handlers, this.silenceMs)
    this.#peers = peers
    await peers.start()
  }

  /** The node is about to stop, or another line takes over. */
  async detach(): Promise<void> {
    const peers = this.#peers
    this.#peers = null
    this.#waiting.end()
    await peers?.stop()
  }
}
