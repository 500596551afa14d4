import { StudioError } from '@shared/errors'
import type { Destination, DestinationState } from '@shared/live/destination'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { parseDestination } from './destination-address'
import { DestinationSet, type DestinationSetOptions } from './destination-set'

/** Where stream keys are kept; the wallet's store. */
export interface KeyStore {
  readonly names: string[]
  get: (name: string) => string | undefined
  set: (name: string, key: string) => Promise<void>
  delete: (name: string) => Promise<void>
}

type Target = Pick<Destination, 'id' | 'url' | 'enabled'>

const NAME = 'stream-key:'

/** Joins what the person chose (without keys), the keys, and the running show. */
export class DestinationDesk {
  private readonly set: DestinationSet
  private targets: readonly Target[] = []
  private isLive = false

  constructor(
    private readonly keys: KeyStore,
    onStates: (states: DestinationState[]) => void,
    options: DestinationSetOptions = {},
  ) {
    this.set = new DestinationSet(onStates, options)
  }

  /** Ids of the destinations whose key is known. */
  get keyIds(): string[] {
    return this.keys.names.filter((name) => name.startsWith(NAME)).map((name) => name.slice(NAME.length))
  }

  /** @throws StudioError `bad-destination`, `secrets-not-written`; nothing is changed then */
  async save(id: string, url: string, key: string | null): Promise<void> {
    const { kind } = parseDestination(url)
    if (key !== null) await this.keys.set(NAME + id, key)
    else if (this.keys.get(NAME + id) === undefined) {
      if (kind === 'rtmp') throw new StudioError('no-stream-key', 'Enter the stream key that the service shows you.')
      await this.keys.set(NAME + id, '') // with WHIP the address alone may be what lets the show in
    }
    this.match()
  }

  /** Forgets the key. */
  async remove(id: string): Promise<void> {
    await this.keys.delete(NAME + id)
    this.match()
  }

  /** All that there are; those without a key, or not enabled, get nothing. */
  choose(targets: readonly Target[]): void {
    this.targets = targets
    this.match()
  }

  startShow(): void {
    if (this.isLive) return
    this.isLive = true
    this.match()
    this.set.start()
  }

  setConfig(config: AccessConfig): void {
    this.startShow()
    this.set.setConfig(config)
  }

  take(unit: AccessUnit): void {
    this.set.take(unit)
  }

  retryNow(id: string): void {
    this.set.retryNow(id)
  }

  async endShow(): Promise<void> {
    this.isLive = false
    await this.set.stop()
  }

  private match(): void {
    this.set.set(
      this.targets.flatMap(({ id, url, enabled }) => {
        const key = this.keys.get(NAME + id)
        return enabled && key !== undefined ? [{ id, url, key }] : []
      }),
    )
  }
}
