import { basename } from 'node:path'
import { StudioError } from '@shared/errors'
import type { SourceInfo, SourceSpec } from '@shared/media/source-spec'
import { AUDIO_CHANNELS, AUDIO_RATE, type CaptureSink, type CaptureSource } from './capture-source'
import { cameraAttempts, cameraFailure, chooseCamera, chooseMicrophone, type DeviceAttempt } from './camera-input'
import { listDevices, type DeviceListOptions } from './device-list'
import { StreamPipe, type BytePipe } from './byte-pipe'
import { DirectPipe } from './direct-pipe'
import { EarlySound } from './early-sound'
import { FfmpegProcess } from './ffmpeg-process'
import { RawFrameReader } from './raw-frame-reader'
import { fileUrl, FILE_INPUT, probeVideo, type VideoStream } from './probe'
import { fitInside, samplesOfFrames, STUDIO_FORMAT, type StudioFormat } from './studio-format'

/** Until its first picture. A camera without permission on macOS never answers (media.md 6). */
const FIRST_PICTURE_MS = 12_000
/** A camera that delivers nothing for so long has gone. */
const SILENT_MS = 5_000

export interface CaptureOptions {
  ffmpegPath: string
  format?: StudioFormat
  /** Where and how devices are looked for; tests name another root. */
  devices?: Omit<DeviceListOptions, 'ffmpegPath'>
  /** Reads a file as fast as the sink takes it instead of at its own pace; tests. */
  unpaced?: boolean
  /** Milliseconds until the first picture; tests shorten it. */
  firstPictureMs?: number
  /** Ends the opening, and what was opened. */
  signal?: AbortSignal
}

/**
 * Opens a video file at its own pace, fitted into the studio format (bars keep the aspect): any size, rotation and
 * frame rate; without sound it delivers silence. Resolves once the first bytes of picture are there.
 * @throws StudioError as `probeVideo`, or `source-failed`.
 */
export async function openFile(
  spec: Extract<SourceSpec, { kind: 'file' }>,
  options: CaptureOptions,
): Promise<CaptureSource> {
  const format = options.format ?? STUDIO_FORMAT
  const { video, audio } = await probeVideo(options.ffmpegPath, spec.path)
  const large = video.codedWidth * video.codedHeight > 1920 * 1088
  const input = [
    ...['-threads', large ? '2' : '1'],
    ...(options.unpaced === true ? [] : ['-re']),
    ...(spec.loop ? ['-stream_loop', '-1'] : []),
    ...[...FILE_INPUT, '-i', fileUrl(spec.path)],
  ]
  const filter = fileFilter(video, format)
  const args = captureArgs(input, ['-map', '0:V:0', '-vf', filter, '-vsync', '0'], audio ? '0:a:0' : null)
  const { child, picture: pipe } = await startCapture(options, args, audio !== null)
  const failure = (why: string): StudioError =>
    new StudioError('source-failed', `${spec.path} could not be played: ${why}. Try another file.`)
  const early = audio ? new EarlySound(child.pipe3Out) : null
  await firstPicture(child, pipe, options.firstPictureMs ?? FIRST_PICTURE_MS, failure)
  const picture = fitInside(video.width, video.height, format)
  const info = { label: basename(spec.path), ...format, hasAudio: audio !== null, picture }
  return new FfmpegCapture(child, pipe, info, early, { silentMs: null, failure })
}

/**
 * Opens a camera and, if there is one, a microphone (v4l2 and alsa, avfoundation, dshow). Formats are tried in turn:
 * MJPEG first, because raw USB video is slow above 640x480.
 * @throws StudioError `camera-missing`, `camera-busy`, `camera-denied`, `camera-silent`, `camera-failed`.
 */
