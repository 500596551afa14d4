import type { StudioError } from '@shared/errors'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import type { SavedFile } from '@shared/media/saved-file'
import { AUDIO_RATE } from './capture-source'
import type { PictureSettings } from './encode/picture-settings'
import { Encoder } from './encoder'
import type { FrameRing } from './frame-ring'
import type { PipelineFrame } from './frame-pipeline'
import { SoundFeed, type PcmTimeline } from './pcm-timeline'
import type { Recording } from './recording'
import { ReplayBuffer } from './replay-buffer'
import { samplesOfFrames, type StudioFormat } from './studio-format'

export interface ShowOptions {
  /** Length of a segment; 500. */
  segmentMs?: number
  /** How pictures are encoded at first; other than x264 with 3500 kbit/s at the full size. */
  picture?: Partial<PictureSettings>
  onInit: (init: EncodedInit) => void
  onSegment: (segment: EncodedSegment) => void
  /** See `EncoderOptions`. */
  onConfig?: (config: AccessConfig) => void
  onUnit?: (unit: AccessUnit) => void
  /** The encoder broke and was replaced by one of these settings. */
  onReplaced?: (settings: PictureSettings) => void
  /** The small rendition is over by itself. */
  onSmallEnded?: (why: string) => void
  /** Takes a local copy; finished with the encoding. */
  recording?: Recording
}

/** One encoding from its start to its end: pictures and the sound that belongs to them, over changes of the source. */
export class ShowEncoding {
  /** The last half minute. */
  readonly replay = new ReplayBuffer()
  private readonly encoder: Encoder
  private readonly sound: SoundFeed
  private readonly recording: Recording | null

  constructor(
    ffmpegPath: string,
    private readonly format: StudioFormat,
    private readonly ring: FrameRing,
    timeline: PcmTimeline,
    options: ShowOptions,
    onProblem: (error: StudioError) => void,
    onPart: Recording['onPart'],
    log: (line: string) => void,
  ) {
    this.recording = options.recording ?? null
    if (this.recording) {
      this.recording.onFailure = onProblem
      this.recording.onPart = onPart
    }
    const { segmentMs, picture, onConfig, onUnit } = options
    this.encoder = new Encoder({
      ...{ ffmpegPath, format, onFailure: onProblem },
      ...(segmentMs === undefined ? {} : { segmentMs }),
      ...(picture === undefined ? {} : { picture }),
      ...(onConfig === undefined ? {} : { onConfig }),
      ...(onUnit === undefined ? {} : { onUnit }),
      onReplaced: (why, settings) => {
        log(`media: an encoder broke and was replaced: ${why}`)
        options.onReplaced?.(settings)
      },
      onSmallEnded: (why) => {
        log(`media: the small rendition ended: ${why}`)
        options.onSmallEnded?.(why)
      },
      onInit: (init) => {
        this.recording?.start(init.bytes)
        this.replay.start(init)
        options.onInit(init)
      },
      onSegment: (segment) => {
        this.recording?.write(segment.bytes, segment.durationMs)
        this.replay.add(segment)
        options.onSegment(segment)
      },
    })
    this.sound = new SoundFeed(timeline, (pcm) => this.encoder.writeSound(pcm))
  }

  /** How pictures are encoded, or will be in a moment. */
  get settings(): PictureSettings {
    return this.encoder.settings
  }

  /** Encodes otherwise from a group border soon on; viewers see no seam. */
  change(settings: PictureSettings): void {
    this.encoder.change(settings)
  }

  /** Whether segments have a small rendition now. */
  get hasSmall(): boolean {
    return this.encoder.hasSmall
  }

  /** Begins or ends the small rendition. */
  setSmall(on: boolean): void {
    this.encoder.setSmall(on)
  }

  /** Milliseconds from a frame's writing to its packet, of the frames since this was last asked. */
  takeEncodeTimes(): number[] {
    return this.encoder.takeEncodeTimes()
  }

  /**
   * How far the sound given to the encoder is behind the picture given to it (negative), milliseconds. Sound that is
   * ahead waits in the encoder and counts as 0.
   */
  get avOffsetMs(): number {
    return Math.min(0, ((this.sound.written - this.samples(this.encoder.frames)) * 1000) / AUDIO_RATE)
  }

  get frames(): number {
    return this.encoder.frames
  }

  get bytes(): number {
    return this.encoder.bytes
  }

  /** Encodes a finished frame behind the slots that were lost before it. The ring keeps it until it is written. */
  write(item: PipelineFrame, timeline: PcmTimeline): void {
    const first = item.slot - item.repeats
    this.sound.align(timeline, this.samples(first), this.samples(this.encoder.frames))
    if (item.repeats > 0) this.encoder.skip(item.repeats)
    this.ring.hold(item.frame)
    this.encoder.writeFrame(item.frame.data, item.capturedAtMs, () => this.ring.release(item.frame))
    this.sound.advance(this.samples(this.encoder.frames))
  }

  /** Sound came. */
  pumpSound(): void {
    this.sound.pump()
  }

  /** No frame is free any more: see `SoundFeed.relent`. */
  sourceStalled(): void {
    this.sound.relent()
  }

  /** Writes the last segment. @throws StudioError when the encoder broke. */
  finish(): Promise<void> {
    this.sound.finish()
    return this.encoder.finish()
  }

  kill(): Promise<void> {
    return this.encoder.kill()
  }

  /** Closes the recording, once the encoding has ended however it did. Null when nothing was recorded. */
  async finishRecording(): Promise<SavedFile | null> {
    return (await this.recording?.finish()) ?? null
  }

  private samples(frames: number): number {
    return samplesOfFrames(frames, this.format.fps, AUDIO_RATE)
  }
}
