import { planesOf, type I420Frame } from '../i420'
import { cropWalk, type CropTarget, type CropWalk, type PictureSource, type RowMixer } from './picture-source'
import type { Roi } from './roi'

/** Luma of black in limited range; it stands for everything outside of the frame. */
const BLACK = 16
const LUMA_GAIN = 255 / 219
/** Whole pixels and 1/65536 of one, for gathered samples; places farther away than this do not fit. */
const FIXED = 65536
const FARTHEST = 32000
const ALL_BLACK = 0x10101010
const NO_COLOUR = 0x8080

/**
 * Crops from an I420 frame (BT.601, limited range): bilinear luma, nearest chroma. Measured on MediaPipe's reference
 * picture, as I420: the points end 0.05 px from MediaPipe's on average, 0.03 px from exact RGB.
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

  crop(roi: Roi, target: CropTarget): void {
    const walk = cropWalk(roi, target.side)
    const reach = Math.abs(roi.cx) + Math.abs(roi.cy) + 2 * roi.size
    if (target.mixer && reach < FARTHEST) this.#gather(walk, target.side, target.mixer)
    else this.#fill(walk, target)
  }

  /** The loop that says what is right. */
  #fill(walk: CropWalk, { side, low, planes }: CropTarget): void {
    const { width, height } = this
    const luma = this.#y
    const [blue, red] = [this.#u, this.#v]
    const chromaWidth = width >> 1
    const plane = side * side
    const gain = (1 - low) / 255
    const [lastX, lastY] = [width - 1, height - 1]
    let at = 0
    for (let row = 0; row < side; row++) {
      let x = walk.x - row * walk.dy
      let y = walk.y + row * walk.dx
      for (let column = 0; column < side; column++, at++, x += walk.dx, y += walk.dy) {
        let light: number
        let chroma: number
        if (x >= 0 && y >= 0 && x < lastX && y < lastY) {
          // Inside of the frame |0 rounds down, and much faster than Math.floor.
          const left = x | 0
          const top = y | 0
          const from = top * width + left
          const fx = x - left
          const upper = luma[from]! + (luma[from + 1]! - luma[from]!) * fx
          const lower = luma[from + width]! + (luma[from + width + 1]! - luma[from + width]!) * fx
          light = upper + (lower - upper) * (y - top)
          chroma = ((y + 0.5) >> 1) * chromaWidth + ((x + 0.5) >> 1)
        } else if (x > -1 && y > -1 && x < width && y < height) {
          light = this.#lumaAtBorder(x, y)
          chroma = this.#chromaAtBorder(x, y)
        } else {
          planes[at] = planes[at + plane] = planes[at + 2 * plane] = low
          continue
        }
        const u = blue[chroma]! - 128
        const v = red[chroma]! - 128
        const grey = LUMA_GAIN * (light - BLACK)
        planes[at] = low + gain * clamp(grey + 1.596 * v)
        planes[at + plane] = low + gain * clamp(grey - 0.392 * u - 0.813 * v)
        planes[at + 2 * plane] = low + gain * clamp(grey + 2.017 * u)
      }
    }
  }

  /**
   * The same in two steps: bytes are gathered here, in integers, and mixed by the fast loop, four samples at a time. So
   * only what the crop needs is copied. Places differ by up to 0.002 pixels.
   */
  #gather(walk: CropWalk, side: number, mixer: RowMixer): void {
    const { width, height } = this
    const { lumas, chromas } = mixer
    const luma = this.#y
    const [blue, red] = [this.#u, this.#v]
    const chromaWidth = width >> 1
    const dx = Math.round(walk.dx * FIXED)
    const dy = Math.round(walk.dy * FIXED)
    const [limitX, limitY] = [(width - 1) * FIXED, (height - 1) * FIXED]
    for (let row = 0; row < side; row++) {
      const startX = Math.round((walk.x - row * walk.dy) * FIXED)
      const startY = Math.round((walk.y + row * walk.dx) * FIXED)
      const first = Math.min(Math.max(firstInside(startX, dx, limitX), firstInside(startY, dy, limitY), 0), side)
      const end = Math.max(Math.min(endInside(startX, dx, limitX), endInside(startY, dy, limitY), side), first)
      for (let i = 0; i < first; i++) this.#gatherAtBorder(mixer, i, startX + i * dx, startY + i * dy)
      let x = (startX + first * dx) | 0
      let y = (startY + first * dy) | 0
      for (let i = first; i < end; i++, x = (x + dx) | 0, y = (y + dy) | 0) {
        const from = (Math.imul(y >> 16, width) + (x >> 16)) | 0
        const below = from + width
        lumas[i] = luma[from]! | (luma[from + 1]! << 8) | (luma[below]! << 16) | (luma[below + 1]! << 24)
        const chroma = (Math.imul((y + 0x8000) >> 17, chromaWidth) + ((x + 0x8000) >> 17)) | 0
        chromas[i] = blue[chroma]! | (red[chroma]! << 8)
      }
      for (let i = end; i < side; i++) this.#gatherAtBorder(mixer, i, startX + i * dx, startY + i * dy)
      mixer.mix(row, startX, startY, dx, dy)
    }
  }

  /** One sample of which some neighbours, or all, lie outside of the frame, where all is black. */
  #gatherAtBorder({ lumas, chromas }: RowMixer, i: number, x: number, y: number): void {
    const [left, top] = [x >> 16, y >> 16]
    if (x <= -FIXED || y <= -FIXED || left >= this.width || top >= this.height) {
      lumas[i] = ALL_BLACK
      chromas[i] = NO_COLOUR
      return
    }
    const upper = this.#lumaOrBlack(left, top) | (this.#lumaOrBlack(left + 1, top) << 8)
    const lower = this.#lumaOrBlack(left, top + 1) | (this.#lumaOrBlack(left + 1, top + 1) << 8)
    lumas[i] = upper | (lower << 16)
    const chroma = this.#chromaAtBorder(x / FIXED, y / FIXED)
    chromas[i] = this.#u[chroma]! | (this.#v[chroma]! << 8)
  }

  /** Bilinear luma where some of the four neighbours lie outside of the frame and count as black. */
  #lumaAtBorder(x: number, y: number): number {
    const left = Math.floor(x)
    const top = Math.floor(y)
    const fx = x - left
    const fy = y - top
    const upper = this.#lumaOrBlack(left, top) * (1 - fx) + this.#lumaOrBlack(left + 1, top) * fx
    const lower = this.#lumaOrBlack(left, top + 1) * (1 - fx) + this.#lumaOrBlack(left + 1, top + 1) * fx
    return upper * (1 - fy) + lower * fy
  }

  #lumaOrBlack(x: number, y: number): number {
    return x < 0 || y < 0 || x >= this.width || y >= this.height ? BLACK : this.#y[y * this.width + x]!
  }

  /** Index of the chroma sample nearest to a luma position, kept inside of the frame. */
  #chromaAtBorder(x: number, y: number): number {
    const column = Math.min(Math.max(x + 0.5, 0), this.width - 1) >> 1
    const row = Math.min(Math.max(y + 0.5, 0), this.height - 1) >> 1
    return row * (this.width >> 1) + column
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}

/** The first i for which start + i * step lies in 0 .. limit - 1 (or beyond all, when none does). */
function firstInside(start: number, step: number, limit: number): number {
  if (step === 0) return start >= 0 && start < limit ? 0 : Infinity
  return Math.ceil((step > 0 ? -start : limit - 1 - start) / step)
}

/** The first i after these. */
function endInside(start: number, step: number, limit: number): number {
  if (step === 0) return Infinity
  return Math.floor((step > 0 ? limit - 1 - start : -start) / step) + 1
}