export async function openCamera(
  spec: Extract<SourceSpec, { kind: 'camera' }>,
  options: CaptureOptions,
): Promise<CaptureSource> {
  const format = options.format ?? STUDIO_FORMAT
  const platform = options.devices?.platform ?? process.platform
  const list = await listDevices({ ...options.devices, ffmpegPath: options.ffmpegPath })
  const camera = chooseCamera(list, spec.device)
  const microphone = chooseMicrophone(list, spec.microphone)
  return openDevice(cameraAttempts(platform, camera, microphone, format), options, {
    label: camera.label,
    filter: `scale=${boxOf(format)}:flags=fast_bilinear${barsOf(format)}`,
    failure: (why) => cameraFailure(camera.label, why),
  })
}

/** What a device is called, how its picture gets into the format, and what to say when it does not come. */
export interface DevicePicture {
  label: string
  /** For ffmpeg's `-vf`. */
  filter: string
  /** `why`: ffmpeg's last words, or `timeout`. Codes that end in `-failed` let the next way be tried. */
  failure: (why: string) => StudioError
}

/**
 * Opens a device in the first of several ways that gives a picture.
 * @throws StudioError by `failure`
 */
export async function openDevice(
  attempts: DeviceAttempt[],
  options: CaptureOptions,
  { label, filter, failure }: DevicePicture,
): Promise<CaptureSource> {
  const format = options.format ?? STUDIO_FORMAT
  let last: unknown = failure('')
  for (const attempt of attempts) {
    const video = ['-map', '0:v:0', '-vf', filter, '-vsync', 'cfr', '-r', String(format.fps)]
    const args = captureArgs(attempt.input, video, attempt.audioMap)
    const { child, picture } = await startCapture(options, args, attempt.audioMap !== null)
    const early = attempt.audioMap === null ? null : new EarlySound(child.pipe3Out)
    try {
      await firstPicture(child, picture, options.firstPictureMs ?? FIRST_PICTURE_MS, failure)
      const info = { label, ...format, hasAudio: attempt.audioMap !== null }
      return new FfmpegCapture(child, picture, info, early, { silentMs: SILENT_MS, failure })
    } catch (error) {
      last = error
      if (error instanceof StudioError && error.code.endsWith('-failed') && options.signal?.aborted !== true) continue
      throw error
    }
  }
  throw last
}

/** Size options of the scaler: the largest picture inside the format. */
export function boxOf({ width, height }: StudioFormat): string {
  return `${width}:${height}:force_original_aspect_ratio=decrease:out_range=tv`
}

/** The filters that fill the rest of the format with bars. */
export function barsOf({ width, height }: StudioFormat): string {
  return `,setsar=1,format=yuv420p,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`
}

/** Everything after the inputs: picture on pipe:1, sound on pipe:3. */
function captureArgs(input: string[], video: string[], audioMap: string | null): string[] {
  const sound = ['-af', `aresample=${AUDIO_RATE}:async=1:first_pts=0`, '-ac', String(AUDIO_CHANNELS)]
  return [
    ...['-v', 'error', '-nostdin', ...input],
    ...[...video, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'],
    ...(audioMap === null ? [] : ['-map', audioMap, ...sound, '-flush_packets', '1', '-f', 's16le', 'pipe:3']),
  ]
}

/**
 * The filter chain of a file: constant rate, fitted size, limited range, BT.601 as the engine expects. The rate comes
 * first when it lowers the number of pictures, so that none is scaled in vain.
 */
export function fileFilter(video: VideoStream, format: StudioFormat): string {
  const place = fitInside(video.width, video.height, format)
  const rate = `fps=fps=${format.fps}:start_time=0`
  // Players take HD without a tag for BT.709 (Chromium too), so do we.
  const hd = video.matrix === 'bt709' || (video.matrix === 'unknown' && video.codedHeight >= 720)
  const size = `scale=${place.width}:${place.height}:out_range=tv:flags=bicubic,setsar=1,format=yuv420p`
  const bars = `pad=${format.width}:${format.height}:${place.x}:${place.y}`
  const matrix = hd ? ['colorspace=all=bt601-6-625:iall=bt709:fast=1'] : []
  const chain = [size, ...matrix, bars]
  return (video.fps > format.fps ? [rate, ...chain] : [...chain, rate]).join(',')
}

/** Starts ffmpeg with its picture on a pipe that is read straight into frames, where there is one. */
async function startCapture(
  { ffmpegPath, signal }: CaptureOptions,
  args: string[],
  hasSound: boolean,
): Promise<{ child: FfmpegProcess; picture: BytePipe }> {
  const direct = await DirectPipe.open()
  const child = new FfmpegProcess(ffmpegPath, args, { pipe3: hasSound, direct, ...(signal ? { signal } : {}) })
  return { child, picture: direct?.pipe ?? new StreamPipe(child.stdout) }
}

/** Resolves when the program has written picture; rejects with its last words, or when it stays silent. */
async function firstPicture(
  child: FfmpegProcess,
  picture: BytePipe,
  timeoutMs: number,
  failure: (why: string) => StudioError,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), timeoutMs)))
  const first = await Promise.race([picture.begun, child.exited, late])
  clearTimeout(timer)
  if (first === true) return
  const silent = first === 'late'
  await child.stop()
  throw child.startError ?? failure(silent ? 'timeout' : child.lastWords || 'it holds no picture that can be decoded')
}

