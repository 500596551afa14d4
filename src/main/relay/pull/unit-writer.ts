import type { WatchFeedMessage } from '@shared/live/watch-feed'
import type { AccessConfig } from '@shared/media/access-unit'
import type { PulledConfig, PulledPacket } from './pulled-packets'

const SOUND_FRAME_MS = 1024 / 48
/** AAC-LC, 48,000 a second, two channels (ISO/IEC 14496-3, 1.6.2.1), and a frame of it that is silent. */
const PLAIN_ASC = Uint8Array.of(0x11, 0x90)
const SILENCE = Uint8Array.of(0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c)
/** A frame that is this far from where counting puts it is counted anew. */
const OFF_MS = 50
/** How far silence is written ahead of the newest picture of a video without sound. */
const SILENCE_AHEAD_MS = 120

/**
 * Numbers pulled packets as the player wants them: pictures in slots of a millisecond at the time that they are shown,
 * sound by its frames. A video without sound gets silence, so that the player has a clock.
 */
export class UnitWriter {
  private config: AccessConfig | null = null
  private picture: PulledConfig | null = null
  private asc: Uint8Array = PLAIN_ASC
  private nextFrame: number | null = null
  private changed = true

  constructor(private readonly post: (message: WatchFeedMessage) => void) {}

  /** A video without sound. */
  silent = false

  setPicture(picture: PulledConfig): void {
    this.picture = picture
    this.changed = true
  }

  setSound(asc: Uint8Array): void {
    this.asc = asc
    this.changed = true
  }

  /** What comes next begins elsewhere. */
  jump(): void {
    this.nextFrame = null
    this.post({ t: 'jump' })
  }

  /** For a player that has just come. */
  get currentConfig(): AccessConfig | null {
    return this.config
  }

  /** @param capturedAt Unix milliseconds */
  write({ track, key, ptsMs, data }: PulledPacket, capturedAt: number): void {
    if (this.picture === null) return
    if (this.changed) this.configure(this.picture)
    const configId = this.config!.id
    if (track === 'sound') {
      this.sound(configId, ptsMs, data)
      return
    }
    this.post({ t: 'unit', unit: { track, configId, slot: Math.max(0, ptsMs), key, data, capturedAt } })
    if (!this.silent) return
    this.nextFrame ??= Math.floor(ptsMs / SOUND_FRAME_MS)
    // After a hole there is nothing to be silent about.
    if ((this.nextFrame + 1) * SOUND_FRAME_MS < ptsMs - 1000) this.nextFrame = Math.floor(ptsMs / SOUND_FRAME_MS)
    while (this.nextFrame * SOUND_FRAME_MS < ptsMs + SILENCE_AHEAD_MS) {
      this.post({ t: 'unit', unit: { track: 'sound', configId, frame: this.nextFrame++, data: SILENCE } })
    }
  }

  private sound(configId: number, ptsMs: number, data: Uint8Array): void {
    const stated = ptsMs / SOUND_FRAME_MS
    const isOff = this.nextFrame === null || Math.abs(stated - this.nextFrame) * SOUND_FRAME_MS > OFF_MS
    const frame = isOff ? Math.max(this.nextFrame ?? 0, Math.round(stated)) : this.nextFrame!
    this.nextFrame = frame + 1
    this.post({ t: 'unit', unit: { track: 'sound', configId, frame, data } })
  }

  private configure({ width, height, avcC }: PulledConfig): void {
    this.changed = false
    this.config = { id: (this.config?.id ?? -1) + 1, width, height, fps: 1000, avcC, asc: this.asc }
    this.post({ t: 'config', config: this.config })
  }
}
