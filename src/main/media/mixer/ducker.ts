import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { gainOf } from './decibels'

const VOICE_DB = -40
const DUCKED = gainOf(-12)
const ATTACK_MS = 80
const HOLD_MS = 500
const RELEASE_MS = 700

/** How much quieter the music is while somebody speaks. */
export class Ducker {
  private gain = 1
  private heldMs = 0

  /** @param voice what is spoken, as it is mixed @returns the gain of the music at the end of it */
  follow(voice: Float32Array, count: number, wanted: boolean): number {
    let squares = 0
    for (let i = 0; i < count * AUDIO_CHANNELS; i++) squares += voice[i]! * voice[i]!
    const ms = (count * 1000) / AUDIO_RATE
    const speaks = squares > count * AUDIO_CHANNELS * gainOf(VOICE_DB) ** 2
    this.heldMs = speaks ? HOLD_MS : Math.max(0, this.heldMs - ms)
    const target = wanted && this.heldMs > 0 ? DUCKED : 1
    const pace = 1 - Math.exp(-ms / (target < this.gain ? ATTACK_MS : RELEASE_MS))
    this.gain += (target - this.gain) * pace
    if (Math.abs(target - this.gain) < 1e-4) this.gain = target
    return this.gain
  }
}
