import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { FaceTone, SkinGate } from './face-tone'
import type { Tint } from './pigment'

/**
 * Tints with soft edges, laid over one another on a coarse grid and then put on the frame at once: luma keeps its
 * contrast because it is multiplied, chroma moves as a whole. Only samples with the colour of the skin are tinted.
 */
export class SoftTint {
  #gain = new Float32Array(0)
  #du = new Float32Array(0)
  #dv = new Float32Array(0)
  #gate = new Float32Array(0)
  #left = 0
  #top = 0
  #width = 0
  #height = 0
  #step = 2
  /** One row of the grid, between two of its rows; the last column is there twice. */
  #row = new Float32Array(0)

  /** Begins on the grid of a coverage; its step is even. */
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
    if (this.#row.length < width + 1) this.#row = new Float32Array(width + 1)
  }

  /** Lays a tint where it is covered; `strength` 0..1 is the most of it. The coverage has the grid of `begin`. */
  add(frame: I420Frame, { plane }: Coverage, { gain, du, dv }: Tint, strength: number, tone: FaceTone, gate: SkinGate) {
    const count = this.#width * this.#height
    const light = 1 / Math.max(tone.luma - 16, 8)
    for (let i = 0; i < count; i++) {
      const cover = plane[i]!
      if (!(cover > 0.002)) continue
      if (this.#gate[i]! < 0) this.#look(frame, i, gate, light)
      const amount = cover * strength * this.#gate[i]!
      this.#gain[i]! += gain * amount
      this.#du[i]! += du * amount
      this.#dv[i]! += dv * amount
    }
  }

  /** Puts all on the frame. */
  apply(frame: I420Frame): void {
    const chroma = frame.width * frame.height
    this.#scaleLuma(frame)
    this.#moveChroma(frame, this.#du, chroma)
    this.#moveChroma(frame, this.#dv, chroma + (chroma >> 2))
  }

  /** Whether a sample is skin: from the middle of its pixels. */
  #look({ data, width, height }: I420Frame, i: number, gate: SkinGate, light: number): void {
    const step = this.#step
    const x = Math.min(this.#left + (i % this.#width) * step + (step >> 1), width - 2) & ~1
    const y = Math.min(this.#top + Math.floor(i / this.#width) * step + (step >> 1), height - 2) & ~1
    const at = width * height + (y >> 1) * (width >> 1) + (x >> 1)
    const v = at + ((width * height) >> 2)
    // Up and left of the middle as well, against noise.
    const back = step > 2 && x > 1 && y > 1 ? 1 + (width >> 1) : 0
    const pixel = y * width + x
    const luma = (data[pixel]! + data[pixel + 1]! + data[pixel + width]! + data[pixel + width + 1]!) / 4
    const skin = gate.of(luma, (data[at]! + data[at - back]!) / 2, (data[v]! + data[v - back]!) / 2)
    this.#gate[i] = skin * Math.min(0.45 + 0.55 * (luma - 16) * light, 1)
  }

  #scaleLuma({ data, width, height }: I420Frame): void {
    const step = this.#step
    const bottom = Math.min(this.#top + this.#height * step, height)
    for (let y = this.#top; y < bottom; y++) {
      if (!this.#between(this.#gain, this.#row, (y - this.#top + 0.5) / step - 0.5)) continue
      this.#eachCell(data, y * width, width, step, true)
    }
  }

  #moveChroma(frame: I420Frame, plane: Float32Array, offset: number): void {
    const { data, width, height } = frame
    const step = this.#step >> 1
    const top = this.#top >> 1
    const bottom = Math.min(top + this.#height * step, height >> 1)
    for (let y = top; y < bottom; y++) {
      if (!this.#between(plane, this.#row, (y - top + 0.5) / step - 0.5)) continue
      this.#eachCell(data, offset + y * (width >> 1), width >> 1, step, false)
    }
  }

  /** The grid's row at a place between rows, into `row`; false when it is all 0. */
  #between(plane: Float32Array, row: Float32Array, at: number): boolean {
    const w = this.#width
    const clamped = Math.min(Math.max(at, 0), this.#height - 1)
    const first = Math.floor(clamped)
    const share = clamped - first
    const a = first * w
    const b = Math.min(first + 1, this.#height - 1) * w
    let any = 0
    for (let x = 0; x < w; x++) {
      const value = plane[a + x]! + (plane[b + x]! - plane[a + x]!) * share
      row[x] = value
      any += value < 0 ? -value : value
    }
    row[w] = row[w - 1]!
    return any > 0
  }

  /** Between the middles of two neighbours in the row lie `step` samples of the frame. */
  #eachCell(data: Uint8Array, start: number, limit: number, step: number, multiply: boolean): void {
    const row = this.#row
    const w = this.#width
    const left = multiply ? this.#left : this.#left >> 1
    const lead = step >> 1
    for (let cell = -1; cell < w; cell++) {
      const a = row[cell < 0 ? 0 : cell]!
      const b = row[cell + 1]!
      if (a === 0 && b === 0) continue
      const slope = (b - a) / step
      // An even step has no sample in the middle of a cell; with step 1 every sample is one.
      let value = step === 1 ? a : a + slope / 2
      const from = left + cell * step + lead
      for (let k = 0; k < step; k++, value += slope) {
        const x = from + k
        if (x < left || x >= limit) continue
        const at = start + x
        const before = data[at]!
        const after = multiply ? before + (before - 16) * value : before + value
        data[at] = after < 0 ? 0 : after > 255 ? 255 : (after + 0.5) | 0
      }
    }
  }
}
