import type { ItemSound } from '@shared/media/scene'
import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'
import { gainOf } from './decibels'
import { LevelMeter } from './level-meter'
import { NoiseGate } from './noise-gate'
import type { SoundRing } from './sound-ring'

/** Sound is mixed in blocks of at most so many samples (8 ms): gains move along straight lines within one. */
export const BLOCK = AUDIO_RATE / 120

/** What a channel plays in one block. */
export interface ChannelPart {
  ring: SoundRing
  /** Number of the sample of the ring that belongs to the block's first, without the channel's own delay. */
  from: number
  sound: ItemSound
  /** Share of it in the picture's fade at the end of the block: 0 is out, 1 in. */
  presence: number
}

/** One item in the mixer: its delay, gate, gain and meter, without a click when any of them changes. */
export class MixerChannel {
  readonly meter = new LevelMeter()
  private readonly gate = new NoiseGate()
  private gain: number | null = null
  private presence = 0
  private next: number | null = null
  private last: ChannelPart | null = null
  private readonly block = new Float32Array(BLOCK * AUDIO_CHANNELS)
  private readonly before = new Float32Array(BLOCK * AUDIO_CHANNELS)

  constructor(readonly itemId: string) {}

  get gateOpen(): boolean {
    return this.gate.isOpen
  }

  /** Adds `count` samples (at most BLOCK) to the mix. */
  add(mix: Float32Array, count: number, part: ChannelPart): void {
    const { ring, from, sound, presence } = part
    const { block } = this
    this.last = part
    const at = from - Math.round((sound.delayMs * AUDIO_RATE) / 1000)
    ring.read(block, at, count)
    if (this.next !== null && this.next !== at) this.blendFrom(ring, this.next, count)
    this.next = at + count
    this.gate.apply(block, count, sound.gateDb)
    const gain = sound.muted ? 0 : gainOf(sound.gainDb)
    ramp(block, count, this.gain ?? gain, gain)
    this.gain = gain
    this.meter.add(block, count)
    ramp(block, count, this.presence, presence)
    this.presence = presence
    for (let i = 0; i < count * AUDIO_CHANNELS; i++) mix[i]! += block[i]!
  }

  /** Goes on for the last time, down to nothing. */
  fadeOut(mix: Float32Array, count: number): void {
    const { last, next } = this
    if (!last || next === null || this.presence === 0) return
    const from = next + Math.round((last.sound.delayMs * AUDIO_RATE) / 1000)
    this.add(mix, count, { ...last, from, presence: 0 })
  }

  /** Sound that jumps, because a delay was changed or the picture has got ahead, is faded over. */
  private blendFrom(ring: SoundRing, from: number, count: number): void {
    const { block, before } = this
    ring.read(before, from, count)
    ramp(block, count, 0, 1)
    ramp(before, count, 1, 0)
    for (let i = 0; i < count * AUDIO_CHANNELS; i++) block[i]! += before[i]!
  }
}

/** Multiplies by a gain that goes in a straight line; 1 to 1 changes nothing. */
export function ramp(sound: Float32Array, count: number, from: number, to: number): void {
  if (from === 1 && to === 1) return
  const step = (to - from) / count
  for (let i = 0; i < count; i++) {
    const gain = i + 1 === count ? to : from + step * (i + 1)
    sound[AUDIO_CHANNELS * i]! *= gain
    sound[AUDIO_CHANNELS * i + 1]! *= gain
  }
}
