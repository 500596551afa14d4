/** Shown for silence; 16 bit sound ends near -90 dBFS. */
export const SILENCE_DB = -100

/** Highest sample of s16le sound since it was last taken. */
export class AudioLevel {
  private peak = 0

  add(pcm: Uint8Array): void {
    // The low byte is left out: 8 bits decide the level to 0.07 dB at full scale, and this runs on all sound.
    for (let i = 1; i < pcm.length; i += 2) {
      const high = (pcm[i]! << 24) >> 24
      const size = high < 0 ? -high : high
      if (size > this.peak) this.peak = size
    }
  }

  /** The peak in dBFS (0 = full scale), and starts anew. */
  take(): number {
    const level = this.peak === 0 ? SILENCE_DB : 20 * Math.log10(this.peak / 128)
    this.peak = 0
    return Math.round(level * 10) / 10
  }
}
