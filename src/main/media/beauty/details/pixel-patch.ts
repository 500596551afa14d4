import type { PixelPlane } from '../pixel-kernel'
import { fillPolygon } from '../polygon-fill'

/** The pixels inside of a small outline, and how much of each is inside. Reused from frame to frame. */
export class PixelPatch {
  /** Luma pixels of the region: even, so that every pixel of chroma has its four of luma. Right and bottom exclusive. */
  left = 0
  top = 0
  width = 0
  height = 0
  /** Share of each pixel that is inside, 0..1, row by row. */
  cover = new Float32Array(0)
  readonly #histogram = new Uint32Array(256)
  #count = 0

  /**
   * Takes an outline.
   *
   * @param outline x, y of each corner in pixels of the region, at most 64; it is moved to the patch
   * @returns false when nothing of it lies in the region
   */
  draw(outline: Float32Array, luma: PixelPlane): boolean {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (let i = 0; i < outline.length; i += 2) {
      left = Math.min(left, outline[i]!)
      right = Math.max(right, outline[i]!)
      top = Math.min(top, outline[i + 1]!)
      bottom = Math.max(bottom, outline[i + 1]!)
    }
    this.left = Math.max(Math.floor(left / 2) * 2, 0)
    this.top = Math.max(Math.floor(top / 2) * 2, 0)
    this.width = Math.min(Math.ceil(right / 2) * 2, luma.width) - this.left
    this.height = Math.min(Math.ceil(bottom / 2) * 2, luma.height) - this.top
    if (!(this.width > 0 && this.height > 0)) return false
    for (let i = 0; i < outline.length; i += 2) {
      outline[i]! -= this.left
      outline[i + 1]! -= this.top
    }
    const count = this.width * this.height
    if (this.cover.length < count) this.cover = new Float32Array(2 * count)
    else this.cover.fill(0, 0, count)
    fillPolygon(this.cover, this.width, this.height, outline, 1)
    this.#read(luma)
    return this.#count > 0
  }

  /** The luma below which this share of the pixels inside lies. */
  percentile(share: number): number {
    let rest = share * this.#count
    for (let value = 0; value < 256; value++) {
      rest -= this.#histogram[value]!
      if (rest < 0) return value
    }
    return 255
  }

  #read({ pixels, start, stride }: PixelPlane): void {
    this.#histogram.fill(0)
    this.#count = 0
    const { cover, width, height } = this
    const histogram = this.#histogram
    let i = 0
    for (let y = 0; y < height; y++) {
      const row = start + (this.top + y) * stride + this.left
      for (let at = row; at < row + width; at++, i++) {
        if (cover[i]! < 0.5) continue
        histogram[pixels[at]!]!++
        this.#count++
      }
    }
  }
}

/** The outline of some points of a mesh in pixels of a region, drawn towards its middle: 1 leaves it as it is. */
export function placeOutline(
  outline: Float32Array,
  points: Float32Array,
  indices: readonly number[],
  left: number,
  top: number,
  size: number,
): Float32Array {
  let [mx, my] = [0, 0]
  for (const index of indices) {
    mx += points[index * 3]! / indices.length
    my += points[index * 3 + 1]! / indices.length
  }
  for (let i = 0; i < indices.length; i++) {
    outline[2 * i] = mx + (points[indices[i]! * 3]! - mx) * size - left
    outline[2 * i + 1] = my + (points[indices[i]! * 3 + 1]! - my) * size - top
  }
  return outline
}

/** How far two points of a mesh lie apart, in pixels. */
export function distanceOf(points: Float32Array, a: number, b: number): number {
  return Math.hypot(points[3 * a]! - points[3 * b]!, points[3 * a + 1]! - points[3 * b + 1]!)
}
