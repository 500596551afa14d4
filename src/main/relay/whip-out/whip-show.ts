import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { OpusPacket } from '../rtc/opus-maker'
import type { RtcSender } from '../rtc/rtc-sender'

/** More than waits after any key picture of 8 Mbit/s: this computer does not keep up. */
const MAX_QUEUE = 2 << 20

/** Access units as one WHIP session: begins with a key picture; what this computer cannot send in time is left out up to the next. */
export class WhipShow {
  droppedPictures = 0
  private readonly configs = new Map<number, AccessConfig>()
  private isWaiting = true
  private hasBegun = false

  constructor(private readonly sender: Pick<RtcSender, 'picture' | 'sound' | 'queuedBytes'>) {}

  setConfig(config: AccessConfig): void {
    this.configs.set(config.id, config)
    for (const id of this.configs.keys()) if (this.configs.size > 4) this.configs.delete(id)
  }

  take(unit: AccessUnit): void {
    if (unit.track !== 'picture') return // sound comes as Opus
    const config = this.configs.get(unit.configId)
    if (!config) return
    if (this.sender.queuedBytes > MAX_QUEUE) this.isWaiting = true
    else if (unit.key) this.isWaiting = false
    if (this.isWaiting) {
      if (this.hasBegun) this.droppedPictures++
      return
    }
    this.hasBegun = true
    this.sender.picture((unit.slot * 1000) / config.fps, unit.data, unit.key ? config.avcC : null)
  }

  takeOpus(packet: OpusPacket): void {
    if (this.hasBegun) this.sender.sound(packet)
  }
}
