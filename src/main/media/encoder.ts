import { StudioError } from '@shared/errors'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { AUDIO_BYTES_PER_SECOND, AUDIO_CHANNELS, AUDIO_RATE } from './capture-source'
import { FfmpegProcess } from './ffmpeg-process'
import { Fmp4Splitter, type Fmp4Fragment, type Fmp4Init } from './fmp4-splitter'
import { PCM_PAIR } from './pcm-timeline'
import type { StudioFormat } from './studio-format'

/** Samples that every AAC encoding begins with before its first sound (one frame of ffmpeg's encoder). */
const AAC_PRIMING = 1024
/** How long the program may take to write what it still holds once its input has ended. */
const FLUSH_MS = 10_000
/** Sound that the encoder did not take. More means that it hangs: it reads 192 KB a second. */
const MAX_UNSENT_SOUND = 4 * AUDIO_BYTES_PER_SECOND

export interface EncoderOptions {
  ffmpegPath: string
  format: StudioFormat
  bitrateKbps?: number
  /** Length of a segment, one group of pictures; rounded to whole frames. */
  segmentMs?: number
  /** x264 preset. Never `ultrafast`: the bundled build is slower with it (media.md 4.1). */
  preset?: 'superfast' | 'veryfast'
  onInit: (init: EncodedInit) => void
  onSegment: (segment: EncodedSegment) => void
  /** The encoder broke or was killed; called at most once, never after `finish` succeeded. */
  onFailure: (error: StudioError) => void
  /** Milliseconds of performance.now(); tests. */
  now?: () => number
}

/** H.264 + AAC in fragmented MP4, one segment for each group of pictures, by an ffmpeg of its own. */
export class Encoder {
  /** Frames given so far. */
  frames = 0
  /** Bytes of all segments so far. */
  bytes = 0
  private readonly child: FfmpegProcess
  private readonly splitter: Fmp4Splitter
  /** When each frame was captured that is not in a segment yet. */
  private readonly captured: number[] = []
  private segments = 0
  private skipped = 0
  private failed: StudioError | null = null
  private finishing = false
  private readonly now: () => number

  constructor(private readonly options: EncoderOptions) {
    this.now = options.now ?? (() => performance.now())
    this.child = new FfmpegProcess(options.ffmpegPath, encodeArgs(options), { pipe3: true })
    this.splitter = new Fmp4Splitter({
      onInit: (init) => this.init(init),
      onFragment: (fragment) => this.fragment(fragment),
    })
    this.child.stdout.on('data', (chunk: Buffer) => this.read(chunk))
    void this.child.exited.then(() => {
      if (!this.finishing) this.fail(`it stopped (${this.child.lastWords || 'killed'})`)
    })
  }

  /** Why it no longer works, if so. */
  get failure(): StudioError | null {
    return this.failed
  }

  /**
   * Gives the next frame (tight I420 of the format). `taken` is called once the bytes may change, also after a
   * failure.
   */
  writeFrame(data: Uint8Array, capturedAtMs: number, taken: () => void): void {
    if (this.failed || this.finishing || !this.child.stdin.writable) {
      taken()
      return
    }
    this.frames++
    this.captured.push(capturedAtMs)
    this.child.stdin.write(data, () => taken())
  }

  /** Gives the next sound, whole sample pairs. Sample 0 belongs to the beginning of frame 0. */
  writeSound(pcm: Uint8Array): void {
    if (this.failed || this.finishing || !this.child.pipe3In.writable) return
    // [Note: AAC priming] below.
    const skip = Math.min(pcm.length, AAC_PRIMING * PCM_PAIR - this.skipped)
    this.skipped += skip
    if (skip < pcm.length) this.child.pipe3In.write(pcm.subarray(skip))
    if (this.child.pipe3In.writableLength > MAX_UNSENT_SOUND) this.fail('it no longer takes any sound')
  }

