import { i420Size, planesOf, type I420Frame, type RgbImage } from './i420'

/**
 * BT.601, limited range (ITU-R BT.601; luma 16-235, chroma 16-240). Colour is the mean of 2x2 pixels; an odd side is
 * made even by repeating the last column or row.
 */
export function rgbToI420({ width, height, data }: RgbImage): I420Frame {
  const frame = evenFrame(width, height)
  const { y, u, v } = planesOf(frame)
  const half = frame.width / 2
  const blue = new Float32Array(half * (frame.height / 2))
  const red = new Float32Array(blue.length)
  for (let row = 0; row < frame.height; row++) {
    for (let column = 0; column < frame.width; column++) {
      const at = (Math.min(row, height - 1) * width + Math.min(column, width - 1)) * 3
      const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
      y[row * frame.width + column] = Math.round(16 + 0.256788 * r + 0.504129 * g + 0.097906 * b)
      const cell = (row >> 1) * half + (column >> 1)
      blue[cell]! += -0.148223 * r - 0.290993 * g + 0.439216 * b
      red[cell]! += 0.439216 * r - 0.367788 * g - 0.071427 * b
    }
  }
  for (let cell = 0; cell < blue.length; cell++) {
    u[cell] = Math.round(128 + blue[cell]! / 4)
    v[cell] = Math.round(128 + red[cell]! / 4)
  }
  return frame
}

function evenFrame(width: number, height: number): I420Frame {
  const size = { width: width + (width % 2), height: height + (height % 2) }
  return { ...size, data: new Uint8Array(i420Size(size.width, size.height)) }
}

/**
 * Adds what changed between two I420 versions of a picture to the picture itself. Going through the difference keeps
 * the full colour resolution: a pixel that did not change keeps its value, and no pixel loses by rounding twice.
 */
export function writeChanged(image: RgbImage, before: I420Frame, after: I420Frame): void {
  const a = planesOf(before)
  const b = planesOf(after)
  const { width, height, data } = image
  const half = before.width / 2
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * before.width + column
      const cell = (row >> 1) * half + (column >> 1)
      const dy = 1.164384 * (b.y[at]! - a.y[at]!)
      const du = b.u[cell]! - a.u[cell]!
      const dv = b.v[cell]! - a.v[cell]!
      if (dy === 0 && du === 0 && dv === 0) continue
      const pixel = (row * width + column) * 3
      data[pixel] = clamp(data[pixel]! + dy + 1.596027 * dv)
      data[pixel + 1] = clamp(data[pixel + 1]! + dy - 0.391762 * du - 0.812968 * dv)
      data[pixel + 2] = clamp(data[pixel + 2]! + dy + 2.017232 * du)
    }
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value)
}
