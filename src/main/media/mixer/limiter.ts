import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { gainOf } from './decibels'

/** How far the limiter looks ahead, and how late its sound is: 5 ms. */
export const LOOK_AHEAD = (5 * AUDIO_RATE) / 1000
/** No sample is larger. A little below full scale, because AAC overshoots. */
const CEILING = gainOf(-1)
const RELEASE_MS = 120

/**
 * Keeps peaks below -1 dBFS by turning the sound down before they come. What stays below is not changed. For each
 * sample the needed gain is known LOOK_AHEAD samples ahead; the lowest of that window, averaged over the same length, is
 * a smooth curve that never lies above what any sample needs.
 */
export class Limiter {
  /** The lowest gain since it was last taken. */
  private lowest = 1
  private readonly delayed = new Float32Array(LOOK_AHEAD * AUDIO_CHANNELS)
  private readonly needed = new Float64Array(LOOK_AHEAD).fill(1)
  private readonly curve = new Float64Array(LOOK_AHEAD).fill(1)
  private sum = LOOK_AHEAD
  private at = 0
  /** The lowest of `needed` and how many samples ago it came. */
  private least = 1
  private age = 0
  private gain = 1
  /** Samples since one was too loud. */
  private quiet = 0
  private readonly recovery = 1 - Math.exp(-1 / ((RELEASE_MS * AUDIO_RATE) / 1000))

  /** Changes sound in place; what comes out is LOOK_AHEAD - 1 samples older than what went in. */
  apply(sound: Float32Array, count: number): void {
    const loud = isLoud(sound, count)
    this.quiet = loud ? 0 : this.quiet + count
    // The gain is 1 all along, and so is all that is remembered: only the delay is left to do.
    if (this.quiet >= 2 * LOOK_AHEAD + count && this.gain === 1) this.delay(sound, count)
    else this.limit(sound, count)
  }

  private delay(sound: Float32Array, count: number): void {
    const { delayed } = this
    let { at } = this
    for (let i = 0; i < count; i++) {
      delayed[AUDIO_CHANNELS * at] = sound[AUDIO_CHANNELS * i]!
      delayed[AUDIO_CHANNELS * at + 1] = sound[AUDIO_CHANNELS * i + 1]!
      at = at + 1 === LOOK_AHEAD ? 0 : at + 1
      sound[AUDIO_CHANNELS * i] = delayed[AUDIO_CHANNELS * at]!
      sound[AUDIO_CHANNELS * i + 1] = delayed[AUDIO_CHANNELS * at + 1]!
    }
    this.at = at
  }

  private limit(sound: Float32Array, count: number): void {
    const { delayed, needed, curve } = this
    for (let i = 0; i < count; i++) {
      const left = sound[AUDIO_CHANNELS * i]!
      const right = sound[AUDIO_CHANNELS * i + 1]!
      const peak = Math.max(Math.abs(left), Math.abs(right))
      const { at } = this
      needed[at] = peak > CEILING ? CEILING / peak : 1
      this.findLeast()
      this.gain = Math.min(this.least, this.gain + (1 - this.gain) * this.recovery)
      if (this.gain > 0.99999) this.gain = Math.min(1, this.least)
      this.sum += this.gain - curve[at]!
      curve[at] = this.gain
      delayed[AUDIO_CHANNELS * at] = left
      delayed[AUDIO_CHANNELS * at + 1] = right
      const next = at + 1 === LOOK_AHEAD ? 0 : at + 1
      const gain = Math.min(1, this.sum / LOOK_AHEAD)
      if (gain < this.lowest) this.lowest = gain
      sound[AUDIO_CHANNELS * i] = delayed[AUDIO_CHANNELS * next]! * gain
      sound[AUDIO_CHANNELS * i + 1] = delayed[AUDIO_CHANNELS * next + 1]! * gain
      this.at = next
    }
  }

  /** The lowest gain since the last call, a factor. */
  takeLowest(): number {
    const { lowest } = this
    this.lowest = 1
    return lowest
  }

  private findLeast(): void {
    const value = this.needed[this.at]!
    if (value <= this.least) {
      this.least = value
      this.age = 0
    } else if (++this.age >= LOOK_AHEAD) {
      this.least = 1
      for (let back = LOOK_AHEAD - 1; back >= 0; back--) {
        const old = this.needed[(this.at - back + LOOK_AHEAD) % LOOK_AHEAD]!
        if (old > this.least) continue
        this.least = old
        this.age = back
      }
    }
  }
}

function isLoud(sound: Float32Array, count: number): boolean {
  for (let i = 0; i < count * AUDIO_CHANNELS; i++) {
    if (sound[i]! > CEILING || sound[i]! < -CEILING) return true
  }
  return false
}
