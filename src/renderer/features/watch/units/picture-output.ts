import type { DecodedPicture } from './picture-decoder'

/** Chromium's own way to make a track of decoded pictures; not in TypeScript's DOM library. */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(init: { kind: 'video' })
  readonly writable: WritableStream<VideoFrame>
}

/** Whether this window can show decoded pictures in a <video>. */
export function canShowPictures(): boolean {
  return 'VideoDecoder' in globalThis && 'AudioDecoder' in globalThis && 'MediaStreamTrackGenerator' in globalThis
}

/**
 * Decoded pictures as a track for a <video>, so that full screen and picture in picture are the browser's own. A picture
 * is shown as soon as it is given.
 */
export class PictureOutput {
  readonly #track = new MediaStreamTrackGenerator({ kind: 'video' })
  readonly #writer = this.#track.writable.getWriter()
  readonly stream = new MediaStream([this.#track])
  #video: HTMLVideoElement | null = null
  #written: { at: number; capturedAt: number } | null = null
  /** Capture to presentation of the newest picture, milliseconds; null before the first. */
  delayMs: number | null = null

  /** Shows them here from now on. */
  attach(video: HTMLVideoElement): void {
    this.#video = video
    video.srcObject = this.stream
    this.#measure(video)
  }

  /** Returns false when the browser cannot take one more now: the picture is dropped. */
  show({ frame, capturedAt }: DecodedPicture): boolean {
    if ((this.#writer.desiredSize ?? 0) <= 0) {
      frame.close()
      return false
    }
    this.#written = { at: performance.now(), capturedAt }
    // The track closes the picture.
    this.#writer.write(frame).catch(() => frame.close())
    this.delayMs ??= Date.now() - capturedAt
    return true
  }

  close(): void {
    if (this.#video?.srcObject === this.stream) this.#video.srcObject = null
    this.#video = null
    this.#writer.close().catch(() => undefined)
    this.#track.stop()
  }

  #measure(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback((now, { expectedDisplayTime }) => {
      if (this.#video !== video) return
      const { at, capturedAt } = this.#written ?? { at: now, capturedAt: null }
      if (capturedAt !== null) {
        const shownAt = performance.timeOrigin + Math.max(at, expectedDisplayTime)
        // Of the clock of today, which may have been set since this page was opened.
        const clockError = Date.now() - (performance.timeOrigin + performance.now())
        this.delayMs = shownAt + clockError - capturedAt
      }
      this.#measure(video)
    })
  }
}
