import Hls, { type HlsConfig } from 'hls.js'

/** Catch up gently, and jump to the edge when farther behind than this, seconds. */
const FOLLOW = { liveMaxLatencyDuration: 4, maxLiveSyncPlaybackRate: 1.3 }

/** After going back on purpose hls.js must neither jump nor hurry. */
const STAY = { liveMaxLatencyDuration: 3600, maxLiveSyncPlaybackRate: 1 }

/** Segments of about a second by a local protocol: stay close to the edge. */
const LIVE_CONFIG: Partial<HlsConfig> = {
  enableWorker: true,
  lowLatencyMode: true,
  liveSyncDuration: 1.2,
  ...FOLLOW,
  backBufferLength: 30,
  startFragPrefetch: true,
}

/** How long to wait before asking again for a playlist or segment that is not there yet, milliseconds. */
const RETRY_MS = 600

/** A second media error within this time means that repairing the buffer did not help, milliseconds. */
const REPAIR_MS = 5000

/** Feeds a <video> from a live playlist and keeps doing so: whatever breaks is repaired or begun again. */
export class LivePlayback {
  readonly #video: HTMLVideoElement
  readonly #url: string
  #hls: Hls | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #repairedAt = -REPAIR_MS
  #resting = false

  constructor(video: HTMLVideoElement, url: string) {
    this.#video = video
    this.#url = url
    this.#begin()
  }

  /** Seconds behind the newest segment, or null while nothing plays. */
  get latency(): number | null {
    const latency = this.#hls?.latency ?? 0
    return latency > 0 ? latency : null
  }

  /** Published to screen, milliseconds, by the clocks of both computers; null while nothing plays. */
  get delayMs(): number | null {
    const date = this.#hls?.playingDate
    return date ? Date.now() - date.getTime() : null
  }

  /** Jumps to where the live is now and plays. */
  toEdge(): void {
    if (this.#hls !== null) Object.assign(this.#hls.config, FOLLOW)
    const edge = this.#hls?.liveSyncPosition
    if (edge !== null && edge !== undefined) this.#video.currentTime = edge
    void this.play()
  }

  /** Moves by some seconds within what can still be played; going back stays back until `toEdge`. */
  seek(seconds: number): void {
    const { seekable, currentTime } = this.#video
    if (this.#hls === null || seekable.length === 0) return
    const edge = this.#hls.liveSyncPosition ?? seekable.end(seekable.length - 1)
    const target = currentTime + seconds
    if (target >= edge) {
      this.toEdge()
      return
    }
    Object.assign(this.#hls.config, STAY)
    this.#video.playbackRate = 1
    this.#video.currentTime = Math.max(seekable.start(0), target)
  }

  /** Plays; a browser that wants silence first gets it. */
  async play(): Promise<void> {
    try {
      await this.#video.play()
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return
      this.#video.muted = true
      await this.#video.play().catch(() => undefined)
    }
  }

  /** Stops fetching while nobody looks. */
  rest(): void {
    this.#resting = true
    this.#video.pause()
    this.#hls?.stopLoad()
  }

  /** Fetches again, from now. */
  resume(): void {
    if (!this.#resting) return
    this.#resting = false
    this.#hls?.startLoad(-1)
    this.toEdge()
  }

  destroy(): void {
    clearTimeout(this.#retry)
    this.#hls?.destroy()
    this.#hls = null
  }

  #begin(): void {
    this.destroy()
    const hls = new Hls(LIVE_CONFIG)
    this.#hls = hls
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      if (this.#resting) hls.stopLoad()
      else void this.play()
    })
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (data.fatal) this.#recover(data.type)
    })
    hls.attachMedia(this.#video)
    hls.loadSource(this.#url)
  }

  #recover(type: string): void {
    if (type === (Hls.ErrorTypes.MEDIA_ERROR as string) && performance.now() - this.#repairedAt > REPAIR_MS) {
      this.#repairedAt = performance.now()
      this.#hls?.recoverMediaError()
      return
    }
    clearTimeout(this.#retry)
    // A playlist that is not there yet, a broken network or a buffer beyond repair: all begin again, from the edge.
    this.#retry = setTimeout(() => this.#begin(), RETRY_MS)
  }
}
