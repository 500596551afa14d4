import { i420Size, planesOf, type I420Frame } from '../../i420'
import { DITHER } from '../grid'
import { resample, walk } from '../resample'

/** Red, green, blue, 0..1 as they are displayed. */
export type Rgb = readonly [number, number, number]

/**
 * A drawn backdrop: the colour at u, v. v runs from 0 at the top to 1 at the bottom, u as far in the same measure with
 * 0 in the middle, so that a picture of any shape shows the middle of the scene. `pixel` is the size of a pixel.
 */
export type Painter = (u: number, v: number, pixel: number) => Rgb

/** A value that depends on u alone, kept for each column of the picture: the painter asks again in every row. */
export function perColumn<T>(make: (u: number) => T): (u: number) => T {
  const known = new Map<number, T>()
  return (u) => {
    const value = known.get(u)
    if (value !== undefined) return value
    // Of one picture only: the next may have other columns.
    if (known.size > 4096) known.clear()
    const made = make(u)
    known.set(u, made)
    return made
  }
}

/** Paints a backdrop at half the size and enlarges it: soft as out of focus, in a quarter of the time. */
export function paint(painter: Painter, width: number, height: number): I420Frame {
  const frame = { width, height, data: new Uint8Array(i420Size(width, height)) }
  const planes = planesOf(frame)
  const [columns, rows] = [width / 2, height / 2]
  const light = new Float32Array(columns * rows)
  for (let y = 0, at = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, at++) {
      const [r, g, b] = painter(((x + 0.5) / columns - 0.5) * (width / height), (y + 0.5) / rows, 1 / rows)
      const dither = DITHER[(y & 3) * 4 + (x & 3)]!
      // BT.601, limited range.
      light[at] = 16 + 65.481 * r + 128.553 * g + 24.966 * b
      planes.u[at] = Math.round(128 - 37.797 * r - 74.203 * g + 112 * b + dither)
      planes.v[at] = Math.round(128 + 112 * r - 93.786 * g - 18.214 * b + dither)
    }
  }
  const whole = new Float32Array(width * height)
  resample(light, columns, walk(columns, width), walk(rows, height), whole)
  for (let at = 0; at < whole.length; at++) {
    const dither = DITHER[(Math.floor(at / width) & 3) * 4 + ((at % width) & 3)]!
    planes.y[at] = Math.min(Math.max(Math.round(whole[at]! + dither), 16), 235)
  }
  return frame
}

/** From `a` at 0 to `b` at 1. */
export function blend(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}

/** `a` with the light of `b` over it, as two slides on one screen: never brighter than white. */
export function lit(a: Rgb, b: Rgb, share: number): Rgb {
  return [1 - (1 - a[0]) * (1 - b[0] * share), 1 - (1 - a[1]) * (1 - b[1] * share), 1 - (1 - a[2]) * (1 - b[2] * share)]
}

/** Colour along a row of stops [place, colour], smooth. */
export function ramp(stops: readonly (readonly [number, Rgb])[], at: number): Rgb {
  for (let i = 1; i < stops.length; i++) {
    const [to, colour] = stops[i]!
    if (at > to && i < stops.length - 1) continue
    const [from, before] = stops[i - 1]!
    const t = Math.min(Math.max((at - from) / (to - from), 0), 1)
    return blend(before, colour, t * t * (3 - 2 * t))
  }
  return stops[0]![1]
}

/** `#rrggbb` as a colour. */
export function rgb(hex: string): Rgb {
  const part = (at: number): number => parseInt(hex.slice(at, at + 2), 16) / 255
  return [part(1), part(3), part(5)]
}
