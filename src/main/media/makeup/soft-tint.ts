import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { FaceTone, SkinGate } from './face-tone'
import type { Tint } from './pigment'

/** In 65536ths: what changes no luma up to 235, and what no chroma, by half a level. */
const LEAST_GAIN = 140
const LEAST_MOVE = 32_768

/**
 * Tints with soft edges, laid over one another on a coarse grid and then put on the frame at once: luma keeps its
 * contrast because it is multiplied, chroma moves as a whole. Only samples with the colour of the skin are tinted.
 */
export class SoftTint {
  #gain = new Float32Array(0)
  #du = new Float32Array(0)
  #dv = new Float32Array(0)
  /** How much of a tint each sample takes; below 0 where it was not looked at. */
  #gate = new Float32Array(0)
  /** The first and last column of each row with a tint. */
  #first = new Int32Array(0)
  #last = new Int32Array(0)
  #left = 0
  #top = 0
  #width = 0
  #height = 0
  #step = 2
  /** One row between two rows of the grid, in 65536ths; the last column is there twice. */
  #row = new Int32Array(0)

  /** Begins on the grid of a coverage; its step is 2, 4 or 8. */
  begin({ left, top, width, height, step }: Coverage): void {
    this.#left = left
    this.#top = top
    this.#width = width
    this.#height = height
    this.#step = step
    const count = width * height
    if (this.#gain.length < count) {
      this.#gain = new Float32Array(count)
      this.#du = new Float32Array(count)
      this.#dv = new Float32Array(count)
      this.#gate = new Float32Array(count)
    } else {
      this.#gain.fill(0, 0, count)
      this.#du.fill(0, 0, count)
      this.#dv.fill(0, 0, count)
    }
    this.#gate.fill(-1, 0, count)
    if (this.#row.length < width + 2) this.#row = new Int32Array(width + 2)
    if (this.#first.length < height) {
      this.#first = new Int32Array(height)
      this.#last = new Int32Array(height)
    }
    this.#first.fill(width, 0, height)
    this.#last.fill(-1, 0, height)
  }

  /** Lays a tint where it is covered; `strength` 0..1 is the most of it. The coverage has the grid of `begin`. */
  add(
    frame: I420Frame,
    { plane }: Coverage,
    { gain, du, dv }: Tint,
    strength: number,
    tone: FaceTone,
    gate: SkinGate,
  ): void {
    const light = 1 / Math.max(tone.luma - 16, 8)
    const w = this.#width
    for (let row = 0, i = 0; row < this.#height; row++) {
      let first = this.#first[row]!
      let last = this.#last[row]!
      for (let column = 0; column < w; column++, i++) {
        const cover = plane[i]!
        if (!(cover > 0.002)) continue
        let open = this.#gate[i]!
        if (open < 0) this.#gate[i] = open = this.#look(frame, column, row, gate, light)
        if (open === 0) continue
        const amount = cover * strength * open
        this.#gain[i]! += gain * amount
        this.#du[i]! += du * amount
        this.#dv[i]! += dv * amount
        if (column < first) first = column
        if (column > last) last = column
      }
      this.#first[row] = first
      this.#last[row] = last
    }
  }

  /** Puts all on the frame. */
  apply(frame: I420Frame): void {
    const chroma = frame.width * frame.height
    this.#scaleLuma(frame)
    this.#moveChroma(frame, this.#du, chroma)
    this.#moveChroma(frame, this.#dv, chroma + (chroma >> 2))
  }

  /** How much of a tint a sample takes: 0 where there is no skin, less in the shade. Judged by the middle of its pixels. */
  #look({ data, width, height }: I420Frame, column: number, row: number, gate: SkinGate, light: number): number {
    const step = this.#step
    const x = Math.min(this.#left + column * step + (step >> 1), width - 2) & ~1
    const y = Math.min(this.#top + row * step + (step >> 1), height - 2) & ~1
    const u = width * height + (y >> 1) * (width >> 1) + (x >> 1)
    const v = u + ((width * height) >> 2)
    // Up and left of the middle as well, against noise.
    const back = step > 2 && x > 1 && y > 1 ? 1 + (width >> 1) : 0
    const pixel = y * width + x
    const luma = (data[pixel]! + data[pixel + width + 1]!) / 2
    const skin = gate.of(luma, (data[u]! + data[u - back]!) / 2, (data[v]! + data[v - back]!) / 2)
    return skin * Math.min(0.45 + 0.55 * (luma - 16) * light, 1)
  }

  #scaleLuma({ data, width, height }: I420Frame): void {
    const step = this.#step
    const row = this.#row
    const shift = 31 - Math.clz32(step)
    const bottom = Math.min(this.#top + this.#height * step, height)
    for (let y = this.#top; y < bottom; y++) {
      const span = this.#between(this.#gain, (y - this.#top + 0.5) / step - 0.5)
      if (span < 0) continue
      const last = span & 0xffff
      for (let cell = span >> 16; cell <= last; cell++) {
        const a = row[cell]!
        const b = row[cell + 1]!
        if (a < LEAST_GAIN && a > -LEAST_GAIN && b < LEAST_GAIN && b > -LEAST_GAIN) continue
        // Whole numbers all the way: in floating point this loop takes twice as long.
        const slope = (b - a) >> shift
        const x = this.#left + (cell - 1) * step + (step >> 1)
        const from = x < this.#left ? this.#left - x : 0
        const to = Math.min(step, width - x)
        let value = a + slope * from + (slope >> 1)
        const start = y * width + x
        for (let at = start + from, end = start + to; at < end; at++, value += slope) {
          const before = data[at]!
          const after = before + ((Math.imul(before - 16, value) + 32768) >> 16)
          data[at] = after > 255 ? 255 : after
        }
      }
    }
  }

  #moveChroma(frame: I420Frame, plane: Float32Array, offset: number): void {
    const { data } = frame
    const step = this.#step >> 1
    const row = this.#row
    const width = frame.width >> 1
    const left = this.#left >> 1
    const top = this.#top >> 1
    const bottom = Math.min(top + this.#height * step, frame.height >> 1)
    // With one sample for each of the grid's, it lies in its middle.
    const half = step === 1 ? 0 : 1
    const shift = 31 - Math.clz32(step)
    for (let y = top; y < bottom; y++) {
      const span = this.#between(plane, (y - top + 0.5) / step - 0.5)
      if (span < 0) continue
      const last = span & 0xffff
      for (let cell = span >> 16; cell <= last; cell++) {
        const a = row[cell]!
        const b = row[cell + 1]!
        if (a < LEAST_MOVE && a > -LEAST_MOVE && b < LEAST_MOVE && b > -LEAST_MOVE) continue
        const slope = (b - a) >> shift
        const x = left + (cell - 1) * step + (step >> 1)
        const from = x < left ? left - x : 0
        const to = Math.min(step, width - x)
        let value = a + slope * from + half * (slope >> 1)
        for (let at = offset + y * width + x + from, end = offset + y * width + x + to; at < end; at++) {
          const after = data[at]! + ((value + 32768) >> 16)
          data[at] = after < 0 ? 0 : after > 255 ? 255 : after
          value += slope
        }
      }
    }
  }

  /**
   * The grid at a place between two rows, into `row`, one column later than in the grid. Cell n lies between the middles
   * of columns n - 1 and n.
   * @returns the first cell << 16 | the last one that has a tint; -1 when none has
   */
  #between(plane: Float32Array, at: number): number {
    const w = this.#width
    const row = this.#row
    const clamped = Math.min(Math.max(at, 0), this.#height - 1)
    const upper = clamped | 0
    const lower = Math.min(upper + 1, this.#height - 1)
    const first = Math.min(this.#first[upper]!, this.#first[lower]!)
    const last = Math.max(this.#last[upper]!, this.#last[lower]!)
    if (last < first) return -1
    const share = (clamped - upper) * 65536
    const a = upper * w
    const b = lower * w
    for (let x = first; x <= last; x++) {
      const value = plane[a + x]!
      row[x + 1] = value * 65536 + (plane[b + x]! - value) * share
    }
    // Beyond the grid a tint goes on as at its border; within it, it ends.
    row[first] = first === 0 ? row[1]! : 0
    row[last + 2] = last === w - 1 ? row[w]! : 0
    return (first << 16) | (last + 1)
  }
}
