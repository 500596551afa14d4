import { planesOf, type I420Frame } from '../i420'
import { cropWalk, type CropTarget, type PictureSource } from './picture-source'
import type { Roi } from './roi'

/** Luma of black in limited range; it stands for everything outside of the frame. */
const BLACK = 16
const LUMA_GAIN = 255 / 219

/**
 * Crops from an I420 frame (BT.601, limited range): bilinear luma, nearest chroma. Four neighbours of chroma would cost
 * as much as all the rest and move the points by less than the noise of a camera does.
 */
export class I420Source implements PictureSource {
  readonly width: number
  readonly height: number
  readonly #y: Uint8Array
  readonly #u: Uint8Array
  readonly #v: Uint8Array

  constructor(frame: I420Frame) {
    this.width = frame.width
    this.height = frame.height
    const planes = planesOf(frame)
    this.#y = planes.y
    this.#u = planes.u
    this.#v = planes.v
  }

  crop(roi: Roi, { side, low, planes }: CropTarget): void {
    const { width, height } = this
    const luma = this.#y
    const walk = cropWalk(roi, side)
    const plane = side * side
    const gain = (1 - low) / 255
    let at = 0
    for (let row = 0; row < side; row++) {
      let x = walk.x - row * walk.dy
      let y = walk.y + row * walk.dx
      for (let column = 0; column < side; column++, at++, x += walk.dx, y += walk.dy) {
        const left = Math.floor(x)
        const top = Math.floor(y)
        let light: number
        if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
          const from = top * width + left
          const fx = x - left
          const upper = luma[from]! + (luma[from + 1]! - luma[from]!) * fx
          const lower = luma[from + width]! + (luma[from + width + 1]! - luma[from + width]!) * fx
          light = upper + (lower - upper) * (y - top)
        } else if (left >= -1 && top >= -1 && left < width && top < height) {
          light = this.#lumaAtBorder(left, top, x - left, y - top)
        } else {
          planes[at] = planes[at + plane] = planes[at + 2 * plane] = low
          continue
        }
        const chroma = this.#chromaIndex(x, y)
        const u = this.#u[chroma]! - 128
        const v = this.#v[chroma]! - 128
        const grey = LUMA_GAIN * (light - BLACK)
        planes[at] = low + gain * clamp(grey + 1.596 * v)
        planes[at + plane] = low + gain * clamp(grey - 0.392 * u - 0.813 * v)
        planes[at + 2 * plane] = low + gain * clamp(grey + 2.017 * u)
      }
    }
  }

  /** Bilinear luma where some of the four neighbours lie outside of the frame and count as black. */
  #lumaAtBorder(left: number, top: number, fx: number, fy: number): number {
    const upper = this.#lumaOrBlack(left, top) * (1 - fx) + this.#lumaOrBlack(left + 1, top) * fx
    const lower = this.#lumaOrBlack(left, top + 1) * (1 - fx) + this.#lumaOrBlack(left + 1, top + 1) * fx
    return upper * (1 - fy) + lower * fy
  }

  #lumaOrBlack(x: number, y: number): number {
    return x < 0 || y < 0 || x >= this.width || y >= this.height ? BLACK : this.#y[y * this.width + x]!
  }

  /** Index of the chroma sample nearest to a luma position, kept inside of the frame. */
  #chromaIndex(x: number, y: number): number {
    const column = Math.min(Math.max(Math.floor(x + 0.5), 0), this.width - 1) >> 1
    const row = Math.min(Math.max(Math.floor(y + 0.5), 0), this.height - 1) >> 1
    return row * (this.width >> 1) + column
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}
