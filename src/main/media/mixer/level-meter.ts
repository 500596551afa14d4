import type { SoundLevel } from '@shared/media/scene-state'
import { AUDIO_CHANNELS } from '../capture-source'
import { decibelsOf } from './decibels'

/** Peak and root mean square of sound since they were last taken, both channels together. */
export class LevelMeter {
  private peak = 0
  private squares = 0
  private count = 0

  add(sound: Float32Array, count: number): void {
    const end = count * AUDIO_CHANNELS
    for (let i = 0; i < end; i++) {
      const size = Math.abs(sound[i]!)
      if (size > this.peak) this.peak = size
      this.squares += size * size
    }
    this.count += end
  }

  /** The levels, and starts anew. */
  take(): SoundLevel {
    const rms = this.count === 0 ? 0 : Math.sqrt(this.squares / this.count)
    const level = { peakDb: decibelsOf(this.peak), rmsDb: decibelsOf(rms) }
    this.peak = this.squares = this.count = 0
    return level
  }
}