interface CaptureLimits {
  /** No picture for so long ends the source with an error; null for files. */
  silentMs: number | null
  failure: (why: string) => StudioError
}

/** Reads the two pipes of a running capture program. The slots of the picture are the clock; see CaptureSource. */
class FfmpegCapture implements CaptureSource {
  private closed = false
  private framesOut = 0
  private samplesOut = 0
  /** The odd bytes of a sample pair that came in two chunks. */
  private rest: Uint8Array = new Uint8Array(0)
  private watchdog: NodeJS.Timeout | undefined
  private seenFrames = 0
  private reader: RawFrameReader | null = null

  constructor(
    private readonly child: FfmpegProcess,
    private readonly picture: BytePipe,
    readonly info: SourceInfo,
    private readonly early: EarlySound | null,
    private readonly limits: CaptureLimits,
  ) {}

  start(sink: CaptureSink): void {
    this.reader = new RawFrameReader(this.picture, sink, () => {
      this.framesOut++
      if (!this.info.hasAudio) this.fillSilence(sink)
    })
    if (this.early) this.readSound(this.early, sink)
    this.watch(sink)
    void this.child.exited.then(({ code }) => {
      if (this.closed) return
      this.finish()
      if (code === 0) sink.ended()
      else sink.ended(this.limits.failure(this.child.lastWords || 'the video program was ended'))
    })
  }

  async close(): Promise<void> {
    this.finish()
    await this.child.stop()
  }

  private finish(): void {
    this.closed = true
    this.reader?.close()
    clearInterval(this.watchdog)
  }

  private readSound(early: EarlySound, sink: CaptureSink): void {
    const pair = AUDIO_CHANNELS * 2
    early.flow((chunk) => {
      if (this.closed) return
      const pcm = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk
      const whole = pcm.length - (pcm.length % pair)
      this.rest = Uint8Array.prototype.slice.call(pcm, whole)
      if (whole > 0) sink.audio(pcm.subarray(0, whole))
    })
  }

  /**
   * Silence up to the end of the newest frame, for a source without sound. Sound that ends before the picture cannot
   * be seen here, because ffmpeg keeps the pipe open to its end; the engine's SoundFeed fills that up.
   */
  private fillSilence(sink: CaptureSink): void {
    const wanted = samplesOfFrames(this.framesOut, this.info.fps, AUDIO_RATE)
    if (wanted <= this.samplesOut) return
    sink.audio(new Uint8Array((wanted - this.samplesOut) * AUDIO_CHANNELS * 2))
    this.samplesOut = wanted
  }

  private watch(sink: CaptureSink): void {
    const { silentMs } = this.limits
    if (silentMs === null) return
    this.watchdog = setInterval(() => {
      const moved = this.framesOut > this.seenFrames || this.reader?.waiting === true
      this.seenFrames = this.framesOut
      if (moved || this.closed) return
      this.finish()
      void this.child.stop()
      sink.ended(this.limits.failure('timeout'))
    }, silentMs)
  }
}
