import type { AlertPicture } from '@shared/media/gift-alert'
import type { I420Frame } from '../i420'
import { ScaledPicture } from './scaled-picture'

/** Pixels of a frame; edges between pixels. */
export interface PixelRectangle {
  left: number
  top: number
  right: number
  bottom: number
}

/** Four bytes a pixel: Y, U, V, each times A / 255, and A. What is multiplied so may be averaged. */
export interface YuvaPixels {
  width: number
  height: number
  data: Uint8Array
}

/** A gift pops up over so many sizes, and stays at one. */
const MOST_SIZES = 24

/** A picture with opacity in the colours of frames, and the sizes at which it was drawn. */
export class YuvaPicture {
  readonly width: number
  readonly height: number
  /** Each half as wide and high as the one before. */
  private readonly halves: YuvaPixels[]
  private readonly sizes = new Map<number, ScaledPicture>()

  constructor(picture: AlertPicture) {
    this.width = picture.width
    this.height = picture.height
    this.halves = [yuvaOf(picture)]
  }

  /**
   * Lays the picture over a frame, bent to `where` (any numbers; the nearest even pixels), as far as that lies in `clip`
   * (whole pixels inside of the frame, even: colour is shared by 2x2). @param opacity 0 to 1
   */
  lay(frame: I420Frame, where: PixelRectangle, clip: PixelRectangle, opacity: number): void {
    const even = (at: number): number => 2 * Math.round(at / 2)
    const width = Math.max(2, even(where.right - where.left))
    const height = Math.max(2, even(where.bottom - where.top))
    const [left, top] = [even(where.left), even(where.top)]
    const share = Math.round(256 * opacity)
    const isOutside = left >= clip.right || left + width <= clip.left || top >= clip.bottom || top + height <= clip.top
    if (share > 0 && !isOutside) this.scaled(width, height).lay(frame, left, top, clip, share)
  }

  private scaled(width: number, height: number): ScaledPicture {
    const key = width * 65_536 + height
    let scaled = this.sizes.get(key)
    if (scaled === undefined) {
      if (this.sizes.size >= MOST_SIZES) this.sizes.clear()
      scaled = new ScaledPicture(this.halfFor(width, height), width, height)
      this.sizes.set(key, scaled)
    }
    return scaled
  }

  /** The smallest version that is not smaller than what is wanted: four pixels around each place are enough then. */
  private halfFor(width: number, height: number): YuvaPixels {
    let best = this.halves[0]!
    for (let level = 1; ; level++) {
      const half = (this.halves[level] ??= halved(best))
      if (half.width < width || half.height < height) return best
      best = half
    }
  }
}

/** BT.601, limited range, as `rgbToI420`. */
function yuvaOf({ width, height, data }: AlertPicture): YuvaPixels {
  const made = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, a] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!]
    const share = a / 255
    made[at] = Math.round(share * (16 + 0.256788 * r + 0.504129 * g + 0.097906 * b))
    made[at + 1] = Math.round(share * (128 - 0.148223 * r - 0.290993 * g + 0.439216 * b))
    made[at + 2] = Math.round(share * (128 + 0.439216 * r - 0.367788 * g - 0.071427 * b))
    made[at + 3] = a
  }
  return { width, height, data: made }
}

function halved({ width, height, data }: YuvaPixels): YuvaPixels {
  const [wide, high] = [Math.max(1, width >> 1), Math.max(1, height >> 1)]
  const made = new Uint8Array(4 * wide * high)
  const [right, below] = [width > 1 ? 4 : 0, height > 1 ? 4 * width : 0]
  for (let row = 0, at = 0; row < high; row++) {
    let from = row * 2 * below
    for (let column = 0; column < wide; column++, from += 2 * right) {
      for (let channel = 0; channel < 4; channel++, at++) {
        const place = from + channel
        made[at] = (data[place]! + data[place + right]! + data[place + below]! + data[place + below + right]! + 2) >> 2
      }
    }
  }
  return { width: wide, height: high, data: made }
}
