import { planesOf, type I420Frame } from '../i420'
import type { PixelRectangle, YuvaPixels } from './yuva-picture'

/** A picture at the size at which it is drawn, in planes like a frame's: laying it is one multiplication a pixel. */
export class ScaledPicture {
  /** Times the opacity, like the colours. */
  private readonly y: Uint8Array
  private readonly alpha: Uint8Array
  private readonly u: Uint8Array
  private readonly v: Uint8Array
  private readonly chromaAlpha: Uint8Array
  /** Of each two rows: the first column that is seen, and the one behind the last; even. */
  private readonly first: Int32Array
  private readonly last: Int32Array

  /** Bilinear. @param width and `height`: even */
  constructor(
    source: YuvaPixels,
    private readonly width: number,
    private readonly height: number,
  ) {
    const cells = (width * height) / 4
    this.y = new Uint8Array(width * height)
    this.alpha = new Uint8Array(width * height)
    this.u = new Uint8Array(cells)
    this.v = new Uint8Array(cells)
    this.chromaAlpha = new Uint8Array(cells)
    this.first = new Int32Array(height / 2).fill(width)
    this.last = new Int32Array(height / 2)
    this.scale(source)
  }

  /** @param left and `top`: even; `clip` too, and inside of the frame. @param share of 256, of all opacity */
  lay(frame: I420Frame, left: number, top: number, clip: PixelRectangle, share: number): void {
    const { y, u, v } = planesOf(frame)
    const { width, height } = this
    const firstRow = Math.max(0, clip.top - top)
    const lastRow = Math.min(height, clip.bottom - top)
    for (let row = firstRow; row < lastRow; row += 2) {
      const from = Math.max(this.first[row / 2]!, clip.left - left)
      const to = Math.min(this.last[row / 2]!, clip.right - left)
      if (from >= to) continue
      for (let line = row; line < row + 2; line++) {
        const at = line * width
        mix(y, (top + line) * frame.width + left + from, this.y, this.alpha, at + from, to - from, share)
      }
      const cell = (row / 2) * (width / 2) + from / 2
      const chroma = (((top + row) / 2) * frame.width) / 2 + (left + from) / 2
      mix(u, chroma, this.u, this.chromaAlpha, cell, (to - from) / 2, share)
      mix(v, chroma, this.v, this.chromaAlpha, cell, (to - from) / 2, share)
    }
  }

  private scale({ width: across, height: down, data }: YuvaPixels): void {
    const { width, height } = this
    const chroma = new Uint16Array((3 * width) / 2)
    for (let row = 0; row < height; row++) {
      const fromY = tapOf(row, down / height, down)
      const weightY = Math.round(256 * (fromY % 1))
      const upper = Math.floor(fromY) * across
      const lower = Math.min(down - 1, Math.floor(fromY) + 1) * across
      if (row % 2 === 0) chroma.fill(0)
      for (let column = 0; column < width; column++) {
        const fromX = tapOf(column, across / width, across)
        const weightX = Math.round(256 * (fromX % 1))
        const left = Math.floor(fromX)
        const right = Math.min(across - 1, left + 1)
        const value = (channel: number): number => {
          const above =
            data[4 * (upper + left) + channel]! * (256 - weightX) + data[4 * (upper + right) + channel]! * weightX
          const below =
            data[4 * (lower + left) + channel]! * (256 - weightX) + data[4 * (lower + right) + channel]! * weightX
          return (above * (256 - weightY) + below * weightY + 32_768) >> 16
        }
        const alpha = value(3)
        if (alpha === 0) continue
        const at = row * width + column
        this.y[at] = value(0)
        this.alpha[at] = alpha
        const cell = 3 * (column >> 1)
        chroma[cell]! += value(1)
        chroma[cell + 1]! += value(2)
        chroma[cell + 2]! += alpha
        const pair = row >> 1
        this.first[pair] = Math.min(this.first[pair]!, column & ~1)
        this.last[pair] = Math.max(this.last[pair]!, (column | 1) + 1)
      }
      if (row % 2 === 0) continue
      const line = (row >> 1) * (width / 2)
      for (let cell = 0; cell < width / 2; cell++) {
        this.u[line + cell] = (chroma[3 * cell]! + 2) >> 2
        this.v[line + cell] = (chroma[3 * cell + 1]! + 2) >> 2
        this.chromaAlpha[line + cell] = (chroma[3 * cell + 2]! + 2) >> 2
      }
    }
  }
}

/** Where the middle of a pixel lies in the source, pixels from the middle of its first. */
function tapOf(at: number, step: number, side: number): number {
  return Math.min(Math.max((at + 0.5) * step - 0.5, 0), side - 1)
}

/** Lays `count` values over others: what is below shines through as far as the opacity leaves. */
function mix(
  target: Uint8Array,
  at: number,
  colour: Uint8Array,
  alpha: Uint8Array,
  from: number,
  count: number,
  share: number,
): void {
  for (let end = from + count; from < end; from++, at++) {
    const cover = alpha[from]! * share
    if (cover === 0) continue
    if (cover === 65_280) {
      target[at] = colour[from]!
      continue
    }
    target[at] = (colour[from]! * share * 255 + target[at]! * (65_280 - cover) + 32_640) / 65_280
  }
}
