import { LivePacket, type MediaPacket, type PictureConfig, type SoundConfig, type StreamConfig } from './live-packet'
import { LiveReader, type ReaderPipe, type StreamSink, type Wire } from './live-reader'
import { PICTURE_RATE, StreamClock } from './stream-clock'

/** What is kept for newcomers; beyond it they wait for the next key picture. */
const MAX_GROUP_BYTES = 8 << 20
const MAX_GROUP_PACKETS = 4096
/** Sound without pictures for this long is a live without pictures, milliseconds. */
const SOUND_ONLY_MS = 1_000

/** One live by its name: takes what a publisher sends, keeps the newest group of pictures, tells all who follow. */
export class RelayStream {
  /** Unix milliseconds. */
  readonly startedAt = Date.now()
  bytesIn = 0
  private readonly sinks = new Set<StreamSink>()
  private readonly clock = new StreamClock()
  private picture: PictureConfig | null = null
  private sound: SoundConfig | null = null
  private told: StreamConfig | null = null
  private changed = false
  private needsKey = true
  private firstSoundMs: number | null = null
  private group: LivePacket[] = []
  private groupBytes = 0
  private groupIsWhole = false
  private rate = 0
  private rateBytes = 0
  private rateSince = Date.now()

  constructor(readonly name: string) {}

  /** Since the newest key picture, as far as that is kept. */
  get newestGroup(): readonly LivePacket[] {
    return this.group
  }

  /** Null until the first packet was passed on. */
  get config(): StreamConfig | null {
    return this.told
  }

  get bytesPerSecond(): number {
    return this.rate
  }

  /** Another publisher, or the same one again: what was known of the codecs no longer holds. */
  restart(): void {
    this.clock.restart()
    this.picture = null
    this.sound = null
    this.changed = true
    this.firstSoundMs = null
    this.dropGroup()
  }

  setPicture(config: PictureConfig): void {
    if (this.picture && Buffer.compare(this.picture.avcC, config.avcC) === 0) return
    this.picture = config
    this.changed = true
  }

  setSound(config: SoundConfig): void {
    if (this.sound && Buffer.compare(this.sound.asc, config.asc) === 0) return
    this.sound = config
    this.changed = true
  }

  /** `packet.timeMs` is the publisher's stamp: milliseconds that may wrap at 2^32. */
  take(packet: MediaPacket): void {
    this.count(packet.data.length)
    const config = packet.track === 'picture' ? this.picture : this.sound
    if (!config) return // nobody could decode it
    const timeMs = this.clock.timeOf(packet.track, packet.timeMs)
    if (this.changed && !this.begin(packet, timeMs)) return
    if (packet.track === 'picture') {
      if (this.needsKey && !packet.key) return
      this.needsKey = false
    }
    const ticks =
      packet.track === 'picture'
        ? Math.round((timeMs * PICTURE_RATE) / 1000)
        : this.clock.samplesOf(timeMs, this.sound!.rate)
    if (ticks === null) return
    const live = new LivePacket({ ...packet, timeMs }, ticks)
    this.keep(live)
    for (const sink of this.sinks) sink.packet(live)
  }

  /** From now on `sink` is told everything, beginning with the newest group of pictures. */
  follow(sink: StreamSink): () => void {
    this.sinks.add(sink)
    if (this.told) {
      sink.config(this.told, this.group[0]?.timeMs ?? this.clock.newestMs)
      if (sink instanceof LiveReader) sink.start(this.group)
      else for (const packet of this.group) sink.packet(packet)
    }
    return () => this.sinks.delete(sink)
  }

  /** A reader over the network. */
  read(wire: Wire, pipe: ReaderPipe): { reader: LiveReader; stop: () => void } {
    const reader = new LiveReader(wire, pipe, () => this.rate)
    return { reader, stop: this.follow(reader) }
  }

  end(): void {
    const sinks = [...this.sinks]
    this.sinks.clear()
    for (const sink of sinks) sink.end()
    this.dropGroup()
  }

  /**
   * Tells the configuration before the first packet that can be decoded with it. Whether the packet can be passed on:
   * while that waits for a key picture, what needs only the old configuration goes on.
   */
  private begin(packet: MediaPacket, timeMs: number): boolean {
    if (packet.track === 'sound' && !this.picture) {
      this.firstSoundMs ??= timeMs
      if (timeMs - this.firstSoundMs < SOUND_ONLY_MS) return false
    } else if (!packet.key) {
      return packet.track === 'picture' ? this.told?.picture === this.picture : this.told?.sound === this.sound
    }
    this.changed = false
    this.needsKey = true
    this.dropGroup()
    this.told = { picture: this.picture, sound: this.sound }
    for (const sink of this.sinks) sink.config(this.told, timeMs)
    return true
  }

  private keep(packet: LivePacket): void {
    if (packet.key || !this.picture) this.dropGroup()
    if (packet.key || !this.picture) this.groupIsWhole = true
    if (!this.groupIsWhole) return
    this.group.push(packet)
    this.groupBytes += packet.data.length
    if (this.groupBytes > MAX_GROUP_BYTES || this.group.length > MAX_GROUP_PACKETS) this.dropGroup()
  }

  private dropGroup(): void {
    this.group = []
    this.groupBytes = 0
    this.groupIsWhole = false
  }

  private count(bytes: number): void {
    this.bytesIn += bytes
    this.rateBytes += bytes
    const elapsed = Date.now() - this.rateSince
    if (elapsed < 1000) return
    const now = (this.rateBytes * 1000) / elapsed
    this.rate = this.rate === 0 ? now : this.rate * 0.7 + now * 0.3
    this.rateBytes = 0
    this.rateSince += elapsed
  }
}
