import { basename } from 'node:path'
import { StudioError } from '@shared/errors'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from '../capture-source'
import { SlotPacer } from '../demo/slot-pacer'
import type { CaptureOptions } from '../ffmpeg-capture'
import { planesOf, type I420Frame, type RgbImage } from '../i420'
import { rgbToI420 } from '../rgb-i420'
import { decodeStill } from '../still-image'
import { samplesOfFrames, STUDIO_FORMAT } from '../studio-format'

/** A picture that takes longer to decode than this is not waited for. */
const DECODE_MS = 10_000

/**
 * Opens a still picture as a silent source of constant rate: upright as its EXIF orientation says, letterboxed.
 * @throws StudioError as `decodeStill`
 */
export async function openPicture(
  spec: Extract<SourceSpec, { kind: 'picture' }>,
  options: CaptureOptions,
): Promise<CaptureSource> {
  const format = options.format ?? STUDIO_FORMAT
  const late = AbortSignal.timeout(DECODE_MS)
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late
  const image = await decodeStill(spec.path, { ffmpegPath: options.ffmpegPath, signal }, format).catch(
    (error: unknown) => {
      if (!late.aborted) throw error
      throw new StudioError('not-a-picture', `The picture "${spec.path}" takes too long to open. Try another file.`)
    },
  )
  const info = { label: basename(spec.path), ...format, hasAudio: false }
  return new StillSource(info, centred(image, format).data)
}

class StillSource implements CaptureSource {
  private pacer: SlotPacer | null = null

  constructor(
    readonly info: SourceInfo,
    private readonly picture: Uint8Array,
  ) {}

  start(sink: CaptureSink): void {
    const { fps } = this.info
    const silence = (first: number, count: number): void => {
      const samples = samplesOfFrames(first + count, fps, AUDIO_RATE) - samplesOfFrames(first, fps, AUDIO_RATE)
      sink.audio(new Uint8Array(samples * AUDIO_CHANNELS * 2))
    }
    this.pacer = new SlotPacer(fps, {
      make: (index, dueMs) => {
        const frame = sink.acquire()
        if (!frame) return false
        frame.data.set(this.picture)
        silence(index, 1)
        sink.commit(frame, dueMs)
        return true
      },
      skip: (first, count) => {
        silence(first, count)
        sink.dropped(count)
      },
    })
    this.pacer.start()
  }

  close(): Promise<void> {
    this.pacer?.stop()
    return Promise.resolve()
  }
}

/** A picture that fits into a frame, in its middle between black bars. */
function centred(image: RgbImage, size: { width: number; height: number }): I420Frame {
  const small = rgbToI420(image)
  const frame = { ...size, data: new Uint8Array((size.width * size.height * 3) / 2) }
  const [from, to] = [planesOf(small), planesOf(frame)]
  const x = Math.floor((size.width - small.width) / 4)
  const y = Math.floor((size.height - small.height) / 4)
  to.y.fill(16)
  paste(from.y, small.width, to.y, size.width, x * 2, y * 2)
  for (const plane of ['u', 'v'] as const) {
    to[plane].fill(128)
    paste(from[plane], small.width / 2, to[plane], size.width / 2, x, y)
  }
  return frame
}

function paste(from: Uint8Array, width: number, to: Uint8Array, stride: number, x: number, y: number): void {
  for (let row = 0; row * width < from.length; row++) {
    to.set(from.subarray(row * width, (row + 1) * width), (y + row) * stride + x)
  }
}
