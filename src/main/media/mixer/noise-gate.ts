import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { gainOf } from './decibels'

/** The gate closes this far below where it opens, or it would chatter on a level near the threshold. */
const HYSTERESIS_DB = 6
const ATTACK_MS = 4
/** The pauses between words are shorter. */
const HOLD_MS = 200
const RELEASE_MS = 120
/** How fast the measured level falls: slower than one period of the lowest voice. */
const DECAY_MS = 20

const samplesOf = (ms: number): number => (ms * AUDIO_RATE) / 1000

/** Silences what is quieter than a threshold: breath and fans between words. */
export class NoiseGate {
  private gain = 1
  private level = 0
  private held = 0
  private open = true

  get isOpen(): boolean {
    return this.open
  }

  /** Changes sound in place. @param thresholdDb dBFS of the peak; null lets all through, without a jump */
  apply(sound: Float32Array, count: number, thresholdDb: number | null): void {
    if (thresholdDb === null && this.gain === 1) {
      this.open = true
      this.held = samplesOf(HOLD_MS)
      return
    }
    const opensAt = thresholdDb === null ? 0 : gainOf(thresholdDb)
    const closesAt = opensAt * gainOf(-HYSTERESIS_DB)
    const fall = Math.exp(-1 / samplesOf(DECAY_MS))
    const rise = 1 / samplesOf(ATTACK_MS)
    const sink = 1 / samplesOf(RELEASE_MS)
    for (let i = 0; i < count; i++) {
      const left = sound[AUDIO_CHANNELS * i]!
      const right = sound[AUDIO_CHANNELS * i + 1]!
      this.level = Math.max(Math.abs(left), Math.abs(right), this.level * fall)
      if (this.level >= (this.open ? closesAt : opensAt)) {
        this.open = true
        this.held = samplesOf(HOLD_MS)
      } else if (this.held > 0) this.held--
      else this.open = false
      this.gain = this.open ? Math.min(1, this.gain + rise) : Math.max(0, this.gain - sink)
      sound[AUDIO_CHANNELS * i] = left * this.gain
      sound[AUDIO_CHANNELS * i + 1] = right * this.gain
    }
  }
}
