import { setTimeout as sleep } from 'node:timers/promises'
import type { MailExchange, MailExchangeHandlers } from '@shared/community/mail-exchange'
import type { MailExchangeService } from '@shared/community/mail-exchange-service'
import { MAIL_BUDGET } from '@shared/community/mail-messages'
import { StudioError } from '@shared/errors'
import { TokenBuckets } from '@shared/mesh/token-buckets'
import type { ServiceClient } from '@shared/rpc/rpc'

/** Part of a device's budget that is used: clocks differ, and a stream that is cut costs seconds. */
const OF_BUDGET = 0.7
const MOST_BUDGETS = 1_000

/** The community engine's end of the messages' line to the peer engine. */
export class MailLine implements MailExchange {
  #client: ServiceClient<MailExchangeService> | null = null
  #handlers: MailExchangeHandlers | null = null
  /** Ends questions that wait for their answer. */
  readonly #waiting = new Set<(error: StudioError) => void>()
  /** What each device lets this one ask; the longest unused first. */
  readonly #budgets = new TokenBuckets(MAIL_BUDGET.perSecond * OF_BUDGET, MAIL_BUDGET.burst * OF_BUDGET, MOST_BUDGETS)

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

  /** Nothing more is heard or asked; questions without an answer are given up. */
  close(): void {
    this.#handlers = null
    this.#client = null
    for (const end of this.#waiting) end(new StudioError('peer-silent', 'The line was closed.'))
  }

  async devices(): Promise<string[]> {
    return (await this.#client?.call('devices', undefined)) ?? []
  }

  async ask(device: string, request: Uint8Array): Promise<Uint8Array[]> {
    const wait = this.#budgets.of(device, performance.now()).waitMs(1, performance.now())
    if (wait > 0) await sleep(wait)
    this.#budgets.of(device, performance.now()).spend(1, performance.now())
    if (this.#client === null) throw new StudioError('peer-silent', 'There is no network at the moment.')
    const asked = this.#client.call('ask', { device, request })
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      void asked.then(resolve, reject).finally(() => this.#waiting.delete(reject))
    })
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
