import { AUDIO_CHANNELS, AUDIO_RATE } from '../capture-source'

const PAIR = AUDIO_CHANNELS * 2
/** Collected before sound is given out, so that blocks may come a little late. */
const LEAD = Math.round(AUDIO_RATE * 0.06) * PAIR
/** More than this is a delay that would stay: the oldest is left out. */
const MOST = Math.round(AUDIO_RATE * 0.25) * PAIR

/** Sound that comes in blocks by another clock and is taken out slot by slot: exactly as much as is asked for. */
export class SoundQueue {
  private readonly ring = new Uint8Array(MOST)
  private start = 0
  private length = 0
  private primed = false

  push(pcm: Uint8Array): void {
    const whole = pcm.subarray(Math.max(0, pcm.length - MOST), pcm.length - (pcm.length % PAIR))
    const over = this.length + whole.length - MOST
    if (over > 0) this.drop(Math.max(over, this.length - LEAD))
    const at = (this.start + this.length) % MOST
    const head = Math.min(whole.length, MOST - at)
    this.ring.set(whole.subarray(0, head), at)
    this.ring.set(whole.subarray(head), 0)
    this.length += whole.length
  }

  /** Fills `to` with the oldest sound; silence where there is none. */
  take(to: Uint8Array): void {
    if (!this.primed && this.length < Math.max(LEAD, to.length)) {
      to.fill(0)
      return
    }
    this.primed = true
    const count = Math.min(this.length, to.length)
    const head = Math.min(count, MOST - this.start)
    to.set(this.ring.subarray(this.start, this.start + head))
    to.set(this.ring.subarray(0, count - head), head)
    to.fill(0, count)
    this.drop(count)
    if (count < to.length) this.primed = false
  }

  private drop(count: number): void {
    const gone = Math.min(this.length, count)
    this.start = (this.start + gone) % MOST
    this.length -= gone
  }
}
