import { StudioError } from '@shared/errors'
import { SMALL } from '@shared/live/rendition'
import type { AccessConfig, AccessUnit } from '@shared/media/access-unit'
import type { EncodedInit, EncodedSegment } from '@shared/media/encoded-segment'
import { AUDIO_RATE } from './capture-source'
import { AAC_FRAME, streamMimeType, streamPart, streamStart } from '@shared/media/fmp4-writer'
import { PictureLine, type PictureGroup } from './encode/picture-line'
import type { PictureSettings } from './encode/picture-settings'
import { SmallLine } from './encode/small-line'
import { possibleRenditions, smallSettings } from './encode/small-settings'
import { SoundLine } from './encode/sound-line'
import { UnitTeller } from './encode/unit-teller'
import { samplesOfFrames, type StudioFormat } from './studio-format'

export interface EncoderOptions {
  ffmpegPath: string
  format: StudioFormat
  bitrateKbps?: number
  /** Length of a segment, one group of pictures; rounded to whole frames. */
  segmentMs?: number
  preset?: PictureSettings['preset']
  /** Other than x264 at the full size. */
  picture?: Partial<PictureSettings>
  onInit: (init: EncodedInit) => void
  onSegment: (segment: EncodedSegment) => void
  /** Before the first unit that names it. */
  onConfig?: (config: AccessConfig) => void
  /** What the segments are made of, each as soon as it is encoded; before the segment that it is in. */
  onUnit?: (unit: AccessUnit) => void
  /** A program broke or hung and another has taken over; for the log. */
  onReplaced?: (why: string, settings: PictureSettings) => void
  /** The small rendition is over, though nobody ended it; the source goes on. */
  onSmallEnded?: (why: string) => void
  /** It broke again and again; called at most once, never after `finish` succeeded. */
  onFailure: (error: StudioError) => void
  /** How long a segment waits for its small rendition, milliseconds; tests. */
  smallWaitMs?: number
  /** Milliseconds of performance.now(); tests. */
  now?: () => number
}

/** How long a segment waits for its small rendition. The source is not to come later for it. */
const SMALL_WAIT_MS = 120

/**
 * H.264 + AAC in fragmented MP4, one segment for each group of pictures. Pictures and sound have programs of their
 * own, and both count: slot n of the pictures begins with sample n / fps of the sound, whatever happens to a program.
 */
export class Encoder {
  /** Bytes of all segments so far. */
  bytes = 0
  private readonly pictures: PictureLine
  private readonly sound: SoundLine
  private readonly now: () => number
  private readonly smallWaitMs: number
  private readonly groupSlots: number
  private smallLine: SmallLine | null = null
  /** Since when the next group has all but its small rendition. */
  private waitingSince: number | null = null
  private asc: Uint8Array | null = null
  private start: Uint8Array | null = null
  /** Closed groups whose sound is not there yet. */
  private readonly groups: PictureGroup[] = []
  /** AAC frames that are in no segment yet; the number of the first one. */
  private soundFrames: Uint8Array[] = []
  private soundAt = 0
  private segments = 0
  private inits = 0
  private readonly units: UnitTeller
  private failed: StudioError | null = null
  private ending = false

  constructor(private readonly options: EncoderOptions) {
    const { ffmpegPath, format, bitrateKbps = 3500, segmentMs = 500, preset = 'superfast' } = options
    this.now = options.now ?? (() => performance.now())
    this.smallWaitMs = options.smallWaitMs ?? SMALL_WAIT_MS
    const told = {
      onConfig: (config: AccessConfig) => this.options.onConfig?.(config),
      onUnit: (unit: AccessUnit) => this.options.onUnit?.(unit),
    }
    this.units = new UnitTeller(format, told, this.now)
    const { width, height, fps } = format
    const settings = { encoder: 'libx264', preset, kbps: bitrateKbps, width, height, sparse: false } as const
    const groupSlots = (this.groupSlots = Math.max(1, Math.round((segmentMs * fps) / 1000)))
    this.pictures = new PictureLine(
      ffmpegPath,
      format,
      groupSlots,
      { ...settings, ...options.picture },
      {
        onPicture: (picture) => this.units.takePicture(picture),
        onGroup: (group) => {
          this.units.closeGroup(group.endSlot)
          this.groups.push(group)
          this.join()
        },
        onReplaced: (why, settings) => this.options.onReplaced?.(why, settings),
        onFailure: (why) => this.fail(why),
      },
    )
    this.sound = new SoundLine(ffmpegPath, {
      onConfig: (asc) => {
        this.asc ??= asc
        this.units.setSoundConfig(asc)
      },
      onFrame: (frame) => {
        this.units.takeSound(frame)
        this.soundFrames.push(frame)
        this.join()
      },
      onReplaced: (why) => this.options.onReplaced?.(why, this.settings),
      onFailure: (why) => this.fail(why),
    })
  }

