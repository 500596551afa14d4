import { planesOf, type I420Frame, type RgbImage } from '../i420'
import { unit } from './colour-map'

/** Distance from the middle (0) to a corner (1) at which it begins and is complete. */
const FROM = 0.42
const TO = 1.08
/** What a corner loses at full strength. */
const DEEPEST = 0.85
const ONE = 1024
/** 4x4 ordered dither: a slow slope in 8 bits would show rings. */
const DITHER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((step) => step * 64 + 32)

/** How much light is left at a place, 0 to 1; `x`, `y` are -1 to 1 from edge to edge. */
function lightAt(x: number, y: number, strength: number): number {
  const t = unit((Math.hypot(x, y) / Math.SQRT2 - FROM) / (TO - FROM))
  return 1 - strength * DEEPEST * t * t * (3 - 2 * t)
}

/** Darkens the corners of I420 frames in place; the middle keeps every byte. */
export class Vignette {
  #strength = 0
  #width = 0
  #height = 0
  /** Light left at a 2x2 cell in 1024ths, of one quarter of the picture; rows from the top, columns from the left. */
  #light = new Uint16Array(0)

  /** 0 (nothing changes) to 1. */
  get strength(): number {
    return this.#strength
  }

  set strength(strength: number) {
    const next = unit(strength)
    if (next === this.#strength) return
    this.#strength = next
    this.#width = 0
  }

  apply(frame: I420Frame): void {
    if (this.#strength === 0) return
    this.#fit(frame.width, frame.height)
    const { y, u, v } = planesOf(frame)
    const { width } = frame
    const half = width / 2
    const rows = frame.height / 2
    const quarter = (half + 1) >> 1
    const light = this.#light
    for (let row = 0; row < rows; row++) {
      const from = Math.min(row, rows - 1 - row) * quarter
      for (let column = 0; column < quarter; column++) {
        const left = light[from + column]!
        if (left === ONE) break // lighter towards the middle
        const mirrored = half - 1 - column
        this.#darken(y, u, v, row, column, width, left)
        if (mirrored !== column) this.#darken(y, u, v, row, mirrored, width, left)
      }
    }
  }

  #darken(y: Uint8Array, u: Uint8Array, v: Uint8Array, row: number, column: number, width: number, left: number): void {
    const top = row * 2 * width + column * 2
    const low = top + width
    const dither = (row & 1) * 8 + (column & 1) * 2
    y[top] = 16 + (((y[top]! - 16) * left + DITHER[dither]!) >> 10)
    y[top + 1] = 16 + (((y[top + 1]! - 16) * left + DITHER[dither + 1]!) >> 10)
    y[low] = 16 + (((y[low]! - 16) * left + DITHER[dither + 4]!) >> 10)
    y[low + 1] = 16 + (((y[low + 1]! - 16) * left + DITHER[dither + 5]!) >> 10)
    const cell = (row * width) / 2 + column
    u[cell] = 128 + (((u[cell]! - 128) * left + 512) >> 10)
    v[cell] = 128 + (((v[cell]! - 128) * left + 512) >> 10)
  }

  #fit(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return
    this.#width = width
    this.#height = height
    const [half, rows] = [width / 2, height / 2]
    const [quarter, upper] = [(half + 1) >> 1, (rows + 1) >> 1]
    this.#light = new Uint16Array(quarter * upper)
    for (let row = 0; row < upper; row++) {
      for (let column = 0; column < quarter; column++) {
        const light = lightAt((2 * column + 1) / half - 1, (2 * row + 1) / rows - 1, this.#strength)
        this.#light[row * quarter + column] = Math.round(light * ONE)
      }
    }
  }
}

/** The same on a still picture. */
export function darkenCorners({ width, height, data }: RgbImage, strength: number): void {
  if (strength <= 0) return
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const light = lightAt((2 * column + 1) / width - 1, (2 * row + 1) / height - 1, strength)
      for (let channel = 0; channel < 3; channel++, at++) data[at] = Math.round(data[at]! * light)
    }
  }
}
