import { flvStart } from './flv/flv-tag'
import type { LivePacket, StreamConfig } from './live-packet'
import { rtmpStart } from './rtmp/rtmp-media'

/** Who follows a stream: readers over the network, HLS, a recording, a ladder. */
export interface StreamSink {
  /** Before the first packet, and again when the publisher has changed it or has come back. */
  config: (config: StreamConfig, timeMs: number) => void
  /** After a config the first picture is a key picture. */
  packet: (packet: LivePacket) => void
  end: () => void
}

/** How one protocol puts things. */
export interface Wire {
  /** `first`: nothing was written before. */
  start: (config: StreamConfig, timeMs: number, first: boolean) => Uint8Array
  packet: (packet: LivePacket) => Uint8Array
}

export const FLV_WIRE: Wire = {
  // The file header comes once; configurations may come again.
  start: (config, timeMs, first) => (first ? flvStart(config, timeMs) : flvStart(config, timeMs).subarray(13)),
  packet: (packet) => packet.flv,
}

export const RTMP_WIRE: Wire = { start: rtmpStart, packet: (packet) => packet.rtmp }

/** The way to one reader, for instance a socket. */
export interface ReaderPipe {
  /** Bytes that wait in this process. */
  queued: () => number
  write: (bytes: Uint8Array) => void
  /** Ends after what waits; `why` when the reader is put out. */
  close: (why?: string) => void
}

export const READER_LIMITS = {
  /** What may wait for a reader: 1.5 s of the stream, at least and at most this many bytes. */
  seconds: 1.5,
  leastBytes: 128 << 10,
  mostBytes: 4 << 20,
  /** A reader that takes nothing for this long is put out, milliseconds. */
  stalledMs: 15_000,
} as const

/**
 * One reader of a live: begins with the newest group of pictures and follows. What waits for a slow one is bounded:
 * beyond the bound everything is left out until the way is half free and a key picture comes, so it falls no further
 * behind and nothing grows.
 */
export class LiveReader implements StreamSink {
  bytesSent = 0
  packetsDropped = 0
  private first = true
  private skipping = false
  private hasPicture = false
  /** Of the group it began with: what has not left yet comes on top of the bound. */
  private burst = 0
  private lastProgress: number
  private lastSent = 0

  constructor(
    private readonly wire: Wire,
    private readonly pipe: ReaderPipe,
    /** Of the stream, at present. */
    private readonly bytesPerSecond: () => number,
    private readonly now: () => number = Date.now,
  ) {
    this.lastProgress = now()
  }

  config(config: StreamConfig, timeMs: number): void {
    this.hasPicture = config.picture !== null
    this.write(this.wire.start(config, timeMs, this.first))
    this.first = false
    this.skipping = this.hasPicture
  }

  /** The group that the stream keeps for newcomers. */
  start(group: readonly LivePacket[]): void {
    for (const packet of group) this.write(this.wire.packet(packet))
    if (group.length > 0) this.skipping = false
    this.burst = this.bytesSent
  }

  packet(packet: LivePacket): void {
    const queued = this.pipe.queued()
    if (this.isStalled(queued)) {
      this.pipe.close('Too slow: nothing was taken for a while.')
      return
    }
    const bound = this.bound(queued)
    if (this.skipping) {
      const opens = this.hasPicture ? packet.key : packet.track === 'sound'
      if (opens && queued < bound / 2) this.skipping = false
    } else if (queued > bound) this.skipping = true
    if (this.skipping) this.packetsDropped++
    else this.write(this.wire.packet(packet))
  }

  end(): void {
    this.pipe.close()
  }

  private bound(queued: number): number {
    const { seconds, leastBytes, mostBytes } = READER_LIMITS
    const usual = Math.min(mostBytes, Math.max(leastBytes, this.bytesPerSecond() * seconds))
    const gone = this.bytesSent - queued
    if (gone >= this.burst) this.burst = 0
    return usual + (this.burst > 0 ? this.burst - gone : 0)
  }

  private isStalled(queued: number): boolean {
    const sent = this.bytesSent - queued
    if (queued === 0 || sent > this.lastSent) {
      this.lastSent = sent
      this.lastProgress = this.now()
    }
    return this.now() - this.lastProgress > READER_LIMITS.stalledMs
  }

  private write(bytes: Uint8Array): void {
    this.bytesSent += bytes.length
    this.pipe.write(bytes)
  }
}
