import type { Playback } from './use-playback'

/** A finished file in a <video>: the browser does it all. */
export class FilePlayback implements Playback {
  readonly figures = null
  readonly waiting = null
  readonly atEdge = false
  #wasPlaying = true

  constructor(
    private readonly video: HTMLVideoElement,
    url: string,
  ) {
    video.src = url
    // A voice at double speed stays a voice.
    video.preservesPitch = true
    this.toEdge()
  }

  /** Sound comes from the <video> itself. */
  setVolume(): void {
    // nothing of its own
  }

  /** Plays; one that is at its end begins again. */
  toEdge(): void {
    void this.video.play().catch(() => undefined)
  }

  seek(seconds: number): void {
    const { currentTime, duration } = this.video
    this.video.currentTime = Math.max(0, Math.min(currentTime + seconds, Number.isFinite(duration) ? duration : 0))
  }

  rest(): void {
    this.#wasPlaying = !this.video.paused
    this.video.pause()
  }

  resume(): void {
    if (this.#wasPlaying && this.video.paused) this.toEdge()
  }

  destroy(): void {
    this.video.removeAttribute('src')
    this.video.load()
  }
}
