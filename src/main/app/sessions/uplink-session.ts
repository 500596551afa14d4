import type { PeerService } from '@shared/engines/peer-service'
import type { UplinkRoom } from '@shared/network/uplink-room'
import type { ServiceClient } from '@shared/rpc/rpc'
import type { StorageLimits } from '@shared/storage/stored-file'
import type { Notifier } from '../ipc/handle-calls'
import type { SettingsFile } from '../settings-file'

/** The owner's limit of what is given to others, and how the line is shared under it. */
export class UplinkSession {
  #room: UplinkRoom
  #isWarned = false

  constructor(
    private readonly settings: SettingsFile,
    private readonly setLimits: (limits: StorageLimits) => Promise<void>,
    /** Viewers at the relay get what is left. */
    private readonly onRoom: (room: UplinkRoom) => void,
    private readonly notify: Notifier,
  ) {
    this.#room = { limitKbps: 0, needKbps: 0, leftKbps: null }
  }

  get room(): UplinkRoom {
    // the engine may be on its way with what is chosen
    return { ...this.#room, limitKbps: this.settings.value.storage.uplinkKbps }
  }

  set(uplinkKbps: number): Promise<void> {
    return this.setLimits({ ...this.settings.value.storage, uplinkKbps })
  }

  prepare(client: ServiceClient<PeerService>): void {
    client.on('uplinkRoom', (room) => {
      this.#room = room
      this.onRoom(room)
      this.notify('network', 'uplinkChanged', room)
      const isShort = room.limitKbps > 0 && room.needKbps > room.limitKbps
      if (isShort && !this.#isWarned) {
        const megabits = (kbps: number): string => `${(kbps / 1000).toFixed(1)} Mbps`
        this.notify('app', 'notice', {
          level: 'info',
          code: 'uplink-short',
          message:
            `Your live needs ${megabits(room.needKbps)} of upload, more than your limit of ${megabits(room.limitKbps)}. ` +
            'It gets that; nothing else is given to others until it is over.',
        })
      }
      this.#isWarned = isShort
    })
  }
}