  /** Frames given so far. */
  get frames(): number {
    return this.pictures.slots
  }

  /** Why it no longer works, if so. */
  get failure(): StudioError | null {
    return this.failed
  }

  /** How pictures are encoded, or will be as soon as the encoder for it is there. */
  get settings(): PictureSettings {
    return this.pictures.settings
  }

  /** Times that one picture encoder took over from another on purpose. */
  get seams(): number {
    return this.pictures.seams
  }

  /** Whether segments have a small rendition now. */
  get hasSmall(): boolean {
    return this.smallLine?.isRunning ?? false
  }

  /** Begins the small rendition at a group border soon, or ends it at once. A format that has none is left alone. */
  setSmall(on: boolean): void {
    if (!on) {
      void this.smallLine?.kill()
      this.smallLine = null
      this.join()
      return
    }
    const { ffmpegPath, format } = this.options
    const settings = smallSettings(format)
    if (this.smallLine || !settings || this.failed || this.ending) return
    const line: SmallLine = new SmallLine(ffmpegPath, format, this.groupSlots, settings, {
      onGroup: () => this.join(),
      onEnded: (why) => {
        if (this.smallLine === line) this.smallLine = null
        this.options.onSmallEnded?.(why)
        queueMicrotask(() => this.join()) // it may end in the middle of `join`
      },
    })
    this.smallLine = line
  }

  /** Ids of its programs: of pictures, the one that gets the next frame first, then of the sound; tests. */
  get pids(): { pictures: number[]; sound: number; small: number } {
    return { pictures: this.pictures.pids, sound: this.sound.pid ?? 0, small: this.smallLine?.pid ?? 0 }
  }

  /** Milliseconds from a frame's writing to its packet, of the frames since this was last asked. */
  takeEncodeTimes(): number[] {
    return this.pictures.encodeMs.splice(0)
  }

  /** Encodes otherwise from a group border soon on; viewers see no seam. */
  change(settings: Partial<PictureSettings>): void {
    const wanted = { ...this.settings, ...settings }
    const isSame = Object.entries(this.settings).every(([key, value]) => wanted[key as keyof PictureSettings] === value)
    if (!isSame && !this.failed && !this.ending) this.pictures.change(wanted)
  }

  /**
   * Gives the next frame (tight I420 of the format). `taken` is called once the bytes may change, also after a
   * failure.
   */
  writeFrame(data: Uint8Array, capturedAtMs: number, taken: () => void): void {
    if (this.failed || this.ending) {
      taken()
      return
    }
    const { pictures, smallLine } = this
    let holders = 2
    const both = (): void => {
      if (--holders === 0) taken()
    }
    const isShared = smallLine?.offer(pictures.slots, pictures.isAtBorder, data, capturedAtMs, both) === true
    pictures.write(data, capturedAtMs, isShared ? both : taken)
  }

  /** The source lost so many slots: the frame before them lasts longer. */
  skip(slots: number): void {
    if (this.failed || this.ending) return
    this.pictures.skip(slots)
    this.smallLine?.skip(slots)
  }

  /** Gives the next sound, whole sample pairs. Sample 0 belongs to the beginning of frame 0. */
  writeSound(pcm: Uint8Array): void {
    if (!this.failed && !this.ending) this.sound.write(pcm)
  }

