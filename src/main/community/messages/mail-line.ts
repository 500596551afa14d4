import type { MailExchange, MailExchangeHandlers } from '@shared/community/mail-exchange'
import type { MailExchangeService } from '@shared/community/mail-exchange-service'
import { StudioError } from '@shared/errors'
import type { ServiceClient } from '@shared/rpc/rpc'

/** The community engine's end of the messages' line to the peer engine. */
export class MailLine implements MailExchange {
  #client: ServiceClient<MailExchangeService> | null = null
  #handlers: MailExchangeHandlers | null = null

  /** A line, in place of an earlier one. */
  connect(client: ServiceClient<MailExchangeService>): void {
    this.#client = client
    client.on('device', (device) => this.#handlers?.onDevice(device))
    client.on('asked', ({ id, device, request }) => {
      const answer = (frames: Uint8Array[] | null): void => this.#tell('answer', { id, frames })
      if (this.#handlers === null) answer(null)
      else this.#handlers.onAsked(device, request).then(answer, () => answer(null))
    })
    this.#greet()
  }

  /** Begins to hear; those who are connected already are told of at once. Null: ends. */
  listen(handlers: MailExchangeHandlers | null): void {
    this.#handlers = handlers
    this.#greet()
  }

  async devices(): Promise<string[]> {
    return (await this.#client?.call('devices', undefined)) ?? []
  }

  async ask(device: string, request: Uint8Array): Promise<Uint8Array[]> {
    if (this.#client === null) throw new StudioError('peer-silent', 'The network is still starting.')
    return this.#client.call('ask', { device, request })
  }

  bar(device: string, reason: string): void {
    this.#tell('bar', { device, reason })
  }

  #greet(): void {
    this.devices().then(
      (devices) => devices.forEach((device) => this.#handlers?.onDevice(device)),
      () => undefined, // a line that broke is told of elsewhere
    )
  }

  #tell<C extends keyof MailExchangeService['calls']>(name: C, input: MailExchangeService['calls'][C]['input']): void {
    this.#client?.call(name, input).catch(() => undefined)
  }
}
