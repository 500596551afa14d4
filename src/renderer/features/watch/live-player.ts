import { LivePlayback } from './live-playback'
import { failed, firstRung, tried, worthRetry, type Rung, type RungState } from './units/rung-choice'
import type { Playback } from './use-playback'
import { canShowPictures } from './units/picture-output'
import { UnitPlayer } from './units/unit-player'

/** What a live player does, as far as it knows; milliseconds. */
export interface LiveFigures {
  rung: Rung
  /** Capture to screen, by the clocks of both computers. */
  delayMs: number | null
  /** Between arrival and screen, and what it should be; null on rungs that do not say. */
  bufferMs: number | null
  targetMs: number | null
  stalledMs: number | null
  framesShown: number | null
  framesDropped: number | null
}

export interface LivePlayerOptions {
  playlistUrl: string
  /** A port to the live's access units. */
  openFeed: () => Promise<MessagePort>
  /** Segments of the live so far: it goes on, or stands still, and then nobody is at fault for silence. */
  segments: () => number
  /** Shows the last picture while one way of playing takes over from another. */
  still: HTMLCanvasElement | null
}

const WATCH_MS = 250
const STILL_MS = 300
/** A feed that gave nothing while so many segments came is dead. */
const MISSED_SEGMENTS = 2

/**
 * Plays a live in a <video> in the best way that works: access units by WebCodecs, else HLS. A way that fails twice in
 * 10 s is left; a better one is tried again in the background after 30 s, and takes over once it has a picture.
 */
