import type { MessagePortMain } from 'electron'
import type { UnitMessage } from '@shared/engines/send-service'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'

/** Tells the running show's access units to others than the network: each on a port that may come at any time. */
export class UnitOutlets {
  private readonly ports = new Set<MessagePortMain>()
  private config: AccessConfig | null = null

  /** The port gets the show from the next key picture on; before a show it waits for it. */
  add(port: MessagePortMain): void {
    this.ports.add(port)
    port.on('close', () => this.ports.delete(port))
    port.start()
    if (this.config) port.postMessage({ t: 'config', config: this.config } satisfies UnitMessage)
  }

  setConfig(config: AccessConfig): void {
    this.config = config
    this.post({ t: 'config', config })
  }

  take(unit: AccessUnit): void {
    if (this.ports.size > 0) this.post({ t: 'unit', unit })
  }

  /** The show is over; its ports are done with. */
  end(): void {
    this.post({ t: 'end' })
    for (const port of this.ports) port.close()
    this.ports.clear()
    this.config = null
  }

  private post(message: UnitMessage): void {
    for (const port of this.ports) port.postMessage(message)
  }
}
