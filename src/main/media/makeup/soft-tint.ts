import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { FaceTone, SkinGate } from './face-tone'
import type { Tint } from './pigment'
import { TintPlane } from './tint-plane'

/** Fixed point: 1 as it is kept. */
const ONE = 65536
/** What changes no luma up to 235, and no chroma, by half a level. */
const LEAST_GAIN = 0.0022 * ONE
const LEAST_MOVE = 0.49 * ONE
/** Levels of luma or chroma below which a tint is not laid. */
const UNSEEN = 0.25

/**
 * Tints with soft edges, laid over one another on a coarse grid and then put on the frame at once: luma keeps its
 * contrast because it is multiplied, chroma moves as a whole. Only samples with the colour of the skin are tinted.
 */
export class SoftTint {
  // Grids with one more sample on each side, so that all have four neighbours; tints in 65536ths.
  #gain = new Int32Array(0)
  #du = new Int32Array(0)
  #dv = new Int32Array(0)
  /** How much of a tint each sample takes; below 0 where it was not looked at. */
  #gate = new Float32Array(0)
  /** Whether a cell has a tint at one of its corners; it lies right of and below the sample of the same index. */
  #cells = new Uint8Array(0)
  /** For each row of cells where those with a tint begin and end (exclusive). */
  #starts = new Int32Array(0)
  #ends = new Int32Array(0)
  readonly #luma = new TintPlane()
  readonly #u = new TintPlane()
  readonly #v = new TintPlane()
  #left = 0
  #top = 0
  #width = 0
  #height = 0
  #step = 2
  /** Begins on the grid of a coverage; its step is 2, 4 or 8. */
  begin({ left, top, width, height, step }: Coverage): void {
    this.#left = left
    this.#top = top
    this.#width = width
    this.#height = height
    this.#step = step
    const count = (width + 2) * (height + 2)
    if (this.#gain.length < count) {
      this.#gain = new Int32Array(count)
      this.#du = new Int32Array(count)
      this.#dv = new Int32Array(count)
      this.#gate = new Float32Array(count)
      this.#cells = new Uint8Array(count)
    } else {
      this.#gain.fill(0, 0, count)
      this.#du.fill(0, 0, count)
      this.#dv.fill(0, 0, count)
      this.#cells.fill(0, 0, count)
    }
    this.#gate.fill(-1, 0, count)
    if (this.#starts.length <= height) {
      this.#starts = new Int32Array(height + 1)
      this.#ends = new Int32Array(height + 1)
    }
    this.#starts.fill(width + 1, 0, height + 1)
    this.#ends.fill(0, 0, height + 1)
  }

  /** Lays a tint where it is covered; `strength` 0..1 is the most of it. The coverage has the grid of `begin`. */
  add(
    frame: I420Frame,
    { plane, starts, ends }: Coverage,
    { gain, du, dv }: Tint,
    strength: number,
    tone: FaceTone,
    gate: SkinGate,
  ): void {
    const light = 1 / Math.max(tone.luma - 16, 8)
    const least = UNSEEN / (strength * Math.max(Math.abs(gain) * (235 - 16), Math.abs(du), Math.abs(dv)))
    const width = this.#width
    const height = this.#height
    const stride = width + 2
    const gates = this.#gate
    const gains = this.#gain
    const dus = this.#du
    const dvs = this.#dv
    const cells = this.#cells
    for (let row = 0; row < height; row++) {
      let first = -1
      let before = -1
      for (let column = starts[row]!, end = ends[row]!; column < end; column++) {
        const cover = plane[row * width + column]!
        if (!(cover > least)) continue
        const i = (row + 1) * stride + column + 1
        let open = gates[i]!
        if (open < 0) gates[i] = open = this.#look(frame, column, row, gate, light)
        if (open === 0) continue
        const amount = cover * strength * open * ONE
        gains[i]! += gain * amount
        dus[i]! += du * amount
        dvs[i]! += dv * amount
        // The sample before has marked the cells between.
        if (before < 0 || before !== column - 1) cells[i - stride - 1] = cells[i - 1] = 1
        cells[i - stride] = cells[i] = 1
        before = column
        if (first < 0) first = column
      }
      if (first < 0) continue
      this.#widen(row, first, before + 2)
      this.#widen(row + 1, first, before + 2)
    }
  }

  /** Puts all on the frame, cell by cell. */
  apply({ data, width, height }: I420Frame): void {
    this.#goOn(this.#gain)
    this.#goOn(this.#du)
    this.#goOn(this.#dv)
    const chroma = width * height
    const step = this.#step
    const left = this.#left
    const top = this.#top
    const right = Math.min(left + this.#width * step, width)
    const bottom = Math.min(top + this.#height * step, height)
    this.#luma.fit(data, 0, width, left, top, right, bottom, step)
    this.#u.fit(data, chroma, width >> 1, left >> 1, top >> 1, right >> 1, bottom >> 1, step >> 1)
    this.#v.fit(data, chroma + (chroma >> 2), width >> 1, left >> 1, top >> 1, right >> 1, bottom >> 1, step >> 1)
    const cells = this.#cells
    const stride = this.#width + 2
    for (let row = 0; row <= this.#height; row++) {
      const start = row * stride
      const end = start + this.#ends[row]!
      for (let cell = start + this.#starts[row]!; cell < end; cell++) {
        if (cells[cell] === 0) continue
        const first = cell
        while (cell < end && cells[cell] !== 0) cell++
        const column = first - start - 1
        const count = cell - first
        // A contour moves no chroma, and a blush hardly any luma.
        if (reaches(this.#gain, first, count, stride, LEAST_GAIN))
          this.#luma.multiply(this.#gain, first, count, stride, column, row - 1)
        if (reaches(this.#du, first, count, stride, LEAST_MOVE))
          this.#u.add(this.#du, first, count, stride, column, row - 1)
        if (reaches(this.#dv, first, count, stride, LEAST_MOVE))
          this.#v.add(this.#dv, first, count, stride, column, row - 1)
      }
    }
  }

  #widen(row: number, start: number, end: number): void {
    if (start < this.#starts[row]!) this.#starts[row] = start
    if (end > this.#ends[row]!) this.#ends[row] = end
  }

  /** Beyond the border of the grid a tint goes on as at it. */
  #goOn(grid: Int32Array): void {
    const stride = this.#width + 2
    const end = this.#height * stride
    for (let i = stride; i <= end; i += stride) {
      grid[i] = grid[i + 1]!
      grid[i + stride - 1] = grid[i + stride - 2]!
    }
    grid.copyWithin(0, stride, 2 * stride)
    grid.copyWithin(end + stride, end, end + stride)
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
}

/** Whether any corner of some cells side by side is larger than that, whatever its sign. */
function reaches(grid: Int32Array, first: number, cells: number, stride: number, least: number): boolean {
  for (let i = first; i <= first + cells; i++) {
    const above = grid[i]!
    const below = grid[i + stride]!
    if (above > least || above < -least || below > least || below < -least) return true
  }
  return false
}
