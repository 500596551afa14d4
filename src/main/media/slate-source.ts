import type { SourceInfo } from '@shared/media/source-spec'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from './capture-source'
import { planesOf, type I420Frame } from './i420'
import { samplesOfFrames, type StudioFormat } from './studio-format'

/**
 * Keeps a show going while its source is away: the last picture again and again (a dark grey one if there was none)
 * and silence, at the studio's rate.
 */
export class SlateSource implements CaptureSource {
  readonly info: SourceInfo
  private timer: NodeJS.Timeout | undefined
  private readonly picture: I420Frame

  constructor(
    private readonly format: StudioFormat,
    last: I420Frame | null,
  ) {
    this.info = { label: 'Paused', ...format, hasAudio: false }
    this.picture = last ? { ...last, data: last.data.slice() } : darkPicture(format)
  }

  start(sink: CaptureSink): void {
    const { fps } = this.format
    const begun = performance.now()
    let slots = 0
    this.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begun) * fps) / 1000)
      while (slots < due) {
        const frame = sink.acquire()
        if (frame) {
          frame.data.set(this.picture.data)
          sink.commit(frame, performance.now())
        } else sink.dropped(1)
        slots++
        const samples = samplesOfFrames(slots, fps, AUDIO_RATE) - samplesOfFrames(slots - 1, fps, AUDIO_RATE)
        sink.audio(new Uint8Array(samples * AUDIO_CHANNELS * 2))
      }
    }, 1000 / fps)
  }

  close(): Promise<void> {
    clearInterval(this.timer)
    return Promise.resolve()
  }
}

/** Dark grey: nobody takes it for a broken screen. */
export function darkPicture({ width, height }: { width: number; height: number }): I420Frame {
  const frame = { width, height, data: new Uint8Array((width * height * 3) / 2) }
  const { y, u, v } = planesOf(frame)
  y.fill(32)
  u.fill(128)
  v.fill(128)
  return frame
}
