import { AUDIO_BYTES_PER_SECOND, AUDIO_CHANNELS, AUDIO_RATE } from './capture-source'

/** Bytes of one sample of all channels. */
export const PCM_PAIR = AUDIO_CHANNELS * 2
/** How much sound is kept for a picture that comes later. */
const KEPT_BYTES = 4 * AUDIO_BYTES_PER_SECOND

/**
 * The newest seconds of a source's sound, addressed by sample number since the source began. Asking for what never
 * came, or what is too old, gives silence: the count of samples always agrees with the count of frames.
 */
export class PcmTimeline {
  /** Sample number behind the newest sample. */
  end = 0
  private readonly ring = new Uint8Array(KEPT_BYTES)

  /** The first sample that is still kept. */
  get start(): number {
    return Math.max(0, this.end - KEPT_BYTES / PCM_PAIR)
  }

  /** Adds whole sample pairs behind the newest. */
  push(pcm: Uint8Array): void {
    // Of a block larger than the ring only its end can be kept.
    const skipped = Math.max(0, pcm.length - KEPT_BYTES)
    const kept = pcm.subarray(skipped)
    const at = (this.end * PCM_PAIR + skipped) % KEPT_BYTES
    const head = Math.min(kept.length, KEPT_BYTES - at)
    this.ring.set(kept.subarray(0, head), at)
    this.ring.set(kept.subarray(head), 0)
    this.end += pcm.length / PCM_PAIR
  }

  /** Samples `from` (inclusive) to `to`, as a copy; silence where there is no sound. */
  read(from: number, to: number): Uint8Array {
    const pcm = new Uint8Array((to - from) * PCM_PAIR)
    const first = Math.max(from, this.start)
    const last = Math.min(to, this.end)
    if (last <= first) return pcm
    const at = (first * PCM_PAIR) % KEPT_BYTES
    const length = (last - first) * PCM_PAIR
    const head = Math.min(length, KEPT_BYTES - at)
    const offset = (first - from) * PCM_PAIR
    pcm.set(this.ring.subarray(at, at + head), offset)
    pcm.set(this.ring.subarray(0, length - head), offset + head)
    return pcm
  }
}

/** Sound that has not come after so long is given up as silence; a capture delivers within a few tens of ms. */
const PATIENCE = AUDIO_RATE / 2
/** At the very start less, because the encoder takes no picture before it has seen some sound: 4 of 8 ring frames. */
const PATIENCE_AT_START = Math.round((4 / 30) * AUDIO_RATE)
/** The encoder gets sound up to two frames ahead of the picture if it is there, or it would hold the picture back. */
const LEAD_SECONDS = 2 / 30

/**
 * Gives the encoder exactly the sound that belongs to its frames. Both clocks are counts: `offset` says which sample
 * of the source belongs to sample 0 of the encoding, and it is set from frame numbers, never from times of arrival.
 */
export class SoundFeed {
  /** Samples written to the encoder. */
  written = 0
  /** Sample of the encoding minus sample of the source. */
  private offset = 0
  private wanted = 0

  constructor(
    private timeline: PcmTimeline,
    private readonly write: (pcm: Uint8Array) => void,
  ) {}

  /** From now on the sound of `timeline` is used; its sample `at` belongs to sample `encoded` of the encoding. */
  align(timeline: PcmTimeline, at: number, encoded: number): void {
    this.timeline = timeline
    this.offset = encoded - at
  }

  /** The picture has reached sample `end` of the encoding. */
  advance(end: number): void {
    this.wanted = Math.max(this.wanted, end)
    this.pump()
  }

  /** Writes what has become available; called when sound came. */
  pump(): void {
    // Before the first picture nobody knows which sound is the first.
    if (this.wanted === 0) return
    const available = this.timeline.end + this.offset
    const lead = Math.round(LEAD_SECONDS * AUDIO_RATE)
    const patience = this.written === 0 ? PATIENCE_AT_START : PATIENCE
    this.emit(Math.max(Math.min(this.wanted + lead, available), this.wanted - patience))
  }

  /**
   * The source can give no more pictures until the encoder takes some, and the encoder waits for sound that may lie
   * behind those pictures (files whose sound and picture alternate in long runs): silence instead of a standstill.
   */
  relent(): void {
    this.emit(this.wanted)
  }

  /** The encoding is over: sound up to the end of the picture, silence where it is missing. */
  finish(): void {
    this.emit(this.wanted)
  }

  private emit(to: number): void {
    if (to <= this.written) return
    this.write(this.timeline.read(this.written - this.offset, to - this.offset))
    this.written = to
  }
}