export class LivePlayer implements Playback {
  #choice: RungState
  #units: UnitPlayer | null = null
  #trial: UnitPlayer | null = null
  #hls: LivePlayback | null = null
  #volume = 1
  #resting = false
  /** The person has gone back in time, which only HLS can do; by so many seconds, until it plays. */
  #shifted = false
  #attempt = 0
  #stillTimer: ReturnType<typeof setTimeout> | undefined
  readonly #timer: ReturnType<typeof setInterval>
  readonly #listeners = new AbortController()

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly options: LivePlayerOptions,
  ) {
    this.#choice = firstRung(performance.now(), canShowPictures() ? [] : ['units'])
    const { signal } = this.#listeners
    video.addEventListener('pause', () => this.#units?.pause(), { signal })
    video.addEventListener('play', () => this.#units?.resume(), { signal })
    video.addEventListener('playing', () => this.#clearStill(), { signal })
    this.#timer = setInterval(() => this.#watch(), WATCH_MS)
    this.#begin()
  }

  get figures(): LiveFigures {
    const rung = this.#units ? 'units' : 'hls'
    if (!this.#units) {
      const delayMs = this.#hls?.delayMs ?? null
      const { totalVideoFrames, droppedVideoFrames } = this.video.getVideoPlaybackQuality()
      const frames = { framesShown: totalVideoFrames, framesDropped: droppedVideoFrames }
      return { rung, delayMs, bufferMs: null, targetMs: null, stalledMs: null, ...frames }
    }
    const { delayMs, bufferMs, stalledMs, framesShown, framesDropped } = this.#units.report
    return { rung, delayMs, bufferMs, targetMs: this.#units.targetMs, stalledMs, framesShown, framesDropped }
  }

  /** Nothing is there to be shown; null: the <video> knows it itself. */
  get waiting(): boolean | null {
    return this.#units?.isWaiting ?? null
  }

  /** Plays what is newest. */
  get atEdge(): boolean {
    return !this.video.paused && (this.#units !== null || !this.#shifted)
  }

  /** 0 to 1, with muting in it. */
  setVolume(volume: number): void {
    this.#volume = volume
    if (this.#units) this.#units.volume = volume
  }

  /** Jumps to where the live is now and plays. */
  toEdge(): void {
    const wasShifted = this.#shifted
    this.#shifted = false
    this.#hls?.toEdge()
    if (this.#units) void this.video.play().catch(() => undefined)
    else if (wasShifted && this.#choice.rung === 'units') void this.#try()
  }

  /** Moves by some seconds within what can still be played; going back stays back until `toEdge`. */
  seek(seconds: number): void {
    if (this.#units) {
      if (seconds >= 0) return
      this.#shifted = true
      this.#useHls()
      const { signal } = this.#listeners
      this.video.addEventListener('playing', () => this.#hls?.seek(seconds), { once: true, signal })
      return
    }
    if (seconds < 0) this.#shifted = true
    this.#hls?.seek(seconds)
  }

  /** Stops fetching while nobody looks. */
  rest(): void {
    if (this.#resting) return
    this.#resting = true
    this.#leave()
  }

  /** Fetches again, from now. */
  resume(): void {
    if (!this.#resting) return
    this.#resting = false
    this.#begin()
  }

  destroy(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#stillTimer)
    this.#listeners.abort()
    this.#leave()
  }

  #begin(): void {
    if (this.#choice.rung === 'units') void this.#try()
    else this.#useHls()
  }

  /** Starts access units, in the background when something else plays. */
  async #try(): Promise<void> {
    const attempt = ++this.#attempt
    const port = await this.options.openFeed().catch(() => null)
    if (attempt !== this.#attempt) {
      port?.close()
      return
    }
    if (port === null) {
      this.#failed('closed')
      return
    }
    let segmentsBefore = this.options.segments()
    const player = new UnitPlayer(port, {
      onStarted: () => {
        if (player === this.#trial) this.#takeOver(player)
      },
      onTrouble: (kind, why) => this.#troubled(player, kind, why),
      onSilence: (silentMs) => {
        const segments = this.options.segments()
        // What is counted in the first second may have been shown already.
        if (silentMs < 2000) segmentsBefore = segments
        else if (segments - segmentsBefore >= MISSED_SEGMENTS)
          this.#troubled(player, 'closed', 'the feed gives nothing')
      },
    })
    player.volume = 0
    this.#trial = player
    // Without anything else to look at there is nothing to wait for.
    if (!this.#hls) this.#takeOver(player)
  }

  #takeOver(player: UnitPlayer): void {
    this.#keepStill()
    this.#trial = null
    this.#hls?.destroy()
    this.#hls = null
    this.#units = player
    this.#shifted = false
    if (this.#choice.rung !== 'units') this.#choice = tried(this.#choice, 'units', true, performance.now())
    player.volume = this.#volume
    player.output.attach(this.video)
    void this.video.play().catch(() => undefined)
  }

  #troubled(player: UnitPlayer, kind: 'broken' | 'closed', why: string): void {
    console.warn(`live player: access units: ${why}`)
    if (player === this.#trial) {
      player.close()
      this.#trial = null
      this.#choice = tried(this.#choice, 'units', false, performance.now())
      if (!this.#hls) this.#useHls()
    } else if (player === this.#units) this.#failed(kind)
  }

  #failed(kind: 'broken' | 'closed'): void {
    const now = performance.now()
    if (this.#hls) {
      this.#choice = tried(this.#choice, 'units', false, now)
      return
    }
    this.#choice = failed(this.#choice, now)
    if (this.#choice.rung !== 'units') this.#useHls()
    // A decoder that broke has begun anew by itself; a feed has not.
    else if (kind !== 'broken') {
      this.#leave()
      void this.#try()
    }
  }

  #useHls(): void {
    this.#keepStill()
    this.#leave()
    this.#hls = new LivePlayback(this.video, this.options.playlistUrl)
  }

  #leave(): void {
    this.#attempt++
    this.#trial?.close()
    this.#trial = null
    this.#units?.close()
    this.#units = null
    this.#hls?.destroy()
    this.#hls = null
  }

  #watch(): void {
    if (this.#resting || this.#shifted || !this.#hls || this.#trial || this.video.paused) return
    const now = performance.now()
    if (worthRetry(this.#choice, now) !== 'units') return
    this.#choice = tried(this.#choice, 'units', false, now)
    void this.#try()
  }

  #keepStill(): void {
    const { still } = this.options
    const { videoWidth, videoHeight } = this.video
    if (!still || videoWidth === 0) return
    clearTimeout(this.#stillTimer)
    still.width = videoWidth
    still.height = videoHeight
    still.getContext('2d')?.drawImage(this.video, 0, 0)
  }

  #clearStill(): void {
    const { still } = this.options
    // The first picture is not on the screen yet when the <video> says that it plays.
    if (still) this.#stillTimer = setTimeout(() => (still.width = 0), STILL_MS)
  }
}
