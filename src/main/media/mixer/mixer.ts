import type { StudioError } from '@shared/errors'
import type { MusicBed as MusicSettings } from '@shared/media/scene'
import type { MixerLevels } from '@shared/media/scene-state'
import { AUDIO_CHANNELS } from '../capture-source'
import { decibelsOf, gainOf } from './decibels'
import { LevelMeter } from './level-meter'
import { Limiter, LOOK_AHEAD } from './limiter'
import { BLOCK, MixerChannel, ramp, type ChannelPart } from './mixer-channel'
import { MusicBed } from './music-bed'

/** What an item plays in one block. One that is not named any more is faded out in that block. */
export interface MixedItem extends ChannelPart {
  /** Of its channel: the same as long as the same sound goes on. */
  key: string
  itemId: string
}

export interface MasterSettings {
  music: MusicSettings
  masterGainDb: number
}

/** How much later than what went in the mix comes out, samples. */
export const MIXER_DELAY = LOOK_AHEAD - 1

/**
 * Adds up the sound of a scene, block by block, in numbers of 32 bits: items (delay, gate, gain, fade), music, master
 * gain, limiter. One item at 0 dB that stays below -1 dBFS comes out as it went in, bit for bit.
 */
export class Mixer {
  /** Samples that went in. */
  mixed = 0
  private readonly channels = new Map<string, MixerChannel>()
  private readonly music: MusicBed
  private readonly limiter = new Limiter()
  private readonly meter = new LevelMeter()
  private gain: number | null = null
  private readonly mix = new Float32Array(BLOCK * AUDIO_CHANNELS)
  private readonly pcm = new Int16Array(BLOCK * AUDIO_CHANNELS)
  private readonly bytes = new Uint8Array(this.pcm.buffer)

  constructor(ffmpegPath: string, onProblem: (error: StudioError) => void) {
    this.music = new MusicBed(ffmpegPath, onProblem)
  }

  /**
   * Mixes the next `count` samples, at most BLOCK.
   * @returns s16le of the samples that are finished, MIXER_DELAY behind; overwritten by the next call
   */
  add(items: readonly MixedItem[], count: number, { music, masterGainDb }: MasterSettings): Uint8Array {
    const { mix, pcm } = this
    mix.fill(0)
    for (const item of items) this.channelOf(item).add(mix, count, item)
    if (this.channels.size > items.length) this.forget(items, mix, count)
    this.music.add(mix, count, music)
    const gain = gainOf(masterGainDb)
    ramp(mix, count, this.gain ?? gain, gain)
    this.gain = gain
    this.limiter.apply(mix, count)
    this.meter.add(mix, count)
    for (let i = 0; i < count * AUDIO_CHANNELS; i++) pcm[i] = Math.round(mix[i]! * 32768)
    const early = Math.min(count, Math.max(0, MIXER_DELAY - this.mixed))
    this.mixed += count
    return this.bytes.subarray(early * AUDIO_CHANNELS * 2, count * AUDIO_CHANNELS * 2)
  }

  /** The meters since the last call. */
  takeLevels(): MixerLevels {
    return {
      items: [...this.channels.values()].map((channel) => ({
        ...{ itemId: channel.itemId, ...channel.meter.take(), gateOpen: channel.gateOpen },
      })),
      music: this.music.meter.take(),
      master: { ...this.meter.take(), limiterDb: decibelsOf(this.limiter.takeLowest()) },
    }
  }

  close(): Promise<void> {
    return this.music.close()
  }

  private channelOf({ key, itemId }: MixedItem): MixerChannel {
    let channel = this.channels.get(key)
    if (!channel) {
      channel = new MixerChannel(itemId)
      this.channels.set(key, channel)
    }
    return channel
  }

  private forget(items: readonly MixedItem[], mix: Float32Array, count: number): void {
    for (const [key, channel] of this.channels) {
      if (items.some((item) => item.key === key)) continue
      channel.fadeOut(mix, count)
      this.channels.delete(key)
    }
  }
}
