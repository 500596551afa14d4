import { MessageChannelMain } from 'electron'
import type { MediaService } from '@shared/engines/media-service'
import type { SendService } from '@shared/engines/send-service'
import { StudioError } from '@shared/errors'
import {
  MAX_DESTINATIONS,
  type Destination,
  type DestinationChange,
  type DestinationEntry,
} from '@shared/live/destination'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import type { ShowOutlet } from './show-outlet'

/** The services that lives are also sent to: chosen here, sent by the send engine, which alone knows their keys. */
export class DestinationSession implements ShowOutlet {
  #keyIds = new Set<string>()
  #started: Promise<void> | null = null
  #isLive = false

  constructor(
    private readonly media: EngineHost<MediaService>,
    private readonly send: EngineHost<SendService>,
    private readonly settings: SettingsFile,
    private readonly dataDir: string,
    private readonly notify: Notifier,
  ) {}

  /** All of them. The engine is started when there are any: without destinations it costs nothing. */
  async list(): Promise<DestinationEntry[]> {
    if (this.#destinations.length > 0) await this.#ready()
    return this.#entries
  }

  /** @throws StudioError in plain words: the address, the key, the disk */
  async save({ destination, key }: DestinationChange): Promise<void> {
    const others = this.#destinations.filter(({ id }) => id !== destination.id)
    if (others.length >= MAX_DESTINATIONS) {
      throw new StudioError('too-many-destinations', `At most ${MAX_DESTINATIONS} services. Remove one first.`)
    }
    const { id, url } = destination
    this.#keyIds = new Set(await (await this.#ready()).call('save', { id, url, key }))
    const isNew = others.length === this.#destinations.length
    await this.#set(
      isNew ? [...others, destination] : this.#destinations.map((one) => (one.id === id ? destination : one)),
    )
  }

  async remove(id: string): Promise<void> {
    const send = await this.#ready()
    await this.#set(this.#destinations.filter((one) => one.id !== id))
    this.#keyIds = new Set(await send.call('remove', id))
  }

  async enable(id: string, enabled: boolean): Promise<void> {
    await this.#ready()
    await this.#set(this.#destinations.map((one) => (one.id === id ? { ...one, enabled } : one)))
  }

  async retryNow(id: string): Promise<void> {
    await (await this.#ready()).call('retryNow', id)
  }

  /** A live has begun, or its media engine was restarted: the engines are joined, if anybody wants the show. */
  beginLive(): void {
    this.#isLive = true
    if (this.#destinations.length > 0) void this.#ready().then(() => this.#join())
  }

  endLive(): void {
    this.#isLive = false
  }

  /** Brings a started engine to what is chosen; a restarted one gets the running show again. */
  async prepare(client: ServiceClient<SendService>, restarted: boolean): Promise<void> {
    client.on('states', (states) => this.notify('destinations', 'states', states))
    const passphrase = process.env['WE_PASSPHRASE'] ?? null
    this.#keyIds = new Set(await client.call('start', { dataDir: this.dataDir, passphrase }))
    await client.call('choose', this.#destinations)
    if (restarted) this.#join()
  }

  async #ready(): Promise<ServiceClient<SendService>> {
    this.#started ??= this.send.start()
    await this.#started
    return this.send.ready()
  }

  async #set(destinations: Destination[]): Promise<void> {
    const wasEmpty = this.#destinations.length === 0
    this.settings.set({ destinations })
    this.notify('destinations', 'changed', this.#entries)
    await this.send.client.call('choose', destinations)
    if (wasEmpty && destinations.length > 0) this.#join()
  }

  #join(): void {
    if (!this.#isLive) return
    const { port1, port2 } = new MessageChannelMain()
    this.media.givePort({ t: 'port', use: 'units' }, port1)
    this.send.givePort({ t: 'port', use: 'units' }, port2)
  }

  get #destinations(): readonly Destination[] {
    return this.settings.value.destinations
  }

  get #entries(): DestinationEntry[] {
    return this.#destinations.map((one) => ({ ...one, hasKey: this.#keyIds.has(one.id) }))
  }
}
