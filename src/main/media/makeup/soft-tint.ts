import type { I420Frame } from '../i420'
import type { Coverage } from './coverage'
import type { FaceTone, SkinGate } from './face-tone'
import type { Tint } from './pigment'
import { TintRun, type TintPlane } from './tint-run'

/** What changes no luma up to 235, and no chroma, by half a level. */
const LEAST_GAIN = 0.0022
const LEAST_MOVE = 0.49

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
  /**
   * Whether a cell has a tint at one of its corners. Cell (x, y) lies between the middles of the samples x - 1 and x, of
   * the rows y - 1 and y; there is one more of them each way than samples.
   */
  #cells = new Uint8Array(0)
  readonly #run = new TintRun()
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
    const cells = (width + 1) * (height + 1)
    if (this.#cells.length < cells) this.#cells = new Uint8Array(cells)
    else this.#cells.fill(0, 0, cells)
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
    const gates = this.#gate
    const gains = this.#gain
    const dus = this.#du
    const dvs = this.#dv
    const cells = this.#cells
    for (let row = 0, i = 0; row < this.#height; row++) {
      for (let column = 0; column < w; column++, i++) {
        const cover = plane[i]!
        if (!(cover > 0.002)) continue
        let open = gates[i]!
        if (open < 0) gates[i] = open = this.#look(frame, column, row, gate, light)
        if (open === 0) continue
        const amount = cover * strength * open
        gains[i]! += gain * amount
        dus[i]! += du * amount
        dvs[i]! += dv * amount
        const cell = i + row
        cells[cell] = cells[cell + 1] = cells[cell + w + 1] = cells[cell + w + 2] = 1
      }
    }
  }

  /** Puts all on the frame, cell by cell. */
  apply({ data, width, height }: I420Frame): void {
    const u = width * height
    const right = Math.min(this.#left + this.#width * this.#step, width)
    const bottom = Math.min(this.#top + this.#height * this.#step, height)
    const luma = { data, offset: 0, stride: width, left: this.#left, top: this.#top, right, bottom, step: this.#step }
    const us = {
      data,
      offset: u,
      stride: width >> 1,
      left: this.#left >> 1,
      top: this.#top >> 1,
      right: right >> 1,
      bottom: bottom >> 1,
      step: this.#step >> 1,
    }
    const vs = { ...us, offset: u + (u >> 2) }
    this.#run.fit(this.#width + 1, this.#step)
    this.#eachRun(luma, this.#gain, true)
    this.#eachRun(us, this.#du, false)
    this.#eachRun(vs, this.#dv, false)
  }

  /** Cells with a tint that lie side by side are put on the plane together. */
  #eachRun(plane: TintPlane, grid: Float32Array, multiply: boolean): void {
    const w = this.#width
    const { step } = plane
    const cells = this.#cells
    const run = this.#run
    const least = multiply ? LEAST_GAIN : LEAST_MOVE
    for (let cy = 0; cy <= this.#height; cy++) {
      // Beyond the border of the grid a tint goes on as at it.
      const above = Math.max(cy - 1, 0) * w
      const below = Math.min(cy, this.#height - 1) * w
      const start = cy * (w + 1)
      for (let cx = 0; cx <= w; cx++) {
        let count = 0
        while (cx <= w && cells[start + cx] !== 0) {
          const before = cx > 0 ? cx - 1 : 0
          const after = cx < w ? cx : w - 1
          const a = grid[above + before]!
          const b = grid[above + after]!
          const c = grid[below + before]!
          const d = grid[below + after]!
          // A contour moves no chroma, and a blush hardly any luma.
          if (a < least && b < least && c < least && d < least && a > -least && b > -least && c > -least && d > -least)
            break
          run.above[count] = a * 65536
          run.below[count] = c * 65536
          run.above[++count] = b * 65536
          run.below[count] = d * 65536
          cx++
        }
        if (count === 0) continue
        const first = cx - count
        const lead = step >> 1
        run.put(plane, plane.left + (first - 1) * step + lead, plane.top + (cy - 1) * step + lead, count, multiply)
      }
    }
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
