import type { PeerService } from '@shared/engines/peer-service'
import type { KeepState } from '@shared/ipc/keeping-schema'
import type { ServiceClient } from '@shared/rpc/rpc'
import { keptPeers, type KeepChoice } from '@shared/storage/keep-choice'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'

/** Whose lives this computer keeps and passes on: remembered here, done by the peer engine. */
export class KeepSession {
  #shows: KeepState['shows'] = []

  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
  ) {}

  get state(): KeepState {
    return { choice: this.settings.value.keep, shows: this.#shows }
  }

  /** An engine that starts, also anew, gets what is chosen. */
  async prepare(client: ServiceClient<PeerService>): Promise<void> {
    this.#tell([])
    client.on('keptChanged', (shows) => this.#tell(shows))
    await client.call('keepLives', keptPeers(this.settings.value.keep))
  }

  async set(choice: KeepChoice): Promise<void> {
    this.settings.set({ keep: choice })
    this.#tell(this.#shows)
    await (await this.peer.ready()).call('keepLives', keptPeers(choice))
  }

  #tell(shows: KeepState['shows']): void {
    this.#shows = shows
    this.notify('keeping', 'changed', this.state)
  }
}
