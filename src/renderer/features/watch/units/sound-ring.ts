/** 2.7 s of 48,000 samples a second: more than the longest delay and what lies before it. A power of two. */
const SIZE = 1 << 17
const MASK = SIZE - 1
/** How a sound that breaks off dies away, per sample: no click. */
const DECAY = 0.98

/**
 * Sound by its place in the live: written where it belongs, read at any speed from any place. What is missing is
 * silence. Two channels; places in samples of the live.
 */
export class SoundRing {
  readonly #left = new Float32Array(SIZE)
  readonly #right = new Float32Array(SIZE)
  #from = 0
  #to = 0
  #lastLeft = 0
  #lastRight = 0
  /** Comes up again softly after silence, 0 to 1. */
  #level = 0

  /** Behind the last sample that is here. */
  get end(): number {
    return this.#to
  }

  write(place: number, left: Float32Array, right: Float32Array): void {
    const gap = place - this.#to
    if (gap < 0 || gap > SIZE / 2) {
      if (place + left.length <= this.#to && place >= this.#from) return // it is here already
      this.#from = place
    } else {
      for (let at = this.#to; at < place; at++) this.#left[at & MASK] = this.#right[at & MASK] = 0
    }
    for (let i = 0; i < left.length; i++) {
      this.#left[(place + i) & MASK] = left[i]!
      this.#right[(place + i) & MASK] = right[i]!
    }
    this.#to = place + left.length
    this.#from = Math.max(this.#from, this.#to - SIZE)
  }

  /** Fills the channels from `place` on at this speed. Returns the place behind the last sample. */
  read(place: number, rate: number, left: Float32Array, right: Float32Array): number {
    let at = place
    for (let i = 0; i < left.length; i++, at += rate) {
      const whole = Math.floor(at)
      if (whole < this.#from || whole + 1 >= this.#to) {
        left[i] = this.#lastLeft *= DECAY
        right[i] = this.#lastRight *= DECAY
        this.#level = 0
        continue
      }
      const part = at - whole
      const level = (this.#level = Math.min(1, this.#level + 1 / 128))
      const a = whole & MASK
      const b = (whole + 1) & MASK
      left[i] = this.#lastLeft = level * (this.#left[a]! * (1 - part) + this.#left[b]! * part)
      right[i] = this.#lastRight = level * (this.#right[a]! * (1 - part) + this.#right[b]! * part)
    }
    return at
  }
}
