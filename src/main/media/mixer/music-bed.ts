import type { StudioError } from '@shared/errors'
import type { MusicBed as MusicSettings } from '@shared/media/scene'
import { AUDIO_CHANNELS } from '../capture-source'
import { gainOf } from './decibels'
import { Ducker } from './ducker'
import { LevelMeter } from './level-meter'
import { BLOCK, ramp } from './mixer-channel'
import { MusicPlayer } from './music-player'

/** Blocks that a start or a stop of the music takes: a third of a second. */
const FADE_BLOCKS = 40

/** The music under everything: looped, ducked, started and stopped softly. A pause keeps its place. */
export class MusicBed {
  readonly meter = new LevelMeter()
  private player: MusicPlayer | null = null
  private failedPath: string | null = null
  private playing = 0
  private gain = 0
  private readonly ducker = new Ducker()
  private readonly block = new Float32Array(BLOCK * AUDIO_CHANNELS)

  constructor(
    private readonly ffmpegPath: string,
    private readonly onFailure: (error: StudioError) => void,
  ) {}

  /** Adds the music to what is spoken. */
  add(mix: Float32Array, count: number, settings: MusicSettings): void {
    this.follow(settings)
    if (!this.player) return
    const wanted = settings.playing && this.player.path === settings.path && this.player.isReady
    const step = 1 / FADE_BLOCKS
    this.playing = wanted ? Math.min(1, this.playing + step) : Math.max(0, this.playing - step)
    const ducked = this.ducker.follow(mix, count, settings.duck)
    const gain = this.playing * gainOf(settings.gainDb) * ducked
    const { player, block } = this
    if (gain > 0 || this.gain > 0) {
      player.take(block, count)
      ramp(block, count, this.gain, gain)
      for (let i = 0; i < count * AUDIO_CHANNELS; i++) mix[i]! += block[i]!
    } else block.fill(0)
    this.gain = gain
    this.meter.add(block, count)
  }

  async close(): Promise<void> {
    const { player } = this
    this.player = null
    this.playing = this.gain = 0
    await player?.close()
  }

  /** Another file takes over when the one before has faded out. */
  private follow({ path, playing }: MusicSettings): void {
    if (path !== this.failedPath) this.failedPath = null
    if (this.player && this.player.path !== path && this.playing === 0) void this.close()
    if (this.player || path === null || !playing || this.failedPath === path) return
    this.player = new MusicPlayer(this.ffmpegPath, path, (error) => {
      this.failedPath = path
      void this.close()
      this.onFailure(error)
    })
  }
}