  /** Ends the input, waits for the last segment. @throws StudioError when the encoder broke or does not end. */
  async finish(): Promise<void> {
    if (this.failed) throw this.failed
    this.ending = true
    await Promise.all([this.pictures.finish(), this.sound.finish(), this.smallLine?.finish()])
    if (this.failure) throw this.failure
    this.join()
    if (this.segments === 0 && this.frames > 0) throw (this.failed = encoderError('it gave no picture'))
  }

  /** Ends it at once, whatever it still holds. */
  async kill(): Promise<void> {
    this.ending = true
    await Promise.all([this.pictures.kill(), this.sound.kill(), this.smallLine?.kill()])
  }

  /** Makes segments of the groups whose sound is there; at the end of all. */
  private join(): void {
    const { groups, options } = this
    for (let group = groups[0]; group && this.asc; group = groups[0]) {
      const soundEnd = Math.ceil(samplesOfFrames(group.endSlot, options.format.fps, AUDIO_RATE) / AAC_FRAME)
      const isAll = this.soundAt + this.soundFrames.length >= soundEnd
      if (!isAll && !this.isDrained) return
      const small = this.takeSmall(group)
      if (small === 'soon') return
      groups.shift()
      this.begin(group)
      this.segment(group, small, this.soundFrames.splice(0, soundEnd - this.soundAt))
    }
  }

  /** The small rendition of a group; null: it goes out without. */
  private takeSmall({ slot, endSlot }: PictureGroup): PictureGroup | null | 'soon' {
    const small = this.smallLine?.take(slot, endSlot) ?? null
    if (small !== 'soon') {
      this.waitingSince = null
      return small
    }
    const now = performance.now()
    if (this.waitingSince === null) {
      this.waitingSince = now
      setTimeout(() => this.join(), this.smallWaitMs + 1)
    }
    if (now - this.waitingSince < this.smallWaitMs && !this.isDrained) return 'soon'
    this.waitingSince = null
    this.smallLine?.late()
    return null
  }

  private get isDrained(): boolean {
    return this.ending && this.sound.isOver && this.pictures.isOver
  }

  /** A start that differs in any byte from the one before is a new start. */
  private begin(group: PictureGroup): void {
    const { settings, avcC } = group
    const { width, height } = settings
    const { fps } = this.options.format
    const asc = this.asc!
    const bytes = this.startOf(group)
    if (this.start && Buffer.compare(this.start, bytes) === 0) return
    this.start = bytes
    this.inits++
    const mimeType = streamMimeType({ avcC, asc })
    const codecs = /codecs="(.*)"/.exec(mimeType)![1]!
    const renditions = possibleRenditions(this.options.format, settings, codecs)
    this.options.onInit({ bytes, mimeType, width, height, fps, renditions })
  }

  private segment(group: PictureGroup, small: PictureGroup | null, sound: Uint8Array[]): void {
    const { slot, endSlot, pictures, capturedAtMs } = group
    const sequence = this.segments + 1
    const soundFrame = this.soundAt
    const place = { sequence, slot, soundFrame, sound }
    const bytes = streamPart({ ...place, pictures })
    const others = small
      ? [{ id: SMALL, init: this.startOf(small), bytes: streamPart({ ...place, pictures: small.pictures }) }]
      : []
    this.soundAt += sound.length
    this.bytes += bytes.length
    this.options.onSegment({
      index: this.segments++,
      bytes,
      durationMs: Math.round(((endSlot - slot) / this.options.format.fps) * 1e6) / 1e3,
      delayMs: Math.round((this.now() - capturedAtMs) * 10) / 10,
      borders: { configId: this.inits - 1, sequence, slot, endSlot, soundFrame, endSoundFrame: this.soundAt },
      ...(others.length > 0 ? { others } : {}),
    })
  }

  private startOf({ settings: { width, height }, avcC }: PictureGroup): Uint8Array {
    return streamStart({ width, height, fps: this.options.format.fps, avcC, asc: this.asc! })
  }

  private fail(why: string): void {
    if (this.failed) return
    this.failed = encoderError(why)
    const wasEnding = this.ending
    void this.kill()
    if (!wasEnding) this.options.onFailure(this.failed)
  }
}

function encoderError(why: string): StudioError {
  return new StudioError('encoder-stopped', `The video encoder does not work any more: ${why}. Go live again.`)
}
