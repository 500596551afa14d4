import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import { AUDIO_RATE } from '../capture-source'
import { samplesOfFrames, type StudioFormat } from '../studio-format'
import { AAC_FRAME, streamStart } from '@shared/media/fmp4-writer'
import type { LinePicture } from './picture-line'

export interface UnitEvents {
  onConfig(config: AccessConfig): void
  onUnit(unit: AccessUnit): void
}

/**
 * Tells access units one by one, as soon as it is certain that they become part of a segment: a picture when its group
 * takes it, a frame of sound when a picture that it belongs to was told. So the units of a segment are always told
 * before the segment, and none that is in no segment. Only an encoding that breaks for good (or is killed) leaves told
 * units without one: those of its last group.
 */
export class UnitTeller {
  private asc: Uint8Array | null = null
  private start: Uint8Array | null = null
  private configId = -1
  /** Pictures that wait for the sound's configuration, in order. */
  private held: LinePicture[] = []
  /** Slot behind the last one told. */
  private endSlot = 0
  /** Frames of sound that are not told yet; the number of the first. */
  private sound: Uint8Array[] = []
  private frame = 0

  /** @param now milliseconds of the clock that `capturedAtMs` is in */
  constructor(
    private readonly format: StudioFormat,
    private readonly events: UnitEvents,
    private readonly now: () => number,
  ) {}

  /** AudioSpecificConfig; the first one counts. */
  setSoundConfig(asc: Uint8Array): void {
    if (this.asc) return
    this.asc = asc
    for (const picture of this.held.splice(0)) this.tell(picture, asc)
    this.tellSound()
  }

  takePicture(picture: LinePicture): void {
    if (!this.asc) {
      this.held.push(picture)
      return
    }
    this.tell(picture, this.asc)
    this.tellSound()
  }

  takeSound(frame: Uint8Array): void {
    this.sound.push(frame)
    this.tellSound()
  }

  /** A group is closed and lasts to this slot: its sound is certain up to there. */
  closeGroup(endSlot: number): void {
    this.endSlot = Math.max(this.endSlot, endSlot)
    this.tellSound()
  }

  private tell(picture: LinePicture, asc: Uint8Array): void {
    const { slot, key, data, capturedAtMs } = picture
    if (key) this.configure(picture, asc)
    this.endSlot = slot + 1
    const capturedAt = Math.round((Date.now() - (this.now() - capturedAtMs)) * 10) / 10
    this.events.onUnit({ track: 'picture', configId: this.configId, slot, key, data, capturedAt })
  }

  /** As the segments have it: a start that differs in any byte is a new configuration. */
  private configure({ settings: { width, height }, avcC }: LinePicture, asc: Uint8Array): void {
    const { fps } = this.format
    const start = streamStart({ width, height, fps, avcC, asc })
    if (this.start && Buffer.compare(this.start, start) === 0) return
    this.start = start
    this.events.onConfig({ id: ++this.configId, width, height, fps, avcC, asc })
  }

  private tellSound(): void {
    if (this.configId < 0) return
    const end = Math.ceil(samplesOfFrames(this.endSlot, this.format.fps, AUDIO_RATE) / AAC_FRAME)
    while (this.frame < end && this.sound.length > 0) {
      const data = this.sound.shift()!
      this.events.onUnit({ track: 'sound', configId: this.configId, frame: this.frame++, data })
    }
  }
}
