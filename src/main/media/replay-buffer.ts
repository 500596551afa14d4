import { StudioError } from '@shared/errors'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { REPLAY_MS } from '@shared/media/saved-file'

/** A bitrate that nobody asked for must not eat the memory; 30 s at 8 Mbit/s are 30 MB. */
const MAX_BYTES = 64 << 20

/** One encoding's start and a run of its segments. */
export interface EncodedClip {
  init: EncodedInit
  segments: readonly EncodedSegment[]
  durationMs: number
}

/** The newest segments of an encoding: as few as make up `REPLAY_MS`, never more than 64 MiB. */
export class ReplayBuffer {
  private init: EncodedInit | null = null
  private segments: EncodedSegment[] = []
  private durationMs = 0
  private bytes = 0

  /** Another start: what came before does not fit to it and is forgotten. */
  start(init: EncodedInit): void {
    this.init = init
    this.segments = []
    this.durationMs = 0
    this.bytes = 0
  }

  add(segment: EncodedSegment): void {
    this.segments.push(segment)
    this.durationMs += segment.durationMs
    this.bytes += segment.bytes.length
    for (;;) {
      const [oldest, ...others] = this.segments
      if (!oldest || others.length === 0) return
      if (this.durationMs - oldest.durationMs < REPLAY_MS && this.bytes <= MAX_BYTES) return
      this.segments = others
      this.durationMs -= oldest.durationMs
      this.bytes -= oldest.bytes.length
    }
  }

  /** What there is now, whatever comes later. @throws StudioError `no-replay` in the first half second */
  take(): EncodedClip {
    const { init, segments, durationMs } = this
    if (!init || segments.length === 0) {
      throw new StudioError('no-replay', 'Your live has only just begun. Try again in a second.')
    }
    return { init, segments: [...segments], durationMs }
  }
}
