import type { PeerService } from '@shared/engines/peer-service'
import { reportError, StudioError } from '@shared/errors'
import { foreignRelayUrl, type ForeignRelayChange, type ForeignRelayState } from '@shared/live/foreign-relay'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'
import type { ShowOutlet } from './show-outlet'

/** A relay run by somebody, which gets the own lives for viewers whom peers do not serve. The peer engine has its key. */
export class ForeignRelaySession implements ShowOutlet {
  #hasKey = false
  #isLive = false
  #push: Pick<ForeignRelayState, 'state' | 'message'> | null = null

  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
  ) {}

  get state(): ForeignRelayState {
    const relay = this.settings.value.foreignRelay
    const common = { relay, hasKey: this.#hasKey }
    if (relay === null) return { ...common, state: 'none', message: '' }
    if (!relay.enabled || !this.#hasKey) return { ...common, state: 'off', message: '' }
    if (!this.#isLive) return { ...common, state: 'ready', message: '' }
    return { ...common, ...(this.#push ?? { state: 'connecting', message: '' }) }
  }

  /** Null: none any more. Asks the relay before a new one is kept. @throws StudioError in plain words */
  async set(change: ForeignRelayChange | null): Promise<ForeignRelayState> {
    const before = this.settings.value.foreignRelay
    const url = change === null ? null : foreignRelayUrl(change.address)
    if (change !== null && url === null) {
      throw new StudioError(
        'bad-relay',
        'This is no place at a relay. It looks like https://relay.example.org/live/NAME.we; copy it from whoever runs it.',
      )
    }
    const key = change?.key ?? null
    const enabled = change?.enabled ?? false
    const isNew = key !== null || url !== before?.url
    if (url !== null && isNew && key === null) {
      throw new StudioError('no-key', 'Enter the stream key that belongs to this address.')
    }
    const peer = await this.peer.ready()
    const { hasKey } = await peer.call('setForeignRelay', { url, key, enabled, check: isNew })
    this.#hasKey = hasKey
    if (isNew || !enabled) this.#push = null
    this.settings.set({ foreignRelay: url === null ? null : { url, enabled } })
    this.#tell()
    return this.state
  }

  /** A started engine gets what is chosen. */
  async prepare(client: ServiceClient<PeerService>): Promise<void> {
    client.on('relayState', ({ url, state, message }) => {
      if (url !== this.settings.value.foreignRelay?.url) return
      this.#push = { state, message }
      this.#tell()
    })
    const relay = this.settings.value.foreignRelay
    if (relay === null) return
    try {
      const { hasKey } = await client.call('setForeignRelay', { ...relay, key: null, check: false })
      this.#hasKey = hasKey
    } catch (error) {
      this.notify('app', 'notice', { level: 'problem', ...reportError(error) })
    }
    this.#tell()
  }

  beginLive(): void {
    this.#isLive = true
    this.#tell()
  }

  endLive(): void {
    this.#isLive = false
    this.#push = null
    this.#tell()
  }

  #tell(): void {
    this.notify('relay', 'foreignChanged', this.state)
  }
}
