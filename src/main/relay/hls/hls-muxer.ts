import { LivePacket, type StreamConfig } from '../live-packet'
import type { StreamSink } from '../live-reader'
import { AAC_SAMPLES, PICTURE_RATE } from '../stream-clock'
import { codecsOf, liveFragment, liveStart } from './live-fragments'
import { PartCutter } from './part-cutter'

export interface HlsPart {
  bytes: Uint8Array
  seconds: number
  /** Begins with a key picture (or holds sound alone). */
  independent: boolean
}

export interface HlsSegment {
  /** Media sequence number. */
  number: number
  init: HlsInit
  parts: HlsPart[]
  seconds: number
  /** Unix milliseconds of its first packet's arrival. */
  startedAt: number
  /** Does not go on where the one before ended. */
  discontinuity: boolean
}

export interface HlsInit {
  id: number
  bytes: Uint8Array
  codecs: string
  config: StreamConfig
}

/** A segment is one group of pictures or more, at least this long, milliseconds. */
const SEGMENT_MS = 1000
/** A publisher who sends no key pictures gets segments that need the one before. */
const MAX_SEGMENT_MS = 10_000
const MAX_SEGMENT_BYTES = 16 << 20
/** What stays: enough for players that keep three segments distance, and for requests that come late. */
const KEPT_SEGMENTS = 14
const KEPT_BYTES = 96 << 20

/**
 * Makes the parts and segments of HLS (RFC 8216bis) out of a live. They are made once and served to everybody; all of
 * it is bounded in number and bytes.
 */
export class HlsMuxer implements StreamSink {
  /** Whole segments, oldest first. */
  readonly segments: HlsSegment[] = []
  /** The one that grows. */
  open: HlsSegment | null = null
  /** The longest segment so far, also the one that grows: EXT-X-TARGETDURATION may not become less. Seconds. */
  longestSeconds = 1
  /** Segments with a discontinuity that are gone from `segments`. */
  discontinuities = 0
  isOver = false
  /** Called when a part or a segment was closed, or the live is over. */
  onChange: () => void = () => undefined
  private init: HlsInit | null = null
  private config_: StreamConfig | null = null
  private cutter = new PartCutter('picture')
  private nextNumber = 0
  private nextInit = 1
  private sequence = 1
  private broken = false
  private waiting: LivePacket[] = []
  private partStart = 0
  private segmentStart = 0
  private segmentBytes = 0

  get targetPartSeconds(): number {
    return this.cutter.targetMs / 1000
  }

  get framesPerSecond(): number {
    return 1000 / this.cutter.frameMs
  }

  config(config: StreamConfig, timeMs: number): void {
    this.closeSegment(timeMs)
    this.config_ = config
    this.cutter = new PartCutter(config.picture ? 'picture' : 'sound')
    const init = { id: this.nextInit++, bytes: liveStart(config), codecs: codecsOf(config), config }
    this.broken = this.init !== null
    this.init = init
  }

  packet(packet: LivePacket): void {
    if (!this.init) return
    this.cutter.measure(packet)
    const { timeMs } = packet
    const leads = this.config_?.picture ? packet.track === 'picture' : true
    if (!this.open) {
      if (this.config_?.picture && !packet.key) return
      this.openSegment(timeMs)
    } else if (leads) {
      const elapsed = timeMs - this.segmentStart
      const canCut = packet.key || !this.config_?.picture
      const mustCut = elapsed >= MAX_SEGMENT_MS || this.segmentBytes > MAX_SEGMENT_BYTES
      if ((canCut && elapsed >= SEGMENT_MS - this.cutter.frameMs / 2) || mustCut) {
        this.closeSegment(timeMs)
        this.openSegment(timeMs)
      } else if (packet.key && this.waiting.length > 0) this.closePart(timeMs)
    }
    if (leads && this.waiting.length > 0 && this.cutter.isOver(this.partStart, timeMs)) this.closePart(timeMs)
    this.waiting.push(packet)
    const end = timeMs + this.cutter.frameMs
    if (leads ? this.cutter.isOver(this.partStart, end) : timeMs - this.partStart > 2 * this.cutter.targetMs) {
      this.closePart(leads ? end : timeMs)
    }
  }

  end(): void {
    this.closeSegment(this.waiting.at(-1)?.timeMs ?? this.partStart)
    this.isOver = true
    this.onChange()
  }

  private openSegment(timeMs: number): void {
    this.open = {
      number: this.nextNumber++,
      init: this.init!,
      parts: [],
      seconds: 0,
      startedAt: Date.now(),
      discontinuity: this.broken,
    }
    this.broken = false
    this.segmentStart = timeMs
    this.partStart = timeMs
    this.segmentBytes = 0
  }

  /** `endMs`: when the part is over, as far as that is known. */
  private closePart(endMs: number): void {
    const { open, waiting } = this
    const [first] = waiting
    if (!open || !first) return
    this.waiting = []
    const pictures = waiting.filter(({ track }) => track === 'picture')
    const last = pictures.at(-1)
    const lastTicks = last ? Math.max(1, Math.round((endMs * PICTURE_RATE) / 1000) - last.ticks) : AAC_SAMPLES
    const bytes = liveFragment(this.sequence++, waiting, lastTicks)
    this.segmentBytes += bytes.length
    const independent = this.config_?.picture ? pictures[0]?.key === true : true
    open.parts.push({ bytes, seconds: Math.max(0.001, (endMs - this.partStart) / 1000), independent })
    this.partStart = endMs
    open.seconds = (endMs - this.segmentStart) / 1000
    this.longestSeconds = Math.max(this.longestSeconds, open.seconds)
    this.onChange()
  }

  private closeSegment(endMs: number): void {
    this.closePart(endMs)
    const { open } = this
    this.open = null
    if (!open || open.parts.length === 0) return
    open.seconds = Math.max(0.001, (endMs - this.segmentStart) / 1000)
    this.segments.push(open)
    while (this.segments.length > KEPT_SEGMENTS || (this.segments.length > 2 && this.keptBytes() > KEPT_BYTES)) {
      if (this.segments.shift()!.discontinuity) this.discontinuities++
    }
    this.onChange()
  }

  private keptBytes(): number {
    return this.segments.reduce((sum, { parts }) => sum + parts.reduce((all, { bytes }) => all + bytes.length, 0), 0)
  }
}
