import type { PeerService } from '@shared/engines/peer-service'
import type { PublicNetworkSettings, PublicNetworkState } from '@shared/network/public-network'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { EngineHost } from '../engines/engine-host'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'

/** The switch "Public IPFS network": remembered here, done by the peer engine. */
export class PublicNetworkSession {
  constructor(
    private readonly peer: EngineHost<PeerService>,
    private readonly settings: SettingsFile,
    private readonly notify: Notifier,
  ) {}

  prepare(client: ServiceClient<PeerService>): void {
    client.on('publicNetworkChanged', (state) => this.notify('network', 'publicChanged', state))
  }

  async get(): Promise<PublicNetworkState> {
    return (await this.peer.ready()).call('publicNetwork', undefined)
  }

  /** Remembered only when the engine takes it: an address that is none must not come back at the next start. */
  async set(publicNetwork: PublicNetworkSettings): Promise<void> {
    await (await this.peer.ready()).call('setPublicNetwork', publicNetwork)
    this.settings.set({ publicNetwork })
  }
}
