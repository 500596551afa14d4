import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'

/** The longest delay (2 s), what waits for other items, and what comes early. */
const KEPT_SAMPLES = 5 * AUDIO_RATE

/**
 * The newest seconds of an input's sound, addressed by sample number since the input began. What never came, or is too
 * old, is silence.
 */
export class SoundRing {
  /** Sample number behind the newest sample. */
  end = 0
  private readonly samples = new Int16Array(KEPT_SAMPLES * AUDIO_CHANNELS)
  private readonly bytes = new Uint8Array(this.samples.buffer)

  /** Adds whole sample pairs, signed 16 bit little endian, behind the newest. */
  push(pcm: Uint8Array): void {
    const size = this.bytes.length
    const skipped = Math.max(0, pcm.length - size)
    const kept = skipped > 0 ? pcm.subarray(skipped) : pcm
    const at = (this.end * AUDIO_CHANNELS * 2 + skipped) % size
    const head = Math.min(kept.length, size - at)
    this.bytes.set(head < kept.length ? kept.subarray(0, head) : kept, at)
    if (head < kept.length) this.bytes.set(kept.subarray(head), 0)
    this.end += pcm.length / (AUDIO_CHANNELS * 2)
  }

  /** Writes samples from number `from` on into `target`, channels interleaved, 1 is full scale. */
  read(target: Float32Array, from: number, count: number): void {
    const first = Math.max(from, this.end - KEPT_SAMPLES, 0)
    const last = Math.min(from + count, this.end)
    if (last <= first) {
      target.fill(0, 0, count * AUDIO_CHANNELS)
      return
    }
    target.fill(0, 0, (first - from) * AUDIO_CHANNELS)
    target.fill(0, (last - from) * AUDIO_CHANNELS, count * AUDIO_CHANNELS)
    const { samples } = this
    let at = (first % KEPT_SAMPLES) * AUDIO_CHANNELS
    const end = (last - from) * AUDIO_CHANNELS
    for (let i = (first - from) * AUDIO_CHANNELS; i < end; i++) {
      target[i] = samples[at++]! / 32768
      if (at === samples.length) at = 0
    }
  }
}
