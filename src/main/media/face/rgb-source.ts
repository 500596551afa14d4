import type { RgbImage } from '../i420'
import { cropWalk, type CropTarget, type PictureSource } from './picture-source'
import type { Roi } from './roi'

/** Crops from interleaved RGB. Written for exactness, not for speed: it serves still pictures. */
export class RgbSource implements PictureSource {
  readonly width: number
  readonly height: number
  readonly #data: Uint8Array

  constructor(image: RgbImage) {
    this.width = image.width
    this.height = image.height
    this.#data = image.data
  }

  crop(roi: Roi, { side, low, planes }: CropTarget): void {
    const walk = cropWalk(roi, side)
    const plane = side * side
    const gain = (1 - low) / 255
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const x = walk.x + column * walk.dx - row * walk.dy
        const y = walk.y + column * walk.dy + row * walk.dx
        const at = row * side + column
        for (let channel = 0; channel < 3; channel++) {
          planes[channel * plane + at] = low + gain * this.#sample(x, y, channel)
        }
      }
    }
  }

  /** Bilinear; the four neighbours count as black where they lie outside. */
  #sample(x: number, y: number, channel: number): number {
    const left = Math.floor(x)
    const top = Math.floor(y)
    const fx = x - left
    const fy = y - top
    const upper = this.#pixel(left, top, channel) * (1 - fx) + this.#pixel(left + 1, top, channel) * fx
    const lower = this.#pixel(left, top + 1, channel) * (1 - fx) + this.#pixel(left + 1, top + 1, channel) * fx
    return upper * (1 - fy) + lower * fy
  }

  #pixel(x: number, y: number, channel: number): number {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 0
    return this.#data[(y * this.width + x) * 3 + channel]!
  }
}
