import { CAPTION_LIMITS, type CaptionCue } from '@shared/captions/caption-cue'
import type { LiveFigures } from './live-player'
import { UnitPlayer } from './units/unit-player'
import type { FilePosition, Playback } from './use-playback'

export interface PulledPlaybackOptions {
  /** Milliseconds; null: a live. */
  durationMs: number | null
  openFeed: () => Promise<MessagePort>
  /** Of a finished video: plays from here, milliseconds; stops fetching. */
  seek: (toMs: number) => Promise<void>
  hold: () => Promise<void>
}

const REOPEN_MS = 500
/** So many failures of a decoder within that time: it is not going to work. */
const BROKEN_TIMES = 4
const BROKEN_WITHIN_MS = 10_000
/** A place that was sought is shown until the picture is there, at most so long, milliseconds. */
const SOUGHT_MS = 5000

/** Somebody else's video, which an engine pulls and gives out as access units: the player of lives, and a time line. */
export class PulledPlayback implements Playback {
  #units: UnitPlayer | null = null
  #volume = 1
  #cues: readonly CaptionCue[] = []
  #destroyed = false
  #resting = false
  #ended = false
  #positionMs = 0
  #sought: { toMs: number; at: number } | null = null
  #failures: number[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #listeners = new AbortController()

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly options: PulledPlaybackOptions,
  ) {
    const { signal } = this.#listeners
    video.addEventListener('pause', () => this.#pause(), { signal })
    video.addEventListener('play', () => this.#play(), { signal })
    void this.#open()
  }

  get figures(): LiveFigures | null {
    if (!this.#units) return null
    const { delayMs, bufferMs, stalledMs, framesShown, framesDropped } = this.#units.report
    const { targetMs } = this.#units
    return { rung: 'units', delayMs, bufferMs, targetMs, stalledMs, framesShown, framesDropped }
  }

  get waiting(): boolean {
    return !this.#ended && (this.#units?.isWaiting ?? true)
  }

  get atEdge(): boolean {
    return !this.video.paused
  }

  get broken(): boolean {
    return this.#failures.length >= BROKEN_TIMES
  }

  /** What the engine has sent of the chosen captions. */
  get cues(): readonly CaptionCue[] {
    return this.#cues
  }

  get positionMs(): number | null {
    if (this.options.durationMs === null) return this.#units?.positionMs ?? null
    this.#lookWhere()
    return this.#positionMs
  }

  /** Null for a live. */
  get file(): FilePosition | null {
    const { durationMs } = this.options
    if (durationMs === null) return null
    this.#lookWhere()
    const position = Math.min(this.#positionMs, durationMs) / 1000
    return { position, duration: durationMs / 1000, buffered: position, rate: 1 }
  }

  setVolume(volume: number): void {
    this.#volume = volume
    if (this.#units) this.#units.volume = volume
  }

  /** Plays; what is at its end begins again. */
  toEdge(): void {
    void this.video.play().catch(() => undefined)
  }

  seek(seconds: number): void {
    const { file } = this
    if (file) this.seekTo(file.position + seconds)
  }

  /** To this place of a finished video, seconds. */
  seekTo(seconds: number): void {
    const { durationMs } = this.options
    if (durationMs === null) return
    const toMs = Math.max(0, Math.min(seconds * 1000, durationMs - 200))
    this.#ended = false
    this.#sought = { toMs, at: performance.now() }
    this.#positionMs = toMs
    if (this.video.paused) this.toEdge()
    else void this.options.seek(toMs)
  }

  /** A live that was over is there again. */
  again(): void {
    if (!this.#ended || this.options.durationMs !== null) return
    this.#ended = false
    this.toEdge()
  }

  /** Its last picture was given out. */
  finish(): void {
    if (this.#ended) return
    this.#ended = true
    this.#positionMs = this.options.durationMs ?? 0
    this.video.pause()
  }

  rest(): void {
    this.#resting = !this.video.paused
    this.video.pause()
  }

  resume(): void {
    if (this.#resting) this.toEdge()
    this.#resting = false
  }

  destroy(): void {
    this.#destroyed = true
    clearTimeout(this.#timer)
    this.#listeners.abort()
    this.#units?.close()
    this.#units = null
  }

  async #open(): Promise<void> {
    const port = await this.options.openFeed().catch(() => null)
    if (this.#destroyed) port?.close()
    else if (port) this.#take(port)
    else this.#reopen()
  }

  #take(port: MessagePort): void {
    const player = new UnitPlayer(port, {
      onStarted: () => undefined,
      onTrouble: (kind, why) => {
        if (player !== this.#units) return
        console.warn(`pulled player: ${why}`)
        if (kind === 'closed') this.#reopen()
        else this.#noteFailure()
      },
      // What is wrong with the way here the engine tells.
      onSilence: () => undefined,
      onCaptions: (cues, fresh) => {
        if (player === this.#units) this.#cues = fresh ? cues : [...this.#cues, ...cues].slice(-CAPTION_LIMITS.cues)
      },
    })
    player.volume = this.#volume
    this.#units = player
    player.output.attach(this.video)
    this.toEdge()
  }

  #reopen(): void {
    this.#units?.close()
    this.#units = null
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#open(), REOPEN_MS)
  }

  #noteFailure(): void {
    const now = performance.now()
    this.#failures = [...this.#failures.filter((at) => now - at < BROKEN_WITHIN_MS), now]
  }

  #pause(): void {
    this.#lookWhere()
    this.#units?.pause()
    if (this.options.durationMs !== null && !this.#ended) void this.options.hold()
  }

  #play(): void {
    // The first play is of what comes anyway.
    const wasHeld = this.#units?.paused === true
    this.#units?.resume()
    if (this.options.durationMs === null || !wasHeld) return
    const toMs = this.#ended ? 0 : this.#positionMs
    this.#ended = false
    this.#sought = { toMs, at: performance.now() }
    void this.options.seek(toMs)
  }

  #lookWhere(): void {
    const now = performance.now()
    const { positionMs = null } = this.#units ?? {}
    if (this.#ended || positionMs === null) return
    if (this.#sought) {
      const there = positionMs >= this.#sought.toMs - 100 && positionMs < this.#sought.toMs + SOUGHT_MS
      if (!there && now - this.#sought.at < SOUGHT_MS) return
      this.#sought = null
    }
    if (!this.video.paused) this.#positionMs = Math.max(0, positionMs)
  }
}
