import { planesOf, type I420Frame } from '../i420'
import type { StickerCanvas } from './sticker-canvas'

/** A surface this many centimetres behind the skin is half hidden, twice as many hide it: no hard cut where they meet. */
const SINK = 0.25

/** Lays the canvas over the frame in place, without what the head hides. */
export function composite(canvas: StickerCanvas, frame: I420Frame): void {
  const { y: luma, u, v } = planesOf(frame)
  const { width, height, colour, depth, headDepth, headWidth } = canvas
  const half = frame.width / 2
  for (let row = 0; row < height; row += 2) {
    let out = (canvas.top + row) * frame.width + canvas.left
    let chroma = ((canvas.top + row) / 2) * half + canvas.left / 2
    let cell = (row / 2 + 1) * headWidth + 1
    const end = (row + 1) * width
    for (let at = row * width; at < end; at += 2, out += 2, chroma++, cell++) {
      let [c0, c1, c2, c3] = [colour[at]!, colour[at + 1]!, colour[at + width]!, colour[at + width + 1]!]
      if ((c0 | c1 | c2 | c3) === 0) continue
      const nearest = nearestAround(headDepth, headWidth, cell)
      if (c0 !== 0 && depth[at]! < nearest) c0 = behind(c0, depth[at]!, headDepth, cell, -1, -headWidth)
      if (c1 !== 0 && depth[at + 1]! < nearest) c1 = behind(c1, depth[at + 1]!, headDepth, cell, 1, -headWidth)
      if (c2 !== 0 && depth[at + width]! < nearest) c2 = behind(c2, depth[at + width]!, headDepth, cell, -1, headWidth)
      if (c3 !== 0 && depth[at + width + 1]! < nearest)
        c3 = behind(c3, depth[at + width + 1]!, headDepth, cell, 1, headWidth)
      if (c0 !== 0) luma[out] = over(luma[out]!, c0 >>> 24, c0)
      if (c1 !== 0) luma[out + 1] = over(luma[out + 1]!, c1 >>> 24, c1)
      if (c2 !== 0) luma[out + frame.width] = over(luma[out + frame.width]!, c2 >>> 24, c2)
      if (c3 !== 0) luma[out + frame.width + 1] = over(luma[out + frame.width + 1]!, c3 >>> 24, c3)
      const cover = (c0 & 255) + (c1 & 255) + (c2 & 255) + (c3 & 255)
      if (cover === 0) continue
      const blue = ((c0 >> 16) & 255) + ((c1 >> 16) & 255) + ((c2 >> 16) & 255) + ((c3 >> 16) & 255)
      const red = ((c0 >> 8) & 255) + ((c1 >> 8) & 255) + ((c2 >> 8) & 255) + ((c3 >> 8) & 255)
      u[chroma] = (blue + (u[chroma]! * (1020 - cover)) / 255 + 2) >> 2
      v[chroma] = (red + (v[chroma]! * (1020 - cover)) / 255 + 2) >> 2
    }
  }
}

function over(under: number, value: number, colour: number): number {
  const sum = value + (under * (255 - (colour & 255))) / 255 + 0.5
  return sum > 235 ? 235 : sum | 0
}

function nearestAround(depths: Float32Array, width: number, at: number): number {
  let nearest = depths[at]!
  for (let k = at - width - 1; k <= at + width - 1; k += width) {
    const [a, b, c] = [depths[k]!, depths[k + 1]!, depths[k + 2]!]
    if (a > nearest) nearest = a
    if (b > nearest) nearest = b
    if (c > nearest) nearest = c
  }
  return nearest
}

/**
 * What the head lets through of a colour: the four cells around a pixel are compared and the answers mixed, so that the
 * outline of the head is soft (percentage-closer filtering: Reeves, Salesin, Cook, SIGGRAPH 1987).
 */
function behind(colour: number, z: number, depths: Float32Array, cell: number, dx: number, dy: number): number {
  const share =
    9 * seen(z - depths[cell]!) +
    3 * (seen(z - depths[cell + dx]!) + seen(z - depths[cell + dy]!)) +
    seen(z - depths[cell + dx + dy]!)
  if (share >= 16) return colour
  const k = (share * 16) | 0
  if (k === 0) return 0
  const high = (((colour >>> 8) & 0xff00ff) * k) & 0xff00ff00
  const low = (((colour & 0xff00ff) * k) >>> 8) & 0xff00ff
  return high | low
}

function seen(before: number): number {
  const share = 1 + before / (2 * SINK)
  return share > 1 ? 1 : share > 0 ? share : 0
}