  /** Ends the input, waits for the last segment. @throws StudioError when the encoder broke or does not end. */
  async finish(): Promise<void> {
    if (this.failed) throw this.failed
    this.finishing = true
    this.child.stdin.end()
    this.child.pipe3In.end()
    const timer = setTimeout(() => void this.child.stop(), FLUSH_MS)
    const { code } = await this.child.exited
    clearTimeout(timer)
    if (code !== 0) this.failed ??= encoderError(`it stopped (${this.child.lastWords || 'killed'})`)
    if (!this.failed && this.frames > 0) this.guarded(() => this.splitter.end())
    if (this.failed) throw this.failed
  }

  /** Ends it at once, whatever it still holds. */
  async kill(): Promise<void> {
    this.finishing = true
    await this.child.stop()
  }

  private read(chunk: Buffer): void {
    if (this.failed) return
    this.guarded(() => this.splitter.push(chunk))
  }

  private guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      const failure = error instanceof StudioError ? error : encoderError(String(error))
      if (this.finishing) this.failed ??= failure
      else this.fail(failure.message, failure)
    }
  }

  private init(init: Fmp4Init): void {
    const { width, height, fps } = this.options.format
    this.options.onInit({ bytes: init.bytes, mimeType: init.mimeType, width, height, fps })
  }

  private fragment({ bytes, runs }: Fmp4Fragment): void {
    const video = runs.find((run) => run.track.kind === 'video')
    if (!video?.startsWithKey) throw encoderError('a segment does not begin with a key frame')
    const capturedAt = this.captured.splice(0, video.samples).at(-1) ?? this.now()
    this.bytes += bytes.length
    this.options.onSegment({
      index: this.segments++,
      bytes,
      durationMs: Math.round((video.duration / video.track.timescale) * 1e6) / 1e3,
      delayMs: Math.round((this.now() - capturedAt) * 10) / 10,
    })
  }

  private fail(why: string, error = encoderError(why)): void {
    if (this.failed) return
    this.failed = error
    void this.child.stop()
    this.options.onFailure(error)
  }
}

function encoderError(why: string): StudioError {
  return new StudioError('encoder-stopped', `The video encoder does not work any more: ${why}. Go live again.`)
}

/**
 * [Note: AAC priming] An AAC stream begins with 1024 samples that are no sound yet. ffmpeg marks them with negative
 * time, and because `empty_moov` leaves no edit list it moves everything else by 21 ms instead: the first picture
 * would last too long and every later time be odd. So the sound is given 1024 samples late (`-itsoffset`) and its
 * first 1024 samples are left out: priming lies exactly where they were, and sound and picture both begin at 0.
 */
function encodeArgs(options: EncoderOptions): string[] {
  const { width, height, fps } = options.format
  const { bitrateKbps = 3500, segmentMs = 500, preset = 'superfast' } = options
  const group = String(Math.max(1, Math.round((segmentMs * fps) / 1000)))
  const rate = `${bitrateKbps}k`
  // Few frames in the program itself: what waits there is delay that nobody sees, 64 of them were two seconds.
  const quick = (queue: number): string[] => [
    ...['-thread_queue_size', String(queue), '-probesize', '32', '-analyzeduration', '0'],
  ]
  const priming = (AAC_PRIMING / AUDIO_RATE).toFixed(6)
  return [
    ...['-v', 'error', '-nostdin'],
    ...[...quick(4), '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', String(fps)],
    ...['-i', 'pipe:0'],
    ...[...quick(64), '-itsoffset', priming, '-f', 's16le', '-ar', String(AUDIO_RATE), '-ac', String(AUDIO_CHANNELS)],
    ...['-i', 'pipe:3', '-map', '0:v', '-map', '1:a'],
    ...['-c:v', 'libx264', '-preset', preset, '-tune', 'zerolatency', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
    ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-threads', '2'],
    ...['-g', group, '-keyint_min', group, '-sc_threshold', '0'],
    // Said, because players guess BT.709 for HD; primaries and transfer of cameras are those of sRGB.
    ...['-colorspace', 'smpte170m', '-color_range', 'tv', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...['-c:a', 'aac', '-b:a', '128k', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof'],
    ...['-flush_packets', '1', 'pipe:1'],
  ]
}
