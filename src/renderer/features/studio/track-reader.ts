/** Chromium's way to read a track (mediacapture-transform), which TypeScript's DOM does not know yet. */
declare class MediaStreamTrackProcessor<T> {
  constructor(init: { track: MediaStreamTrack; maxBufferSize?: number })
  readonly readable: ReadableStream<T>
}

/** Reads the pictures or the sound of a track until it ends or is aborted. */
export class TrackReader<T extends { close(): void }> {
  constructor(
    private readonly track: MediaStreamTrack,
    private readonly signal: AbortSignal,
  ) {}

  /** One after the other; each is closed when `take` is done with it. */
  async each(take: (item: T) => Promise<void> | void): Promise<void> {
    const reader = new MediaStreamTrackProcessor<T>({ track: this.track }).readable.getReader()
    this.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined))
    while (!this.signal.aborted) {
      const { value, done } = await reader.read()
      if (done) return
      try {
        await take(value)
      } finally {
        value.close()
      }
    }
  }
}
