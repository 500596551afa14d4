import type { PulledShow, PullStats } from '../live/pulled-show'

/** Main to pull engine. One video at a time; a new one ends the one before. */
export interface PullService {
  calls: {
    start: { input: { ffmpegPath: string }; output: undefined }
    /** Resolves when its first picture is there. */
    open: { input: string; output: PulledShow }
    /** Goes to a moment of a finished video, milliseconds, and plays. */
    seek: { input: number; output: undefined }
    /** Stops fetching a finished video until `seek`. */
    hold: { input: undefined; output: undefined }
    /** One of `PulledShow.qualities`; null: by itself. */
    chooseQuality: { input: number | null; output: undefined }
    /** One of `PulledShow.captions`; null: none. They come on the watch port. */
    chooseCaptions: { input: number | null; output: undefined }
    closePull: { input: undefined; output: undefined }
    close: { input: undefined; output: undefined }
  }
  events: {
    changed: { url: string; show: PulledShow }
    stats: PullStats
    failed: { url: string; code: string; message: string }
  }
}
