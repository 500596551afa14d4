import type { Track } from './live-packet'

/** Ticks a second of the picture track in MP4. */
export const PICTURE_RATE = 90_000
/** Samples of an AAC frame. */
export const AAC_SAMPLES = 1024
/** A publisher's clock that jumps further has begun anew. */
const MAX_JUMP_MS = 5_000
/** Sound whose stated and counted times differ by more is put right. */
const MAX_DRIFT_S = 0.1
/** The longest that one packet is taken to last: more between two is a hole. */
const MAX_PACKET_MS = 100

/**
 * Times of one live. Every publication begins where the one before has ended, a clock that wraps (2^32 ms in RTMP) or
 * jumps goes on, and times within a track never fall.
 */
export class StreamClock {
  /** Of any track, milliseconds. */
  newestMs = 0
  private offset: number | null = null
  private readonly last: Record<Track, number> = { picture: 0, sound: 0 }
  /** How long the newest packet of each track lasts, by its distance from the one before, milliseconds. */
  private readonly lasting: Record<Track, number> = { picture: 0, sound: 0 }
  private readonly lastStamp: Record<Track, number | null> = { picture: null, sound: null }
  private soundNext: number | null = null

  /** The publisher has changed: its clock is another one, and begins when the newest packets have been shown and heard. */
  restart(): void {
    this.newestMs = Math.max(this.last.picture + this.lasting.picture, this.last.sound + this.lasting.sound)
    this.offset = null
    this.lastStamp.picture = null
    this.lastStamp.sound = null
    this.soundNext = null
  }

  /** Milliseconds since the live began, of a publisher's stamp in milliseconds. */
  timeOf(track: Track, stamp: number): number {
    const before = this.lastStamp[track]
    const other = this.lastStamp[track === 'picture' ? 'sound' : 'picture']
    // Of two stamps of 32 bits that are close, the difference is small, also across the wrap.
    const near = Math.floor(before ?? other ?? stamp)
    const whole = Math.floor(stamp)
    const unwrapped = near + ((whole - near) | 0) + (stamp - whole)
    this.lastStamp[track] = unwrapped
    this.offset ??= this.newestMs - unwrapped
    let time = unwrapped + this.offset
    if (Math.abs(time - this.newestMs) > MAX_JUMP_MS) {
      this.offset = this.newestMs - unwrapped
      time = this.newestMs
      this.soundNext = null
    }
    time = Math.max(time, this.last[track])
    const distance = time - this.last[track]
    if (before !== null && distance > 0) this.lasting[track] = Math.min(distance, MAX_PACKET_MS)
    this.last[track] = time
    this.newestMs = Math.max(this.newestMs, time)
    return time
  }

  /**
   * Samples since the live began of a frame of sound: counted, because stamps are rounded to milliseconds; put right
   * where something is missing. Null for a frame that is too much.
   */
  samplesOf(timeMs: number, rate: number): number | null {
    const stated = Math.round((timeMs * rate) / 1000)
    this.soundNext ??= stated
    const ahead = this.soundNext - stated
    if (ahead > MAX_DRIFT_S * rate) return null
    if (-ahead > MAX_DRIFT_S * rate) this.soundNext = stated
    const samples = this.soundNext
    this.soundNext += AAC_SAMPLES
    return samples
  }
}
