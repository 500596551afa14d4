import type { AccessConfig, AccessUnit, SegmentBorders } from './access-unit'
import { streamPart, streamStart } from './fmp4-writer'

/** Units kept until their segment is made; a segment lasts half a second. */
const KEPT_SLOTS = 150
const KEPT_SOUND_FRAMES = 240

/**
 * Makes the segments of a show out of its access units: the very bytes that the broadcaster made, so that who has the
 * units need not fetch the segments. Pure.
 */
export class SegmentMaker {
  readonly #configs = new Map<number, AccessConfig>()
  readonly #pictures = new Map<number, AccessUnit & { track: 'picture' }>()
  readonly #sound = new Map<number, AccessUnit & { track: 'sound' }>()

  config(config: AccessConfig): void {
    this.#configs.set(config.id, config)
    for (const id of this.#configs.keys()) if (this.#configs.size > 4) this.#configs.delete(id)
  }

  unit(unit: AccessUnit): void {
    if (unit.track === 'picture') {
      this.#pictures.set(unit.slot, unit)
      forget(this.#pictures, unit.slot - KEPT_SLOTS)
    } else {
      this.#sound.set(unit.frame, unit)
      forget(this.#sound, unit.frame - KEPT_SOUND_FRAMES)
    }
  }

  /** The segment and the init it needs; null when units of it are missing here. */
  make(borders: SegmentBorders): { init: Uint8Array; segment: Uint8Array } | null {
    const { configId, sequence, slot, endSlot, soundFrame, endSoundFrame } = borders
    const config = this.#configs.get(configId)
    const first = this.#pictures.get(slot)
    if (config === undefined || first?.key !== true) return null
    if (endSlot - slot > KEPT_SLOTS || endSoundFrame - soundFrame > KEPT_SOUND_FRAMES) return null
    const units: (AccessUnit & { track: 'picture' })[] = []
    for (let at = slot; at < endSlot; at++) {
      const unit = this.#pictures.get(at)
      if (unit?.configId === configId) units.push(unit)
    }
    const sound: Uint8Array[] = []
    for (let frame = soundFrame; frame < endSoundFrame; frame++) {
      const unit = this.#sound.get(frame)
      if (unit === undefined) return null
      sound.push(unit.data)
    }
    const pictures = units.map((unit, index) => ({
      data: unit.data,
      slots: (units[index + 1]?.slot ?? endSlot) - unit.slot,
    }))
    return { init: streamStart(config), segment: streamPart({ sequence, slot, pictures, soundFrame, sound }) }
  }
}

function forget(units: Map<number, unknown>, below: number): void {
  for (const number of units.keys()) {
    if (number >= below) return
    units.delete(number)
  }
}
